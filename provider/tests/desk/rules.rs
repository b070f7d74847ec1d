//! Every rule of the ledger sends what it is about to a person, with its code.

use enduring_core::id::{LearnerRef, NoticeId};
use enduring_core::measure::Timestamp;
use enduring_core::record::{
    Bundle, Compact, NOTICE_FORMAT, NOTICE_TYP, Notice, NoticeKind, Payload, RECORD_TYP,
};
use enduring_provider::intake::{Answer, AnswerStanding, DeskPolicy, Intake, LedgerCode, NewTicket};
use enduring_provider::key::Signer;
use enduring_provider::ledger::{Entry, Fact, Ledger};
use enduring_provider::time;

use crate::databases::{Fresh, Kind};
use crate::material::{bundles, intake, told};
use crate::on_both;

on_both! {
    completion_shortly_before_termination_is_looked_at,
    completion_after_a_withdrawal_is_looked_at,
    a_learner_with_many_devices_is_looked_at,
    one_session_continued_in_two_places_is_told_and_the_first_stands,
}

/// The rules that have a test here or in `intake.rs`.
const TESTED: [LedgerCode; 13] = [
    LedgerCode::LearnerUnsure,
    LedgerCode::NotOnRoster,
    LedgerCode::SecondKey,
    LedgerCode::KeyRevoked,
    LedgerCode::LearnersOnKey,
    LedgerCode::KeysOfLearner,
    LedgerCode::SamePace,
    LedgerCode::NearTermination,
    LedgerCode::Withdrawn,
    LedgerCode::Conflict,
    LedgerCode::CreditedBefore,
    LedgerCode::Appealed,
    LedgerCode::Person,
];

#[test]
fn every_rule_has_a_test_and_a_line_in_the_documents() {
    let page = include_str!("../../../docs/formats/intake.md");
    for code in LedgerCode::ALL {
        assert!(TESTED.contains(code), "{}", code.code());
        assert!(page.contains(&format!("| `{}` |", code.code())), "{}", code.code());
    }
}

async fn desk_with(kind: Kind, policy: DeskPolicy) -> (Fresh, Intake) {
    let fresh = kind.fresh();
    let ledger = Ledger::open(&fresh.address).await.expect("a ledger");
    (fresh, intake(ledger, policy))
}

fn codes(answer: &Answer) -> Vec<&str> {
    answer.reasons.iter().map(|reason| reason.code.as_str()).collect()
}

fn payload(bundle: &Bundle) -> Payload {
    let compact = Compact::parse(&bundle.record, RECORD_TYP).expect("a signed document");
    serde_json::from_slice(&compact.payload).expect("a payload")
}

async fn completion_shortly_before_termination_is_looked_at(kind: Kind) {
    let mut policy = DeskPolicy::default();
    policy.ledger.near_termination_hours = u32::MAX;
    let (_fresh, desk) = desk_with(kind, policy).await;
    let answer = desk.submit(bundles()[0].clone(), None).await.expect("an answer");
    assert_eq!((answer.standing, codes(&answer)), (AnswerStanding::Review, vec!["ledger.near_termination"]));
}

async fn completion_after_a_withdrawal_is_looked_at(kind: Kind) {
    let (_fresh, desk) = desk_with(kind, DeskPolicy::default()).await;
    let activity = payload(&serde_json::from_str(&bundles()[0]).expect("a bundle")).activity;
    for (packs, place, expected) in [
        (vec![enduring_core::id::Digest([0; 32])], 0, AnswerStanding::Credited),
        (vec![activity.digest], 1, AnswerStanding::Review),
    ] {
        let notice = Notice {
            format: NOTICE_FORMAT.to_owned(),
            id: NoticeId([1; 16]),
            kind: NoticeKind::Withdrawn,
            activity: activity.id.clone(),
            packs,
            text: "Withdrawn.".to_owned(),
            issued: Timestamp(0),
        };
        let notice = desk.signer().sign(NOTICE_TYP, notice.encode().as_bytes()).expect("signed");
        let fact = Fact::Noticed { activity: activity.id.clone(), notice };
        desk.ledger().add(&[Entry::new(time::now(), "ada", fact)]).await.expect("a row");
        let answer = desk.submit(bundles()[place].clone(), None).await.expect("an answer");
        assert_eq!(answer.standing, expected, "{answer:?}");
        assert_eq!(codes(&answer).contains(&"ledger.withdrawn"), expected == AnswerStanding::Review);
    }
}

async fn a_learner_with_many_devices_is_looked_at(kind: Kind) {
    let mut policy = DeskPolicy::default();
    policy.ledger.keys_of_learner = 1;
    let (_fresh, desk) = desk_with(kind, policy).await;
    let mut last = Vec::new();
    for place in 0..2 {
        let new = NewTicket {
            learner: Some(LearnerRef([9; 16])),
            name: "Dr. Fictional".to_owned(),
            activity: None,
            expires: Timestamp(time::now().0 + 60_000),
        };
        let (_, ticket) = desk.issue(new, "rule").await.expect("a ticket");
        let device = Signer::generate().expect("a key");
        let sent = told(place, &device, |sheet| {
            (sheet.first_name, sheet.last_name) = ("Maple".to_owned(), "Fictional".to_owned());
        });
        let answer = desk.submit(sent, Some(&ticket)).await.expect("an answer");
        last = codes(&answer).into_iter().map(str::to_owned).collect();
    }
    assert!(last.iter().any(|code| code == "ledger.keys_of_learner"), "{last:?}");
}

async fn one_session_continued_in_two_places_is_told_and_the_first_stands(kind: Kind) {
    let (_fresh, desk) = desk_with(kind, DeskPolicy::default()).await;
    let device = Signer::generate().expect("a key");
    let mut bundle: Bundle = serde_json::from_str(&bundles()[0]).expect("a bundle");
    bundle.key = device.public().jwk();
    let mut payload = payload(&bundle);
    let mut sent = Vec::new();
    for player in ["1.0.0", "1.0.1"] {
        payload.signing.player = player.to_owned();
        bundle.record = device.sign(RECORD_TYP, payload.encode().as_bytes()).expect("signed");
        sent.push(desk.submit(bundle.encode(), None).await.expect("an answer"));
    }
    assert_eq!(sent[0].standing, AnswerStanding::Credited, "{:?}", sent[0]);
    assert_eq!(sent[1].receipt, sent[0].receipt, "what came first stands");
    assert_eq!(codes(&sent[1]), ["ledger.conflict"]);
    let record = sent[0].record.expect("a record");
    assert!(desk.taken(&record).await.expect("rows").expect("a record").conflicted);
    // Somebody else's signature over the same names changes nothing.
    let stranger = Signer::generate().expect("a key");
    payload.signing.player = "6.6.6".to_owned();
    let forged = stranger.sign(RECORD_TYP, payload.encode().as_bytes()).expect("signed");
    bundle.key = stranger.public().jwk();
    bundle.record = forged;
    let answer = desk.submit(bundle.encode(), None).await.expect("an answer");
    assert_ne!(answer.record, sent[0].record, "another key is another record");
}
