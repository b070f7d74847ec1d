//! The ledger by itself.

use enduring_core::id::{ActivityId, Digest, IdentifierId, LearnerRef, SessionId, TicketId};
use enduring_core::measure::{Millis, Timestamp};
use enduring_core::record::{
    Activities, Birthday, Decision, IdentifierValue, PublicKey, RecordRef, Standing,
};
use enduring_provider::key::Signer;
use enduring_provider::ledger::{
    Added, Beside, Binding, Database, Entry, Fact, Ledger, Look, Person, Received, Whom, chain, folded,
};

use crate::databases::Kind;
use crate::on_both;

on_both! {
    rows_are_chained_in_batches_and_every_row_is_checked,
    what_may_be_there_once_is_there_once,
    an_edit_is_named_by_its_first_row,
    rows_that_were_cut_off_are_missed_by_a_checkpoint_kept_elsewhere,
    a_checkpoint_that_was_changed_is_named_by_its_row,
    the_database_refuses_to_change_a_row,
    what_is_personal_is_erased_and_the_chain_holds,
    several_sequencers_link_every_row_once,
    of_a_group_with_conflicts_the_others_are_taken_whole,
    two_servers_that_are_sent_the_same_take_it_once,
    whoever_looks_hears_of_their_own_in_the_order_of_rows,
    a_ledger_that_has_grown_is_known_to_have,
}

fn row(number: u8) -> Entry {
    let fact = Fact::Ticketed {
        ticket: TicketId([number; 16]),
        learner: LearnerRef([number; 16]),
        activity: Some(ActivityId::new("fever").expect("a name")),
        expires: Timestamp(1),
    };
    Entry::new(Timestamp(i64::from(number)), "rule", fact)
}

async fn with_rows(kind: Kind, rows: u8) -> (crate::databases::Fresh, Ledger) {
    let fresh = kind.fresh();
    let ledger = Ledger::open(&fresh.address).await.expect("a ledger");
    for number in 0..rows {
        assert_eq!(ledger.add(&[row(number)]).await.expect("a row"), Added::All);
    }
    (fresh, ledger)
}

/// Changes rows as somebody would who owns the database.
async fn tamper(ledger: &Ledger, statements: [&'static str; 2]) {
    let guards = [
        "DROP TRIGGER entry_is_not_updated",
        "DROP TRIGGER entry_is_not_deleted",
        "DROP TRIGGER link_is_not_updated",
        "DROP TRIGGER link_is_not_deleted",
    ];
    match ledger.database() {
        Database::Sqlite { pool, .. } => {
            for statement in guards.into_iter().chain(statements) {
                sqlx::query(statement).execute(pool).await.expect("tampering");
            }
        }
        Database::Postgres(pool) => {
            for table in
                ["DROP TRIGGER entry_is_only_added_to ON entry", "DROP TRIGGER link_is_only_added_to ON link"]
            {
                sqlx::query(table).execute(pool).await.expect("tampering");
            }
            for statement in statements {
                sqlx::query(statement).execute(pool).await.expect("tampering");
            }
        }
    }
}

async fn rows_are_chained_in_batches_and_every_row_is_checked(kind: Kind) {
    let (_fresh, ledger) = with_rows(kind, 7).await;
    let checked = ledger.check(&[], &[]).await.expect("a ledger");
    assert_eq!((checked.head.n, checked.waiting, checked.altered), (0, 7, None));
    assert_eq!(ledger.link().await.expect("links"), 7);
    assert_eq!(ledger.link().await.expect("links"), 0);
    let checked = ledger.check(&[], &[]).await.expect("a ledger");
    assert_eq!((checked.head.n, checked.waiting, checked.altered), (7, 0, None));
    let mut hash = chain::origin();
    for number in 0..7 {
        hash = chain::next(hash, &row(number).line());
    }
    assert_eq!(ledger.head().await.expect("a head").hash, hash);
}

async fn what_may_be_there_once_is_there_once(kind: Kind) {
    let (_fresh, ledger) = with_rows(kind, 2).await;
    let lot = [row(7), row(1), row(8)];
    assert_eq!(ledger.add(&lot).await.expect("an answer"), Added::Not { place: 1 });
    assert_eq!(ledger.of_kind("ticketed").await.expect("rows").len(), 2, "all or none");
    let lots = vec![
        (vec![row(3)], Default::default()),
        (vec![row(4), row(0)], Default::default()),
        (vec![row(5)], Default::default()),
    ];
    let added = ledger.add_lots(&lots).await.expect("answers");
    assert_eq!(added, [Added::All, Added::Not { place: 1 }, Added::All]);
    assert_eq!(ledger.of_kind("ticketed").await.expect("rows").len(), 4);
}

async fn an_edit_is_named_by_its_first_row(kind: Kind) {
    let edits = [
        ["UPDATE entry SET line = replace(line, 'rule', 'mule') WHERE seq = 3", "SELECT 1"],
        ["UPDATE entry SET learner = 'nobody' WHERE seq = 3", "SELECT 1"],
        ["UPDATE entry SET at = 99 WHERE seq = 3", "SELECT 1"],
        ["DELETE FROM link WHERE n = 3", "DELETE FROM entry WHERE seq = 3"],
        ["UPDATE link SET hash = (SELECT hash FROM link WHERE n = 2) WHERE n = 3", "SELECT 1"],
    ];
    for edit in edits {
        let (_fresh, ledger) = with_rows(kind, 5).await;
        ledger.link().await.expect("links");
        tamper(&ledger, edit).await;
        let altered = ledger.check(&[], &[]).await.expect("a ledger").altered.expect("found out");
        assert_eq!(altered.n, 3, "{edit:?}: {}", altered.what);
    }
}

async fn rows_that_were_cut_off_are_missed_by_a_checkpoint_kept_elsewhere(kind: Kind) {
    let (_fresh, ledger) = with_rows(kind, 5).await;
    let signer = Signer::generate().expect("a key");
    let keys: [PublicKey; 1] = [signer.public()];
    assert!(ledger.checkpoint(&signer).await.expect("a checkpoint"));
    assert!(!ledger.checkpoint(&signer).await.expect("one a day"));
    ledger.link().await.expect("links");
    let kept = ledger.of_kind("checkpointed").await.expect("rows");
    let Fact::Checkpointed { checkpoint, .. } = kept[0].entry.fact.clone() else { panic!("another row") };
    let checked = ledger.check(&keys, std::slice::from_ref(&checkpoint)).await.expect("a ledger");
    assert_eq!((checked.head.n, checked.checkpoints, checked.altered), (6, 2, None));
    let stranger = Signer::generate().expect("a key").public();
    let altered = ledger.check(&[stranger], &[]).await.expect("a ledger").altered.expect("found out");
    assert!(altered.what.contains("not among those at hand"), "{}", altered.what);
    tamper(&ledger, ["DELETE FROM link WHERE n > 3", "DELETE FROM entry WHERE seq > 3"]).await;
    assert_eq!(ledger.check(&keys, &[]).await.expect("a ledger").altered, None, "a chain ends anywhere");
    let altered = ledger.check(&keys, &[checkpoint]).await.expect("a ledger").altered.expect("found out");
    assert_eq!(altered.n, 4, "{}", altered.what);
}

async fn a_checkpoint_that_was_changed_is_named_by_its_row(kind: Kind) {
    let (_fresh, ledger) = with_rows(kind, 5).await;
    let signer = Signer::generate().expect("a key");
    ledger.checkpoint(&signer).await.expect("a checkpoint");
    ledger.link().await.expect("links");
    let stranger = Signer::generate().expect("a key").public();
    let altered = ledger.check(&[stranger], &[]).await.expect("a ledger").altered.expect("unknown");
    assert_eq!(altered.n, 6, "{}", altered.what);
    let edit = "UPDATE entry SET line = replace(line, 'checkpoint\":\"', 'checkpoint\":\"x') WHERE seq = 6";
    tamper(&ledger, [edit, "SELECT 1"]).await;
    let altered = ledger.check(&[signer.public()], &[]).await.expect("a ledger").altered.expect("found out");
    assert_eq!(altered.n, 6, "{}", altered.what);
}

async fn the_database_refuses_to_change_a_row(kind: Kind) {
    let (_fresh, ledger) = with_rows(kind, 2).await;
    ledger.link().await.expect("links");
    for statement in ["UPDATE entry SET at = 0", "DELETE FROM link", "UPDATE proof SET log = ''"] {
        // A trigger for each row has none to speak of in an empty table.
        let refused = match ledger.database() {
            Database::Sqlite { pool, .. } => sqlx::query(statement).execute(pool).await.is_err(),
            Database::Postgres(pool) => sqlx::query(statement).execute(pool).await.is_err(),
        };
        assert!(refused || kind == Kind::Sqlite && statement.contains("proof"), "{statement}");
    }
}

async fn what_is_personal_is_erased_and_the_chain_holds(kind: Kind) {
    let (_fresh, ledger) = with_rows(kind, 2).await;
    let learner = LearnerRef([0; 16]);
    let person = Person {
        learner,
        first_name: "Åsa".to_owned(),
        last_name: "O’Neill-Bø".to_owned(),
        birthday: Some(Birthday { month: 2, day: 29 }),
        profession: None,
        identifiers: Vec::new(),
        roster: true,
    };
    ledger.know(&person).await.expect("written");
    assert_eq!(ledger.people_named("åsa", "ONeill Bø").await.expect("people"), std::slice::from_ref(&person));
    assert_eq!(ledger.people_like("neill").await.expect("people").len(), 1);
    ledger.erase(&learner, "rule").await.expect("erased");
    assert_eq!(ledger.person(&learner).await.expect("nobody"), None);
    assert!(ledger.people_like("neill").await.expect("people").is_empty());
    ledger.link().await.expect("links");
    let checked = ledger.check(&[], &[]).await.expect("a ledger");
    assert_eq!((checked.head.n, checked.altered), (3, None), "the erasure is a row");
}

async fn several_sequencers_link_every_row_once(kind: Kind) {
    let (_fresh, ledger) = with_rows(kind, 60).await;
    let linkers: Vec<_> = (0..6)
        .map(|_| {
            let ledger = ledger.clone();
            tokio::spawn(async move { ledger.link().await.expect("links") })
        })
        .collect();
    let mut linked = 0;
    for linker in linkers {
        linked += linker.await.expect("a task");
    }
    linked += ledger.link().await.expect("links");
    assert_eq!(linked, 60);
    let checked = ledger.check(&[], &[]).await.expect("a ledger");
    assert_eq!((checked.head.n, checked.altered), (60, None));
    assert_ne!(checked.head.hash, Digest([0; 32]));
}

fn of(number: u8) -> RecordRef {
    RecordRef { kid: Digest([number; 32]), id: SessionId([number; 16]) }
}

/// The row of a record that came.
fn came(number: u8, head: u8) -> Entry {
    let received = Received {
        record: of(number),
        learner: LearnerRef([number; 16]),
        activity: Activities {
            id: ActivityId::new("fever").expect("a name"),
            version: "1.0.0".to_owned(),
            digest: Digest([1; 32]),
            provider: "Somebody".to_owned(),
        },
        signed: Digest([head; 32]),
        head: Digest([head; 32]),
        completed: "2026-11-22".to_owned(),
        completed_at: Timestamp(1),
        active: Millis(1),
        pace: Digest([number; 32]),
    };
    Entry::new(Timestamp(i64::from(number)), "rule", Fact::Received(Box::new(received)))
}

fn decided(number: u8, n: u32, by: &str, decision: Decision) -> Entry {
    let fact = Fact::Decided {
        record: of(number),
        learner: LearnerRef([number; 16]),
        n,
        decision,
        reasons: vec!["ledger.same_pace".to_owned(), "desk.person".to_owned()],
        note: String::new(),
    };
    Entry::new(Timestamp(2), by, fact)
}

fn known(number: u8) -> Person {
    Person {
        learner: LearnerRef([number; 16]),
        first_name: "Ada".to_owned(),
        last_name: format!("Number-{number}"),
        birthday: Some(Birthday { month: 2, day: 3 }),
        profession: None,
        identifiers: Vec::new(),
        roster: false,
    }
}

async fn of_a_group_with_conflicts_the_others_are_taken_whole(kind: Kind) {
    let (_fresh, ledger) = with_rows(kind, 1).await;
    let before = [came(9, 1), decided(9, 0, "rule", Decision::Review)];
    assert_eq!(ledger.add(&before).await.expect("rows"), Added::All);
    let beside = |number| Beside { person: Some(known(number)), ..Beside::default() };
    let appealed = Entry::new(Timestamp(3), "learner", Fact::Appealed { record: of(1), note: String::new() });
    let receipted = Fact::Receipted {
        record: of(2),
        learner: LearnerRef([2; 16]),
        standing: Standing::Credited,
        receipt: "signed".to_owned(),
    };
    let receipted = Entry::new(Timestamp(3), "rule", receipted);
    let lots = vec![
        (vec![came(1, 1), decided(1, 0, "rule", Decision::Reject)], beside(1)),
        // A row that is there.
        (vec![came(3, 1), row(0)], beside(3)),
        // A row of a lot before it.
        (vec![row(7), came(1, 2)], beside(4)),
        // The row of a lot that was not taken is free.
        (vec![row(7)], Beside::default()),
        (vec![came(3, 2), decided(3, 0, "rule", Decision::Review)], beside(5)),
        (vec![came(2, 1), decided(2, 0, "rule", Decision::Credit), receipted], beside(2)),
        // About records of the group and of before, by a person.
        (vec![appealed, decided(1, 1, "erin", Decision::Credit)], Beside::default()),
        (vec![decided(9, 1, "erin", Decision::Reject)], Beside::default()),
        (vec![decided(9, 1, "finn", Decision::Credit)], Beside::default()),
    ];
    let (all, not) = (Added::All, |place| Added::Not { place });
    let answers = ledger.add_lots(&lots).await.expect("answers");
    assert_eq!(answers, [all, not(1), not(1), all, all, all, all, all, not(0)]);
    for (number, expected) in [(1, 4), (2, 3), (3, 2), (9, 3)] {
        let rows = ledger.of_record(&of(number)).await.expect("rows");
        assert_eq!(rows.len(), expected, "record {number}");
        assert!(matches!(rows[0].entry.fact, Fact::Received(_)), "the first row comes first");
    }
    let third = ledger.of_record(&of(3)).await.expect("rows");
    assert_eq!(third[0].entry, came(3, 2));
    for (number, is_known) in [(1, true), (2, true), (3, false), (4, false), (5, true)] {
        let person = ledger.person(&LearnerRef([number; 16])).await.expect("an answer");
        assert_eq!(person, is_known.then(|| known(number)), "learner {number}");
    }
    assert_eq!(ledger.check_lists().await.expect("lists"), None);
    // Larger than one statement takes, with what was there among it.
    let many: Vec<_> = (0..150)
        .map(|number| (vec![came(100 + number % 130, 3), row(100 + number % 130)], Beside::default()))
        .collect();
    let answers = ledger.add_lots(&many).await.expect("answers");
    assert_eq!(answers.iter().filter(|answer| **answer == Added::All).count(), 130);
    assert!(answers[130..].iter().all(|answer| *answer == not(0)));
    assert_eq!(ledger.of_kind("received").await.expect("rows").len(), 134);
    assert_eq!(ledger.check_lists().await.expect("lists"), None);
    ledger.make_lists().await.expect("lists");
    assert_eq!(ledger.check_lists().await.expect("lists"), None);
}

async fn two_servers_that_are_sent_the_same_take_it_once(kind: Kind) {
    let (fresh, one) = with_rows(kind, 0).await;
    let other = Ledger::open(&fresh.address).await.expect("a ledger");
    let lots = |head: u8| -> Vec<_> {
        (0..20).map(|number| (vec![row(200 + number), came(number, head)], Beside::default())).collect()
    };
    for round in 0..5 {
        let group = |head| -> Vec<_> { lots(head).into_iter().skip(round * 4).take(4).collect() };
        let (first, second) = (group(1), group(2));
        let (first, second) = tokio::join!(one.add_lots(&first), other.add_lots(&second));
        for (first, second) in first.expect("answers").into_iter().zip(second.expect("answers")) {
            assert_eq!([first, second].iter().filter(|answer| **answer == Added::All).count(), 1);
        }
    }
    assert_eq!(one.of_kind("received").await.expect("rows").len(), 20);
    assert_eq!(other.check_lists().await.expect("lists"), None);
}

async fn whoever_looks_hears_of_their_own_in_the_order_of_rows(kind: Kind) {
    let (_fresh, ledger) = with_rows(kind, 3).await;
    let again = Fact::TicketRevoked { ticket: TicketId([1; 16]), learner: LearnerRef([1; 16]) };
    let rows = [came(9, 1), Entry::new(Timestamp(9), "rule", again), decided(9, 0, "rule", Decision::Review)];
    assert_eq!(ledger.add(&rows).await.expect("rows"), Added::All);
    let mark = |number| Look::Mark(format!("ticket:{}", TicketId([number; 16])));
    let notices = Look::Notices(ActivityId::new("fever").expect("a name"));
    // More than one statement takes, and the same looked for twice.
    let nobody = (100..190).map(mark);
    let looks: Vec<Look> =
        [mark(1), Look::Record(of(9)), notices, mark(1), mark(2)].into_iter().chain(nobody).collect();
    let found = ledger.look(&looks).await.expect("rows");
    let kinds: Vec<Vec<&str>> =
        found.iter().map(|rows| rows.iter().map(|row| row.entry.fact.columns().kind).collect()).collect();
    let twice = vec!["ticketed", "ticket_revoked"];
    let expected = [twice.clone(), vec!["received", "decided"], Vec::new(), twice, vec!["ticketed"]];
    assert_eq!(kinds[..5], expected);
    assert!(kinds[5..].iter().all(Vec::is_empty) && kinds.len() == looks.len());

    let numbered = |number: u8| {
        let id = IdentifierId::new("npi").expect("a name");
        Person { identifiers: vec![IdentifierValue { id, value: "12-34 x".to_owned() }], ..known(number) }
    };
    let bound = |number: u8| Fact::Bound {
        learner: LearnerRef([number; 16]),
        kid: Digest([number; 32]),
        how: Binding::Record,
    };
    let rows = [1, 2, 3].map(|number| Entry::new(Timestamp(10), "rule", bound(number)));
    assert_eq!(ledger.add(&rows).await.expect("rows"), Added::All);
    for person in [numbered(1), numbered(2), known(3)] {
        ledger.know(&person).await.expect("a person");
    }
    let born = |day| Birthday { month: 2, day };
    let name = |number, day| Whom::Name(folded("ada", &format!("number {number}")), born(day));
    let number = |value: &str| Whom::Number(IdentifierId::new("npi").expect("a name"), value.to_owned());
    let looks = [number("99"), name(3, 3), name(3, 4), number("1234X"), name(1, 3)];
    let found = ledger.look_for(&looks).await.expect("people");
    let mut found: Vec<Vec<u8>> =
        found.iter().map(|people| people.iter().map(|alike| alike.learner.0[0]).collect()).collect();
    found.iter_mut().for_each(|people| people.sort_unstable());
    assert_eq!(found, [vec![], vec![3], vec![], vec![1, 2], vec![1]]);
}

/// PostgreSQL plans by what it has counted; SQLite's plans do not depend on that.
async fn a_ledger_that_has_grown_is_known_to_have(kind: Kind) {
    let fresh = kind.fresh();
    let ledger = Ledger::open(&fresh.address).await.expect("a ledger");
    let rows: Vec<Entry> = (0..1_000_u32)
        .map(|number| {
            let kid = Digest::of(&[&number.to_be_bytes()]);
            Entry::new(Timestamp(1), "rule", Fact::KeyShared { kid })
        })
        .collect();
    assert_eq!(ledger.add(&rows).await.expect("rows"), Added::All);
    let mut linked = 0;
    while linked < 1_000 {
        let now = ledger.link().await.expect("links");
        assert!(now > 0, "all are linked, found {linked}");
        linked += now;
    }
    if let Database::Postgres(pool) = ledger.database() {
        let counted = "SELECT reltuples FROM pg_class WHERE relname = 'entry'";
        let (counted,): (f32,) = sqlx::query_as(counted).fetch_one(pool).await.expect("a count");
        assert_eq!(counted, 1_000.0);
    }
}
