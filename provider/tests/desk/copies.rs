//! Copies of the ledger: of a moment, while others write; put back into either database.

use std::io::BufReader;

use enduring_core::id::{Digest, IdentifierId, LearnerRef};
use enduring_core::record::IdentifierValue;
use enduring_provider::intake::DeskPolicy;
use enduring_provider::ledger::backup::BackupError;
use enduring_provider::ledger::{Entry, Fact, Ledger, Person, Role, Staff};

use crate::databases::Kind;
use crate::material::{bundles, intake};

async fn copied_from(kind: Kind) -> (Vec<u8>, u64) {
    let fresh = kind.fresh();
    let desk = intake(Ledger::open(&fresh.address).await.expect("a ledger"), DeskPolicy::default());
    for bundle in &bundles()[..6] {
        desk.submit(bundle.clone(), None).await.expect("an answer");
    }
    let staff = Staff {
        name: "ada".to_owned(),
        password: "$argon2id$".to_owned(),
        role: Role::Administrator,
        active: true,
        temporary: true,
    };
    let told = Entry::acted(enduring_provider::time::now(), "command", "staff_added", &staff.name);
    assert!(desk.ledger().add_staff(&staff, &told).await.expect("an account"));
    assert!(desk.ledger().checkpoint(desk.signer()).await.expect("a checkpoint"));
    desk.ledger().link_all().await.expect("links");
    let head = desk.ledger().head().await.expect("a head");
    // Records go on coming while the copy is made.
    let writer = {
        let desk = desk.clone();
        tokio::spawn(async move {
            for bundle in &bundles()[6..30] {
                desk.submit(bundle.clone(), None).await.expect("an answer");
            }
        })
    };
    let mut copy = Vec::new();
    desk.ledger().back_up(&mut copy).await.expect("a copy");
    writer.await.expect("records");
    (copy, head.n)
}

#[test]
fn a_copy_of_before_is_put_back_and_its_numbers_stay_as_they_are() {
    crate::run(async {
        for kind in [Kind::Sqlite, Kind::Postgres] {
            let first = kind.fresh();
            let ledger = Ledger::open(&first.address).await.expect("a ledger");
            let learner = LearnerRef([7; 16]);
            let person = Person {
                learner,
                first_name: "Anna".to_owned(),
                last_name: "Bø".to_owned(),
                birthday: None,
                profession: None,
                identifiers: vec![IdentifierValue {
                    id: IdentifierId::new("license").expect("a name"),
                    value: "MI 0012".to_owned(),
                }],
                roster: true,
            };
            ledger.know(&person).await.expect("written");
            let mut copy = Vec::new();
            ledger.back_up(&mut copy).await.expect("a copy");
            let fresh = kind.fresh();
            let whole = Ledger::open(&fresh.address).await.expect("a ledger");
            whole.restore(&mut BufReader::new(copy.as_slice())).await.expect("restored");
            assert_eq!(whole.person(&learner).await.expect("people"), Some(person));
            // As the version before wrote it.
            let text = String::from_utf8(copy).expect("UTF-8");
            let text = text.replacen("backup/2", "backup/1", 1).replacen(",\"typed\":\"MI 0012\"", "", 1);
            let mut lines: Vec<&str> = text.lines().collect();
            lines.pop();
            let before = lines.iter().map(|line| format!("{line}\n")).collect::<String>();
            let sha256 = Digest::of(&[before.as_bytes()]);
            let before =
                format!("{before}{{\"end\":{{\"lines\":{},\"sha256\":\"{sha256}\"}}}}\n", lines.len());
            let fresh = kind.fresh();
            let old = Ledger::open(&fresh.address).await.expect("a ledger");
            old.restore(&mut BufReader::new(before.as_bytes())).await.expect("restored");
            let person = old.person(&learner).await.expect("people").expect("a person");
            assert_eq!(person.identifiers[0].value, "MI0012");
            assert_eq!(old.check_lists().await.expect("lists"), None);
        }
    });
}

async fn restored_into(kind: Kind, copy: &[u8], least: u64) {
    let fresh = kind.fresh();
    let ledger = Ledger::open(&fresh.address).await.expect("a ledger");
    ledger.restore(&mut BufReader::new(copy)).await.expect("restored");
    let checked = ledger.check(&[], &[]).await.expect("a ledger");
    assert!(checked.altered.is_some(), "a checkpoint by a key that is not given");
    let desk = intake(ledger.clone(), DeskPolicy::default());
    assert!(ledger.head().await.expect("a head").n >= least);
    let staff = ledger.staff("ada").await.expect("accounts").expect("an account");
    assert!(staff.temporary && staff.role == Role::Administrator);
    // What the desk lists is made again from the rows.
    let received = ledger.of_kind("received").await.expect("rows");
    let Fact::Received(first) = &received[0].entry.fact else { panic!("another row") };
    let activity = first.activity.id.to_string();
    let counts = ledger.counts_of(&activity, &["pack.known"]).await.expect("counts");
    assert_eq!((counts.received, counts.credited), (received.len() as u64, received.len() as u64));
    assert!(!ledger.first_attempts(&activity, &["pack.known"]).await.expect("attempts").is_empty());
    let person = ledger.person(&first.learner).await.expect("people").expect("a person");
    let found = ledger.people_like(&person.last_name).await.expect("people");
    assert!(found.iter().any(|found| found.learner == first.learner), "found by name");
    // It goes on where it was: what was credited is known, and what is new is taken.
    let before = ledger.of_kind("receipted").await.expect("rows").len();
    desk.submit(bundles()[0].clone(), None).await.expect("an answer");
    assert_eq!(ledger.of_kind("receipted").await.expect("rows").len(), before);
    desk.submit(bundles()[39].clone(), None).await.expect("an answer");
    assert_eq!(ledger.of_kind("receipted").await.expect("rows").len(), before + 1);
    let again = ledger.restore(&mut BufReader::new(copy)).await;
    assert!(matches!(again, Err(BackupError::NotEmpty { .. })), "{again:?}");
}

#[test]
fn a_copy_of_one_database_goes_into_the_other() {
    crate::run(async {
        for (from, into) in [(Kind::Sqlite, Kind::Postgres), (Kind::Postgres, Kind::Sqlite)] {
            let (copy, least) = copied_from(from).await;
            restored_into(into, &copy, least).await;
        }
    });
}

#[test]
fn a_copy_that_is_not_whole_is_refused_and_changes_nothing() {
    crate::run(async {
        let (copy, _) = copied_from(Kind::Sqlite).await;
        let text = String::from_utf8(copy).expect("UTF-8");
        let lines: Vec<&str> = text.lines().collect();
        let cut = lines[..lines.len() - 1].join("\n") + "\n";
        let without = |place: usize| {
            let mut lines = lines.clone();
            lines.remove(place);
            lines.join("\n") + "\n"
        };
        let changed = text.replacen("\"by\\\":\\\"rule", "\"by\\\":\\\"mule", 1);
        assert_ne!(changed, text);
        for (bad, expected) in [
            (cut, "the last line of a copy"),
            (without(3), "a row that fits those before it"),
            (without(lines.len() - 2), "the copy as it was written"),
            (changed, "the copy as it was written"),
            (text.replacen("backup/2", "backup/3", 1), "the first line"),
            ("{}\n".to_owned(), "a line of enduring-ledger-backup"),
        ] {
            let fresh = Kind::Sqlite.fresh();
            let ledger = Ledger::open(&fresh.address).await.expect("a ledger");
            let refused = ledger.restore(&mut BufReader::new(bad.as_bytes())).await.expect_err(expected);
            assert!(refused.to_string().contains(expected), "{expected}: {refused}");
            assert!(ledger.of_kind("received").await.expect("rows").is_empty());
        }
    });
}
