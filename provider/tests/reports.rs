//! Reports over rehearsed records, as a person runs them and as the ledger will call
//! them; and their statistics before an outside judge.

mod python;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use enduring_core::content::Content;
use enduring_core::record::{Birthday, Given, Handling, VerifyPolicy};
use enduring_core::session::{replay, view::comparison};
use enduring_provider::report::columns;
use enduring_provider::report::facts::cohorts;
use enduring_provider::report::files::{Read, read};
use enduring_provider::report::outcomes::{About, of, outcomes, pairs};
use enduring_provider::report::reported::{Run, Unchanged};
use enduring_provider::report::stats::{correlation, discrimination, kr20, median, paired};
use enduring_provider::report::{Completion, pars::pars};
use enduring_provider::verify::packs::{Found, Packs};
use enduring_provider::verify::source::Sources;
use enduring_provider::verify::{Verifier, read_keys};
use enduring_provider::{pack, time};
use serde_json::json;

use self::python::python;

const AT: &str = "2026-11-20T00:00:00Z";

fn vectors() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors")
}

fn enduring(arguments: &str, out: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_enduring"))
        .current_dir(vectors())
        .args(arguments.split_whitespace())
        .arg("--out")
        .arg(out)
        .output()
        .expect("the command runs")
}

fn rehearse(out: &Path, count: usize) {
    for profile in ["good", "average"] {
        let arguments = format!("rehearse packs/vectors/1.0.0 --count {count} --profile {profile} --jsonl");
        let output = enduring(&arguments, &out.join(profile));
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

fn report(what: &str, records: &Path, out: &Path) -> i32 {
    let arguments = format!(
        "report {what} {} --packs packs --issuers issuers.json --accept-rehearsal --at {AT}",
        records.display()
    );
    let output = enduring(&arguments, out);
    assert!(output.status.code() != Some(2), "{what}: {}", String::from_utf8_lossy(&output.stderr));
    output.status.code().expect("a code")
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Completions as the ledger hands them over, and their pack.
fn completions(count: usize) -> (Content, Vec<Completion>) {
    let folder = tempfile::tempdir().expect("a folder");
    rehearse(folder.path(), count);
    let issuers = read_keys(&vectors().join("issuers.json")).expect("keys");
    let (packs, _) = Packs::list(&vectors().join("packs"), issuers).expect("packs");
    let verifier = Verifier {
        packs,
        enrolled: Default::default(),
        policy: VerifyPolicy::default(),
        now: time::parse(AT).expect("a time"),
        received: None,
        rehearsals: Handling::Accept,
    };
    let found: Vec<Completion> = Sources::new(&[folder.path().to_owned()])
        .filter_map(|source| match read(&verifier, &source) {
            Read::Completion(completion) => Some(*completion),
            Read::NotCredited | Read::Unreadable(_) => None,
        })
        .collect();
    assert!(found.len() >= count, "{} completions", found.len());
    let Some(Found::Whole(_)) = verifier.packs.get(found[0].payload.activity.digest) else {
        panic!("a pack")
    };
    (pack::open(&vectors().join("packs/vectors/1.0.0")).expect("a pack").content, found)
}

/// Every consent is given.
fn consenting(mut completions: Vec<Completion>) -> Vec<Completion> {
    for answer in
        completions.iter_mut().flat_map(|found| found.consents.as_mut()).flat_map(|c| &mut c.answers)
    {
        answer.given = Given::Yes;
    }
    completions
}

#[test]
fn reports_are_written_and_name_nobody_but_in_the_learner_report() {
    let place = tempfile::tempdir().expect("a folder");
    let (records, out) = (place.path().join("records"), place.path().join("out"));
    rehearse(&records, 12);
    for what in ["outcomes", "credits", "pars", "curriculum"] {
        report(what, &records, &out);
    }
    let names: BTreeSet<String> = fs::read_dir(&out)
        .expect("reports")
        .map(|entry| entry.expect("a file").file_name().to_string_lossy().into_owned())
        .collect();
    for expected in [
        "outcomes.html",
        "outcomes-pairs.csv",
        "outcomes-items.csv",
        "credits.csv",
        "pars.csv",
        "unmatched.csv",
        "withheld.csv",
        "curriculum.html",
        "curriculum.csv",
    ] {
        assert!(names.contains(expected), "{expected} in {names:?}");
    }
    for name in names.iter().filter(|name| *name != "pars.csv") {
        let text = text(&out.join(name));
        assert!(!text.contains("Fictional-"), "{name} names a learner");
        assert!(!text.contains("NaN") && !text.contains("inf,"), "{name} has a figure that is none");
    }
    let page = text(&out.join("outcomes.html"));
    for part in ["<script", "src=", "http:", "onclick"] {
        assert!(!page.contains(part), "{part}");
    }
    assert!(page.contains("<svg") && page.contains("</desc>") && page.contains("scope=\"col\""));
}

#[test]
fn fewer_than_five_learners_have_no_figures() {
    let (content, all) = completions(6);
    let all = consenting(all);
    let find = |_| Some(&content);
    for (count, shown) in [(4, false), (5, true)] {
        let found = outcomes(&all[..count], &find).expect("outcomes");
        assert_eq!(found[0].figures.figure().is_some(), shown, "{count}");
        let files = enduring_provider::report::outcomes::csv(&found);
        assert_eq!(files.len() > 1, shown, "{count}");
        if !shown {
            assert!(files[0].text.ends_with("Learners,fewer than 5\r\n"), "{}", files[0].text);
        }
    }
}

#[test]
fn a_learner_counts_once_with_the_first_completion() {
    let (content, all) = completions(6);
    let mut all = consenting(all);
    let first = all[0].learner;
    for completion in all.iter_mut().take(3) {
        completion.learner = first;
    }
    let doubled: Vec<Completion> = all.iter().chain(&all).cloned().collect();
    let cohorts = cohorts(&doubled, &|_| Some(&content)).expect("cohorts");
    assert_eq!((cohorts[0].members.len(), cohorts[0].repeated), (all.len() - 2, 2));
    let earliest = all[..3].iter().map(|found| found.payload.completed.at).min();
    let kept = cohorts[0].members.iter().find(|member| member.completion.learner == first).expect("one");
    assert_eq!(Some(kept.completion.payload.completed.at), earliest);
}

#[test]
fn the_pairs_are_those_that_the_player_compares() {
    let (content, all) = completions(8);
    let all = consenting(all);
    let cohorts = cohorts(&all, &|_| Some(&content)).expect("cohorts");
    let rows = pairs(&cohorts[0]);
    let theirs: Vec<_> = all
        .iter()
        .filter_map(|found| comparison(&content, &replay(&content, &found.log).state.expect("a state")))
        .collect();
    assert_eq!(theirs.len(), all.len());
    let share = |right: u16, of: u16| 100.0 * f64::from(right) / f64::from(of);
    for row in rows.iter().filter(|row| !matches!(row.about, About::Level(_))) {
        let Some(found) = row.figures() else { continue };
        let expected: Vec<(f64, f64)> = theirs
            .iter()
            .filter_map(|one| match row.about {
                About::Objective(place) => {
                    let row = &one.rows[place];
                    (row.pre_items > 0 && row.post_items > 0)
                        .then(|| (share(row.pre_right, row.pre_items), share(row.post_right, row.post_items)))
                }
                About::All | About::Level(_) => {
                    Some((share(one.total.0, one.total.1), share(one.total.2, one.total.3)))
                }
            })
            .collect();
        assert_eq!(Some(*found), paired(&expected), "{:?}", row.about);
    }
    assert!(rows.iter().any(|row| row.figures().is_some()), "something was compared");
    assert!(of(&cohorts[0]).figures.figure().is_some());
}

#[test]
fn the_learner_report_needs_consent_and_every_field() {
    let (content, mut all) = completions(6);
    all = consenting(all);
    all.retain(|found| !found.credits.is_empty());
    assert!(all.len() >= 4, "{} with credit", all.len());
    let recipient = content.activity().front.consents.first().expect("a consent").clone();
    let mut map = columns::parse(columns::EXAMPLE).expect("columns");
    map.recipients = vec![recipient.recipient.clone()];
    for completion in &mut all {
        completion.credits.truncate(1);
        let person = completion.person.as_mut().expect("a person");
        person.birthday = Some(Birthday { month: 3, day: 5 });
        person.first_name = "=Zoë".to_owned();
        person.identifiers = vec![enduring_core::record::IdentifierValue {
            id: enduring_core::id::IdentifierId::new("license").expect("a name"),
            value: "MI 0012".to_owned(),
        }];
    }
    let find = |_| Some(&content);
    let first = Run { file: "pars.csv".to_owned(), told: BTreeMap::new(), unchanged: Unchanged::LeftOut };
    let whole = pars(&all, &find, &map, &first).expect("a report");
    assert_eq!((whole.reported(), whole.unmatched, whole.withheld), (all.len(), 0, 0));
    let rows = &whole.file.text;
    assert!(rows.contains("'=Zoë") && rows.contains(",0305,,MI,0012,,"), "{rows}");
    assert!(rows.contains("/2026,") && !rows.contains(':'), "a date has no time: {rows}");

    all[0].consents_withdrawn = vec![recipient.statement.id.clone()];
    for answer in &mut all[1].consents.as_mut().expect("consents").answers {
        answer.given = Given::No;
    }
    all[2].person.as_mut().expect("a person").identifiers.clear();
    all[3].person = None;
    let found = pars(&all, &find, &map, &first).expect("a report");
    assert_eq!((found.reported(), found.unmatched, found.withheld), (all.len() - 4, 2, 2));
    let [apart, withheld] = &found.apart;
    assert!(apart.text.contains("learner: one of"), "{}", apart.text);
    assert!(apart.text.contains("First Name; Last Name; DOB (MMDD)"), "{}", apart.text);
    assert!(
        withheld.text.contains("consent withdrawn,1\r\n") && withheld.text.contains("consent refused,1\r\n")
    );
}

#[test]
fn the_statistics_are_those_of_scipy() {
    let Some(python) = python() else {
        eprintln!("not judged: `cargo xtask setup` makes the Python environment");
        return;
    };
    let mut seed = 20_261_122_u64;
    let mut below = |most: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % most
    };
    let cases: Vec<serde_json::Value> = (0..200)
        .map(|_| {
            let (n, items) = (5 + below(60), 3 + below(12));
            let pairs: Vec<(f64, f64)> =
                (0..n).map(|_| (below(90) as f64 + 0.5, 5.0 + below(96) as f64)).collect();
            let rows: Vec<Vec<bool>> = (0..n)
                .map(|learner| (0..items).map(|item| below(n) + item < learner + below(items)).collect())
                .collect();
            (pairs, rows)
        })
        .filter_map(|(pairs, rows)| {
            let found = paired(&pairs)?;
            let effect = found.effect?;
            let answers: Vec<(bool, f64)> = rows
                .iter()
                .map(|row| {
                    (row[0], row[1..].iter().filter(|right| **right).count() as f64 / (row.len() - 1) as f64)
                })
                .collect();
            let before: Vec<f64> = pairs.iter().map(|(before, _)| *before).collect();
            let ours = json!({
                "before": found.before, "after": found.after,
                "before_deviation": found.before_deviation?, "after_deviation": found.after_deviation?,
                "median": median(&before)?, "correlation": correlation(&pairs)?,
                "d": effect.d, "low": effect.low, "high": effect.high, "gain": found.gain?,
                "kr20": kr20(&rows)?, "discrimination": discrimination(&answers)?,
            });
            let bits: Vec<Vec<u8>> =
                rows.iter().map(|row| row.iter().map(|bit| u8::from(*bit)).collect()).collect();
            Some(json!({"pairs": pairs, "rows": bits, "ours": ours}))
        })
        .collect();
    assert!(cases.len() > 150, "{} cases", cases.len());
    let mut judge = Command::new(python)
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/judge_stats.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("Python runs");
    let input = serde_json::to_vec(&cases).expect("JSON");
    judge.stdin.take().expect("an input").write_all(&input).expect("written");
    let judged = judge.wait_with_output().expect("Python ends");
    assert!(judged.status.success(), "{}", String::from_utf8_lossy(&judged.stderr));
}
