//! Taking records in: whose they are, what is credited, what goes to a person.

use enduring_core::id::LearnerRef;
use enduring_core::measure::Timestamp;
use enduring_core::record::{
    Bundle, Compact, Handling, LearnerSheet, NoticeKind, RECEIPT_TYP, Receipt, RecordRef, Standing,
};
use enduring_provider::intake::Intake;
use enduring_provider::intake::{
    Act, Answer, AnswerStanding, DecideError, DeskPolicy, IntakeError, NewTicket,
};
use enduring_provider::key::{Signer, verifies};
use enduring_provider::ledger::{Binding, Fact, Ledger, Person};
use enduring_provider::time;

use crate::databases::{Fresh, Kind};
use crate::material::{bundles, intake, intake_of, told};
use crate::on_both;

on_both! {
    a_record_is_credited_and_a_repeat_gets_the_same_receipt,
    many_at_once_are_credited_once,
    two_servers_on_one_database_credit_once,
    what_is_no_sound_record_leaves_nothing_behind,
    credit_is_given_once_to_a_learner_whichever_device_sends_it,
    a_ticket_binds_a_learner_to_the_device_that_uses_it_first,
    a_ticket_that_is_revoked_expired_or_forged_is_refused,
    a_device_that_was_lost_and_one_that_is_shared,
    the_roster_says_who_a_learner_is_or_a_person_does,
    sessions_at_the_very_same_pace_go_to_a_person,
    what_one_person_sends_from_several_devices_at_once_is_seen_together,
    what_is_withdrawn_is_not_credited_by_rule,
    people_approve_reject_and_reverse_and_each_is_a_row,
    two_people_at_one_record_decide_one_after_the_other,
    what_was_erased_is_gone_and_everything_still_holds,
    only_who_has_a_record_hears_of_it,
}

async fn desk(kind: Kind) -> (Fresh, Intake) {
    desk_with(kind, DeskPolicy::default()).await
}

async fn desk_with(kind: Kind, policy: DeskPolicy) -> (Fresh, Intake) {
    let fresh = kind.fresh();
    let ledger = Ledger::open(&fresh.address).await.expect("a ledger");
    (fresh, intake(ledger, policy))
}

fn bundle(place: usize) -> Bundle {
    serde_json::from_str(&bundles()[place]).expect("a bundle")
}

fn sheet(place: usize) -> LearnerSheet {
    serde_json::from_str(&bundle(place).learner.expect("a sheet")).expect("a sheet")
}

/// The record at a place, by the learner of the first one on a new device.
fn as_first(place: usize) -> String {
    let device = Signer::generate().expect("a key");
    let first = sheet(0);
    told(place, &device, |sheet| {
        (sheet.first_name, sheet.last_name, sheet.birthday) =
            (first.first_name, first.last_name, first.birthday);
    })
}

async fn send(desk: &Intake, place: usize) -> Answer {
    desk.submit(bundles()[place].clone(), None).await.expect("an answer")
}

fn receipt(desk: &Intake, answer: &Answer) -> Receipt {
    let text = answer.receipt.as_deref().expect("a receipt");
    let compact = Compact::parse(text, RECEIPT_TYP).expect("a signed document");
    assert!(verifies(&desk.signer().public(), &compact), "the provider signed it");
    let receipt = Receipt::read(&compact.payload).expect("a receipt");
    assert_eq!(Some(receipt.record), answer.record);
    receipt
}

fn codes(answer: &Answer) -> Vec<&str> {
    answer.reasons.iter().map(|reason| reason.code.as_str()).collect()
}

async fn rows(desk: &Intake, kind: &str) -> usize {
    desk.ledger().of_kind(kind).await.expect("rows").len()
}

async fn sound(desk: &Intake) {
    desk.ledger().link_all().await.expect("links");
    let checked = desk.ledger().check(&[], &[]).await.expect("a ledger");
    assert_eq!((checked.waiting, checked.altered), (0, None));
}

async fn a_record_is_credited_and_a_repeat_gets_the_same_receipt(kind: Kind) {
    let (_fresh, desk) = desk(kind).await;
    let first = send(&desk, 0).await;
    assert_eq!((first.standing, codes(&first)), (AnswerStanding::Credited, vec![]));
    let earned = receipt(&desk, &first);
    assert!(!earned.credits.is_empty() && earned.standing == Standing::Credited);
    let again = send(&desk, 0).await;
    assert_eq!(again, first);
    assert_eq!((rows(&desk, "received").await, rows(&desk, "receipted").await), (1, 1));
    assert_eq!(rows(&desk, "credited").await, earned.credits.len());
    sound(&desk).await;
}

async fn many_at_once_are_credited_once(kind: Kind) {
    let (_fresh, desk) = desk(kind).await;
    let senders: Vec<_> = (0..60)
        .map(|number| {
            let desk = desk.clone();
            tokio::spawn(async move { (number % 12, send(&desk, number % 12).await) })
        })
        .collect();
    let mut receipts = vec![None; 12];
    for sender in senders {
        let (place, answer) = sender.await.expect("a task");
        assert_eq!(answer.standing, AnswerStanding::Credited, "{answer:?}");
        let known = receipts[place].get_or_insert(answer.receipt.clone());
        assert_eq!(*known, answer.receipt);
    }
    assert_eq!((rows(&desk, "received").await, rows(&desk, "receipted").await), (12, 12));
    sound(&desk).await;
}

async fn two_servers_on_one_database_credit_once(kind: Kind) {
    let fresh = kind.fresh();
    let mut desks = Vec::new();
    for _ in 0..2 {
        let ledger = Ledger::open(&fresh.address).await.expect("a ledger");
        desks.push(intake(ledger, DeskPolicy::default()));
    }
    let senders: Vec<_> = (0..40)
        .map(|number| {
            let desk = desks[number % 2].clone();
            tokio::spawn(async move { (number / 4, send(&desk, number / 4).await) })
        })
        .collect();
    let mut receipts = vec![None; 10];
    for sender in senders {
        let (place, answer) = sender.await.expect("a task");
        assert_eq!(*receipts[place].get_or_insert(answer.receipt.clone()), answer.receipt);
    }
    assert_eq!((rows(&desks[0], "received").await, rows(&desks[1], "receipted").await), (10, 10));
    sound(&desks[1]).await;
}

async fn what_is_no_sound_record_leaves_nothing_behind(kind: Kind) {
    let (_fresh, desk) = desk(kind).await;
    let mut cut = bundle(0);
    cut.log = cut.log.lines().take(5).map(|line| format!("{line}\n")).collect();
    let mut forged = bundle(0);
    forged.record = forged.record.replacen('.', ".AAAA", 1);
    for (text, code) in [
        ("no record".to_owned(), "bundle.shape"),
        (cut.encode(), "log.shape"),
        (forged.encode(), "record.signature"),
    ] {
        let answer = desk.submit(text, None).await.expect("an answer");
        assert_eq!(answer.standing, AnswerStanding::Rejected);
        assert!(codes(&answer).contains(&code), "{code}: {answer:?}");
    }
    assert_eq!(rows(&desk, "received").await, 0);
    assert_eq!(send(&desk, 0).await.standing, AnswerStanding::Credited, "the whole copy is still taken");
}

async fn credit_is_given_once_to_a_learner_whichever_device_sends_it(kind: Kind) {
    let (_fresh, desk) = desk(kind).await;
    let learner = LearnerRef([7; 16]);
    let mut earned = Vec::new();
    for place in 0..2 {
        let ticket = NewTicket {
            learner: Some(learner),
            name: "Dr. Fictional".to_owned(),
            activity: None,
            expires: Timestamp(time::now().0 + 60_000),
        };
        let (_, ticket) = desk.issue(ticket, "rule").await.expect("a ticket");
        let answer = desk.submit(as_first(place), Some(&ticket)).await.expect("an answer");
        assert_eq!(answer.standing, AnswerStanding::Credited, "{answer:?}");
        earned.push((
            receipt(&desk, &answer).credits.len(),
            codes(&answer).contains(&"ledger.credited_before"),
        ));
    }
    assert!(earned[0].0 > 0 && !earned[0].1);
    assert_eq!(earned[1], (0, true), "the second earns nothing more, and says why");
    assert_eq!(rows(&desk, "credited").await, earned[0].0);
}

async fn a_ticket_binds_a_learner_to_the_device_that_uses_it_first(kind: Kind) {
    let (_fresh, desk) = desk(kind).await;
    let new = |expires| NewTicket {
        learner: None,
        name: "Dr. Fictional".to_owned(),
        activity: None,
        expires: Timestamp(time::now().0 + expires),
    };
    let (ticket, text) = desk.issue(new(60_000), "rule").await.expect("a ticket");
    let first = desk.submit(bundles()[0].clone(), Some(&text)).await.expect("an answer");
    assert_eq!(first.standing, AnswerStanding::Credited);
    let taken = desk.taken(&first.record.expect("a record")).await.expect("rows").expect("a record");
    assert_eq!(taken.learner(), ticket.learner);
    let second = desk.submit(as_first(1), Some(&text)).await.expect("an answer");
    assert_eq!((second.standing, codes(&second)), (AnswerStanding::Review, vec!["ledger.second_key"]));
    // Before the first record, by the device's own signature.
    let device = Signer::generate().expect("a key");
    let (ticket, text) = desk.issue(new(60_000), "rule").await.expect("a ticket");
    let signature = device.signature(format!("enduring-enrolment/1.{text}").as_bytes()).expect("a signature");
    for _ in 0..2 {
        let enrolled = desk.enrol(&text, &device.public(), &signature).await.expect("enrolled");
        assert_eq!(enrolled.learner, ticket.learner);
    }
    let another = Signer::generate().expect("a key");
    let stolen = desk.enrol(&text, &another.public(), &signature).await;
    assert!(matches!(stolen, Err(IntakeError::Proof)), "{stolen:?}");
    let signature =
        another.signature(format!("enduring-enrolment/1.{text}").as_bytes()).expect("a signature");
    let late = desk.enrol(&text, &another.public(), &signature).await;
    assert!(matches!(late, Err(IntakeError::Bound)), "{late:?}");
}

async fn a_ticket_that_is_revoked_expired_or_forged_is_refused(kind: Kind) {
    let fresh = kind.fresh();
    let ledger = Ledger::open(&fresh.address).await.expect("a ledger");
    let desk = intake(ledger.clone(), DeskPolicy::default());
    let stranger = intake(ledger, DeskPolicy::default());
    let new = |expires| NewTicket {
        learner: None,
        name: "Dr. Fictional".to_owned(),
        activity: None,
        expires: Timestamp(time::now().0 + expires),
    };
    let (ticket, revoked) = desk.issue(new(60_000), "rule").await.expect("a ticket");
    assert!(desk.revoke_ticket(ticket.id, "rule").await.expect("revoked"));
    let (_, expired) = desk.issue(new(-1), "rule").await.expect("a ticket");
    let (_, forged) = stranger.issue(new(60_000), "rule").await.expect("a ticket");
    for (ticket, expected) in [
        (revoked.as_str(), "ticket.revoked"),
        (expired.as_str(), "ticket.expired"),
        (forged.as_str(), "ticket.signature"),
        ("no ticket", "ticket.shape"),
    ] {
        match desk.submit(bundles()[0].clone(), Some(ticket)).await {
            Err(IntakeError::Ticket { code, .. }) => assert_eq!(code, expected),
            other => panic!("{expected}: {other:?}"),
        }
    }
    assert_eq!(rows(&desk, "received").await, 0);
}

async fn a_device_that_was_lost_and_one_that_is_shared(kind: Kind) {
    let (_fresh, desk) = desk(kind).await;
    let kid = |place: usize| bundle(place).key.key().expect("a key").thumbprint();
    desk.revoke_key(kid(0), Timestamp(0), "ada").await.expect("written");
    let lost = send(&desk, 0).await;
    assert_eq!((lost.standing, codes(&lost)), (AnswerStanding::Review, vec!["ledger.key_revoked"]));
    // Two learners with tickets on the clinic's tablet.
    for (place, shared) in [(1, false), (2, true)] {
        let device = kid(place);
        if shared {
            desk.share_key(device, "ada").await.expect("written");
        }
        let mut last = None;
        for learner in [LearnerRef([place as u8; 16]), LearnerRef([place as u8 + 100; 16])] {
            let new = NewTicket {
                learner: Some(learner),
                name: "Dr. Fictional".to_owned(),
                activity: None,
                expires: Timestamp(time::now().0 + 60_000),
            };
            let (_, text) = desk.issue(new, "rule").await.expect("a ticket");
            if learner.0[0] < 100 {
                // The first learner's ticket was bound at the tablet by hand.
                desk.ledger()
                    .add(&[enduring_provider::ledger::Entry::new(
                        time::now(),
                        "ada",
                        enduring_provider::ledger::Fact::Bound {
                            learner,
                            kid: device,
                            how: enduring_provider::ledger::Binding::Staff,
                        },
                    )])
                    .await
                    .expect("a row");
            } else {
                last = Some(desk.submit(bundles()[place].clone(), Some(&text)).await.expect("an answer"));
            }
        }
        let answer = last.expect("an answer");
        let expected = if shared { vec![] } else { vec!["ledger.learners_on_key"] };
        assert_eq!(codes(&answer), expected);
    }
}

async fn the_roster_says_who_a_learner_is_or_a_person_does(kind: Kind) {
    let mut policy = DeskPolicy::default();
    policy.ledger.not_on_roster = Handling::Review;
    let (_fresh, desk) = desk_with(kind, policy).await;
    let on_roster = |number: u8, place: usize| {
        let sheet = sheet(place);
        Person {
            learner: LearnerRef([number; 16]),
            first_name: sheet.first_name.to_uppercase(),
            last_name: sheet.last_name,
            birthday: Some(sheet.birthday),
            profession: None,
            identifiers: Vec::new(),
            roster: true,
        }
    };
    desk.ledger().know(&on_roster(1, 0)).await.expect("written");
    let sure = send(&desk, 0).await;
    assert_eq!(sure.standing, AnswerStanding::Credited, "{sure:?}");
    let taken = desk.taken(&sure.record.expect("a record")).await.expect("rows").expect("a record");
    assert_eq!(taken.learner(), LearnerRef([1; 16]));
    // Two people of that name and birthday, and nobody of that name.
    desk.ledger().know(&on_roster(2, 1)).await.expect("written");
    desk.ledger().know(&on_roster(3, 1)).await.expect("written");
    let unsure = send(&desk, 1).await;
    assert_eq!((unsure.standing, codes(&unsure)), (AnswerStanding::Review, vec!["ledger.learner_unsure"]));
    let stranger = (2..40).find(|place| sheet(*place).last_name != sheet(0).last_name).expect("another name");
    let unknown = send(&desk, stranger).await;
    assert_eq!((unknown.standing, codes(&unknown)), (AnswerStanding::Review, vec!["ledger.not_on_roster"]));
    let act = Act::Approve { learner: Some(LearnerRef([3; 16])), note: "by telephone".to_owned() };
    let taken = desk.decide(&unsure.record.expect("a record"), "ada", &act).await.expect("decided");
    assert_eq!((taken.learner(), taken.credits.is_empty()), (LearnerRef([3; 16]), false));
    let device = format!("key:{}", taken.received.record.kid);
    let bound = desk.ledger().of_mark(&device).await.expect("rows");
    let by_staff = |row: &enduring_provider::ledger::Found| match &row.entry.fact {
        Fact::Bound { learner, how: Binding::Staff, .. } => *learner == LearnerRef([3; 16]),
        _ => false,
    };
    assert!(bound.iter().any(by_staff), "the next record of that device is not unsure: {bound:?}");
}

async fn sessions_at_the_very_same_pace_go_to_a_person(kind: Kind) {
    let (_fresh, desk) = desk(kind).await;
    // One rehearsal seed under two keys: the very same log but for the session's name.
    let one = crate::material::rehearsed("good", 1).remove(0);
    let two = crate::material::rehearsed("good", 1).remove(0);
    let first = desk.submit(one, None).await.expect("an answer");
    assert_eq!(first.standing, AnswerStanding::Credited);
    let second = desk.submit(two, None).await.expect("an answer");
    assert!(codes(&second).contains(&"ledger.same_pace"), "{second:?}");
    assert_eq!(second.standing, AnswerStanding::Review);
}

async fn what_one_person_sends_from_several_devices_at_once_is_seen_together(kind: Kind) {
    let (_fresh, desk) = desk(kind).await;
    let alike: Vec<String> = (0..6).flat_map(|_| crate::material::rehearsed("good", 1)).collect();
    let senders: Vec<_> = alike
        .into_iter()
        .map(|one| {
            let desk = desk.clone();
            tokio::spawn(async move { desk.submit(one, None).await.expect("an answer") })
        })
        .collect();
    let mut answers = Vec::new();
    for sender in senders {
        answers.push(sender.await.expect("a task"));
    }
    let credited = answers.iter().filter(|answer| answer.standing == AnswerStanding::Credited);
    assert_eq!(credited.count(), 1, "{answers:?}");
    let alike = answers.iter().filter(|answer| codes(answer).contains(&"ledger.same_pace"));
    assert_eq!(alike.count(), 5, "{answers:?}");
    let mut learners: Vec<LearnerRef> = Vec::new();
    for row in desk.ledger().of_kind("bound").await.expect("rows") {
        let Fact::Bound { learner, .. } = row.entry.fact else { panic!("another row") };
        learners.push(learner);
    }
    learners.dedup();
    assert_eq!(learners.len(), 1, "one person");
    sound(&desk).await;
}

async fn what_is_withdrawn_is_not_credited_by_rule(kind: Kind) {
    let (_fresh, desk) = desk(kind).await;
    let activity = {
        let answer = send(&desk, 0).await;
        receipt(&desk, &answer).activity
    };
    let kind = NoticeKind::Safety;
    desk.notify(kind, activity.id.clone(), Vec::new(), "A dose is wrong.".to_owned(), "ada")
        .await
        .expect("signed");
    assert_eq!(send(&desk, 1).await.standing, AnswerStanding::Credited, "a warning withdraws nothing");
    let kind = NoticeKind::Withdrawn;
    desk.notify(kind, activity.id, Vec::new(), "Withdrawn.".to_owned(), "ada").await.expect("signed");
    assert_eq!(desk.notices().await.expect("notices").len(), 2);
    // The sessions of the material were complete before that.
    assert_eq!(send(&desk, 2).await.standing, AnswerStanding::Credited);
}

async fn people_approve_reject_and_reverse_and_each_is_a_row(kind: Kind) {
    let (_fresh, desk) = desk(kind).await;
    let answer = send(&desk, 0).await;
    let record = answer.record.expect("a record");
    let act = |note: &str| Act::Reverse { note: note.to_owned() };
    assert!(matches!(desk.decide(&record, "ada", &act(" ")).await, Err(DecideError::NoReason)));
    let taken = desk.decide(&record, "ada", &act("played by somebody else")).await.expect("reversed");
    assert_eq!(taken.answer().standing, AnswerStanding::Reversed);
    assert!(taken.credits.is_empty());
    let reversed = send(&desk, 0).await;
    assert_eq!(receipt(&desk, &reversed).standing, Standing::Reversed);
    assert!(reversed.reasons.iter().any(|reason| reason.words == "played by somebody else"));
    let appealed = desk.appeal(&record).await.expect("appealed");
    let said = appealed.answer();
    assert_eq!((said.standing, said.receipt, said.certificate), (AnswerStanding::Review, None, false));
    assert!(said.reasons.iter().any(|reason| reason.code == "desk.appealed"));
    assert_eq!(desk.appeal(&record).await.expect("appealed"), appealed, "once");
    assert_eq!(rows(&desk, "appealed").await, 1);
    let approve = Act::Approve { learner: None, note: "it was the learner".to_owned() };
    let taken = desk.decide(&record, "grace", &approve).await.expect("approved");
    assert_eq!(taken.answer().standing, AnswerStanding::Credited);
    assert!(!taken.credits.is_empty() && !taken.appealed);
    assert!(matches!(desk.appeal(&record).await, Err(DecideError::Standing { .. })));
    assert_eq!(
        taken.decisions.iter().map(|one| one.by.as_str()).collect::<Vec<_>>(),
        ["rule", "ada", "grace"]
    );
    assert_eq!(rows(&desk, "credited").await, 2 * taken.credits.len());
    let stranger = RecordRef { id: enduring_core::id::SessionId([0; 16]), ..record };
    assert!(matches!(desk.decide(&stranger, "ada", &approve).await, Err(DecideError::Unknown)));
    sound(&desk).await;
}

async fn two_people_at_one_record_decide_one_after_the_other(kind: Kind) {
    let (_fresh, desk) = desk(kind).await;
    let record = send(&desk, 0).await.record.expect("a record");
    let deciders: Vec<_> = (0..8)
        .map(|_| {
            let desk = desk.clone();
            tokio::spawn(async move {
                desk.decide(&record, "ada", &Act::Reverse { note: "twice".to_owned() }).await.is_ok()
            })
        })
        .collect();
    let mut decided = 0;
    for decider in deciders {
        decided += usize::from(decider.await.expect("a task"));
    }
    assert_eq!(decided, 1, "one reverses, the others hear that it is reversed");
    assert_eq!(rows(&desk, "decided").await, 2);
}

async fn what_was_erased_is_gone_and_everything_still_holds(kind: Kind) {
    let (_fresh, desk) = desk(kind).await;
    let answer = send(&desk, 0).await;
    let record = answer.record.expect("a record");
    let learner = desk.taken(&record).await.expect("rows").expect("a record").learner();
    assert!(desk.ledger().person(&learner).await.expect("a person").is_some());
    assert!(!desk.ledger().sheets(&record).await.expect("sheets").is_empty());
    desk.ledger().erase(&learner, "ada").await.expect("erased");
    assert!(desk.ledger().person(&learner).await.expect("nobody").is_none());
    assert!(desk.ledger().sheets(&record).await.expect("sheets").is_empty());
    assert_eq!(send(&desk, 0).await, answer, "the proof is whole and answers as before");
    sound(&desk).await;
}

async fn only_who_has_a_record_hears_of_it(kind: Kind) {
    let signer = Signer::generate().expect("a key");
    let fresh = kind.fresh();
    let desk =
        intake_of(Ledger::open(&fresh.address).await.expect("a ledger"), DeskPolicy::default(), signer);
    let answer = send(&desk, 0).await;
    let record = answer.record.expect("a record");
    let proof = enduring_core::id::Digest::of(&[bundle(0).record.as_bytes()]);
    assert_eq!(desk.outcome(record, proof).await.expect("an answer"), Some(answer));
    let other = enduring_core::id::Digest::of(&[bundle(1).record.as_bytes()]);
    assert!(matches!(desk.outcome(record, other).await, Err(IntakeError::Proof)));
    let unknown = RecordRef { id: enduring_core::id::SessionId([0; 16]), ..record };
    assert!(desk.outcome(unknown, proof).await.expect("no answer").is_none());
}
