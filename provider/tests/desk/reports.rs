//! Reports over the ledger: what is credited there, and nothing that was taken back.

use enduring_core::id::StatementId;
use enduring_core::measure::Timestamp;
use enduring_provider::intake::{Act, DeskPolicy};
use enduring_provider::ledger::Ledger;
use enduring_provider::report::ledger::{Logs, completions};

use crate::databases::Kind;
use crate::material::{bundles, intake};
use crate::on_both;

on_both! {
    what_is_credited_is_reported_with_the_consents_that_hold,
}

async fn what_is_credited_is_reported_with_the_consents_that_hold(kind: Kind) {
    let fresh = kind.fresh();
    let desk = intake(Ledger::open(&fresh.address).await.expect("a ledger"), DeskPolicy::default());
    let mut records = Vec::new();
    for text in &bundles()[..4] {
        records.push(desk.submit(text.clone(), None).await.expect("an answer").record.expect("a record"));
    }
    let act = Act::Reverse { note: "a test".to_owned() };
    desk.decide(&records[0], "ada", &act).await.expect("reversed");
    let (found, others) = completions(desk.ledger(), Logs::Kept, None).await.expect("completions");
    assert_eq!((found.len(), others), (3, 1));
    assert_eq!(found.iter().map(|one| one.record).collect::<Vec<_>>(), records[1..]);
    assert!(
        found.iter().all(|one| one.person.is_some() && one.consents.is_some() && !one.credits.is_empty())
    );
    assert!(found.iter().all(|one| !one.log.is_empty()));
    let (bare, _) = completions(desk.ledger(), Logs::Left, None).await.expect("completions");
    assert_eq!(bare.iter().map(|one| one.record).collect::<Vec<_>>(), records[1..]);
    assert!(bare.iter().all(|one| one.log.is_empty()));
    // As of a time: what came later is not there, and what was reversed later still stands.
    let taken = desk.taken(&records[1]).await.expect("rows").expect("a record");
    let (then, others) = completions(desk.ledger(), Logs::Left, Some(taken.at)).await.expect("completions");
    assert_eq!((then.iter().map(|one| one.record).collect::<Vec<_>>(), others), (records[..2].to_vec(), 0));
    let before = Timestamp(taken.at.0 - 3_600_000);
    let (none, others) = completions(desk.ledger(), Logs::Left, Some(before)).await.expect("completions");
    assert_eq!((none.len(), others), (0, 0));
    let statement = StatementId::new("reporting").expect("a name");
    desk.withdraw_consent(&records[1], &statement, "ada").await.expect("withdrawn");
    desk.ledger().erase(&found[1].learner, "ada").await.expect("erased");
    let (found, _) = completions(desk.ledger(), Logs::Kept, None).await.expect("completions");
    assert_eq!(found[0].consents_withdrawn, [statement]);
    assert!(found[1].person.is_none() && found[1].consents.is_none() && !found[1].credits.is_empty());
}
