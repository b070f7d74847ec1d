//! Every diagnostic, seen to fire: the starter activity with one edit each, and the
//! words that must be said of it. The last test makes sure that none is left out.

mod patient;
#[path = "../smallest/mod.rs"]
mod smallest;

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use enduring_provider::author::{self, Rehearsal, Severity};
use enduring_provider::starter::STARTER;
use proptest::prelude::*;

/// One change to the starter, or to the smallest patient.
pub enum Edit {
    /// In a file, these words become those.
    Swap(&'static str, &'static str, &'static str),
    /// A file has these words at its end.
    Append(&'static str, &'static str),
    /// A file has these bytes.
    Put(&'static str, &'static [u8]),
    /// A file ends where these words begin.
    Cut(&'static str, &'static str),
    /// A file is gone.
    Remove(&'static str),
}

use Edit::{Append, Cut, Put, Remove, Swap};

const A: &str = "activity.toml";
const JOINT: &str = "# joint = { name = \"Example Hospital\", eligible = true }";
const I: &str = "items/tests.toml";
const E: &str = "evaluation.toml";
const C: &str = "case/case.toml";
const CH: &str = "case/chart.toml";
const D: &str = "case/first-step.md";
const N: &str = "case/delayed.md";
const R: &str = "reading/why.md";

const MULTIPLE: &str = "\n[[item]]\nid = \"extra\"\nkind = \"multiple-response\"\nobjectives = [\"dose\"]\nstem = \"x\"\nrationale = \"x\"\nreferences = [\"wao-2020\"]\nscoring = \"per-part\"\n";

/// The edits, and what each must make the builder say.
#[rustfmt::skip]
const CASES: &[(&[Edit], &[&str])] = &[
    // Files and TOML
    (&[Remove("needs.toml")], &["error: cannot read this file\n--> needs.toml", "UTF-8 text file"]),
    (&[Put("needs.toml", b"\xff")], &["bytes that are not UTF-8 at 0"]),
    (&[Swap(A, "reading/why.md", "reading/wy.md")], &["error: cannot read `reading/wy.md`", "activity.toml:", "pages = [\"reading/wy.md\"]"]),
    (&[Swap(A, "reading/why.md", "../../../../../../../etc/passwd")], &["cannot read `../", "a UTF-8 text file of the activity's folder", "found: a file outside of it"]),
    (&[Swap(A, "minutes = 15 ", "minutes = = 15")], &["error: not TOML", "activity.toml:"]),
    (&[Swap(A, "title = \"Ana", "titel = \"Ana")], &["error: missing key `title`", "error: unknown key `titel`", "titel = \"Anaphylaxis", "= help: did you mean `title`?"]),
    (&[Swap(A, "[statements]", "[statement]")], &["missing table `statements`", "did you mean `statements`?"]),
    (&[Swap(A, "minutes = 15 ", "minutes = \"15\" ")], &["`minutes` has the wrong type", "a whole number from 1 to 1440", "found: a text"]),
    (&[Swap(A, "minutes = 15 ", "minutes = 0 ")], &["`minutes` is out of bounds", "found: 0"]),
    (&[Swap(A, "title = \"Anaphylaxis: adrenaline first\"", "title = \" \"")], &["`title` cannot be shown", "found: nothing"]),
    (&[Swap(A, "title = \"Anaphylaxis: adrenaline first\"", "title = \"a\\u0007b\"")], &["`title` cannot be shown", "the character '\\u{7}'"]),
    (&[Swap(A, "title = \"Anaphylaxis: adrenaline first\"", "title = \"a\\u202eb\"")], &["`title` cannot be shown", "one line of printable characters", "the character '\\u{202e}'"]),
    (&[Swap(A, "title = \"Anaphylaxis: adrenaline first\"", "title = \"a\u{200b}b\"")], &["`title` cannot be shown", "the character '\\u{200b}'"]),
    (&[Swap(E, "[\"no\", \"No\"]", "[\"no\", \"N\u{2066}o\"]")], &["`labels` cannot be shown"]),
    (&[Swap(R, "# Why", "# \u{202e}Why")], &["the title of a page cannot be shown", "reading/why.md:1:3"]),
    (&[Swap(A, "method = \"Take", "method = \"\"\nx = \"Take")], &["`method` is empty"]),
    (&[Swap(A, "id = \"dose\"", "id = \"Dose!\"")], &["not a name for an objective", "`Dose!`"]),
    (&[Swap(A, "kind = \"reading\"", "kind = \"readnig\"")], &["unknown kind `readnig`", "did you mean `reading`?"]),
    (&[Swap(A, "kind = \"case\"", "kindd = \"case\"")], &["missing key `kind`", "error: unknown key `kindd`", "kindd = \"case\"", "the key `kind`", "did you mean `kind`?"]),
    (&[Swap(I, "kind = \"numeric\"", "knid = \"numeric\"")], &["unknown key `knid`", "did you mean `kind`?"]),
    (&[Swap(A, "attempts = 1", "attempts = \"unlimitd\"")], &["unknown attempts `unlimitd`", "did you mean `unlimited`?"]),
    (&[Swap(I, "key = \"0.2\"", "key = \"0,2\"")], &["`key` is not a number", "`0,2`"]),
    (&[Swap(A, "maximum = \"0.25\"", "maximum = \"0.255\"")], &["`maximum` is not an amount of credit"]),
    (&[Swap("case/well.md", "points = 1", "points = 0.12345")], &["`points` is not an amount of points", "`0.12345`"]),
    (&[Swap("case/well.md", "points = 1", "points = \"1\"")], &["`points` has the wrong type"]),
    (&[Swap(A, "release = 2026-11-01", "release = 2026-11-01T10:00:00")], &["`release` has the wrong type", "a date without a time"]),
    (&[Swap(A, "release = 2026-11-01", "release = \"2026-11-01\"")], &["a date without quotes"]),
    (&[Swap(A, "pages = [\"reading/why.md\"]", "pages = \"reading/why.md\"")], &["`pages` has the wrong type", "a list of texts"]),
    (&[Swap(E, "[\"4\", \"Agree\"]", "[\"4\"]")], &["a pair of texts"]),
    // Names
    (&[Swap(I, "id = \"dose-b\"", "id = \"dose-a\"")], &["item `dose-a` is defined twice", "items/tests.toml line"]),
    (&[Swap(A, "gap = \"delay\"", "gap = \"dely\"")], &["unknown gap `dely`", "did you mean `delay`?"]),
    (&[Swap(I, "key = \"adrenaline\"", "key = \"adrenalin\"")], &["unknown option `adrenalin`", "of item `first-a`"]),
    // Activity
    (&[Swap(A, "version = \"1.0.0\" ", "version = \"1/0\" ")], &["not a version", "`1/0`"]),
    (&[Swap(A, "language = \"en\"", "language = \"English\"")], &["not a language tag"]),
    (&[Put("needs.toml", b"")], &["no professional practice gap"]),
    (&[Swap(A, "[[objective]]\nid = \"first-line\"", "[[xobjective]]\nid = \"first-line\""), Swap(A, "[[objective]]", "[[xobjective]]")], &["no learning objective"]),
    (&[Cut(A, "[[part]]")], &["the flow is empty"]),
    // Front matter
    (&[Swap(A, "contact = \"education@example.org\"", "contact = \"ask us\"")], &["`contact` cannot be reached"]),
    (&[Swap(A, "url = \"https://example.org\"", "url = \"http://example.org\"")], &["`url` is not an address"]),
    (&[Swap(A, JOINT, "joint = \"Example Hospital\"")], &["`joint` has the wrong type"]),
    (&[Swap(A, JOINT, "joint = { eligible = true }")], &["missing key `name`"]),
    (&[Swap(A, JOINT, "joint = { name = \"Example Drugs\", eligible = false }")], &["a joint provider that is not eligible", "`eligible = true`, of an organization", "`eligible = false`"]),
    (&[Swap(A, JOINT, "joint = { name = \"Example Hospital\" }")], &["a joint provider that is not eligible", "nothing said of it"]),
    (&[Swap(A, "[[profession]]", "[[xprofession]]"), Swap(A, "[[profession]]", "[[xprofession]]"), Swap(A, "[[profession]]                  #", "[[xprofession]] #")], &["no profession to choose from"]),
    (&[Swap(A, "[[credit]]", "[[xcredit]]")], &["no credit is offered"]),
    (&[Swap(A, "maximum = \"0.25\"", "maximum = \"0.30\"")], &["the maximum cannot be claimed in steps"]),
    (&[Swap(A, "maximum = \"0.25\"", "maximum = \"2.00\"")], &["warning: more credit than the estimated time covers", "at most 0.25"]),
    (&[Swap(A, "professions = [\"physician\", \"nurse\"]", "professions = []")], &["no profession can claim this credit"]),
    (&[Swap(A, "template = \"sample-designation\"", "template = \"sample-designatoin\"")], &["unknown template `sample-designatoin`", "did you mean `sample-designation`?"]),
    (&[Swap(A, "[accreditation]\ntemplate = \"sample-accreditation\"\nversion = \"2026-01\"", "[accreditation]\ntemplate = \"sample-accreditation\"\nversion = \"2025-01\"")], &["unknown version `2025-01` of `sample-accreditation`", "2026-01"]),
    (&[Swap(A, "[accreditation]", "[accreditation]\ntext = \"We are accredited.\"")], &["free text cannot stand in a prescribed statement"]),
    (&[Swap(A, "sample = ", "# sample = ")], &["`sample-accreditation` is a template for samples"]),
    (&[Swap(A, "roles = [\"planner\", \"author\"]", "roles = []")], &["a person without a role"]),
    (&[Swap(A, "relationships = []", "# relationships")], &["missing key `relationships`"]),
    (&[Swap(A, "signed_off = 2026-10-15", "signed_off = 2026-12-15")], &["warning: signed off after release and review", "2026-11-01 or earlier"]),
    (&[Swap(A, "\n[[person]]", "\n[[xperson]]"), Swap(A, "\n[[person]]", "\n[[xperson]]")], &["nobody is in control of content"]),
    (&[Swap(A, "roles = [\"reviewer\", \"approver\"]", "roles = [\"reviewer\"]")], &["nobody has the role `approver`"]),
    (&[Swap(A, "roles = [\"reviewer\", \"approver\"]", "roles = [\"reviewer\"]"), Swap(A, "roles = [\"planner\", \"author\"]", "roles = [\"approver\", \"author\"]")], &["Alex Author approves alone what they wrote"]),
    // Dates
    (&[Swap(A, "termination = 2029-10-14", "termination = 2026-10-31")], &["the activity ends before it begins"]),
    (&[Swap(A, "termination = 2029-10-14", "termination = 2029-10-16")], &["the activity outlives its review", "2029-10-15 or earlier"]),
    (&[Swap(A, "America/New_York", "america/new_york")], &["unknown time zone", "did you mean `America/New_York`?"]),
    // Items
    (&[Swap(I, "objectives = [\"first-line\"]", "objectives = []")], &["item `first-a` measures nothing"]),
    (&[Swap(I, "references = [\"wao-2020\"]", "references = []")], &["no reference"]),
    (&[Swap(I, "objectives = [\"dose\"]", "objectives = [\"first-line\"]")], &["`dose-a` and `dose-b` are not parallel"]),
    (&[Swap(I, "pairs = [[\"first-a\", \"first-b\"],", "pairs = [[\"first-a\", \"first-a\"],")], &["an item stands twice in these forms"]),
    (&[Append(I, "\n[[forms]]\nid = \"empty\"\n")], &["a set of forms without items"]),
    (&[Swap(I, "tolerance = \"0\"", "tolerance = \"-1\"")], &["a tolerance below nothing"]),
    (&[Append(I, MULTIPLE)], &["too few tables [[item.option]]", "error: no key", "warning: no test asks item `extra`"]),
    (&[Append(I, MULTIPLE), Append(I, "key = [\"a\", \"a\"]\nmax_picks = 1\n[[item.option]]\nid = \"a\"\ntext = \"A\"\n[[item.option]]\nid = \"b\"\ntext = \"B\"\n")], &["`a` stands twice in the key", "the key cannot be picked"]),
    (&[Append(I, "\n[[item]]\nid = \"menu\"\nkind = \"key-feature\"\nobjectives = [\"dose\"]\nstem = \"x\"\nrationale = \"x\"\nreferences = [\"wao-2020\"]\nkey = [\"a\"]\n[[item.option]]\nid = \"a\"\ntext = \"A\"\n[[item.option]]\nid = \"b\"\ntext = \"B\"\n")], &["missing key `max_picks`"]),
    (&[Append(I, "\n[[item]]\nid = \"tf\"\nkind = \"true-false\"\nobjectives = [\"dose\"]\nstem = \"x\"\nrationale = \"x\"\nreferences = [\"wao-2020\"]\nscoring = \"per-part\"\n[[item.statement]]\nid = \"a\"\ntext = \"A\"\n")], &["missing key `truth`"]),
    (&[Append(I, "\n[[item]]\nid = \"sct\"\nkind = \"script-concordance\"\nobjectives = [\"dose\"]\nstem = \"x\"\nrationale = \"x\"\nreferences = [\"wao-2020\"]\nhypothesis = \"x\"\nfinding = \"x\"\n[[item.scale]]\nid = \"a\"\ntext = \"A\"\nvotes = 0\n[[item.scale]]\nid = \"b\"\ntext = \"B\"\nvotes = 0\n[[item.scale]]\nid = \"c\"\ntext = \"C\"\nvotes = 0\n")], &["nobody of the panel voted"]),
    (&[Append(I, "\n[[item]]\nid = \"sct\"\nkind = \"script-concordance\"\nobjectives = [\"dose\"]\nstem = \"x\"\nrationale = \"x\"\nreferences = [\"wao-2020\"]\nhypothesis = \"x\"\nfinding = \"x\"\n[[item.scale]]\nid = \"a\"\ntext = \"A\"\nvotes = 2\n[[item.scale]]\nid = \"b\"\ntext = \"B\"\nvotes = 0\n[[item.scale]]\nid = \"c\"\ntext = \"C\"\nvotes = 0\n")], &["warning: a small panel", "found: 2"]),
    // Evaluation
    (&[Put(E, b"linkage = \"named\"\n")], &["an evaluation without questions"]),
    (&[Append(E, "\n[[question]]\nid = \"s\"\nkind = \"scale\"\ntext = \"x\"\nneed = \"optional\"\nfrom = 5\nto = 5\nlow = \"x\"\nhigh = \"y\"\n")], &["a scale without points"]),
    (&[Swap(E, "[\"no\", \"No\"]", "[\"yes\", \"No\"]")], &["`yes` stands twice"]),
    (&[Swap(E, "[\"no\", \"No\"]", "[\"no\", \" \"]")], &["a label without words"]),
    (&[Swap(E, ", [\"no\", \"No\"]", "")], &["too few labels"]),
    // Flow
    (&[Swap(A, "pages = [\"reading/why.md\"]", "pages = []")], &["a reading without pages"]),
    (&[Swap(R, "# Why", "Why")], &["a page begins with its title", "reading/why.md:1:1"]),
    (&[Put(R, b"# Why\n")], &["a page without text"]),
    (&[Swap(A, "form = { set = \"paired\", turn = \"first\" }", "items = [\"dose-a\"]\nform = { set = \"paired\", turn = \"first\" }")], &["a test takes its items from one place"]),
    (&[Swap(A, "minimum_minutes = { review = 3 }", "minimum_minutes = { review = 3, block = 4 }")], &["a minimum time has one consequence"]),
    (&[Swap(A, "minimum_minutes = { review = 3 }", "minimum_minutes = { block = 300 }")], &["error: nobody can claim credit within the planned time", "at most 15, the `minutes` of the activity", "found: 300"]),
    (&[Swap(A, "minimum_minutes = { review = 3 }", "minimum_minutes = { review = 16 }")], &["warning: every claim within the planned time goes to a person", "found: 16"]),
    (&[Swap(A, "minutes = 15 ", "minutes = 1500 "), Swap(A, "minimum_minutes = { review = 3 }", "minimum_minutes = { block = 300 }")], &["`minutes` is out of bounds"]),
    (&[Swap(A, "threshold = 70", "threshold = 0")], &["warning: a graded test that everybody passes", "a percent above 0", "found: 0"]),
    (&[Swap(A, "kind = \"evaluation\"\n", "kind = \"reading\"\npages = [\"reading/why.md\"]\n")], &["the flow has no evaluation"]),
    (&[Append(A, "\n[[part]]\nid = \"again\"\nkind = \"evaluation\"\ntitle = \"Again\"\nminutes = 0\n")], &["the flow has two evaluations"]),
    (&[Swap(A, "minutes = 15 ", "minutes = 14 ")], &["warning: the parts take longer than the activity", "minutes = 15 or more"]),
    (&[Swap(A, "role = \"pre\"", "role = \"post\""), Swap(A, "minutes = 3\nrole = \"post\"", "minutes = 3\nrole = \"pre\"")], &["a pre-test after the post-test", "the pre-test is graded"]),
    (&[Append(I, "\n[[bank]]\nid = \"few\"\nitems = [\"dose-a\"]\n"), Swap(A, "form = { set = \"paired\", turn = \"second\" }", "draw = { bank = \"few\", count = 2 }")], &["bank `few` is smaller than the draw", "only one of the forms `paired` is asked"]),
    (&[Swap(A, "attempts = 1", "attempts = 1\ncool_down_minutes = 5")], &["warning: a wait after the only attempt"]),
    (&[Swap(I, ", [\"dose-a\", \"dose-b\"]", "")], &["objective `dose` is not measured"]),
    (&[Append("needs.toml", "\n[[gap]]\nid = \"other\"\ntext = \"x\"\nmethod = \"x\"\ndate = \"2025\"\nsource = \"x\"\n")], &["warning: no objective addresses gap `other`"]),
    (&[Swap(R, "Adrenaline is", "1 *AMA PRA Category 1 Credit*. Adrenaline is")], &["a sample carries an accreditor's credit phrase", "`AMA PRA`", "`Category 1 Credit`", "reading/why.md:3:"]),
    (&[Swap(R, "Adrenaline is", "Approved for credit. Adrenaline is")], &["warning: a phrase that accreditors do not accept"]),
    // Markdown
    (&[Append(R, "\n<div>x</div>\n")], &["HTML cannot be shown", "`<div>x</div>`", "reading/why.md:24:1"]),
    (&[Append(R, "\na <b>b</b>\n")], &["HTML cannot be shown", "reading/why.md:24:3", "`<b>`"]),
    (&[Append(R, "\n    code\n")], &["a block of code cannot be shown"]),
    (&[Append(R, "\na[^1]\n\n[^1]: note\n")], &["footnotes cannot be shown"]),
    (&[Append(R, "\na\n\n---\n\nb\n")], &["a rule across the page cannot be shown", "reading/why.md:26:1", "`---`"]),
    (&[Append(R, "\n~~a~~\n")], &["struck-out text cannot be shown"]),
    (&[Append(R, "\n# A\n")], &["a heading of this level cannot be shown here"]),
    (&[Append(R, "\n[a](javascript:alert)\n")], &["a link that leads nowhere safe"]),
    (&[Append(R, "\n[a](http://example.org)\n")], &["a link that leads nowhere safe"]),
    (&[Append(R, "\n[a](//example.org)\n")], &["a link that leads nowhere safe"]),
    (&[Append(R, "\n[a](https://example.org \"t\")\n")], &["the title of a link is not shown"]),
    (&[Append(R, "\na ![b](media/thigh.svg)\n")], &["an image inside a line of text"]),
    (&[Append(R, "\n**![b](media/thigh.svg)**\n")], &["an image inside a line of text"]),
    (&[Append(R, "\n![](media/thigh.svg)\n")], &["an image without alternative text"]),
    (&[Append(R, "\n> > > > > > > a\n")], &["nested too deep"]),
    (&[Append(R, "\n&#1; a\n")], &["a control character cannot be shown"]),
    // Images
    (&[Swap(R, "media/thigh.svg", "media/thig.svg")], &["`media/thig.svg` cannot be used as an image", "did you mean `media/thigh.svg`?"]),
    (&[Swap(R, "media/thigh.svg", "https://example.org/x.svg")], &["cannot be used as an image", "a file in `media/`"]),
    (&[Swap(R, "media/thigh.svg", "media/../activity.toml")], &["cannot be used as an image", "a file in `media/`"]),
    (&[Put("media/thigh.svg", b"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1 1\"><script/></svg>")], &["cannot be used as an image", "the element `script` in line 1"]),
    (&[Put("media/a.png", b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01"), Swap(R, "media/thigh.svg", "media/a.png")], &["image/png, as the name says", "found: image/jpeg"]),
    (&[Put("media/unused.png", b"x")], &["warning: nothing shows this image; it is left out\n--> media/unused.png"]),
    (&[Swap(I, "alt = \"A leg", "alt = \"\", x = \"A leg")], &["`alt` cannot be shown"]),
    // Case
    (&[Put("case/Bad Name.md", b"x")], &["the file's name is not a name for a node"]),
    (&[Swap(N, "+++\ntitle", "title")], &["a node begins with its head"]),
    (&[Swap(N, "Sam can no longer speak in sentences.\n", "")], &["a node without prose"]),
    (&[Append("case/empty.md", "+++\ntitle = \"x\"\n+++\nx\n")], &["a node asks for one thing", "none of them"]),
    (&[Swap("case/well.md", "[ending]", "[[link]]\nid = \"a\"\ntext = \"a\"\nto = \"well\"\n[ending]")], &["[[link]] and [ending]"]),
    (&[Swap("case/arrival.md", "+++\nSam", "[[link]]\nid = \"examine\"\ntext = \"Again\"\nto = \"first-step\"\n+++\nSam")], &["link `examine` is defined twice"]),
    (&[Swap(D, "min_picks = 1", "min_picks = 2")], &["fewer picks allowed than needed"]),
    (&[Swap(D, "worth = \"earns 1\"", "worth = \"neutral\"")], &["decision `treatment` cannot be scored"]),
    (&[Swap(D, "objectives = [\"first-line\"]", "objectives = []")], &["decision `treatment` measures nothing"]),
    (&[Swap(D, "worth = \"earns 1\"", "worth = \"earn 1\"")], &["a worth that cannot be counted", "did you mean `earns`?"]),
    (&[Put("case/lone.md", b"+++\ntitle = \"x\"\n[decision]\nid = \"d\"\nprompt = \"x\"\nmin_picks = 1\nmax_picks = 1\nobjectives = [\"dose\"]\nrationale = \"x\"\nreferences = [\"wao-2020\"]\notherwise = \"well\"\n+++\nx\n")], &["too few tables [[decision.option]]"]),
    (&[Swap(C, "initial = 5", "initial = 500")], &["counter `minutes` begins out of its bounds"]),
    (&[Swap(C, "[[expert]]", "[[xexpert]]"), Swap(C, "\n[[expert]]", "\n[[xexpert]]")], &["no path of the expert"]),
    (&[Swap(C, "follow = \"examine\"", "follow = \"examine\"\ndecide = [\"adrenaline\"]")], &["a step of the expert does one thing"]),
    (&[Swap(C, "follow = \"examine\"", "follow = \"exam\"")], &["the expert cannot do this", "`follow` with one of `examine` at node `arrival`"]),
    (&[Swap(C, "decide = [\"adrenaline\"]", "decide = [\"adrenalin\"]")], &["the expert cannot do this", "`decide` with 1 to 1 of `adrenaline`"]),
    (&[Swap(C, "decide = [\"adrenaline\"]", "decide = [\"home\"]")], &["the expert's path does not end at its best", "the ending `harmed`"]),
    (&[Swap(C, "decide = [\"adrenaline\"]", "decide = [\"antihistamine\"]")], &["the expert's path stops before an ending", "the node `delayed`"]),
    (&[Append(C, "[[expert]]\nfollow = \"examine\"\n")], &["the expert cannot do this", "no further step: node `well` is an ending"]),
    (&[Swap(D, "worth = \"neutral\"", "worth = \"earns 2\"")], &["warning: the expert's path misses points"]),
    (&[Swap(D, "worth = \"neutral\"", "worth = \"earns 9\""), Swap(A, "kind = \"case\"", "kind = \"case\"\ngate = 100")], &["the expert would not pass this gate"]),
    (&[Swap(CH, "text = \"Hives on chest and neck; lips swollen.\"", "")], &["chart entry `skin` is empty"]),
    (&[Swap(CH, "high = \"140\"", "high = \"14\"")], &["a reference range that ends before it begins"]),
    (&[Swap(CH, "value = \"84\"", "value = \"low\"")], &["warning: words cannot be held against a range"]),
    (&[Swap("case/arrival.md", "effects = [\"disclose(skin)\"]", "")], &["warning: chart entry `skin` is never shown"]),
    (&[Append(C, "\n[[rule]]\nid = \"late\"\nwhen = \"minutes > 120\"\n")], &["warning: rule `late` can never fire"]),
    (&[Swap(D, "or minutes >= 30\"", "and minutes >= 121\"")], &["warning: a way on from node `first-step` is never open"]),
    (&[Swap("case/harmed.md", "points = 0", "points = 3")], &["ending `harmed` earns more than a better one"]),
    (&[Swap(N, "to = \"first-step\"", "to = \"first-step\"\nwhen = \"minutes < 60\"")], &["node `delayed` can be a dead end", "no link when minutes == 60"]),
    (&[Swap(D, "otherwise = \"delayed\"", "otherwise = \"loop\""), Put("case/loop.md", b"+++\ntitle = \"x\"\n[[link]]\nid = \"a\"\ntext = \"a\"\nto = \"loop\"\n+++\nx\n")], &["from node `loop` no ending can be relied on", "nothing leads to node `delayed`"]),
    (&[Swap(D, "effects = [\"minutes += 15\"]", "effects = [\"minutes += 121\"]")], &["an effect here leaves the bounds of `minutes`"]),
    (&[Swap(D, "effects = [\"minutes += 15\"]", "effects = [\"minutes += 15\",\n\"minutes += 1500\"]")], &["case/first-step.md:", "| \"minutes += 1500\"]", "| ^^^^^^^^^^^^^^^^^", "found: 1500"]),
    (&[Swap("case/arrival.md", "effects = [\"disclose(skin)\"]", "effects = [\"disclose(skin)\", \"minutes = 122\"]"), Swap(D, "effects = [\"minutes += 15\"]", "effects = [\"minutes = 123\"]"), Append(C, "\n[[rule]]\nid = \"late\"\nwhen = \"minutes > 20\"\neffects = [\"minutes = 124\"]\n")], &["| effects = [\"disclose(skin)\", \"minutes = 122\"]", "| effects = [\"minutes = 123\"]", "| effects = [\"minutes = 124\"]"]),
    (&[Swap(D, "effects = [\"minutes += 15\"]", "effects = [\"minutes = 121\"]")], &["an effect here leaves the bounds of `minutes`"]),
    // Expressions
    (&[Swap(D, "and minutes < 30\"", "and minutes < \"")], &["this cannot be understood", "a whole number", "found: the end"]),
    (&[Swap(D, "picked(treatment, adrenaline)", "pickt(treatment, adrenaline)")], &["did you mean `picked`?"]),
    (&[Swap(D, "picked(treatment, adrenaline)", "picked(treatment, adrenalin)")], &["unknown option `adrenalin`", "did you mean `adrenaline`?", "of decision `treatment` of the case `case`"]),
    (&[Swap(D, "and minutes < 30\"", "and minuts < 30\"")], &["unknown counter `minuts`", "did you mean `minutes`?"]),
    (&[Swap(D, "and minutes < 30\"", "and delayed < 30\"")], &["unknown counter `delayed`", "`delayed` is the name of a node"]),
    (&[Swap(D, "and minutes < 30\"", "minutes < 30\"")], &["the end, `and` or `or`", "found: `minutes`"]),
    (&[Swap(D, "and minutes < 30\"", "and minutes < 2147483648\"")], &["a whole number"]),
    (&[Swap(D, "effects = [\"minutes += 15\"]", "effects = [\"minutes * 15\"]")], &["`+=`, `-=` or `=`", "found: `*`"]),
];

/// Few learners of chance are enough to see what a rehearsal says.
const REHEARSAL: Rehearsal = Rehearsal { runs: 40, progress: &() };

/// What edits are made to: files by path.
type Base = Vec<(String, String)>;

fn starter() -> Base {
    STARTER.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
}

fn write(base: &Base, edits: &[Edit], root: &Path) {
    for (path, text) in base {
        let place = root.join(path);
        fs::create_dir_all(place.parent().expect("a parent")).expect("a folder");
        fs::write(place, text).expect("a file");
    }
    for edit in edits {
        match edit {
            Swap(path, from, to) => {
                let text = fs::read_to_string(root.join(path)).expect(path);
                assert!(text.contains(from), "{path} does not contain {from:?}");
                fs::write(root.join(path), text.replacen(from, to, 1)).expect(path);
            }
            Append(path, more) => {
                let text = fs::read_to_string(root.join(path)).unwrap_or_default();
                fs::write(root.join(path), text + more).expect(path);
            }
            Cut(path, from) => {
                let text = fs::read_to_string(root.join(path)).expect(path);
                let end = text.find(from).expect(from);
                fs::write(root.join(path), &text[..end]).expect(path);
            }
            Put(path, bytes) => fs::write(root.join(path), bytes).expect(path),
            Remove(path) => fs::remove_file(root.join(path)).expect(path),
        }
    }
}

fn say(base: &Base, edits: &[Edit]) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    write(base, edits, folder.path());
    let reading = author::read_and_rehearse(folder.path(), &REHEARSAL);
    let sound = reading.count(Severity::Error) == 0;
    assert_eq!(reading.built.is_some(), sound, "an activity comes out exactly when nothing is wrong");
    let mut lines: Vec<_> =
        reading.diagnostics.iter().map(|one| (&one.path, one.spot.as_ref().map(|s| s.line))).collect();
    let told = lines.clone();
    lines.sort();
    assert_eq!(told, lines, "by file and line");
    reading.diagnostics.iter().map(ToString::to_string).collect()
}

#[test]
fn the_starter_has_nothing_wrong() {
    assert_eq!(say(&starter(), &[]), "");
}

#[test]
fn the_smallest_patient_of_the_page_has_nothing_wrong() {
    assert_eq!(say(&smallest::files(), &[]), "");
}

/// What the edits lack of their words.
fn missed(base: &Base, cases: &[(&[Edit], &[&str])]) -> String {
    let mut missed = String::new();
    for (place, (edits, words)) in cases.iter().enumerate() {
        let said = say(base, edits);
        for word in words.iter().filter(|word| !said.contains(**word)) {
            missed += &format!("edit {place}: expected {word:?}, found:\n{said}\n");
        }
    }
    missed
}

#[test]
fn every_edit_is_told_in_its_words() {
    let missed = missed(&starter(), CASES);
    assert!(missed.is_empty(), "{missed}");
}

#[test]
fn every_edit_of_the_patient_is_told_in_its_words() {
    let missed = missed(&smallest::files(), patient::CASES);
    assert!(missed.is_empty(), "{missed}");
}

#[test]
fn a_value_that_cannot_be_read_is_told_once_and_no_other_is_made_up() {
    for edit in [
        Swap(A, "maximum = \"0.25\"", "maximum = \"0\""),
        Swap(A, "maximum = \"0.25\"", "maximum = \"0,25\""),
        Swap(A, "maximum = \"0.25\"", "maximum = 0.25"),
        Swap(A, "step = \"0.25\"", "step = \"none\""),
        Swap(A, "minutes = 15 ", "minutes = -15 "),
        Swap(A, "minutes = 15 ", "minutes = 20000000000 "),
        Swap(A, "minutes = 15 ", "minutes = \"15\" "),
        Swap(A, "threshold = 70", "threshold = -1"),
        Swap(A, "attempts = 1", "attempts = 0\ncool_down_minutes = 5"),
        Swap(A, "minimum_minutes = { review = 3 }", "minimum_minutes = { review = 0 }"),
        Swap(C, "initial = 5", "initial = 2000000"),
        Swap(D, "min_picks = 1", "min_picks = -1"),
        Swap(D, "max_picks = 1", "max_picks = 0"),
    ] {
        let edits = [edit];
        let said = say(&starter(), &edits);
        let told = said.lines().filter(|line| line.starts_with("error: ") || line.starts_with("warning: "));
        assert_eq!(told.count(), 1, "{said}");
    }
}

#[cfg(unix)]
#[test]
fn links_lead_nowhere_out_of_the_folder() {
    let (folder, other) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    write(&starter(), &[], folder.path());
    let (page, outside) = (folder.path().join(R), other.path().join("secret.md"));
    fs::rename(&page, &outside).expect("moved");
    std::os::unix::fs::symlink(&outside, &page).expect("a link");
    let said: String = author::read(folder.path()).diagnostics.iter().map(ToString::to_string).collect();
    assert!(said.contains("cannot read `reading/why.md`") && said.contains("a file outside of it"), "{said}");
    let inside = folder.path().join("page.md");
    fs::rename(&outside, &inside).expect("moved");
    fs::remove_file(&page).expect("removed");
    std::os::unix::fs::symlink("../page.md", &page).expect("a link");
    assert_eq!(author::read(folder.path()).diagnostics, Vec::new());
}

#[test]
fn depth_is_bounded() {
    let folder = tempfile::tempdir().expect("a folder");
    let nested = |open: &str, close: &str| open.repeat(50_000) + "x" + &close.repeat(50_000);
    let drawing = nested("<g>", "</g>").replace('x', "");
    let drawing = format!("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1 1\">{drawing}</svg>");
    let cases = [
        (R, format!("# A\n\n{}", nested("> ", ""))),
        (R, format!("# A\n\n{}", nested("*a **b ", "** y*"))),
        (R, format!("# A\n\n{}", nested("[", "](http://example.org)"))),
        (C, format!("start = {}", nested("[", "]"))),
        (C, format!("[[rule]]\nid = \"a\"\nwhen = \"{}\"", nested("not (", ")"))),
        ("media/thigh.svg", drawing),
    ];
    for (place, (path, text)) in cases.into_iter().enumerate() {
        write(&starter(), &[], folder.path());
        fs::write(folder.path().join(path), text).expect("a file");
        let reading = author::read(folder.path());
        assert!(reading.count(Severity::Error) > 0, "{path}: case {place}");
    }
}

#[test]
fn all_errors_are_told_at_once() {
    let said = say(
        &starter(),
        &[
            Swap(A, "title = \"Ana", "titel = \"Ana"),
            Swap(I, "kind = \"numeric\"", "kind = \"numric\""),
            Swap(D, "otherwise = \"delayed\"", "otherwise = \"dlayed\""),
            Append(R, "\n<b>x</b>\n"),
            Swap(E, "kind = \"commitment\"", "kind = \"promise\""),
        ],
    );
    for word in ["`titel`", "`numric`", "`dlayed`", "`<b>`", "`promise`"] {
        assert!(said.contains(word), "{word}: {said}");
    }
}

/// How long it takes to say what is wrong with so many items of one file, at the quickest.
fn told_within(items: usize) -> Duration {
    let folder = tempfile::tempdir().expect("a folder");
    write(&starter(), &[], folder.path());
    let item = |number: usize| {
        let head = format!("id = \"it-{number:05}\"\nkind = \"single-best\"\nobjectives = [\"first-line\"]");
        let key =
            "stem = \"x\"\nrationale = \"x\"\nreferences = [\"wao-2020\"]\nkey = \"yess\"\ntitel = \"x\"";
        let options = ["yes", "no"].map(|id| format!("[[item.option]]\nid = \"{id}\"\ntext = \"{id}\"\n"));
        format!("[[item]]\n{head}\n{key}\n{}", options.concat())
    };
    let text: String = (0..items).map(item).collect();
    fs::write(folder.path().join("items/more.toml"), text).expect("a file");
    let times = [(); 3].map(|()| {
        let start = Instant::now();
        let reading = author::read(folder.path());
        assert_eq!(reading.count(Severity::Error), 2 * items, "two of each item");
        start.elapsed()
    });
    times.into_iter().min().unwrap_or_default()
}

#[test]
fn four_times_as_many_errors_take_about_four_times_as_long() {
    let (few, many) = (told_within(800), told_within(3_200));
    // Sixteen times would be each error with each.
    assert!(many < few * 8, "{few:?}, then {many:?}");
}

#[test]
fn a_diagnostic_shows_its_place() {
    let said = say(&starter(), &[Swap(A, "role = \"pre\"", "role = \"prae\"")]);
    assert_eq!(
        said,
        "error: unknown role `prae`\n   \
            --> activity.toml:124:8\n    \
             |\n\
         124 | role = \"prae\"\n    \
             |        ^^^^^^\n    \
             = expected: a role: `pre`, `post`, `practice`\n    \
             = help: did you mean `pre`?\n"
    );
}

#[test]
fn line_ends_and_a_byte_order_mark_change_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    write(&starter(), &[], folder.path());
    let plain = author::read(folder.path()).built.expect("an activity").activity;
    for (path, text) in STARTER.iter().filter(|(path, _)| !path.ends_with(".svg")) {
        let text = format!("\u{feff}{}", text.replace('\n', "\r\n"));
        fs::write(folder.path().join(path), text).expect("a file");
    }
    let other = author::read(folder.path());
    assert_eq!(other.diagnostics, Vec::new());
    assert!(other.built.expect("an activity").activity == plain);
}

/// Messages that mean a mistake of the builder itself: what is checked before makes
/// them impossible, and they are said rather than hidden.
const NEVER: [&str; 4] = [
    "`{}` has no words for joint providership",
    "the case cannot be entered by the session engine",
    "the activity cannot be played: {fault}",
    "this cannot be shown",
];

#[test]
fn every_diagnostic_has_an_edit() {
    let all = |base: &Base, cases: &[(&[Edit], &[&str])]| -> String {
        cases.iter().map(|(edits, _)| say(base, edits)).collect()
    };
    let said = all(&starter(), CASES) + &all(&smallest::files(), patient::CASES);
    let mut messages = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/author"), &mut messages);
    assert!(messages.len() > 80, "found only {}", messages.len());
    let unseen: Vec<&String> = messages
        .iter()
        .filter(|message| !NEVER.contains(&message.as_str()))
        .filter(|message| !said.lines().any(|line| matches(message, line)))
        .collect();
    assert!(unseen.is_empty(), "expected an edit for each of {unseen:#?}");
}

/// True when the line says the message, whatever stands in its braces.
fn matches(message: &str, line: &str) -> bool {
    let mut rest = line;
    let mut pieces = message.split('{').enumerate().map(|(place, piece)| {
        if place == 0 { piece } else { piece.split_once('}').map_or("", |(_, after)| after) }
    });
    pieces.all(|piece| match rest.find(piece) {
        Some(at) => {
            rest = &rest[at + piece.len()..];
            true
        }
        None => false,
    })
}

/// The literal messages of all problems in the sources: the first text after the
/// first argument of each call that makes one.
fn sources(folder: &Path, messages: &mut Vec<String>) {
    for entry in fs::read_dir(folder).expect("sources") {
        let path = entry.expect("a file").path();
        if path.is_dir() {
            sources(&path, messages);
            continue;
        }
        let text = fs::read_to_string(&path).expect("a source");
        for call in [
            "Problem::error(",
            "Problem::warning(",
            "Problem::file(",
            "Problem::file_warning(",
            "self.error(",
        ] {
            for (at, _) in text.match_indices(call) {
                messages.extend(message(&text[at + call.len()..]));
            }
        }
    }
}

fn message(arguments: &str) -> Option<String> {
    let mut depth = 0;
    let mut second = None;
    for (at, c) in arguments.char_indices() {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' if depth == 0 => return None,
            ')' | ']' | '}' => depth -= 1,
            ',' if depth == 0 => {
                second = Some(arguments[at + 1..].trim_start());
                break;
            }
            _ => {}
        }
    }
    let second = second?;
    let literal = second.strip_prefix("format!(").unwrap_or(second).trim_start().strip_prefix('"')?;
    literal.split('"').next().map(ToOwned::to_owned)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_condition_of_a_patient_is_read_or_told(words in proptest::collection::vec(
        proptest::sample::select(vec![
            "glucose", "and", "or", "not", "(", ")", ">=", "<", "==", "=", "->", "+", "-", "*", "/", "5", "-1",
            "0.5", "mg/dL", "min", "h", "min(", "max(", ",", "always", "time", "done(dextrose)", "in_stage(drowsy)",
            "total(", "dextrose", "minutes_since(dextrose)", "é", "'", "%", "/x", "5..", "..", "µ", "×10⁹/L",
        ]),
        0..12,
    )) {
        let folder = tempfile::tempdir().expect("a folder");
        let text = words.join(" ");
        let edits = |path: &str| -> String {
            let base = smallest::files();
            base.into_iter().find(|(name, _)| name == path).map(|(_, text)| text).expect("a file")
        };
        write(&smallest::files(), &[], folder.path());
        let put = |path: &str, from: &str, to: String| {
            fs::write(folder.path().join(path), edits(path).replacen(from, &to, 1)).expect("a file");
        };
        put("patient/patient.toml", "held = \"2 min\"", format!("held = \"2 min\"\n[[rule]]\nid = \"any\"\nwhen = \"{text}\"\nchanges = [\"{text}\"]"));
        put("patient/rubric.toml", "dextrose 15.. iv", text);
        let reading = author::read_and_rehearse(folder.path(), &Rehearsal { runs: 1, progress: &() });
        prop_assert_eq!(reading.built.is_some(), reading.count(Severity::Error) == 0);
    }

    #[test]
    fn any_condition_is_read_or_told(words in proptest::collection::vec(
        proptest::sample::select(vec![
            "minutes", "and", "or", "not", "(", ")", ">=", "<", "==", "=", "5", "-1", "0.5", ",", "always",
            "visited(well)", "picked(treatment, home)", "earned(treatment,", "opened(skin)", "é", "'",
        ]),
        0..12,
    )) {
        let folder = tempfile::tempdir().expect("a folder");
        write(&starter(), &[], folder.path());
        let case = fs::read_to_string(folder.path().join(C)).expect("a case");
        let rule = format!("\n[[rule]]\nid = \"any\"\nwhen = \"{}\"\n", words.join(" "));
        fs::write(folder.path().join(C), case + &rule).expect("a case");
        let reading = author::read(folder.path());
        prop_assert_eq!(reading.built.is_some(), reading.count(Severity::Error) == 0);
    }

    #[test]
    fn any_change_of_any_file_is_told_or_harmless(
        file in 0..STARTER.len(),
        from in 0.0f64..1.0,
        gone in 0usize..12,
        put in "[a-z\"\\[\\]{}()<>=#+*_!&.,\\\\ \n\u{0}\u{e9}-]{0,8}",
    ) {
        let folder = tempfile::tempdir().expect("a folder");
        write(&starter(), &[], folder.path());
        let (path, text) = STARTER[file];
        let mut letters: Vec<char> = text.chars().collect();
        let start = (letters.len() as f64 * from) as usize;
        let end = (start + gone).min(letters.len());
        letters.splice(start..end, put.chars());
        fs::write(folder.path().join(path), letters.into_iter().collect::<String>()).expect("a file");
        let reading = author::read(folder.path());
        prop_assert_eq!(reading.built.is_some(), reading.count(Severity::Error) == 0);
        for one in &reading.diagnostics {
            prop_assert!(!one.to_string().is_empty());
        }
    }
}
