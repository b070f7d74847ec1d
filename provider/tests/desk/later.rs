//! Records that come before their pack: kept, and decided once it is at hand.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use enduring_core::id::{Digest, LearnerRef};
use enduring_core::record::{Birthday, Bundle, Decision, PublicKey, RecordRef};
use enduring_provider::intake::{Act, Answer, AnswerStanding, DecideError, DeskPolicy, Intake, IntakeError};
use enduring_provider::key::Signer;
use enduring_provider::ledger::{Fact, Ledger};
use tempfile::TempDir;

use crate::databases::{Fresh, Kind, vectors};
use crate::material::{bundles, intake_at, told};
use crate::on_both;

on_both! {
    what_comes_before_its_pack_is_kept_and_credited_on_asking_once_the_pack_is_there,
    what_waits_is_decided_without_being_asked_for,
    what_proves_invalid_with_its_pack_is_rejected_and_never_credited,
    nobody_approves_what_was_never_verified,
    rates_are_of_first_attempts_that_were_shown,
    a_part_that_was_changed_on_the_way_is_not_kept_for_later,
    no_more_wait_than_the_policy_lets,
    what_waited_of_one_person_is_decided_at_once_as_one_persons,
    a_server_that_is_killed_before_or_while_it_decides_decides_once,
}

/// An intake whose folder of packs is empty at first.
struct Place {
    desk: Intake,
    packs: TempDir,
    fresh: Fresh,
}

impl Place {
    async fn open(kind: Kind, policy: DeskPolicy) -> Self {
        let (fresh, packs) = (kind.fresh(), tempfile::tempdir().expect("a folder"));
        let ledger = Ledger::open(&fresh.address).await.expect("a ledger");
        let desk = intake_at(ledger, packs.path(), policy);
        Self { desk, packs, fresh }
    }

    fn put_pack(&self) {
        copy(&vectors().join("packs"), self.packs.path());
    }

    async fn take_up_pack(&self) {
        self.put_pack();
        let desk = self.desk.clone();
        let changed = tokio::task::spawn_blocking(move || desk.look_for_packs());
        assert!(changed.await.expect("a look").expect("a folder"));
    }

    async fn send(&self, text: &str) -> Answer {
        self.desk.submit(text.to_owned(), None).await.expect("an answer")
    }

    async fn decisions(&self) -> Vec<(Decision, Vec<String>)> {
        let rows = self.desk.ledger().of_kind("decided").await.expect("rows");
        let decided = rows.into_iter().map(|row| match row.entry.fact {
            Fact::Decided { decision, reasons, .. } => (decision, reasons),
            other => panic!("{other:?}"),
        });
        decided.collect()
    }

    async fn rows(&self, kind: &str) -> usize {
        self.desk.ledger().of_kind(kind).await.expect("rows").len()
    }

    async fn sound(&self) {
        self.sound_by(&[]).await;
    }

    async fn sound_by(&self, keys: &[PublicKey]) {
        let ledger = self.desk.ledger();
        ledger.link_all().await.expect("links");
        let checked = ledger.check(keys, &[]).await.expect("a ledger");
        assert_eq!((checked.waiting, checked.altered), (0, None));
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let (path, target) = entry.map(|entry| (entry.path(), to.join(entry.file_name()))).expect("an entry");
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(path, target).expect("a copy");
        }
    }
}

fn codes(answer: &Answer) -> Vec<&str> {
    answer.reasons.iter().map(|reason| reason.code.as_str()).collect()
}

fn bundle(place: usize) -> Bundle {
    serde_json::from_str(&bundles()[place]).expect("a bundle")
}

fn proof(bundle: &Bundle) -> Digest {
    Digest::of(&[bundle.record.as_bytes()])
}

/// A record that its device signed, over an answer to an item that was not shown.
fn unplayed() -> String {
    let folder = vectors().join("invalid/replay-answer-not-shown");
    fs::read_to_string(folder.join("record.enduring-record.json")).expect("a vector")
}

async fn what_comes_before_its_pack_is_kept_and_credited_on_asking_once_the_pack_is_there(kind: Kind) {
    let place = Place::open(kind, DeskPolicy::default()).await;
    let first = place.send(&bundles()[0]).await;
    assert_eq!((first.standing, codes(&first)), (AnswerStanding::Review, vec!["pack.known"]));
    assert_eq!((first.receipt.as_deref(), first.certificate), (None, false));
    assert_eq!(place.send(&bundles()[0]).await, first, "a repeat changes nothing");
    assert_eq!((place.rows("received").await, place.rows("bound").await), (1, 0), "nobody is bound by it");
    place.put_pack();
    // Nobody looks at the folder more than once a second for those who ask.
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    let record = first.record.expect("a record");
    let asked = place.desk.outcome(record, proof(&bundle(0))).await.expect("an answer").expect("a record");
    assert_eq!((asked.standing, codes(&asked)), (AnswerStanding::Credited, vec![]));
    assert!(asked.receipt.is_some() && asked.certificate);
    assert_eq!(place.send(&bundles()[0]).await, asked, "whoever sends it again hears the same");
    let decided = place.decisions().await;
    assert_eq!(decided[0], (Decision::Review, vec!["pack.known".to_owned()]));
    assert_eq!(decided[1..], [(Decision::Credit, vec![])]);
    assert_eq!((place.rows("received").await, place.rows("receipted").await), (1, 1));
    assert_eq!(place.rows("bound").await, 1, "the device is the learner's from then on");
    place.sound().await;
}

async fn what_waits_is_decided_without_being_asked_for(kind: Kind) {
    let place = Place::open(kind, DeskPolicy::default()).await;
    for text in &bundles()[..3] {
        assert_eq!(place.send(text).await.standing, AnswerStanding::Review);
    }
    assert!(place.desk.decide_waiting().await.expect("decisions").is_empty(), "the pack is not there");
    place.take_up_pack().await;
    let decided = place.desk.decide_waiting().await.expect("decisions");
    assert!(decided.len() == 3 && decided.iter().all(|answer| answer.standing == AnswerStanding::Credited));
    assert!(place.desk.decide_waiting().await.expect("decisions").is_empty(), "once");
    assert_eq!((place.rows("decided").await, place.rows("receipted").await), (6, 3));
    place.sound().await;
}

async fn what_proves_invalid_with_its_pack_is_rejected_and_never_credited(kind: Kind) {
    let place = Place::open(kind, DeskPolicy::default()).await;
    let first = place.send(&unplayed()).await;
    assert_eq!((first.standing, codes(&first)), (AnswerStanding::Review, vec!["pack.known"]));
    place.take_up_pack().await;
    let again = place.send(&unplayed()).await;
    assert_eq!((again.standing, codes(&again)), (AnswerStanding::Rejected, vec!["log.replay"]));
    assert_eq!((again.receipt.as_deref(), again.certificate), (None, false));
    assert_eq!((place.rows("received").await, place.rows("credited").await), (1, 0));
    let record = again.record.expect("a record");
    place.desk.appeal(&record).await.expect("an appeal");
    approving_is_refused(&place.desk, &record).await;
    assert_eq!((place.rows("credited").await, place.rows("bound").await), (0, 0));
    place.sound().await;
}

async fn rates_are_of_first_attempts_that_were_shown(kind: Kind) {
    let place = Place::open(kind, DeskPolicy::default()).await;
    let attempts = async || {
        let passes = place.desk.first_attempts("vectors").await.expect("rates");
        passes.iter().map(|pass| pass.attempts).max()
    };
    for text in [&bundles()[0], &bundles()[1], &unplayed()] {
        assert_eq!(place.send(text).await.standing, AnswerStanding::Review);
    }
    assert_eq!(attempts().await, None, "nobody knows yet what was passed");
    place.take_up_pack().await;
    assert_eq!(place.desk.decide_waiting().await.expect("decisions").len(), 3);
    assert_eq!(attempts().await, Some(2), "not what a replay does not bear out");
}

async fn approving_is_refused(desk: &Intake, record: &RecordRef) {
    let act = Act::Approve { learner: None, note: String::new() };
    let refused = desk.decide(record, "ada", &act).await.expect_err("not verified");
    assert!(matches!(refused, DecideError::Standing { .. }), "{refused}");
}

async fn nobody_approves_what_was_never_verified(kind: Kind) {
    let place = Place::open(kind, DeskPolicy::default()).await;
    let answers = [place.send(&bundles()[0]).await, place.send(&bundles()[1]).await];
    let [record, other] = answers.map(|answer| answer.record.expect("a record"));
    approving_is_refused(&place.desk, &record).await;
    let act = Act::Reject { note: "Not ours.".to_owned() };
    place.desk.decide(&record, "ada", &act).await.expect("a decision");
    place.take_up_pack().await;
    // What a person decided stands; what waited is decided.
    assert_eq!(place.desk.decide_waiting().await.expect("decisions").len(), 1);
    assert_eq!(place.send(&bundles()[0]).await.standing, AnswerStanding::Rejected);
    assert_eq!(place.send(&bundles()[1]).await.record, Some(other));
    let act = Act::Approve { learner: None, note: String::new() };
    let taken = place.desk.decide(&record, "ada", &act).await.expect("it verifies with its pack");
    assert!(taken.decision() == Decision::Credit && taken.is_shown(), "exports and audits have it");
    place.sound().await;
}

async fn a_part_that_was_changed_on_the_way_is_not_kept_for_later(kind: Kind) {
    let place = Place::open(kind, DeskPolicy::default()).await;
    let mut changed = bundle(0);
    changed.learner = changed.learner.map(|sheet| sheet.replace("Fictional", "Fictitious"));
    let answer = place.send(&changed.encode()).await;
    assert_eq!(answer.standing, AnswerStanding::Rejected);
    assert_eq!(codes(&answer), ["pack.known", "part.learner"]);
    assert_eq!(place.rows("received").await, 0);
    assert_eq!(place.send(&bundles()[0]).await.standing, AnswerStanding::Review, "the whole copy is kept");
}

async fn no_more_wait_than_the_policy_lets(kind: Kind) {
    let mut policy = DeskPolicy::default();
    policy.ledger.waiting_for_pack = 2;
    let place = Place::open(kind, policy).await;
    // All at once.
    let sent = [0, 1, 2, 3, 4, 5].map(|n: usize| {
        let desk = place.desk.clone();
        tokio::spawn(async move { (n, desk.submit(bundles()[n].clone(), None).await) })
    });
    let (mut kept, mut refused) = (Vec::new(), Vec::new());
    for answer in sent {
        match answer.await.expect("an end") {
            (n, Ok(_)) => kept.push(n),
            (n, Err(IntakeError::Waiting { most: 2 })) => refused.push(n),
            (_, Err(other)) => panic!("{other}"),
        }
    }
    assert_eq!((kept.len(), place.rows("received").await), (2, 2));
    for n in &kept {
        let again = place.send(&bundles()[*n]).await;
        assert_eq!(again.standing, AnswerStanding::Review, "what is kept is answered");
    }
    place.take_up_pack().await;
    assert_eq!(place.send(&bundles()[refused[0]]).await.standing, AnswerStanding::Credited);
    assert_eq!(place.desk.decide_waiting().await.expect("decisions").len(), 2);
    place.sound().await;
}

async fn a_server_that_is_killed_before_or_while_it_decides_decides_once(kind: Kind) {
    let place = Place::open(kind, DeskPolicy::default()).await;
    for text in &bundles()[..30] {
        assert_eq!(place.send(text).await.standing, AnswerStanding::Review);
    }
    place.put_pack();
    let key = place.packs.path().join("key.pem");
    let public = Signer::create(&key).expect("a key").public();
    for until in [1, 10, 20, 30] {
        let mut process = Command::new(env!("CARGO_BIN_EXE_enduring"))
            .args(["serve", "--database", &place.fresh.address, "--listen", "127.0.0.1:0"])
            .args(["--provider", "Society", "--accept-rehearsal", "--key"])
            .arg(&key)
            .arg("--packs")
            .arg(place.packs.path())
            .arg("--issuers")
            .arg(vectors().join("issuers.json"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the command runs");
        let began = Instant::now();
        while place.rows("receipted").await < until {
            assert!(began.elapsed() < Duration::from_secs(60), "expected {until} receipts");
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        process.kill().expect("a running process");
        process.wait().expect("its end");
    }
    assert_eq!((place.rows("receipted").await, place.rows("decided").await), (30, 60));
    assert_eq!(place.rows("received").await, 30);
    let learners: std::collections::BTreeSet<LearnerRef> = place
        .desk
        .ledger()
        .of_kind("bound")
        .await
        .expect("rows")
        .into_iter()
        .filter_map(|row| if let Fact::Bound { learner, .. } = row.entry.fact { Some(learner) } else { None })
        .collect();
    assert_eq!(learners.len(), 30, "each device is one learner's");
    place.sound_by(&[public]).await;
}

async fn what_waited_of_one_person_is_decided_at_once_as_one_persons(kind: Kind) {
    let place = Place::open(kind, DeskPolicy::default()).await;
    let mut waiting = Vec::new();
    for number in 0..12 {
        let device = Signer::generate().expect("a key");
        let text = told(number, &device, |sheet| {
            (sheet.first_name, sheet.last_name) = ("Anna".to_owned(), "Bø".to_owned());
            sheet.birthday = Birthday { month: 2, day: 29 };
        });
        let bundle: Bundle = serde_json::from_str(&text).expect("a bundle");
        let answer = place.send(&text).await;
        assert_eq!(codes(&answer), ["pack.known"]);
        waiting.push((answer.record.expect("a record"), proof(&bundle)));
    }
    place.take_up_pack().await;
    let asked: Vec<_> = waiting
        .into_iter()
        .map(|(record, proof)| {
            let desk = place.desk.clone();
            tokio::spawn(async move {
                // As a player asks: again where it is told to.
                loop {
                    match desk.outcome(record, proof).await {
                        Err(IntakeError::Busy) => {}
                        answer => return answer.expect("an answer").expect("a record"),
                    }
                }
            })
        })
        .collect();
    for answer in asked {
        let answer = answer.await.expect("a task");
        assert!(!codes(&answer).contains(&"ledger.learner_unsure"), "{answer:?}");
    }
    assert_eq!(place.desk.ledger().people_named("Anna", "Bø").await.expect("people").len(), 1);
    place.sound().await;
}
