//! The audit bundle, checked by a script that has nothing of ours: Python, PyJWT, hashlib.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use enduring_core::id::{ActivityId, LearnerRef};
use enduring_core::json;
use enduring_core::record::{Bundle, Compact, Payload, RECEIPT_TYP, RECORD_TYP, Receipt};
use enduring_provider::audit::{AuditError, Subject, write};
use enduring_provider::intake::{Act, DeskPolicy, Intake};
use enduring_provider::ledger::Ledger;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::databases::Kind;
use crate::material::{Built, bundles, intake};
use crate::on_both;
use crate::people::named;
use crate::python::python;

on_both! {
    an_activity_is_audited_without_our_software,
    a_learner_is_audited_and_others_are_digests,
    a_record_that_is_anothers_now_is_not_in_an_audit,
    what_was_said_in_confidence_is_left_out,
}

/// What the script that comes along says of a bundle; nothing where there is no Python.
fn judged(bundle: &Path) -> Option<(bool, String)> {
    let script = bundle.with_extension("py");
    let mut text = String::new();
    let mut archive = ZipArchive::new(File::open(bundle).expect("a file")).expect("a ZIP");
    archive.by_name("audit.py").expect("the script").read_to_string(&mut text).expect("UTF-8");
    fs::write(&script, text).expect("a file");
    let Some(python) = python() else {
        eprintln!("not judged: `cargo xtask setup` makes the Python environment");
        return None;
    };
    let output = Command::new(python).arg(&script).arg(bundle).output().expect("Python runs");
    let said = String::from_utf8_lossy(&[&output.stdout[..], &output.stderr[..]].concat()).into_owned();
    Some((output.status.success(), said))
}

/// The same ZIP with one file changed.
fn changed(bundle: &Path, ending: &str, from: &str, to: &str) -> PathBuf {
    let path = bundle.with_file_name("changed.zip");
    let mut archive = ZipArchive::new(File::open(bundle).expect("a file")).expect("a ZIP");
    let mut out = ZipWriter::new(File::create(&path).expect("a file"));
    let mut edits = 0;
    for place in 0..archive.len() {
        let mut entry = archive.by_index(place).expect("an entry");
        let name = entry.name().expect("UTF-8").into_owned();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).expect("bytes");
        if name.ends_with(ending) && edits == 0 {
            let text = String::from_utf8(bytes).expect("UTF-8");
            assert!(text.contains(from), "{name}: {from}");
            bytes = text.replacen(from, to, 1).into_bytes();
            edits += 1;
        }
        out.start_file(name, SimpleFileOptions::default()).expect("an entry");
        out.write_all(&bytes).expect("bytes");
    }
    out.finish().expect("a ZIP");
    path
}

async fn desk(kind: Kind) -> (crate::databases::Fresh, Intake, ActivityId) {
    let fresh = kind.fresh();
    let desk = intake(Ledger::open(&fresh.address).await.expect("a ledger"), DeskPolicy::default());
    let mut last = None;
    for bundle in &bundles()[..6] {
        last = Some(desk.submit(bundle.clone(), None).await.expect("an answer"));
    }
    let answer = last.expect("an answer");
    let receipt = Compact::parse(&answer.receipt.expect("a receipt"), RECEIPT_TYP).expect("a document");
    let receipt = Receipt::read(&receipt.payload).expect("a receipt");
    let act = Act::Reverse { note: "a test".to_owned() };
    desk.decide(&receipt.record, "ada", &act).await.expect("reversed");
    (fresh, desk, receipt.activity.id)
}

async fn an_activity_is_audited_without_our_software(kind: Kind) {
    let (_fresh, desk, activity) = desk(kind).await;
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("audit.zip");
    let subject = Subject::Activity(activity);
    let made = write(&desk, &subject, File::create(&path).expect("a file")).await.expect("a bundle");
    assert_eq!((made.records, made.packs), (6, 1));
    let Some((holds, said)) = judged(&path) else { return };
    assert!(holds && said.contains("holds: 6 records, 1 packs"), "{said}");
    for (ending, from, to, expected) in [
        ("ledger.jsonl", "\\\"by\\\":\\\"ada", "\\\"by\\\":\\\"eve", "the signed head is another one"),
        (".enduring-record.json", "active", "actine", "the log is not the one that was signed"),
        ("activity.json", "\"", " \"", "activity.json was changed"),
        ("audit.json", "\"kid\": \"", "\"kid\": \"0", "other records than audit.json lists"),
        ("checkpoint.jws", ".", ".A", "checkpoint"),
    ] {
        let (holds, said) = judged(&changed(&path, ending, from, to)).expect("a verdict");
        assert!(!holds && said.contains(expected), "{ending}: {said}");
    }
    let nothing = Subject::Activity(ActivityId::new("nothing").expect("a name"));
    let refused = write(&desk, &nothing, File::create(&path).expect("a file")).await;
    assert!(matches!(refused, Err(AuditError::Nothing { .. })), "{refused:?}");
}

async fn a_learner_is_audited_and_others_are_digests(kind: Kind) {
    let (_fresh, desk, _) = desk(kind).await;
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("audit.zip");
    let answer = desk.submit(bundles()[2].clone(), None).await.expect("an answer");
    let taken = desk.taken(&answer.record.expect("a record")).await.expect("rows").expect("a record");
    let subject = Subject::Learner(taken.learner());
    let made = write(&desk, &subject, File::create(&path).expect("a file")).await.expect("a bundle");
    assert_eq!(made.records, 1);
    let mut archive = ZipArchive::new(File::open(&path).expect("a file")).expect("a ZIP");
    let mut ledger = String::new();
    archive.by_name("ledger.jsonl").expect("the ledger").read_to_string(&mut ledger).expect("UTF-8");
    let (mine, others): (Vec<&str>, Vec<&str>) = ledger.lines().partition(|line| line.contains("\"line\""));
    assert!(mine.iter().all(|line| line.contains(&taken.learner().to_string())), "{mine:?}");
    assert!(!others.is_empty() && others.iter().all(|line| line.contains("\"sha256\"")));
    if let Some((holds, said)) = judged(&path) {
        assert!(holds, "{said}");
    }
}

/// Whoever a record was put down to first is nobody that it may be shown to.
async fn a_record_that_is_anothers_now_is_not_in_an_audit(kind: Kind) {
    let (_fresh, desk, _) = desk(kind).await;
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("audit.zip");
    let answer = desk.submit(bundles()[2].clone(), None).await.expect("an answer");
    let record = answer.record.expect("a record");
    let first = desk.taken(&record).await.expect("rows").expect("a record").learner();
    let other = LearnerRef([9; 16]);
    desk.ledger().know(&named(other, "Anna", "Bø")).await.expect("written");
    let note = || "a shared tablet".to_owned();
    for act in [Act::Reverse { note: note() }, Act::Approve { learner: Some(other), note: note() }] {
        desk.decide(&record, "ada", &act).await.expect("decided");
    }
    let audit = async |learner| {
        let subject = Subject::Learner(learner);
        write(&desk, &subject, File::create(&path).expect("a file")).await
    };
    let refused = audit(first).await;
    assert!(matches!(refused, Err(AuditError::Nothing { .. })), "{refused:?}");
    // Another record of theirs, beside which the rows of this one stay.
    let own = desk.submit(bundles()[3].clone(), None).await.expect("an answer").record.expect("a record");
    let whose = desk.taken(&own).await.expect("rows").expect("a record").learner();
    for act in [Act::Reverse { note: note() }, Act::Approve { learner: Some(first), note: note() }] {
        desk.decide(&own, "ada", &act).await.expect("decided");
    }
    for (learner, records) in [(first, 1), (other, 1), (whose, 0)] {
        match (audit(learner).await, records) {
            (Ok(made), 1) => assert_eq!(made.records, 1),
            (Err(AuditError::Nothing { .. }), 0) => continue,
            (found, _) => panic!("{found:?}"),
        }
        if let Some((holds, said)) = judged(&path) {
            assert!(holds, "{said}");
        }
    }
}

/// The evaluations in a bundle, and how many records sign one.
fn evaluations(path: &Path) -> (usize, usize) {
    let mut archive = ZipArchive::new(File::open(path).expect("a file")).expect("a ZIP");
    let (mut there, mut signed) = (0, 0);
    for place in 0..archive.len() {
        let mut entry = archive.by_index(place).expect("an entry");
        if entry.name().expect("UTF-8").ends_with(".enduring-record.json") {
            let mut text = String::new();
            entry.read_to_string(&mut text).expect("UTF-8");
            let bundle: Bundle = json::read(&text).expect("a bundle");
            let compact = Compact::parse(&bundle.record, RECORD_TYP).expect("a document");
            let payload: Payload = json::read_bytes(&compact.payload).expect("a payload");
            assert!(bundle.learner.is_some(), "whose it is");
            there += usize::from(bundle.evaluation.is_some());
            signed += usize::from(payload.sheets.evaluation.is_some());
        }
    }
    (there, signed)
}

async fn what_was_said_in_confidence_is_left_out(kind: Kind) {
    for (linkage, expected) in [("named", 3), ("confidential", 0)] {
        let built = Built::new(|path, text| match path {
            "evaluation.toml" => text.replace("\"named\"", &format!("\"{linkage}\"")),
            _ => text,
        });
        let fresh = kind.fresh();
        let desk = built.intake(Ledger::open(&fresh.address).await.expect("a ledger"));
        for bundle in built.rehearsed(3) {
            desk.submit(bundle, None).await.expect("an answer");
        }
        let path = built.folder.path().join("audit.zip");
        let subject = Subject::Activity(ActivityId::new("vectors").expect("a name"));
        let made = write(&desk, &subject, File::create(&path).expect("a file")).await.expect("a bundle");
        assert_eq!((made.records, evaluations(&path)), (3, (expected, 3)), "{linkage}");
        if let Some((holds, said)) = judged(&path) {
            assert!(holds, "{said}");
        }
    }
}
