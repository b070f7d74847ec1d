//! Who learners are: what sheets, tickets, rosters and people say of them, and what is left
//! of it after an erasure.

use std::fs;
use std::process::Command;

use enduring_core::id::{ActivityId, Digest, IdentifierId, LearnerRef};
use enduring_core::measure::Timestamp;
use enduring_core::record::{
    Birthday, Bundle, Code, Handling, IdentifierValue, LearnerSheet, Outcome, RecordRef,
};
use enduring_provider::certificate::{Trust, verify};
use enduring_provider::intake::{Act, Answer, AnswerStanding, DeskPolicy, Intake, IntakeError, NewTicket};
use enduring_provider::key::{KeySet, Signer};
use enduring_provider::ledger::{Binding, Database, Fact, Ledger, Person, roster};
use enduring_provider::time;

use crate::databases::{Fresh, Kind, vectors};
use crate::material::{allows, bundles, intake, intake_over, told};
use crate::on_both;

on_both! {
    a_ticketed_learner_is_known_by_the_signed_sheet,
    a_licence_is_reported_as_it_was_typed,
    a_sheet_fills_gaps_and_overwrites_nothing,
    what_a_person_looks_at_fills_gaps_once_it_is_approved,
    a_ticket_vouches_for_the_device_of_the_record_that_it_comes_with,
    a_ticket_is_not_believed_for_somebody_else_by_name,
    a_ticket_of_another_activity_is_refused,
    the_stranger_of_a_record_goes_when_it_is_put_down_to_another,
    a_device_that_a_person_approved_is_not_asked_about_again,
    what_was_withheld_at_first_comes_in_later,
    erasing_reaches_the_records_that_a_person_put_down_to_the_learner,
    a_roster_keeps_what_it_does_not_say,
    namesakes_beyond_any_number_stay_who_they_are,
    one_number_does_not_make_two_people_one,
    a_name_of_composed_letters_is_the_same_name,
    what_is_no_number_is_nobodys,
    a_name_that_no_form_takes_is_refused_with_its_pack_and_without,
    the_desk_offers_the_learner_of_the_ticket_and_lists_the_record_with_them,
}

fn device() -> Signer {
    Signer::generate().expect("a key")
}

async fn desk(kind: Kind) -> (Fresh, Intake) {
    let fresh = kind.fresh();
    let ledger = Ledger::open(&fresh.address).await.expect("a ledger");
    (fresh, intake(ledger, DeskPolicy::default()))
}

fn number(id: &str, value: &str) -> IdentifierValue {
    IdentifierValue { id: IdentifierId::new(id).expect("a name"), value: value.to_owned() }
}

/// A sheet of Anna Bø, born on the 29th of February.
fn anna(sheet: &mut LearnerSheet) {
    (sheet.first_name, sheet.last_name) = ("Anna".to_owned(), "Bø".to_owned());
    sheet.birthday = Birthday { month: 2, day: 29 };
    sheet.identifiers = vec![number("license", "MI 0012")];
}

fn bob(sheet: &mut LearnerSheet) {
    (sheet.first_name, sheet.last_name) = ("Bob".to_owned(), "Ek".to_owned());
    sheet.birthday = Birthday { month: 7, day: 1 };
    sheet.identifiers = Vec::new();
}

pub(crate) fn named(learner: LearnerRef, first: &str, last: &str) -> Person {
    Person {
        learner,
        first_name: first.to_owned(),
        last_name: last.to_owned(),
        birthday: None,
        profession: None,
        identifiers: Vec::new(),
        roster: true,
    }
}

async fn ticket(desk: &Intake, learner: LearnerRef, activity: Option<&str>) -> String {
    let activity = activity.map(|id| ActivityId::new(id).expect("a name"));
    let expires = Timestamp(time::now().0 + 60_000);
    let new = NewTicket { learner: Some(learner), name: "Dr. Bø".to_owned(), activity, expires };
    desk.issue(new, "rule").await.expect("a ticket").1
}

async fn send(desk: &Intake, text: String, ticket: Option<&str>) -> Answer {
    desk.submit(text, ticket).await.expect("an answer")
}

fn codes(answer: &Answer) -> Vec<&str> {
    answer.reasons.iter().map(|reason| reason.code.as_str()).collect()
}

async fn person(desk: &Intake, learner: LearnerRef) -> Option<Person> {
    desk.ledger().person(&learner).await.expect("people")
}

async fn whose(desk: &Intake, record: RecordRef) -> LearnerRef {
    desk.taken(&record).await.expect("rows").expect("a record").learner()
}

async fn approve(desk: &Intake, record: RecordRef, learner: LearnerRef) {
    let act = Act::Approve { learner: Some(learner), note: String::new() };
    desk.decide(&record, "ada", &act).await.expect("decided");
}

async fn a_ticketed_learner_is_known_by_the_signed_sheet(kind: Kind) {
    let (_fresh, desk) = desk(kind).await;
    let learner = LearnerRef([7; 16]);
    let text = ticket(&desk, learner, None).await;
    let sent = told(0, &device(), anna);
    let answer = send(&desk, sent.clone(), Some(&text)).await;
    assert_eq!(answer.standing, AnswerStanding::Credited, "{answer:?}");
    let known = person(&desk, learner).await.expect("a person");
    assert_eq!((known.first_name.as_str(), known.birthday), ("Anna", Some(Birthday { month: 2, day: 29 })));
    assert_eq!(known.identifiers, [number("license", "MI 0012")], "as it was typed");
    assert!(!known.roster && known.profession.is_some());
    let kind = IdentifierId::new("license").expect("a name");
    let found = desk.ledger().people_numbered(&kind, "mi-0012").await.expect("people");
    assert_eq!(found, std::slice::from_ref(&known), "however it is spelled");
    assert_eq!(desk.ledger().people_like("bø").await.expect("people"), [known]);
    // The name that is on the certificate.
    let bundle: Bundle = serde_json::from_str(&sent).expect("a bundle");
    let proof = Digest::of(&[bundle.record.as_bytes()]);
    let record = answer.record.expect("a record");
    let issued = desk.certificate(record, proof).await.expect("an answer").expect("a certificate");
    let issuers = KeySet::parse(&desk.keys()).expect("a key set");
    let trust = Trust { issuers: &issuers, status: None, now: time::now() };
    let verified = verify(&issued.jwt, &trust).expect("a certificate");
    assert!(format!("{verified:?}").contains("Anna Bø"), "{verified:?}");
    assert_eq!(desk.ledger().check_lists().await.expect("lists"), None);
}

const COLUMNS: &str = r#"
format = "enduring-columns/1"
id = "sample-board"
version = "1"
recipients = ["Sample Accreditation Board"]
[[column]]
header = "Board ID"
source = "identifier"
identifier = "board"
need = "required"
[[column]]
header = "License State"
source = "identifier"
identifier = "license"
part = "state"
need = "required"
[[column]]
header = "License ID"
source = "identifier"
identifier = "license"
part = "number"
need = "required"
"#;

async fn a_licence_is_reported_as_it_was_typed(kind: Kind) {
    let (fresh, desk) = desk(kind).await;
    let learner = LearnerRef([7; 16]);
    let place = bundles().iter().position(|text| allows(text)).expect("one who allows it");
    let sent = told(place, &device(), |sheet| {
        anna(sheet);
        sheet.identifiers.push(number("board", "b-12-X"));
    });
    let text = ticket(&desk, learner, None).await;
    assert_eq!(send(&desk, sent, Some(&text)).await.standing, AnswerStanding::Credited);
    let folder = tempfile::tempdir().expect("a folder");
    let (columns, out) = (folder.path().join("columns.toml"), folder.path().join("out"));
    fs::write(&columns, COLUMNS).expect("a file");
    let output = Command::new(env!("CARGO_BIN_EXE_enduring"))
        .current_dir(vectors())
        .args("report pars --packs packs --issuers issuers.json --database".split(' '))
        .arg(&fresh.address)
        .arg("--columns")
        .arg(columns)
        .arg("--out")
        .arg(&out)
        .output()
        .expect("the command runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let files = fs::read_dir(&out).expect("a folder").map(|file| file.expect("a file").path());
    let mut rows = String::new();
    for file in files
        .filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().contains("sample-board")))
    {
        rows += &fs::read_to_string(file).expect("a file");
    }
    assert!(rows.contains("b-12-X,MI,0012"), "{rows}");
    let unmatched = fs::read_to_string(out.join("unmatched.csv")).expect("a file");
    assert_eq!(unmatched.lines().count(), 1, "{unmatched}");
}

async fn a_sheet_fills_gaps_and_overwrites_nothing(kind: Kind) {
    let (_fresh, desk) = desk(kind).await;
    let learner = LearnerRef([8; 16]);
    let mut entered = named(learner, "ANNA", "Bø");
    entered.identifiers = vec![number("license", "OH 9")];
    desk.ledger().know(&entered).await.expect("written");
    let text = ticket(&desk, learner, None).await;
    let more = |sheet: &mut LearnerSheet| {
        anna(sheet);
        sheet.identifiers.push(number("board", "B-1-x"));
    };
    let answer = send(&desk, told(0, &device(), more), Some(&text)).await;
    assert_eq!(answer.standing, AnswerStanding::Credited, "{answer:?}");
    let known = person(&desk, learner).await.expect("a person");
    assert_eq!((known.first_name.as_str(), known.roster), ("ANNA", true));
    assert_eq!(known.birthday, Some(Birthday { month: 2, day: 29 }));
    assert_eq!(known.identifiers, [number("board", "B-1-x"), number("license", "OH 9")]);
    // By the roster too, where a number tells who it is.
    let listed = LearnerRef([9; 16]);
    let mut entered = named(listed, "Robert", "Ek");
    entered.identifiers = vec![number("npi", "1234567893")];
    desk.ledger().know(&entered).await.expect("written");
    let sent = told(1, &device(), |sheet| {
        bob(sheet);
        sheet.identifiers = vec![number("npi", "1234567893")];
    });
    let answer = send(&desk, sent, None).await;
    assert_eq!(whose(&desk, answer.record.expect("a record")).await, listed);
    let known = person(&desk, listed).await.expect("a person");
    assert_eq!((known.first_name.as_str(), known.birthday), ("Robert", Some(Birthday { month: 7, day: 1 })));
    assert_eq!(desk.ledger().check_lists().await.expect("lists"), None);
}

async fn what_a_person_looks_at_fills_gaps_once_it_is_approved(kind: Kind) {
    let (_fresh, desk) = desk(kind).await;
    let (learner, lost) = (LearnerRef([7; 16]), device());
    desk.revoke_key(lost.public().thumbprint(), Timestamp(0), "ada").await.expect("written");
    let text = ticket(&desk, learner, None).await;
    let answer = send(&desk, told(0, &lost, anna), Some(&text)).await;
    assert_eq!(codes(&answer), ["ledger.key_revoked"]);
    assert!(person(&desk, learner).await.is_none());
    approve(&desk, answer.record.expect("a record"), learner).await;
    assert_eq!(person(&desk, learner).await.expect("a person").first_name, "Anna");
}

async fn a_ticket_vouches_for_the_device_of_the_record_that_it_comes_with(kind: Kind) {
    let fresh = kind.fresh();
    let mut policy = DeskPolicy::default();
    policy.verify.self_identified = Handling::Review;
    let desk = intake(Ledger::open(&fresh.address).await.expect("a ledger"), policy);
    let learner = LearnerRef([7; 16]);
    let (text, device) = (ticket(&desk, learner, None).await, device());
    let answer = send(&desk, told(0, &device, anna), Some(&text)).await;
    assert_eq!(answer.standing, AnswerStanding::Credited, "{answer:?}");
    // A person who looks at it later sees the same.
    let record = answer.record.expect("a record");
    let evidence = desk.evidence(&record).await.expect("rows").expect("a record");
    let enrolled = evidence.report.checks.iter().find(|check| check.code == Code::Enrolled);
    assert_eq!(enrolled.map(|check| check.outcome), Some(Outcome::Passed), "{:?}", evidence.report);
    // Somebody else by name who shows the ticket is not vouched for by it.
    let another = ticket(&desk, learner, None).await;
    let answer = send(&desk, told(1, &self::device(), bob), Some(&another)).await;
    assert_eq!(answer.standing, AnswerStanding::Review, "{answer:?}");
    assert!(codes(&answer).contains(&"policy.enrolled"), "{answer:?}");
}

async fn a_ticket_is_not_believed_for_somebody_else_by_name(kind: Kind) {
    let (_fresh, desk) = desk(kind).await;
    let (learner, tablet) = (LearnerRef([7; 16]), device());
    desk.ledger().know(&named(learner, "Anna", "Bø")).await.expect("written");
    let text = ticket(&desk, learner, None).await;
    let other = send(&desk, told(0, &tablet, bob), Some(&text)).await;
    assert_eq!((other.standing, codes(&other)), (AnswerStanding::Review, vec!["ledger.learner_unsure"]));
    let record = other.record.expect("a record");
    assert_ne!(whose(&desk, record).await, learner);
    let evidence = desk.evidence(&record).await.expect("rows").expect("a record");
    let candidates = desk.candidates(record.kid, evidence.bundle.learner.as_deref()).await.expect("people");
    assert!(candidates.iter().any(|person| person.learner == learner), "whose ticket it was: {candidates:?}");
    // It is not used up by that.
    let own = send(&desk, told(1, &device(), anna), Some(&text)).await;
    assert_eq!(
        (own.standing, whose(&desk, own.record.expect("a record")).await),
        (AnswerStanding::Credited, learner)
    );
    // From another device, still somebody else.
    let third = send(&desk, told(2, &device(), bob), Some(&text)).await;
    assert_eq!(codes(&third), ["ledger.learner_unsure", "ledger.second_key"]);
    // A person says that it is hers all the same: the tablet is not asked about again.
    approve(&desk, record, learner).await;
    assert_eq!(whose(&desk, record).await, learner);
    let next = send(&desk, told(3, &tablet, anna), Some(&text)).await;
    assert_eq!(next.standing, AnswerStanding::Credited, "{next:?}");
}

async fn a_ticket_of_another_activity_is_refused(kind: Kind) {
    let (_fresh, desk) = desk(kind).await;
    let learner = LearnerRef([7; 16]);
    let sent = told(0, &device(), anna);
    let other = ticket(&desk, learner, Some("another")).await;
    match desk.submit(sent.clone(), Some(&other)).await {
        Err(IntakeError::Ticket { code, .. }) => assert_eq!(code, "ticket.activity"),
        other => panic!("{other:?}"),
    }
    assert!(desk.ledger().of_kind("received").await.expect("rows").is_empty());
    let own = ticket(&desk, learner, Some("vectors")).await;
    assert_eq!(send(&desk, sent, Some(&own)).await.standing, AnswerStanding::Credited);
}

async fn the_stranger_of_a_record_goes_when_it_is_put_down_to_another(kind: Kind) {
    let (_fresh, desk) = desk(kind).await;
    let numberless = |sheet: &mut LearnerSheet| {
        anna(sheet);
        sheet.identifiers.clear();
    };
    let listed = LearnerRef([7; 16]);
    let mut entered = named(listed, "Anna", "Bø");
    // Mistyped, on the roster or on the sheet.
    entered.birthday = Some(Birthday { month: 2, day: 28 });
    desk.ledger().know(&entered).await.expect("written");
    let unsure = send(&desk, told(0, &device(), numberless), None).await;
    assert_eq!(codes(&unsure), ["ledger.learner_unsure"]);
    let record = unsure.record.expect("a record");
    let stranger = whose(&desk, record).await;
    assert!(person(&desk, stranger).await.is_some());
    approve(&desk, record, listed).await;
    assert!(person(&desk, stranger).await.is_none(), "nobody but the name on this record");
    let given = desk.ledger().of_kind("credited").await.expect("rows").len();
    let again = send(&desk, told(1, &device(), numberless), None).await;
    assert_eq!((again.standing, codes(&again)), (AnswerStanding::Review, vec!["ledger.learner_unsure"]));
    assert_eq!(desk.ledger().of_kind("credited").await.expect("rows").len(), given);
    // One who was admitted without the roster, and may be the one whom it has since.
    let sure = send(&desk, told(2, &device(), bob), None).await;
    assert_eq!(sure.standing, AnswerStanding::Credited, "{sure:?}");
    desk.ledger().know(&named(LearnerRef([8; 16]), "Bob", "Ek")).await.expect("written");
    let near = send(&desk, told(3, &device(), bob), None).await;
    assert_eq!(codes(&near), ["ledger.learner_unsure"], "near to somebody on the roster");
}

async fn a_device_that_a_person_approved_is_not_asked_about_again(kind: Kind) {
    let (_fresh, desk) = desk(kind).await;
    let (learner, second) = (LearnerRef([7; 16]), device());
    let text = ticket(&desk, learner, None).await;
    send(&desk, told(0, &device(), anna), Some(&text)).await;
    let asked = send(&desk, told(1, &second, anna), Some(&text)).await;
    assert_eq!(codes(&asked), ["ledger.second_key"]);
    approve(&desk, asked.record.expect("a record"), learner).await;
    let bound = desk.ledger().of_learner(&learner.to_string()).await.expect("rows");
    let by_staff =
        bound.iter().filter(|row| matches!(row.entry.fact, Fact::Bound { how: Binding::Staff, .. }));
    assert_eq!(by_staff.count(), 1);
    let next = send(&desk, told(2, &second, anna), Some(&text)).await;
    assert!(!codes(&next).contains(&"ledger.second_key"), "{next:?}");
    assert_eq!(next.standing, AnswerStanding::Credited);
}

async fn what_was_withheld_at_first_comes_in_later(kind: Kind) {
    let (_fresh, desk) = desk(kind).await;
    let sent = told(0, &device(), anna);
    let whole: Bundle = serde_json::from_str(&sent).expect("a bundle");
    let held = Bundle { learner: None, consent: None, ..whole.clone() };
    let answer = send(&desk, held.encode(), None).await;
    assert_eq!(answer.standing, AnswerStanding::Review, "{answer:?}");
    let record = answer.record.expect("a record");
    assert_eq!(desk.ledger().sheets(&record).await.expect("sheets").len(), 1);
    let forged = Bundle { learner: whole.learner.as_ref().map(|text| format!("{text} ")), ..whole };
    assert_eq!(send(&desk, forged.encode(), None).await, answer);
    let parts = desk.ledger().sheets(&record).await.expect("sheets");
    assert!(parts.iter().all(|(part, _)| part != "learner"), "another sheet than was signed");
    assert_eq!(send(&desk, sent.clone(), None).await, answer);
    assert_eq!(desk.ledger().sheets(&record).await.expect("sheets").len(), 3);
    let learner = whose(&desk, record).await;
    assert_eq!(person(&desk, learner).await.expect("a person").first_name, "Anna");
    // What was erased stays away, whoever sends it.
    desk.ledger().erase(&learner, "ada").await.expect("erased");
    assert_eq!(send(&desk, sent, None).await, answer);
    assert!(desk.ledger().sheets(&record).await.expect("sheets").is_empty());
    assert!(person(&desk, learner).await.is_none());
}

async fn erasing_reaches_the_records_that_a_person_put_down_to_the_learner(kind: Kind) {
    let (fresh, desk) = desk(kind).await;
    let listed = LearnerRef([7; 16]);
    desk.ledger().know(&named(listed, "Anna", "Bø")).await.expect("written");
    let unsure = send(&desk, told(0, &device(), anna), None).await;
    assert_eq!(codes(&unsure), ["ledger.learner_unsure"]);
    let record = unsure.record.expect("a record");
    let stranger = whose(&desk, record).await;
    approve(&desk, record, listed).await;
    // As ledgers have it from before: the stranger of the record was still known.
    desk.ledger().know(&Person { roster: false, ..named(stranger, "Anna", "Bø") }).await.expect("written");
    let other = send(&desk, told(1, &device(), bob), None).await.record.expect("a record");
    assert_eq!(desk.ledger().records_of(&listed).await.expect("records"), [record]);
    desk.ledger().erase(&listed, "ada").await.expect("erased");
    assert!(person(&desk, listed).await.is_none() && person(&desk, stranger).await.is_none());
    assert!(desk.ledger().sheets(&record).await.expect("sheets").is_empty());
    assert!(!desk.ledger().sheets(&other).await.expect("sheets").is_empty(), "another's stay");
    assert!(desk.ledger().people_like("Anna").await.expect("people").is_empty());
    assert_eq!(desk.ledger().of_kind("erased").await.expect("rows").len(), 1);
    assert_eq!(desk.ledger().check_lists().await.expect("lists"), None);
    if let Database::Sqlite { .. } = desk.ledger().database() {
        // Not in a page that is free, and not in the journal.
        for file in [fresh.address.clone(), format!("{}-wal", fresh.address)] {
            let bytes = std::fs::read(&file).unwrap_or_default();
            assert!(!bytes.windows(7).any(|found| found == b"MI 0012"), "{file}");
        }
    }
}

async fn take(desk: &Intake, text: &str) -> roster::TakenRoster {
    desk.ledger().take_roster(roster::parse(text, &[]).expect("a roster"), "command").await.expect("taken")
}

async fn a_roster_keeps_what_it_does_not_say(kind: Kind) {
    let (_fresh, desk) = desk(kind).await;
    let answer = send(&desk, told(0, &device(), anna), None).await;
    let learner = whose(&desk, answer.record.expect("a record")).await;
    let before = person(&desk, learner).await.expect("a person");
    let taken = take(
        &desk,
        "first_name,last_name,birth_month,birth_day,profession,npi,license\nANNA,Bø,,,,1234567893,MI-0012\n",
    )
    .await;
    assert_eq!((taken.new, taken.known, taken.unsure.len()), (0, 1, 0));
    let after = person(&desk, learner).await.expect("a person");
    assert_eq!((after.first_name.as_str(), after.roster), ("ANNA", true));
    assert_eq!((after.birthday, &after.profession), (before.birthday, &before.profession));
    assert_eq!(after.identifiers, [number("license", "MI-0012"), number("npi", "1234567893")]);
    take(&desk, "first_name,last_name,birth_month,birth_day\nAnna,Bø,2,29\n").await;
    assert_eq!(person(&desk, learner).await.expect("a person").identifiers, after.identifiers);
    let acts: Vec<Fact> =
        desk.ledger().of_kind("acted").await.expect("rows").into_iter().map(|row| row.entry.fact).collect();
    let took = |about: &str| Fact::Acted { act: "roster_taken".to_owned(), about: about.to_owned() };
    assert_eq!(acts, [took("0 new, 1 known, 0 unsure"), took("0 new, 1 known, 0 unsure")]);
}

async fn namesakes_beyond_any_number_stay_who_they_are(kind: Kind) {
    let (_fresh, desk) = desk(kind).await;
    let mut text = "first_name,last_name,birth_month,birth_day\n".to_owned();
    for day in 0..60 {
        text += &format!("Wei,Li,{},{}\n", 1 + day / 28, 1 + day % 28);
    }
    let taken = take(&desk, &text).await;
    assert_eq!((taken.new, taken.known), (60, 0));
    let taken = take(&desk, &text).await;
    assert_eq!((taken.new, taken.known, taken.unsure.len()), (0, 60, 0));
}

async fn one_number_does_not_make_two_people_one(kind: Kind) {
    let (_fresh, desk) = desk(kind).await;
    let smith = |first: &str, day: u8| {
        let first = first.to_owned();
        move |sheet: &mut LearnerSheet| {
            (sheet.first_name, sheet.last_name) = (first, "Smith".to_owned());
            sheet.birthday = Birthday { month: 3, day };
            sheet.identifiers = vec![number("npi", "1234567893")];
        }
    };
    let answer = send(&desk, told(0, &device(), smith("Anna", 1)), None).await;
    let anna = whose(&desk, answer.record.expect("a record")).await;
    // By a record: a person looks at it.
    let answer = send(&desk, told(1, &device(), smith("Robert", 2)), None).await;
    assert_eq!(answer.standing, AnswerStanding::Review, "{answer:?}");
    assert_ne!(whose(&desk, answer.record.expect("a record")).await, anna);
    // By a roster: nobody is changed, and the line is named.
    let head = "first_name,last_name,birth_month,birth_day,npi\n";
    for line in ["Ruth,Smith,5,5,1234567893", "Ruth,Smith,,,1234567893"] {
        let taken = take(&desk, &format!("{head}{line}\n")).await;
        assert_eq!((taken.new, taken.known, taken.unsure), (0, 0, vec![2]), "{line}");
    }
    assert_eq!(person(&desk, anna).await.expect("a person").first_name, "Anna");
    // Another spelling of the first name is the same person where the birthday says so.
    let taken = take(&desk, &format!("{head}Ann,Smith,3,1,1234567893\n")).await;
    assert_eq!((taken.new, taken.known), (0, 1));
    assert_eq!(person(&desk, anna).await.expect("a person").first_name, "Ann");
}

/// A name is one whether its letters are composed or not, and so is its credit.
async fn a_name_of_composed_letters_is_the_same_name(kind: Kind) {
    let (_fresh, desk) = desk(kind).await;
    let mut learners = Vec::new();
    for (place, last) in ["M\u{fc}ller", "Mu\u{308}ller", "M\u{dc}LLER"].into_iter().enumerate() {
        let sent = told(place, &device(), |sheet| {
            (sheet.first_name, sheet.last_name) = ("Zo\u{eb}".to_owned(), last.to_owned());
            sheet.birthday = Birthday { month: 3, day: 1 };
            sheet.identifiers = Vec::new();
        });
        let answer = send(&desk, sent, None).await;
        learners.push(whose(&desk, answer.record.expect("a record")).await);
    }
    assert!(learners.iter().all(|learner| *learner == learners[0]), "{learners:?}");
}

/// Who has no number yet types a dash, and so does the next.
async fn what_is_no_number_is_nobodys(kind: Kind) {
    let (_fresh, desk) = desk(kind).await;
    let mut learners = Vec::new();
    for (place, first) in ["Anna", "Bob"].into_iter().enumerate() {
        let sent = told(place, &device(), |sheet| {
            (sheet.first_name, sheet.last_name) = (first.to_owned(), "Bø".to_owned());
            sheet.birthday = Birthday { month: 3, day: 1 };
            sheet.identifiers = vec![number("license", "-")];
        });
        let answer = send(&desk, sent, None).await;
        assert_eq!(answer.standing, AnswerStanding::Credited, "{answer:?}");
        learners.push(whose(&desk, answer.record.expect("a record")).await);
    }
    assert_ne!(learners[0], learners[1]);
    let license = IdentifierId::new("license").expect("a name");
    assert_eq!(desk.ledger().people_numbered(&license, "—").await.expect("people"), []);
    // Digits of another script are a number.
    let line = "first_name,last_name,birth_month,birth_day,license\nCem,Su,,,١٢-٣٤\n";
    assert_eq!(take(&desk, line).await.new, 1);
    let found = desk.ledger().people_numbered(&license, "١٢٣٤").await.expect("people");
    assert_eq!(found.iter().map(|person| person.first_name.as_str()).collect::<Vec<_>>(), ["Cem"]);
}

async fn a_name_that_no_form_takes_is_refused_with_its_pack_and_without(kind: Kind) {
    let (_fresh, desk) = desk(kind).await;
    let empty = tempfile::tempdir().expect("a folder");
    let other = kind.fresh();
    let without = intake_over(Ledger::open(&other.address).await.expect("a ledger"), empty.path());
    for (place, name) in ["A\u{0}B".to_owned(), "A\u{7}".to_owned(), "A".repeat(101)].into_iter().enumerate()
    {
        let sent = told(place, &device(), |sheet| sheet.last_name = name);
        for desk in [&desk, &without] {
            let answer = send(desk, sent.clone(), None).await;
            assert_eq!(answer.standing, AnswerStanding::Rejected, "{answer:?}");
            assert!(codes(&answer).contains(&"part.learner"), "{answer:?}");
            assert!(desk.ledger().of_kind("received").await.expect("rows").is_empty());
        }
    }
    // What is no JSON at all, by whoever makes records by hand.
    let mut bundle: Bundle = serde_json::from_str(&told(4, &device(), anna)).expect("a bundle");
    bundle.learner = Some("\u{0}".to_owned());
    let answer = send(&without, bundle.encode(), None).await;
    assert_eq!(answer.standing, AnswerStanding::Rejected, "{answer:?}");
    // A hundred characters are taken.
    let sent = told(5, &device(), |sheet| sheet.last_name = "ø".repeat(100));
    assert_eq!(send(&desk, sent, None).await.standing, AnswerStanding::Credited);
}

async fn the_desk_offers_the_learner_of_the_ticket_and_lists_the_record_with_them(kind: Kind) {
    let (_fresh, desk, browser) = crate::pages::desk(kind).await;
    let learner = LearnerRef([7; 16]);
    desk.ledger().know(&named(learner, "Anna", "Bø")).await.expect("written");
    let text = ticket(&desk, learner, None).await;
    let record = send(&desk, told(0, &device(), bob), Some(&text)).await.record.expect("a record");
    let rex = browser.signed_in("rex").await;
    let path = format!("/desk/records/{}/{}", record.kid, record.id);
    let page = rex.page(&path).await;
    assert!(page.contains("Whose record is it?") && page.contains(&learner.to_string()), "{page}");
    let form = [("learner", &*learner.to_string()), ("after", "1")];
    let seen = rex.post(&format!("{path}/approve"), &form).await;
    assert_eq!(seen.status, reqwest::StatusCode::SEE_OTHER, "{}", seen.body);
    assert!(rex.page(&format!("/desk/learners/{learner}")).await.contains(&path), "listed with the learner");
    let seen = rex.post("/desk/enrol", &[("first", "A\u{0}"), ("last", "B"), ("days", "30")]).await;
    assert_eq!(seen.status, reqwest::StatusCode::UNPROCESSABLE_ENTITY);
}
