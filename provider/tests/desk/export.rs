//! The export, read back by DuckDB and compared with what the library says.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};

use enduring_core::record::{Compact, RECORD_TYP, RecordRef};
use enduring_provider::export::rows::{AnswerRow, DecisionRow, RecordRow};
use enduring_provider::export::table::{Column, Row};
use enduring_provider::export::{ExportError, write};
use enduring_provider::intake::{Act, DeskPolicy, Intake, Taken};
use enduring_provider::ledger::{Fact, Ledger};
use enduring_provider::report::facts::{completed, tests};
use enduring_provider::verify::packs::Found;
use serde_json::{Value, json};

use crate::databases::Kind;
use crate::material::{bundles, intake, rehearsed};
use crate::on_both;
use crate::python::python;

on_both! {
    an_export_is_what_the_ledger_says,
    an_export_replaces_whole_files_or_none,
}

/// What DuckDB says of an export.
fn judged(folder: &Path) -> Option<Value> {
    let Some(python) = python() else {
        eprintln!("not judged: `cargo xtask setup` makes the Python environment");
        return None;
    };
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/judge_export.py");
    let output = Command::new(python).arg(script).arg(folder).output().expect("Python runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(serde_json::from_slice(&output.stdout).expect("JSON"))
}

/// A ledger of learners who passed at once, of some who did not, and of a reversal.
async fn desk(kind: Kind) -> (crate::databases::Fresh, Intake, Vec<Taken>) {
    let fresh = kind.fresh();
    let desk = intake(Ledger::open(&fresh.address).await.expect("a ledger"), DeskPolicy::default());
    let mut records: Vec<RecordRef> = Vec::new();
    for bundle in bundles()[..8].iter().chain(&rehearsed("guessing", 8)) {
        records.extend(desk.submit(bundle.clone(), None).await.expect("an answer").record);
    }
    let act = Act::Reverse { note: "a note of staff".to_owned() };
    desk.decide(&records[3], "ada", &act).await.expect("reversed");
    let mut taken = Vec::new();
    for record in &records {
        taken.push(desk.taken(record).await.expect("rows").expect("a record"));
    }
    taken.sort_by_key(|taken| taken.received.record.id.to_string());
    (fresh, desk, taken)
}

async fn an_export_is_what_the_ledger_says(kind: Kind) {
    let (_fresh, desk, records) = desk(kind).await;
    let folder = tempfile::tempdir().expect("a folder");
    let (read, all) = (AtomicU64::new(0), AtomicU64::new(0));
    let told = |now, of| {
        read.store(now, Ordering::Relaxed);
        all.store(of, Ordering::Relaxed);
    };
    let written = write(&desk, folder.path(), told).await.expect("an export");
    assert_eq!(read.load(Ordering::Relaxed), all.load(Ordering::Relaxed));
    let Some(judged) = judged(folder.path()) else { return };
    for (table, file) in ["records", "answers", "decisions"].into_iter().zip(&written) {
        assert_eq!(judged[table]["rows"], json!(file.rows), "{table}");
        assert_eq!(judged[table]["metadata"]["format"], "enduring-export/1");
        assert_eq!(judged[table]["metadata"]["table"], table);
        assert_eq!(judged[table]["compression"], json!(["SNAPPY"]));
    }
    has_columns::<RecordRow>(&judged);
    has_columns::<AnswerRow>(&judged);
    has_columns::<DecisionRow>(&judged);
    has_records(&desk, &judged, &records).await;
    has_answers(&desk, &judged, &records).await;
    has_decisions(&desk, &judged, &records).await;
    for file in written {
        let bytes = fs::read(file.path).expect("a file");
        let text = String::from_utf8_lossy(&bytes);
        for personal in ["a note of staff", "birthday", "last_name", "first_name"] {
            assert!(!text.contains(personal), "{personal}");
        }
    }
}

/// The columns are those that are declared, also by their types and words.
fn has_columns<R: Row>(judged: &Value) {
    let found = &judged[R::TABLE];
    let declared: Vec<Value> = R::COLUMNS.iter().map(|column| json!([column.name, column.kind])).collect();
    assert_eq!(found["columns"], json!(declared));
    let said: BTreeMap<String, String> =
        serde_json::from_str(found["metadata"]["columns"].as_str().expect("a text")).expect("an object");
    let expected: BTreeMap<String, String> =
        R::COLUMNS.iter().map(|column| (column.name.to_owned(), column.about.to_owned())).collect();
    assert_eq!(said, expected);
}

async fn has_records(desk: &Intake, judged: &Value, records: &[Taken]) {
    let mut expected = Vec::new();
    for taken in records {
        let received = &taken.received;
        let proof = desk.ledger().proof(&received.record).await.expect("rows").expect("a proof");
        let standing = serde_json::to_value(taken.answer().standing).expect("a word");
        expected.push(json!([
            received.record.kid,
            received.record.id,
            taken.learner(),
            received.completed,
            received.completed_at,
            taken.at,
            received.active,
            proof.log.lines().count(),
            standing,
            taken.decisions.last().expect("a decision").reasons,
            true,
        ]));
    }
    assert_eq!(judged["records_by_id"], json!(expected));
    let standings: Vec<&str> = expected.iter().filter_map(|row| row[8].as_str()).collect();
    assert!(standings.contains(&"credited") && standings.contains(&"reversed"), "{standings:?}");
}

async fn has_answers(desk: &Intake, judged: &Value, records: &[Taken]) {
    // Earned, possible, items, answered, active time.
    let mut points: BTreeMap<String, [u64; 5]> = BTreeMap::new();
    let mut attempts = Vec::new();
    let mut first = Vec::new();
    for taken in records {
        let id = taken.received.record.id;
        let proof = desk.ledger().proof(&taken.received.record).await.expect("rows").expect("a proof");
        // The score that the device signed is another source than the replay.
        let compact = Compact::parse(&proof.jws, RECORD_TYP).expect("a document");
        let claimed: Value = serde_json::from_slice(&compact.payload).expect("a payload");
        for test in claimed["score"]["tests"].as_array().expect("tests") {
            let part = test["part"].as_str().expect("a part");
            for (place, attempt) in test["attempts"].as_array().expect("attempts").iter().enumerate() {
                attempts.push(json!([id, part, place + 1, attempt["points"], attempt["passed"]]));
                if place == 0 {
                    let sum = points.entry(part.to_owned()).or_default();
                    sum[0] += attempt["points"].as_u64().expect("points");
                    sum[1] += attempt["possible"].as_u64().expect("points");
                }
            }
        }
        let packs = desk.packs();
        let Some(Found::Whole(pack)) = packs.get(taken.received.activity.digest) else {
            panic!("expected the pack");
        };
        let state = completed(&pack.0, id, &proof.log).expect("a session");
        for (part, _, outcome) in tests(&pack.0, &state) {
            let sum = points.entry(part.id.to_string()).or_default();
            for (place, slot) in outcome.attempts[0].slots.iter().enumerate() {
                sum[2] += 1;
                sum[3] += u64::from(slot.answer.is_some());
                sum[4] += slot.answer.as_ref().map_or(0, |answer| answer.after.0);
                if id == records[0].received.record.id {
                    let answer = slot.answer.as_ref().expect("an answer");
                    first.push((part.id.to_string(), place + 1, slot.item.to_string(), answer.clone()));
                }
            }
        }
    }
    attempts.sort_by_key(|row| (row[0].to_string(), row[1].to_string(), row[2].as_u64()));
    assert_eq!(judged["attempts"], json!(attempts));
    let points: Vec<Value> = points
        .iter()
        .map(|(part, [earned, possible, items, answered, active])| {
            json!([part, earned, possible, items, answered, active])
        })
        .collect();
    assert_eq!(judged["points"], json!(points));
    first.sort_by_key(|(part, place, ..)| (part.clone(), *place));
    let found = judged["answers_of_first"].as_array().expect("rows");
    assert_eq!(found.len(), first.len());
    for (row, (part, place, item, answer)) in found.iter().zip(&first) {
        let certainty = answer.certainty.map(|certain| serde_json::to_value(certain).expect("a word"));
        assert_eq!(
            json!([row[0], row[1], row[3], row[4], row[5], row[6]]),
            json!([part, item, answer.points, certainty, answer.after, place])
        );
        // The names in the text are those of the response, in its order.
        let response = serde_json::to_string(&answer.response).expect("JSON");
        let mut rest = response.as_str();
        for name in row[2].as_str().expect("an answer").split([' ', '=']) {
            let at = rest.find(&format!("\"{name}\""));
            rest = &rest[at.unwrap_or_else(|| panic!("{name} in {response}")) + name.len()..];
        }
    }
}

async fn has_decisions(desk: &Intake, judged: &Value, records: &[Taken]) {
    let mut expected = Vec::new();
    for taken in records {
        for row in desk.ledger().of_record(&taken.received.record).await.expect("rows") {
            let (at, by) = (row.entry.at, &row.entry.by);
            let line = match &row.entry.fact {
                Fact::Decided { record, n, decision, reasons, .. } => {
                    json!(["decided", record.id, by, decision, reasons, null, null, null, null, null, n, at])
                }
                Fact::Credited { record, credit, completed, after, .. } => json!([
                    "credited",
                    record.id,
                    by,
                    null,
                    [],
                    credit.credit,
                    credit.accreditor,
                    credit.accreditor_activity,
                    credit.amount,
                    completed,
                    after,
                    at
                ]),
                Fact::Reversed { record, credit, accreditor, accreditor_activity, amount, .. } => json!([
                    "reversed",
                    record.id,
                    by,
                    null,
                    [],
                    credit,
                    accreditor,
                    accreditor_activity,
                    amount,
                    null,
                    null,
                    at
                ]),
                _ => continue,
            };
            expected.push((row.seq, line));
        }
    }
    expected.sort_by_key(|(seq, _)| *seq);
    let expected: Vec<Value> = expected.into_iter().map(|(_, line)| line).collect();
    assert_eq!(judged["decisions_in_order"], json!(expected));
    assert!(expected.iter().any(|row| row[0] == "reversed" && row[2] == "ada"));
}

async fn an_export_replaces_whole_files_or_none(kind: Kind) {
    let fresh = kind.fresh();
    let ledger = Ledger::open(&fresh.address).await.expect("a ledger");
    let mut desk = intake(ledger, DeskPolicy::default());
    let folder = tempfile::tempdir().expect("a folder");
    let none = write(&desk, folder.path(), |_, _| {}).await.expect("an export");
    assert_eq!(none.map(|file| file.rows), [0, 0, 0]);
    desk.submit(bundles()[0].clone(), None).await.expect("an answer");
    let one = write(&desk, folder.path(), |_, _| {}).await.expect("an export");
    assert_eq!(one[0].rows, 1);
    assert!(one[1].rows > 0 && one[2].rows > 1, "{one:?}");
    let files = || {
        let mut names: Vec<(String, Vec<u8>)> = fs::read_dir(folder.path())
            .expect("a folder")
            .map(|entry| entry.expect("a file").path())
            .map(|path| (path.display().to_string(), fs::read(&path).expect("a file")))
            .collect();
        names.sort();
        names
    };
    let before = files();
    assert_eq!(before.len(), 3);
    let packs = tempfile::tempdir().expect("a folder");
    desk = crate::material::intake_over(desk.ledger().clone(), packs.path());
    let refused = write(&desk, folder.path(), |_, _| {}).await;
    assert!(matches!(refused, Err(ExportError::Pack { .. })), "{refused:?}");
    assert_eq!(files(), before);
}

#[test]
fn the_documentation_has_every_column() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/formats/export.md");
    let page = fs::read_to_string(page).expect("the page");
    let rows = |columns: &[Column]| -> Vec<String> {
        columns
            .iter()
            .map(|column| format!("| `{}` | {} | {} |", column.name, column.kind, column.about))
            .collect()
    };
    for (table, columns) in [
        (RecordRow::TABLE, RecordRow::COLUMNS),
        (AnswerRow::TABLE, AnswerRow::COLUMNS),
        (DecisionRow::TABLE, DecisionRow::COLUMNS),
    ] {
        let section = page.split(&format!("## {table}.parquet")).nth(1).expect(table);
        let documented: Vec<&str> = section
            .lines()
            .skip_while(|line| !line.starts_with("| `"))
            .take_while(|line| line.starts_with("| `"))
            .collect();
        assert_eq!(documented, rows(columns), "{table}");
    }
}
