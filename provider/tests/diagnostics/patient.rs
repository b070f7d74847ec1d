//! The edits to the smallest complete patient of `docs/authoring/patient.md`, and what
//! each must make the builder say.

use super::Edit::{self, Append, Put, Remove, Swap};

const A: &str = "activity.toml";
const P: &str = "patient/patient.toml";
const D: &str = "patient/actions.toml";
const R: &str = "patient/rubric.toml";

const DERIVED: &str = "\n[[variable]]\nid = \"deficit\"\nlabel = \"Deficit\"\nunit = \"mg/dL\"\nvital = \"other\"\nformula = \"100 mg/dL - glucose\"\nmin = \"-600 mg/dL\"\nmax = \"200 mg/dL\"\n";
const WHEN: &str = "when = \"glucose < 32 mg/dL\"";
const BEGINNING: &str = "glucose -> 20 mg/dL half 10 min";
const EXPERT: &str =
    "expert = [\"fingerstick\", \"wait 1 min\", \"dextrose 25 g iv\", \"wait 2 min\", \"wait 10 min\"]";

const LEAVE: &str = "[[action]]\nid = \"leave\"\ntitle = \"Leave\"\ngroup = \"disposition\"\nby = \"you\"\ntakes = \"10 s\"\n[[action]]\nid = \"fingerstick\"";
const LEFT: &str = "[[ending]]\nid = \"left\"\ntitle = \"Left\"\nkind = \"learner-ends\"\nquality = \"poor\"\nwhen = \"done(leave)\"\ntext = \"You leave.\"\n[[ending]]\nid = \"awake\"";

/// The edits, and what each must make the builder say.
#[rustfmt::skip]
pub const CASES: &[(&[Edit], &[&str])] = &[
    // Files
    (&[Remove(R)], &["cannot read `patient/rubric.toml`", "activity.toml:"]),
    (&[Put(D, b"[[action]")], &["not TOML", "patient/actions.toml:1:"]),
    (&[Swap(A, "gate = 60\n", "gate = 60\nfolder = \"ptient\"\n")], &["cannot read `ptient/patient.toml`", "folder = \"ptient\""]),
    (&[Swap(P, "limit =", "limt =")], &["missing key `limit`", "did you mean `limit`?"]),
    (&[Put(P, b"")], &["a patient without `variable`", "a patient without `stage`", "a patient without `expert`", "no ending for when the time is over"]),
    (&[Put(D, b"")], &["a patient without `action`", "unknown action `dextrose`"]),
    // The activity
    (&[Swap(A, "threshold = 70", "threshold = 0")], &["a simulated patient is the only gate to credit"]),
    (&[Swap(A, "threshold = 70", "threshold = \"none\"")], &["a simulated patient is the only gate to credit", "activity.toml:139:1"]),
    // Names
    (&[Swap(P, "[[stage]]", "[[variable]]\nid = \"time\"\nlabel = \"T\"\nvital = \"hidden\"\ninitial = \"0\"\nmin = \"0\"\nmax = \"1\"\n[[stage]]")], &["`time` is a word of the conditions"]),
    (&[Swap(P, WHEN, "when = \"done(dextros)\"")], &["unknown action `dextros`", "did you mean `dextrose`?", "of the patient `patient`"]),
    (&[Swap(P, WHEN, "when = \"in_stage(worse)\"")], &["unknown stage `worse`", "`worse` is the name of a rule"]),
    (&[Swap(P, WHEN, "when = \"fired(wors)\"")], &["unknown rule `wors`", "did you mean `worse`?"]),
    (&[Append(P, "\n[[stage]]\nid = \"drowsy\"\ntitle = \"Again\"\n")], &["stage `drowsy` is defined twice"]),
    (&[Append(D, "\n[[action.route]]\nid = \"sc\"\ntitle = \"again\"\n")], &["route `sc` is defined twice"]),
    (&[Swap(R, "id = \"treated\"", "id = \"measured\"")], &["line `measured` is defined twice"]),
    // Quantities
    (&[Swap(P, "initial = \"40 mg/dL\"", "initial = \"40\"")], &["these units do not fit", "expected: a quantity in `mg/dL`", "initial = \"40\"\n   |            ^^"]),
    (&[Swap(P, "initial = \"40 mg/dL\"", "initial = \"40 mg/dl\"")], &["unknown unit", "did you mean `mg/dL`?", "40 mg/dl\"\n   |               ^^^^^\n"]),
    (&[Swap(P, "initial = \"40 mg/dL\"", "initial = \"40mg/dL\"")], &["put a space between the number and its unit"]),
    (&[Swap(P, "initial = \"40 mg/dL\"", "initial = \"0.0000001 mg/dL\"")], &["at most six digits after the point"]),
    (&[Swap(P, "initial = \"40 mg/dL\"", "initial = \"700 mg/dL\"")], &["the numbers of variable `glucose` are not in order", "at least the 700 of `initial`"]),
    (&[Swap(P, "unit = \"mg/dL\"", "unit = \"mg per dL\"")], &["not a unit that can be written after a number"]),
    (&[Swap(D, "unit = \"IU\"", "unit = \"min\"")], &["spans of time are kept in seconds"]),
    (&[Swap(P, "limit = \"15 min\"", "limit = \"15\"")], &["this cannot be understood", "a span of time, as `45 s`"]),
    (&[Swap(P, "limit = \"15 min\"", "limit = \"25 h\"")], &["1 s to 24 h, in whole seconds"]),
    (&[Swap(P, "limit = \"15 min\"", "limit = \"15 min 1 h\"")], &["expected: the end", "found: `1`"]),
    (&[Swap(P, "limit = \"15 min\"", "limit = \"0.001 s\"")], &["in whole seconds"]),
    (&[Swap(D, "wanes = \"15 min\"", "wanes = \"1 min\"")], &["the times of an effect are not in order", "at least the 2 min of `peak`", "found: 1 min"]),
    (&[Swap(D, "half = \"25\"", "half = \"-1\"")], &["a dose below nothing"]),
    (&[Swap(D, "high = \"140 mg/dL\"", "high = \"14 mg/dL\"")], &["a reference range that ends before it begins"]),
    // Formulas and conditions
    (&[Swap(P, WHEN, "when = \"glucose < 32\"")], &["these units do not fit", "found: a plain number: `32`", "glucose < 32\"\n   |                   ^^\n"]),
    (&[Swap(P, WHEN, "when = \"time > 5\"")], &["expected: a span of time"]),
    (&[Swap(P, WHEN, "when = \"glucose * glucose < 5 mg/dL\"")], &["these units do not fit", "expected: a plain number\n"]),
    (&[Swap(P, WHEN, "when = \"5 / glucose < 5\"")], &["these units do not fit", "found: a quantity in `mg/dL`: `glucose`"]),
    (&[Swap(P, WHEN, "when = \"glucose / time < 5\"")], &["a plain number or a quantity in `mg/dL`"]),
    (&[Swap(P, WHEN, "when = \"max(glucose, 5) < 5 mg/dL\"")], &["these units do not fit"]),
    (&[Swap(P, WHEN, "when = \"glucos < 5 mg/dL\"")], &["unknown variable `glucos`", "did you mean `glucose`?"]),
    (&[Swap(P, WHEN, "when = \"glucose-5 < 5 mg/dL\"")], &["unknown variable `glucose-5`"]),
    (&[Swap(P, WHEN, "when = \"glucose < \"")], &["found: the end"]),
    (&[Swap(P, WHEN, "when = \"glucose\"")], &["`<`, `<=`, `>`, `>=` or `==`"]),
    (&[Swap(P, WHEN, "when = \"glucose = 3 mg/dL\"")], &["`<`, `<=`, `>`, `>=` or `==`", "found: `=`"]),
    (&[Swap(P, WHEN, "when = \"(glucose < 3 mg/dL\"")], &["expected: `)`", "found: the end"]),
    (&[Swap(P, WHEN, "when = \"(glucose + 3 mg/dL) < 3\"")], &["these units do not fit", "found: a plain number: `3`"]),
    (&[Swap(P, WHEN, "when = \"dne(dextrose)\"")], &["a function: ", "did you mean `done`?"]),
    (&[Swap(P, WHEN, "when = \"glucose < 3 mg/dL glucose\"")], &["the end, `and` or `or`"]),
    (&[Swap(P, WHEN, "when = \"running(dextrose)\"")], &["this action never runs"]),
    (&[Swap(P, WHEN, "when = \"reported(dextrose)\"")], &["no report comes of this action"]),
    (&[Swap(P, WHEN, "when = \"over_limit(fingerstick)\"")], &["this action takes no dose"]),
    (&[Swap(P, WHEN, "when = \"total(fingerstick) > 1\"")], &["this action takes no dose", "an action with an [action.dose]"]),
    (&[Swap(P, WHEN, "when = \"total(dextrose) > 1\"")], &["these units do not fit", "expected: a quantity in `g`"]),
    (&[Swap(P, WHEN, "when = \"((((((((((((((((((glucose < 5 mg/dL))))))))))))))))))\"")], &["at most 16 brackets in each other"]),
    (&[Swap(P, WHEN, "when = \"1+1*(1+1*(1+1*(1+1*(1+1*(1+1*(1+1*(1+1*(1+1*(1))))))))) > 5\"")], &["at most 16 numbers that wait for their sign", "let a variable with a `formula` be a part of it"]),
    (&[Append(P, DERIVED), Swap(P, "100 mg/dL - glucose", "deficit + glucose")], &["a formula follows from variables above it", "found: `deficit`"]),
    (&[Append(P, DERIVED), Swap(P, "formula =", "initial = \"5 mg/dL\"\nformula =")], &["a variable with a formula begins where the formula says"]),
    // Changes
    (&[Append(P, DERIVED), Swap(P, BEGINNING, "deficit = 5 mg/dL")], &["a variable with a formula has no course of its own", "found: `deficit`"]),
    (&[Append(P, DERIVED), Swap(D, "variable = \"glucose\"", "variable = \"deficit\"")], &["an effect on a variable that follows from a formula"]),
    (&[Swap(P, BEGINNING, "glucose 5")], &["`->`, `=`, `+=` or `-=`"]),
    (&[Swap(P, BEGINNING, "glucose -> 20 mg/dL")], &["`half` and a span, or `by`", "found: the end"]),
    (&[Swap(P, BEGINNING, "glucose -> 20 mg/dL soon")], &["`half` and a span, or `by`", "found: `soon`"]),
    (&[Swap(P, BEGINNING, "glucose -> 20 mg/dL by 1 per min")], &["these units do not fit"]),
    (&[Swap(P, BEGINNING, "glucose -> 20 mg/dL by -1 mg/dL per min")], &["more than nothing; the side of `->` says up or down"]),
    (&[Swap(P, BEGINNING, "glucose -> 20 mg/dL by 0.001 mg/dL per 24 h")], &["at least a millionth a second"]),
    (&[Swap(P, BEGINNING, "glucose -> 20 mg/dL by 1 mg/dL per")], &["found: the end"]),
    (&[Swap(P, BEGINNING, "show glucose")], &["a hidden variable is never on the monitor"]),
    (&[Swap(P, BEGINNING, "stage drows")], &["unknown stage `drows`", "did you mean `drowsy`?"]),
    (&[Swap(P, BEGINNING, "end awak")], &["unknown ending `awak`", "did you mean `awake`?"]),
    (&[Swap(P, "title = \"Drowsy\"", "title = \"Drowsy\"\nchanges = [\"stage drowsy\"]")], &["a stage cannot change the stage"]),
    // Deeds and scripts
    (&[Swap(R, "any = [\"fingerstick\"]", "any = []")], &["no deed under `any`"]),
    (&[Swap(R, "any = [\"fingerstick\"]", "any = [\"fingerstick 5\"]")], &["this action takes no dose", "found: `5`"]),
    (&[Swap(R, "dextrose 15.. iv", "dextrose 15..5 iv")], &["the lesser dose first"]),
    (&[Swap(R, "dextrose 15.. iv", "dextrose 15..x iv")], &["a range of doses without unit"]),
    (&[Swap(R, "dextrose 15.. iv", "dextrose 15.. im")], &["unknown route `im`", "of action `dextrose` of the patient `patient`"]),
    (&[Swap(P, EXPERT, "expert = [\"dextrose\"]")], &["a dose is missing"]),
    (&[Swap(P, EXPERT, "expert = [\"dextrose 5 IU\"]")], &["these units do not fit", "expected: a quantity in `g`"]),
    (&[Swap(P, EXPERT, "expert = [\"dextrose 0 g\"]")], &["more than nothing"]),
    (&[Swap(P, EXPERT, "expert = [\"fingerstick 5 g\"]")], &["this action takes no dose"]),
    (&[Swap(P, EXPERT, "expert = [\"wait 2 h\"]")], &["1 s to 1 h, in whole seconds"]),
    // The course
    (&[Swap(P, "kind = \"time-out\"", "kind = \"stable\"")], &["no ending for when the time is over"]),
    (&[Swap(P, "kind = \"arrest\"", "kind = \"time-out\"")], &["two endings for when the time is over", "the time is over when `limit` says so"]),
    (&[Swap(P, "[[appearance]]\ntext = \"Awake and talking.\"\n", "")], &["warning: at times the patient looks like nothing"]),
    // Actions
    (&[Swap(D, "by = \"nurse\"", "by = \"you\"\nasks = \"5 s\"")], &["nobody has to be asked for what you do"]),
    (&[Swap(D, "[action.report]", "[action.dose]\nunit = \"g\"\nform = \"bolus\"\nusual = [\"5\", \"1\"]\n[action.report]")], &["a dose without a way to give it", "not a range of doses"]),
    (&[Swap(D, "[action.report]", "[[action.route]]\nid = \"a\"\ntitle = \"A\"\n[[action.route]]\nid = \"b\"\ntitle = \"B\"\n[action.report]")], &["routes to choose from without a dose"]),
    (&[Swap(D, "id = \"iv\"", "id = \"iv\"\nrate = 3")], &["unknown key `rate`"]),
    // The rubric
    (&[Swap(R, "kind = \"timely\"", "kind = \"timly\"")], &["unknown kind `timly`", "did you mean `timely`?"]),
    (&[Swap(R, "objectives = [\"first-line\"]", "objectives = []")], &["rubric line `measured` measures nothing"]),
    (&[Swap(R, "points = 2", "points = 0")], &["rubric line `measured` is worth nothing"]),
    (&[Swap(R, "points = 1", "points = 1.3")], &["the outcome weighs more than what was done", "at most 1260 thousandths", "found: 1300"]),
    (&[Swap(R, "late = \"8 min\"", "late = \"8 s\"")], &["late begins before in time ends", "at least the 5 min of `within`"]),
    (&[Put(R, b"cap_after_harm = 50\n[[line]]\nid = \"a\"\ntitle = \"A\"\nkind = \"harm\"\npoints = 1\nwhen = \"always\"\nrationale = \"x\"\nreferences = [\"wao-2020\"]\n")], &["a rubric by which nothing can be earned"]),
    // The rehearsal
    (&[Swap(P, "\"fingerstick\", \"wait 1 min\"", "\"fingerstick\", \"fingerstick\""), Swap(D, "takes = \"30 s\"", "takes = \"30 s\"\nonce = true\notherwise = \"Once is enough.\"")], &["the expert cannot do this", "something that is possible at 0:05", "`fingerstick` is not: “Once is enough.”"]),
    (&[Swap(P, "\"wait 10 min\"]", "\"wait 10 min\", \"fingerstick\"]")], &["the expert cannot do this", "no further step", "the ending `awake`"]),
    (&[Swap(P, ", \"wait 10 min\"]", "]")], &["the expert's script stops before an ending", "stage `drowsy` at", "wait again"]),
    (&[Swap(P, "quality = \"best\"", "quality = \"fair\"")], &["the expert's script does not end at its best", "the ending `awake` at"]),
    (&[Swap(A, "gate = 60", "gate = 100"), Swap(R, "within = \"2 min\"", "within = \"10 s\"")], &["the expert would not pass this gate", "warning: the expert does not meet rubric line `measured`"]),
    (&[Swap(P, "when = \"glucose < 25 mg/dL\"", "when = \"glucose < 1 mg/dL and done(fingerstick) and not done(fingerstick)\"")], &["no rehearsal came to ending `seizure`", "runs that all ended otherwise"]),
    (&[Swap(P, "min = \"0 mg/dL\"", "min = \"26 mg/dL\"")], &["variable `glucose` leaves its range", "a change to less than 26 mg/dL at 0:00, with the expert"]),
    (&[Swap(P, "max = \"600 mg/dL\"", "max = \"240 mg/dL\"")], &["variable `glucose` leaves its range", "above 240 mg/dL at", "what was done until then: "]),
    (&[Swap(R, "any = [\"dextrose 15.. iv\"]", "any = [\"insulin\"]"), Swap(R, "when = \"done(insulin)\"\ncritical = true", "when = \"done(dextrose)\"")], &["doing everything earns as much as the expert", "warning: a rehearsal earned more than the expert", "the harm"]),
    (&[Swap(A, "gate = 60", "gate = 10")], &["doing everything passes the gate", "with the ending `"]),
    // Who does everything leaves last, though leaving is written first.
    (&[Swap(A, "gate = 60", "gate = 10"), Swap(D, "[[action]]\nid = \"fingerstick\"", LEAVE), Swap(P, "[[ending]]\nid = \"awake\"", LEFT)], &["doing everything passes the gate", "with the ending `left`"]),
    (&[Swap(P, WHEN, "when = \"glucose < 32 mg/dL and glucose > 40 mg/dL\"")], &["warning: rule `worse` fired in no rehearsal"]),
    (&[Append(D, "\n[[action]]\nid = \"never\"\ntitle = \"N\"\ngroup = \"history\"\nby = \"you\"\ntakes = \"0 s\"\nwhen = \"time > 2 h\"\n")], &["warning: action `never` was possible in no rehearsal"]),
];
