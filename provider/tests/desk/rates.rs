//! Rates of an activity: learners, each once.

use enduring_core::id::{ActivityId, LearnerRef};
use enduring_core::json;
use enduring_core::measure::Timestamp;
use enduring_core::record::{Bundle, LearnerSheet, Ticket};
use enduring_provider::intake::{Act, Answer, DeskPolicy, Intake, NewTicket};
use enduring_provider::key::Signer;
use enduring_provider::ledger::{Counts, Ledger};
use enduring_provider::time;

use crate::databases::Kind;
use crate::material::{bundles, intake, told};
use crate::on_both;

on_both! {
    learners_are_counted_each_once,
}

async fn ticket(desk: &Intake, learner: u8, activity: Option<&str>) -> (Ticket, String) {
    let new = NewTicket {
        learner: Some(LearnerRef([learner; 16])),
        name: "Fictional".to_owned(),
        activity: activity.map(|id| ActivityId::new(id).expect("a name")),
        expires: Timestamp(time::now().0 + 3_600_000),
    };
    desk.issue(new, "ada").await.expect("a ticket")
}

async fn send(desk: &Intake, which: usize, ticket: Option<&str>) -> Answer {
    desk.submit(bundles()[which].clone(), ticket).await.expect("an answer")
}

/// Enrolled, completed, of those enrolled.
fn rates(counts: Counts) -> (u64, u64, u64) {
    (counts.enrolled, counts.completed, counts.completed_enrolled)
}

async fn attempts(desk: &Intake) -> Vec<u64> {
    let passes = desk.first_attempts("vectors").await.expect("rates");
    passes.iter().map(|pass| pass.attempts).collect()
}

async fn learners_are_counted_each_once(kind: Kind) {
    let fresh = kind.fresh();
    let desk = intake(Ledger::open(&fresh.address).await.expect("a ledger"), DeskPolicy::default());
    let (_, first) = ticket(&desk, 1, Some("vectors")).await;
    ticket(&desk, 2, Some("vectors")).await;
    ticket(&desk, 2, Some("vectors")).await;
    let (revoked, _) = ticket(&desk, 3, Some("vectors")).await;
    assert!(desk.revoke_ticket(revoked.id, "ada").await.expect("revoked"));
    ticket(&desk, 4, None).await;
    ticket(&desk, 4, Some("vectors")).await;
    ticket(&desk, 5, None).await;
    let counted = async || {
        let (all, one) =
            (desk.counts().await.expect("counts"), desk.counts_of("vectors").await.expect("counts"));
        assert_eq!(all["vectors"], one);
        (rates(one), rates(all["plain"]))
    };
    assert_eq!(counted().await, ((4, 0, 0), (2, 0, 0)), "in everything is in each");
    send(&desk, 0, Some(&first)).await;
    // The same learner on another device: for review, and no other learner.
    let same: Bundle = json::read(&bundles()[0]).expect("a bundle");
    let same: LearnerSheet = json::read(same.learner.as_deref().expect("a sheet")).expect("a sheet");
    let again = told(1, &Signer::generate().expect("a key"), |sheet| {
        (sheet.first_name, sheet.last_name, sheet.birthday) =
            (same.first_name, same.last_name, same.birthday);
    });
    desk.submit(again, Some(&first)).await.expect("an answer");
    let other = send(&desk, 2, None).await.record.expect("a record");
    assert_eq!(counted().await, ((4, 2, 1), (2, 0, 0)));
    assert_eq!(desk.counts_of("vectors").await.expect("counts").received, 3);
    let two = attempts(&desk).await;
    assert!(!two.is_empty() && two.iter().all(|attempts| *attempts == 2), "{two:?}");
    let act = Act::Reverse { note: "a test".to_owned() };
    desk.decide(&other, "ada", &act).await.expect("reversed");
    assert_eq!(counted().await, ((4, 1, 1), (2, 0, 0)));
    assert!(attempts(&desk).await.iter().all(|attempts| *attempts == 1));
}
