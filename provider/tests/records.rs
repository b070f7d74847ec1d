//! `enduring rehearse` and `enduring verify` as a person runs them.

mod smallest;

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use enduring_core::record::Bundle;
use enduring_core::session::Entry;

const AT: &str = "2026-11-20T00:00:00Z";

fn vectors() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors")
}

fn enduring(arguments: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_enduring"));
    command.current_dir(vectors()).args(arguments.split_whitespace());
    command
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap_or(-1)
}

fn said(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

fn rehearse(out: &Path, more: &str) -> Output {
    let output = enduring("rehearse packs/vectors/1.0.0 --out")
        .arg(out)
        .args(more.split_whitespace())
        .output()
        .expect("the command runs");
    assert_eq!(code(&output), 0, "{more}: {}", said(&output.stderr));
    output
}

fn verify(files: &[&Path], more: &str) -> Output {
    enduring("verify --packs packs --issuers issuers.json --at")
        .arg(AT)
        .args(more.split_whitespace())
        .args(files)
        .output()
        .expect("the command runs")
}

fn bundles(folder: &Path) -> Vec<Bundle> {
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("a file").path()).collect();
    files.sort();
    let read = |path: &PathBuf| fs::read_to_string(path).expect("a file");
    files.iter().map(|path| serde_json::from_str(&read(path)).expect("a bundle")).collect()
}

#[test]
fn every_profile_leaves_records_that_verify() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut events = BTreeSet::new();
    for (profile, exit) in [("good", 0), ("average", 0), ("guessing", 0), ("careless", 1)] {
        let out = folder.path().join(profile);
        rehearse(&out, &format!("--count 25 --profile {profile}"));
        let output = verify(&[&out], "--accept-rehearsal");
        let told = said(&output.stdout);
        assert_eq!(code(&output), exit, "{profile}: {told}");
        assert!(told.contains("integrity invalid 0; unreadable 0"), "{profile}: {told}");
        for bundle in bundles(&out) {
            assert!(bundle.learner.expect("a learner").contains("Fictional-"), "names say what they are");
            for line in bundle.log.lines() {
                let entry: Entry = serde_json::from_str(line).expect("an event");
                let name = serde_json::to_string(&entry.event).expect("an event");
                events.insert(name.split('"').nth(1).expect("a name").to_owned());
            }
        }
    }
    // All 30 but those of two limits, of a case played again, of a second page to read and of a
    // simulated patient, which this pack does not have.
    assert_eq!(events.len(), 22, "{events:?}");
}

#[test]
fn a_patient_is_played_by_every_profile_to_records_that_verify() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = |arguments: &str| {
        let output = Command::new(env!("CARGO_BIN_EXE_enduring"))
            .current_dir(&folder)
            .args(arguments.split_whitespace())
            .output()
            .expect("the command runs");
        (code(&output), said(&output.stdout), said(&output.stderr))
    };
    for (path, text) in smallest::files() {
        let path = folder.path().join("source").join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(&path, text).expect("a file");
    }
    assert_eq!(run("key new --out key.pem").0, 0);
    assert_eq!(run("build source --key key.pem --out packs").0, 0);
    let (_, keys, _) = run("key show key.pem");
    fs::write(folder.path().join("issuers.json"), keys).expect("issuers");
    let mut events = BTreeSet::new();
    for profile in ["good", "average", "guessing", "careless"] {
        let (exit, told, wrong) =
            run(&format!("rehearse packs/starter/1.0.0 --out {profile} --count 12 --profile {profile}"));
        assert_eq!(exit, 0, "{profile}: {told}{wrong}");
        let (_, told, _) =
            run(&format!("verify {profile} --packs packs --issuers issuers.json --accept-rehearsal"));
        assert!(told.contains("reject 0; integrity invalid 0; unreadable 0"), "{profile}: {told}");
        if profile == "good" {
            assert!(told.contains("records 12: credit 12"), "the expert's steps earn the credit: {told}");
        }
        for bundle in bundles(&folder.path().join(profile)) {
            let names = ["patient_acted", "patient_waited", "patient_reflected", "patient_restarted"];
            events.extend(names.into_iter().filter(|name| bundle.log.contains(name)));
        }
    }
    assert_eq!(events.len(), 4, "{events:?}");
}

#[test]
fn the_same_seed_gives_the_same_logs() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = |name: &str, more: &str| {
        let out = folder.path().join(name);
        rehearse(&out, more);
        bundles(&out)
    };
    let (one, two) = (run("one", "--count 3 --seed 7"), run("two", "--count 3 --seed 7"));
    let other = run("other", "--count 3 --seed 8");
    assert_eq!(one.len(), 3);
    for ((one, two), other) in one.iter().zip(&two).zip(&other) {
        assert_eq!((&one.log, &one.learner, &one.evaluation), (&two.log, &two.learner, &two.evaluation));
        assert_ne!(one.log, other.log);
        assert_ne!(one.key, two.key, "keys are never made from a seed");
    }
    let early = run("early", "--count 3 --seed 7 --until 2026-11-01T05:00:00Z");
    assert!(
        early.iter().all(|bundle| bundle.log.lines().next().is_some_and(|line| line < one[0].log.as_str()))
    );
}

#[test]
fn lines_a_folder_and_standard_input_say_the_same_in_order() {
    let folder = tempfile::tempdir().expect("a folder");
    rehearse(folder.path(), "--count 300 --jsonl");
    let lines = folder.path().join("records.jsonl");
    let ids = |output: &Output| -> Vec<String> {
        let id = |line: &str| line.split("\"id\":\"").nth(1).expect("an id")[..32].to_owned();
        said(&output.stdout).lines().map(id).collect()
    };
    let named = verify(&[&lines], "--accept-rehearsal --json");
    assert_eq!((code(&named), ids(&named).len()), (0, 300));
    let text = fs::read_to_string(&lines).expect("a file");
    let whole = ids(&named);
    for (line, id) in text.lines().zip(&whole) {
        let bundle: Bundle = serde_json::from_str(line).expect("a bundle");
        assert!(bundle.log.contains(id.as_str()), "results come in the order of the lines");
    }
    let unfolded = verify(&[folder.path()], "--accept-rehearsal --json");
    assert_eq!(ids(&unfolded), whole);
    let mut child = enduring("verify - --packs packs --issuers issuers.json --accept-rehearsal --json --at")
        .arg(AT)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command runs");
    let mut input = child.stdin.take().expect("its input");
    let writer = std::thread::spawn(move || input.write_all(text.as_bytes()));
    let piped = child.wait_with_output().expect("it ends");
    writer.join().expect("a thread").expect("it reads all");
    assert_eq!((code(&piped), ids(&piped)), (0, whole));
    assert!(said(&piped.stderr).contains("records 300: credit 300, review 0, reject 0"));
}

#[test]
fn rehearsals_are_rejected_unless_wanted() {
    let folder = tempfile::tempdir().expect("a folder");
    rehearse(folder.path(), "");
    let output = verify(&[folder.path()], "");
    assert_eq!(code(&output), 1);
    assert!(said(&output.stdout).contains("FAILED  policy.rehearsal"));
    assert!(
        said(&output.stdout)
            .ends_with("records 1: credit 0, review 0, reject 1; integrity invalid 0; unreadable 0\n")
    );
}

#[test]
fn what_is_unreadable_is_told_and_the_rest_is_verified() {
    let good = vectors().join("valid/two-credits/record.enduring-record.json");
    let absent = vectors().join("valid/absent.enduring-record.json");
    let output = verify(&[&absent, &good], "--json");
    let lines = said(&output.stdout);
    let [first, second] = lines.lines().collect::<Vec<_>>()[..] else { panic!("{lines}") };
    assert!(first.contains("absent") && first.contains("\"error\":\"No such file"), "{first}");
    assert!(second.contains("\"decision\":\"credit\""), "{second}");
    assert_eq!(code(&output), 2);
}

#[test]
fn wrong_usage_ends_with_two_and_a_reason() {
    let good = vectors().join("valid/two-credits/record.enduring-record.json");
    let folder = tempfile::tempdir().expect("a folder");
    let policy = folder.path().join("policy.toml");
    fs::write(&policy, "least_time = 10\nfast_anser = 3").expect("a file");
    let policy = policy.display().to_string();
    for (more, reason) in [
        (format!("--policy {policy}"), "line 2"),
        (format!("--enrolled {policy}"), "expected a JWKS"),
        ("--received yesterday".to_owned(), "expected a time such as 2026-11-22T10:00:00Z"),
        ("--policy nowhere.toml".to_owned(), "nowhere.toml: No such file"),
        ("--believe".to_owned(), "--believe"),
    ] {
        let output = verify(&[&good], &more);
        let told = said(&output.stderr);
        assert_eq!(code(&output), 2, "{more}: {told}");
        assert!(told.contains(reason), "{more}: {told}");
    }
    let empty = verify(&[folder.path()], "");
    assert_eq!(code(&empty), 2, "no record at all");
    assert!(said(&empty.stderr).contains("passed over: 1"));
    let no_packs = folder.path().display().to_string();
    let output = enduring("verify --issuers issuers.json --packs")
        .args([no_packs.as_str(), "--at", AT])
        .arg(&good)
        .output()
        .expect("the command runs");
    assert_eq!(code(&output), 1);
    assert!(said(&output.stdout).contains("review  pack.known"), "{}", said(&output.stdout));
}

#[test]
fn a_broken_copy_of_a_pack_is_named_and_not_used() {
    let folder = tempfile::tempdir().expect("a folder");
    let copy = folder.path().join("vectors");
    let source = vectors().join("packs/vectors/1.0.0");
    fs::create_dir_all(copy.join("media")).expect("a folder");
    for file in ["manifest.jws", "activity.bin", "activity.json", "front-matter.txt", "media/thigh.svg"] {
        fs::copy(source.join(file), copy.join(file)).expect("a file");
    }
    let good = vectors().join("valid/two-credits/record.enduring-record.json");
    let run = || {
        enduring("verify --issuers issuers.json --at 2026-11-20T00:00:00Z --packs")
            .arg(folder.path())
            .arg(&good)
            .output()
            .expect("the command runs")
    };
    assert_eq!(code(&run()), 0);
    let front = fs::read_to_string(copy.join("front-matter.txt")).expect("a file");
    fs::write(copy.join("front-matter.txt"), front.replacen("Example", "Exemple", 1)).expect("a file");
    let output = run();
    assert_eq!(code(&output), 1);
    assert!(said(&output.stderr).contains("pack not used"), "{}", said(&output.stderr));
    assert!(said(&output.stderr).contains("front-matter.txt"), "{}", said(&output.stderr));
}
