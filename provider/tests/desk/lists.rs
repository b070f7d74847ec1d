//! The desk's lists say what the rows say: checked, and made again.

use std::process::Command;

use enduring_core::id::Digest;
use enduring_provider::intake::{Act, DeskPolicy, Intake};
use enduring_provider::ledger::{Database, Ledger, Listed, Scope};

use crate::databases::{Fresh, Kind};
use crate::material::{bundles, careless, intake};
use crate::on_both;

on_both! {
    a_device_is_known_by_any_record_of_it,
    an_older_ledger_compares_names_as_now_once_it_is_opened,
    a_line_that_was_altered_is_named_and_made_again,
    lists_are_made_again_while_records_come,
    the_command_names_it_and_makes_it_again,
}

/// A desk with everything that lists tell of.
async fn busy(kind: Kind) -> (Fresh, Intake) {
    let fresh = kind.fresh();
    let desk = intake(Ledger::open(&fresh.address).await.expect("a ledger"), DeskPolicy::default());
    let mut credited = Vec::new();
    for text in &bundles()[..4] {
        credited.push(desk.submit(text.clone(), None).await.expect("an answer").record.expect("a record"));
    }
    let mut waiting = Vec::new();
    for text in &careless()[..4] {
        waiting.push(desk.submit(text.clone(), None).await.expect("an answer").record.expect("a record"));
    }
    let note = || "a test".to_owned();
    desk.decide(&credited[0], "ada", &Act::Reverse { note: note() }).await.expect("reversed");
    desk.decide(&waiting[0], "ada", &Act::Approve { learner: None, note: note() }).await.expect("approved");
    desk.decide(&waiting[1], "ada", &Act::Reject { note: note() }).await.expect("rejected");
    desk.appeal(&waiting[1]).await.expect("an appeal");
    let erased = desk.taken(&credited[1]).await.expect("rows").expect("a record").learner();
    desk.ledger().erase(&erased, "ada").await.expect("erased");
    (fresh, desk)
}

async fn run(ledger: &Ledger, statement: &'static str) {
    let changed = match ledger.database() {
        Database::Sqlite { pool, .. } => {
            sqlx::query(statement).execute(pool).await.expect(statement).rows_affected()
        }
        Database::Postgres(pool) => {
            sqlx::query(statement).execute(pool).await.expect(statement).rows_affected()
        }
    };
    assert!(changed > 0, "{statement} changes something");
}

async fn a_device_is_known_by_any_record_of_it(kind: Kind) {
    let (_fresh, desk) = busy(kind).await;
    let ledger = desk.ledger();
    let listed = ledger.received(&Scope::default()).await.expect("records");
    assert_eq!(listed.len(), 8);
    for Listed { record, .. } in listed {
        let found = ledger.record_of_key(record.kid).await.expect("a ledger");
        assert_eq!(found.map(|found| found.kid), Some(record.kid));
    }
    assert_eq!(ledger.record_of_key(Digest([0; 32])).await.expect("a ledger"), None);
}

/// A ledger of a version that compared names otherwise.
async fn an_older_ledger_compares_names_as_now_once_it_is_opened(kind: Kind) {
    let (fresh, desk) = busy(kind).await;
    let ledger = desk.ledger();
    run(ledger, "UPDATE person SET folded = 'as before'").await;
    let again = Ledger::open(&fresh.address).await.expect("a ledger");
    assert!(again.check_lists().await.expect("a ledger").is_some(), "only once");
    run(ledger, "DELETE FROM compared").await;
    let again = Ledger::open(&fresh.address).await.expect("a ledger");
    assert_eq!(again.check_lists().await.expect("a ledger"), None);
}

async fn a_line_that_was_altered_is_named_and_made_again(kind: Kind) {
    let (_fresh, desk) = busy(kind).await;
    let ledger = desk.ledger();
    assert_eq!(ledger.check_lists().await.expect("a ledger"), None);
    for (list, statement) in [
        (
            "standing",
            "UPDATE standing SET state = 'credited' WHERE record = (SELECT MIN(record) FROM standing WHERE state = 'review')",
        ),
        ("standing", "UPDATE standing SET waits = NULL WHERE state = 'appealed'"),
        ("standing", "UPDATE standing SET reversed = 0 WHERE reversed = 1"),
        (
            "standing",
            "UPDATE standing SET learner = 'nobody' WHERE record = (SELECT MAX(record) FROM standing)",
        ),
        ("standing", "DELETE FROM standing WHERE record = (SELECT MAX(record) FROM standing)"),
        (
            "standing",
            "INSERT INTO standing (record, learner, activity, at, completed, state, waits, reversed, session) VALUES ('a:b', 'c', 'd', 1, 'e', 'credited', NULL, 0, 'f')",
        ),
        ("reason", "DELETE FROM reason WHERE record = (SELECT MIN(record) FROM reason)"),
        (
            "reason",
            "UPDATE reason SET code = 'another' WHERE record = (SELECT MIN(record) FROM reason) AND code = (SELECT MIN(code) FROM reason r WHERE r.record = reason.record)",
        ),
        ("reason", "INSERT INTO reason (record, code) VALUES ('a:b', 'stray')"),
        (
            "first_attempt",
            "UPDATE first_attempt SET passed = 1 - passed WHERE record = (SELECT MIN(record) FROM first_attempt)",
        ),
        ("first_attempt", "DELETE FROM first_attempt WHERE record = (SELECT MAX(record) FROM first_attempt)"),
        (
            "first_attempt",
            "INSERT INTO first_attempt (activity, part, record, passed) VALUES ('a', 'b', 'c:d', 1)",
        ),
        ("deed", "UPDATE deed SET staff = 'eve' WHERE seq = (SELECT MIN(seq) FROM deed)"),
        ("deed", "DELETE FROM deed WHERE seq = (SELECT MAX(seq) FROM deed)"),
        ("deed", "INSERT INTO deed (seq, staff) SELECT MIN(seq), 'eve' FROM entry"),
        ("name_word", "DELETE FROM name_word WHERE learner = (SELECT MIN(learner) FROM person)"),
        ("name_word", "INSERT INTO name_word (word, learner) SELECT 'intruder', MAX(learner) FROM person"),
        ("name_word", "UPDATE person SET folded = 'x y' WHERE learner = (SELECT MIN(learner) FROM person)"),
    ] {
        run(ledger, statement).await;
        let found = ledger.check_lists().await.expect("a ledger").expect(statement);
        assert_eq!(found.list, list, "{statement}: {found:?}");
        assert!(!found.what.contains("Fictional") && !found.what.contains("intruder"), "{found:?}");
        assert!(ledger.make_lists().await.expect("made again") > 0);
        assert_eq!(ledger.check_lists().await.expect("a ledger"), None, "{statement}");
    }
}

async fn lists_are_made_again_while_records_come(kind: Kind) {
    let (_fresh, desk) = busy(kind).await;
    let writer = {
        let desk = desk.clone();
        tokio::spawn(async move {
            for bundle in &bundles()[4..24] {
                desk.submit(bundle.clone(), None).await.expect("an answer");
            }
        })
    };
    for _ in 0..5 {
        desk.ledger().make_lists().await.expect("made again");
        assert_eq!(desk.ledger().check_lists().await.expect("a ledger"), None);
    }
    writer.await.expect("records");
    assert_eq!(desk.ledger().check_lists().await.expect("a ledger"), None);
    assert_eq!(desk.ledger().of_kind("received").await.expect("rows").len(), 28);
}

async fn the_command_names_it_and_makes_it_again(kind: Kind) {
    let (fresh, desk) = busy(kind).await;
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("keys.json"), desk.keys()).expect("a file");
    let enduring = |arguments: &str| {
        let output = Command::new(env!("CARGO_BIN_EXE_enduring"))
            .current_dir(&folder)
            .args(arguments.split_whitespace())
            .args(["--database", &fresh.address])
            .output()
            .expect("the command runs");
        let said = String::from_utf8_lossy(&[&output.stdout[..], &output.stderr[..]].concat()).into_owned();
        (output.status.code(), said)
    };
    let (code, said) = enduring("ledger verify --keys keys.json");
    assert!(code == Some(0) && said.contains("the lists say what the rows say"), "{said}");
    run(desk.ledger(), "UPDATE standing SET state = 'credited' WHERE state = 'appealed'").await;
    let (code, said) = enduring("ledger verify --keys keys.json");
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("sound: ") && said.contains("state: expected appealed, found credited"), "{said}");
    let (_, json) = enduring("ledger verify --keys keys.json --json");
    let told: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!((&told["lists"]["list"], &told["altered"]), (&"standing".into(), &serde_json::Value::Null));
    let (code, said) = enduring("ledger lists");
    assert!(code == Some(0) && said.contains("made again from"), "{said}");
    assert_eq!(enduring("ledger verify --keys keys.json").0, Some(0));
}
