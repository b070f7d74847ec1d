//! Records of one learner come to the same in whichever order they come, but for what comes
//! first being what is credited.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use enduring_core::id::LearnerRef;
use enduring_core::record::{Birthday, Handling, LearnerSheet, RecordRef};
use enduring_provider::intake::{Act, AnswerStanding, DeskPolicy, Intake};
use enduring_provider::key::Signer;
use enduring_provider::ledger::Ledger;

use crate::databases::{Kind, vectors};
use crate::material::{intake, told};
use crate::on_both;

on_both! {
    records_of_a_file_are_taken_in_its_order,
    a_learner_on_no_roster_is_looked_at_whichever_record_comes_first,
    a_device_that_only_its_learner_spoke_for_is_looked_at_whichever_record_comes_first,
    a_record_on_the_device_of_another_says_nothing_of_who_its_learner_is,
}

fn device() -> Signer {
    Signer::generate().expect("a key")
}

fn named(first: &str) -> impl FnOnce(&mut LearnerSheet) {
    move |sheet| {
        (sheet.first_name, sheet.last_name) = (first.to_owned(), "Fictional".to_owned());
        sheet.birthday = Birthday { month: 2, day: 29 };
        sheet.identifiers = Vec::new();
    }
}

/// What records come to, by their places: how each stands and why, which are of one learner,
/// and how much was credited.
type Outcome = (BTreeMap<usize, (AnswerStanding, Vec<String>)>, BTreeSet<BTreeSet<usize>>, usize);

/// Takes records in an order into a ledger of their own.
async fn taken(kind: Kind, policy: &DeskPolicy, texts: &[String], order: &[usize]) -> Outcome {
    let fresh = kind.fresh();
    let desk = intake(Ledger::open(&fresh.address).await.expect("a ledger"), policy.clone());
    let (mut stand, mut whose) = (BTreeMap::new(), BTreeMap::<LearnerRef, BTreeSet<usize>>::new());
    for place in order {
        let answer = desk.submit(texts[*place].clone(), None).await.expect("an answer");
        // The one thing that who comes first decides.
        let codes = answer.reasons.iter().map(|reason| reason.code.clone());
        let codes = codes.filter(|code| code != "ledger.credited_before").collect();
        stand.insert(*place, (answer.standing, codes));
        whose.entry(learner(&desk, answer.record.expect("a record")).await).or_default().insert(*place);
    }
    let credited = desk.ledger().of_kind("credited").await.expect("rows").len();
    (stand, whose.into_values().collect(), credited)
}

async fn learner(desk: &Intake, record: RecordRef) -> LearnerRef {
    desk.taken(&record).await.expect("rows").expect("a record").learner()
}

/// All orders of so many, of which the first stay where they are.
fn orders(all: usize, first: usize) -> Vec<Vec<usize>> {
    let mut orders: Vec<Vec<usize>> = vec![(0..first).collect()];
    for next in first..all {
        let longer = |order: Vec<usize>| {
            (first..=order.len()).map(move |place| {
                let mut order = order.clone();
                order.insert(place, next);
                order
            })
        };
        orders = orders.into_iter().flat_map(longer).collect();
    }
    orders
}

/// Every order comes to what the first one does, which is given back.
async fn the_same(kind: Kind, policy: &DeskPolicy, texts: &[String], first: usize) -> Outcome {
    let mut outcomes = Vec::new();
    let orders = orders(texts.len(), first);
    for order in &orders {
        outcomes.push(taken(kind, policy, texts, order).await);
    }
    assert!(outcomes.len() > 1);
    for (outcome, order) in outcomes.iter().zip(orders) {
        assert_eq!(*outcome, outcomes[0], "{order:?}");
    }
    outcomes.swap_remove(0)
}

async fn a_learner_on_no_roster_is_looked_at_whichever_record_comes_first(kind: Kind) {
    let mut policy = DeskPolicy::default();
    policy.ledger.not_on_roster = Handling::Review;
    let (one, other) = (device(), device());
    let texts = [told(0, &one, named("Anna")), told(1, &one, named("Anna")), told(2, &other, named("Anna"))];
    let (stand, whose, _) = the_same(kind, &policy, &texts, 0).await;
    let looked_at = (AnswerStanding::Review, vec!["ledger.not_on_roster".to_owned()]);
    assert!(stand.values().all(|stands| *stands == looked_at), "{stand:?}");
    assert_eq!(whose.len(), 1, "one learner");
    // Whom a person approved once is known.
    let fresh = kind.fresh();
    let desk = intake(Ledger::open(&fresh.address).await.expect("a ledger"), policy);
    let first = desk.submit(texts[0].clone(), None).await.expect("an answer").record.expect("a record");
    let approve = Act::Approve { learner: None, note: String::new() };
    desk.decide(&first, "ada", &approve).await.expect("approved");
    for text in &texts[1..] {
        let answer = desk.submit(text.clone(), None).await.expect("an answer");
        assert_eq!(answer.standing, AnswerStanding::Credited, "{answer:?}");
    }
}

async fn a_device_that_only_its_learner_spoke_for_is_looked_at_whichever_record_comes_first(kind: Kind) {
    let mut policy = DeskPolicy::default();
    policy.verify.self_identified = Handling::Review;
    let one = device();
    let texts = [told(0, &one, named("Anna")), told(1, &one, named("Anna"))];
    let (stand, whose, _) = the_same(kind, &policy, &texts, 0).await;
    let looked_at = (AnswerStanding::Review, vec!["policy.enrolled".to_owned()]);
    assert!(stand.values().all(|stands| *stands == looked_at), "{stand:?}");
    assert_eq!(whose.len(), 1, "one learner");
    // Whose device it is was said by a person then.
    let fresh = kind.fresh();
    let desk = intake(Ledger::open(&fresh.address).await.expect("a ledger"), policy);
    let first = desk.submit(texts[0].clone(), None).await.expect("an answer").record.expect("a record");
    let approve = Act::Approve { learner: None, note: String::new() };
    desk.decide(&first, "ada", &approve).await.expect("approved");
    let next = desk.submit(texts[1].clone(), None).await.expect("an answer");
    assert_eq!(next.standing, AnswerStanding::Credited, "{next:?}");
}

async fn a_record_on_the_device_of_another_says_nothing_of_who_its_learner_is(kind: Kind) {
    let tablet = device();
    let texts = [
        told(0, &tablet, named("Anna")),
        told(1, &tablet, named("Bob")),
        told(2, &device(), named("Bob")),
        told(3, &device(), named("Bob")),
    ];
    let (stand, whose, credited) = the_same(kind, &DeskPolicy::default(), &texts, 1).await;
    let unsure = ["ledger.learner_unsure", "ledger.learners_on_key"].map(str::to_owned);
    assert_eq!(stand[&1], (AnswerStanding::Review, unsure.to_vec()));
    for own in [2, 3] {
        assert_eq!(stand[&own], (AnswerStanding::Credited, vec![]));
    }
    assert_eq!(whose.len(), 3, "Anna, Bob, and whom a person has to name");
    assert!(credited > 0);
}

/// What a file comes to by `enduring intake`: which records were credited with nothing to tell.
fn credited(database: &str, texts: &[String]) -> Vec<bool> {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("records.jsonl"), texts.join("\n")).expect("a file");
    Signer::create(&folder.path().join("key.pem")).expect("a key");
    let output = Command::new(env!("CARGO_BIN_EXE_enduring"))
        .current_dir(folder.path())
        .args(["intake", "records.jsonl", "--json", "--database", database])
        .args(["--key", "key.pem", "--provider", "Society", "--accept-rehearsal"])
        .arg("--packs")
        .arg(vectors().join("packs"))
        .arg("--issuers")
        .arg(vectors().join("issuers.json"))
        .output()
        .expect("the command runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let answers = String::from_utf8(output.stdout).expect("text");
    let answers = answers.lines().map(|line| serde_json::from_str(line).expect("an answer"));
    let answers = answers.map(|answer: serde_json::Value| {
        assert_eq!(answer["standing"], "credited", "{answer}");
        answer["reasons"].as_array().expect("reasons").is_empty()
    });
    answers.collect()
}

async fn records_of_a_file_are_taken_in_its_order(kind: Kind) {
    // Three records of each of ten people, of one device or of several.
    let people = ["Alder", "Birch", "Cedar", "Dogwood", "Elder", "Fir", "Ginkgo", "Hazel", "Ivy", "Juniper"];
    let mut texts = Vec::new();
    for (number, name) in people.iter().enumerate() {
        let shared = device();
        for place in 0..3 {
            let own = device();
            let device = if number % 2 == 0 { &shared } else { &own };
            texts.push(told(3 * number + place, device, named(name)));
        }
    }
    for _ in 0..2 {
        let fresh = [kind.fresh(), kind.fresh()];
        let desk = intake(Ledger::open(&fresh[0].address).await.expect("a ledger"), DeskPolicy::default());
        let mut expected = Vec::new();
        for text in &texts {
            expected.push(desk.submit(text.clone(), None).await.expect("an answer").reasons.is_empty());
        }
        assert!(expected.contains(&false), "somebody has the same credit twice");
        assert_eq!(credited(&fresh[1].address, &texts), expected);
        texts.reverse();
    }
}
