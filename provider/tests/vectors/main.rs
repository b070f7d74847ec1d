//! Every record of `tests/vectors` through the library and through the command.
//!
//! `ENDURING_VECTOR=name` runs those whose name contains it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use enduring_core::record::{Code, Handling, Outcome, VerifyPolicy};
use enduring_provider::key::KeySet;
use enduring_provider::time;
use enduring_provider::verify::packs::Packs;
use enduring_provider::verify::source::Text;
use enduring_provider::verify::{Verifier, policy};
use serde::Deserialize;

/// When records are judged, where a vector does not say.
const AT: &str = "2026-11-20T00:00:00Z";
/// What a bundle's file is called in each folder.
const BUNDLE: &str = "record.enduring-record.json";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    #[expect(dead_code, reason = "for readers")]
    about: String,
    #[serde(default)]
    given: Given,
    expect: Expect,
}

#[derive(Default, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Given {
    packs: Option<String>,
    at: Option<String>,
    received: Option<String>,
    enrolled: Option<String>,
    policy: Option<String>,
    accept_rehearsal: bool,
    pad_to: Option<usize>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expect {
    integrity: String,
    decision: String,
    exit: i32,
    /// Words that the detail of a check that does not pass must hold.
    #[serde(default)]
    because: String,
    /// Every check that does not pass.
    checks: BTreeMap<String, String>,
}

/// What `--json` prints, as far as vectors tell it.
#[derive(Deserialize)]
struct Line {
    integrity: String,
    decision: String,
    checks: Vec<Check>,
}

#[derive(Deserialize)]
struct Check {
    code: String,
    outcome: String,
    #[serde(default)]
    detail: String,
}

struct Vector {
    name: String,
    case: Case,
    text: String,
}

impl Vector {
    /// The reason that is expected when one of the details gives it, else all of them.
    fn reason<'a>(&self, details: impl Iterator<Item = &'a str>) -> String {
        let details = details.collect::<Vec<_>>().join("; ");
        let expected = &self.case.expect.because;
        if details.contains(expected) { expected.clone() } else { details }
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors")
}

/// All vectors by name, bundles padded as they ask.
fn vectors() -> Vec<Vector> {
    let wanted = std::env::var("ENDURING_VECTOR").unwrap_or_default();
    let mut vectors = Vec::new();
    for kind in ["invalid", "policy", "valid"] {
        let mut folders: Vec<PathBuf> = fs::read_dir(root().join(kind))
            .expect("vectors")
            .map(|entry| entry.expect("a folder").path())
            .collect();
        folders.sort();
        for folder in folders {
            let name = format!("{kind}/{}", folder.file_name().expect("a name").to_string_lossy());
            let case = fs::read_to_string(folder.join("case.toml")).expect("a case");
            let case: Case = toml::from_str(&case).unwrap_or_else(|error| panic!("{name}: {error}"));
            let mut text = fs::read_to_string(folder.join(BUNDLE)).expect("a bundle");
            if let Some(length) = case.given.pad_to {
                text.extend(std::iter::repeat_n(' ', length - text.len()));
            }
            if name.contains(&wanted) {
                vectors.push(Vector { name, case, text });
            }
        }
    }
    assert!(!vectors.is_empty(), "no vector is called {wanted}");
    vectors
}

/// What the library says.
fn by_library(vector: &Vector) -> Expect {
    let given = &vector.case.given;
    let keys = |file: &str| {
        KeySet::parse(&fs::read_to_string(root().join(file)).expect("a key set")).expect("a key set")
    };
    let packs = root().join(given.packs.as_deref().unwrap_or("packs"));
    let (packs, problems) = Packs::list(&packs, keys("issuers.json")).expect("packs");
    assert!(problems.is_empty(), "{problems:?}");
    let instant = |text: &str| time::parse(text).expect("a time");
    let verifier = Verifier {
        packs,
        enrolled: given.enrolled.as_deref().map(keys).unwrap_or_default(),
        policy: given
            .policy
            .as_deref()
            .map_or_else(VerifyPolicy::default, |file| policy::read(&root().join(file)).expect("a policy")),
        now: instant(given.at.as_deref().unwrap_or(AT)),
        received: given.received.as_deref().map(instant),
        rehearsals: if given.accept_rehearsal { Handling::Accept } else { Handling::Review },
    };
    let report = verifier.verify(&Text::of(vector.text.clone().into_bytes())).expect("it is readable");
    let checks = report
        .checks
        .iter()
        .filter(|check| check.outcome != Outcome::Passed)
        .map(|check| (check.code.code().to_owned(), word(check.outcome)))
        .collect();
    let decision = word(report.decision);
    let exit = i32::from(decision != "credit");
    let because = vector.reason(report.checks.iter().map(|check| check.detail.as_str()));
    Expect { integrity: word(report.integrity), decision, exit, because, checks }
}

/// The word that stands for a value in JSON.
fn word(value: impl serde::Serialize) -> String {
    serde_json::to_string(&value).expect("a word").trim_matches('"').to_owned()
}

fn command(given: &Given, records: &Path) -> Command {
    let root = root();
    let mut command = Command::new(env!("CARGO_BIN_EXE_enduring"));
    command.arg("verify").arg(records);
    command.arg("--packs").arg(root.join(given.packs.as_deref().unwrap_or("packs")));
    command.arg("--issuers").arg(root.join("issuers.json"));
    command.args(["--at", given.at.as_deref().unwrap_or(AT)]);
    if let Some(time) = &given.received {
        command.args(["--received", time]);
    }
    if let Some(file) = &given.enrolled {
        command.arg("--enrolled").arg(root.join(file));
    }
    if let Some(file) = &given.policy {
        command.arg("--policy").arg(root.join(file));
    }
    if given.accept_rehearsal {
        command.arg("--accept-rehearsal");
    }
    command
}

/// What the command prints in words for one record, and how it ends.
fn by_words(vector: &Vector, bundle: &Path) -> Expect {
    let output = command(&vector.case.given, bundle).output().expect("the command runs");
    let stdout = String::from_utf8(output.stdout).expect("UTF-8");
    let verdict = stdout.lines().find_map(|line| line.strip_prefix("  integrity ")).expect("a verdict");
    let (integrity, decision) = verdict.split_once(", decision ").expect("two answers");
    let mut checks = BTreeMap::new();
    for line in stdout.lines() {
        let mut words = line.split_whitespace();
        let outcome = match words.next() {
            Some("FAILED") => "failed",
            Some("review") => "flagged",
            Some("skipped") => "skipped",
            _ => continue,
        };
        checks.insert(words.next().expect("a code").to_owned(), outcome.to_owned());
    }
    let exit = output.status.code().unwrap_or(-1);
    let because = vector.reason(stdout.lines());
    Expect { integrity: integrity.to_owned(), decision: decision.to_owned(), exit, because, checks }
}

/// What the command prints as JSON for many records that are given the same.
fn by_json(vectors: &[&Vector], folder: &Path) -> Vec<Expect> {
    for (place, vector) in vectors.iter().enumerate() {
        fs::write(folder.join(format!("{place:04}.enduring-record.json")), &vector.text).expect("a file");
    }
    let output = command(&vectors[0].case.given, folder).arg("--json").output().expect("the command runs");
    let stdout = String::from_utf8(output.stdout).expect("UTF-8");
    let expect = |(line, vector): (&str, &&Vector)| {
        let line: Line =
            serde_json::from_str(line).unwrap_or_else(|error| panic!("{}: {error}", vector.name));
        let because = vector.reason(line.checks.iter().map(|check| check.detail.as_str()));
        let rest = line.checks.into_iter().filter(|check| check.outcome != "passed");
        let exit = i32::from(line.decision != "credit");
        let checks = rest.map(|check| (check.code, check.outcome)).collect();
        Expect { integrity: line.integrity, decision: line.decision, exit, because, checks }
    };
    assert_eq!(stdout.lines().count(), vectors.len(), "a line for each record");
    stdout.lines().zip(vectors).map(expect).collect()
}

fn compare(by: &str, vector: &Vector, found: &Expect, wrong: &mut Vec<String>) {
    let expected = &vector.case.expect;
    if found != expected {
        wrong.push(format!("{} by {by}:\n  expected {expected:?}\n  found    {found:?}", vector.name));
    }
}

fn none(wrong: &[String]) {
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_library_says_what_every_vector_expects() {
    let mut wrong = Vec::new();
    for vector in vectors() {
        compare("library", &vector, &by_library(&vector), &mut wrong);
    }
    none(&wrong);
}

#[test]
fn the_command_says_so_in_words_and_ends_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let bundle = folder.path().join(BUNDLE);
    let mut wrong = Vec::new();
    for vector in vectors() {
        fs::write(&bundle, &vector.text).expect("a file");
        compare("words", &vector, &by_words(&vector, &bundle), &mut wrong);
    }
    none(&wrong);
}

#[test]
fn the_command_says_so_as_json_for_many_in_order() {
    let all = vectors();
    let mut groups: BTreeMap<&Given, Vec<&Vector>> = BTreeMap::new();
    for vector in &all {
        groups.entry(&vector.case.given).or_default().push(vector);
    }
    let mut wrong = Vec::new();
    for vectors in groups.values() {
        let folder = tempfile::tempdir().expect("a folder");
        for (vector, found) in vectors.iter().zip(by_json(vectors, folder.path())) {
            compare("--json", vector, &found, &mut wrong);
        }
    }
    none(&wrong);
}

#[test]
fn every_check_fails_or_is_flagged_somewhere() {
    let seen: std::collections::BTreeSet<String> =
        vectors().into_iter().flat_map(|vector| vector.case.expect.checks.into_keys()).collect();
    let missing: Vec<&str> =
        Code::ALL.iter().map(|code| code.code()).filter(|code| !seen.contains(*code)).collect();
    assert!(missing.is_empty(), "no vector for {missing:?}");
}
