//! A session over a journal in memory that fails where it is told to.

use std::cell::Cell;

use enduring_core::content::{ACTIVITY_FILE, Activity, FRONT_FILE, MANIFEST_TYP};
use enduring_core::encode::base64url;
use enduring_core::id::{Digest, ProfessionId};
use enduring_core::measure::{Minutes, Timestamp, UtcOffset};
use enduring_core::record::{
    Assurance, BUNDLE_MAX, Bundle, Compact, LearnerSheet, Place, PublicKey, SheetText, signing_input,
};
use enduring_core::session::{Event, LOG_MAX, Moment, Started, begin};
use serde_json::json;

use super::*;
use crate::store::journal::Beginning;
use crate::store::journal::tests::{Fault, Memory, now};
use crate::strings::EN;

const SESSION: SessionId = SessionId([7; 16]);
const START: i64 = 1_700_000_000_000;

/// Time goes on by a second with every look; the signature is that of nobody.
struct Bench {
    seconds: Cell<u64>,
    key_fails: Cell<bool>,
}

impl Device for Bench {
    fn wall(&self) -> Moment {
        self.seconds.set(self.seconds.get() + 1);
        let at = Timestamp(START + i64::try_from(self.seconds.get() * 1_000).expect("small"));
        Moment { at, offset: UtcOffset(60), zone: "Europe/Zurich".to_owned() }
    }

    fn monotonic(&self) -> Millis {
        Millis(self.seconds.get() * 1_000)
    }

    fn place(&self) -> Place {
        Place::OwnPage
    }

    fn key(&self) -> Later<'_, Result<(PublicKey, Assurance), Unsigned>> {
        let key = PublicKey { x: [1; 32], y: [2; 32] };
        let failed = Unsigned::Key("NotSupportedError".to_owned());
        let made = if self.key_fails.get() { Err(failed) } else { Ok((key, Assurance::Stored)) };
        Box::pin(std::future::ready(made))
    }

    fn sign<'a>(&'a self, _input: &'a str) -> Later<'a, Result<[u8; 64], Unsigned>> {
        Box::pin(std::future::ready(Ok([9; 64])))
    }
}

/// One reading of three pages, one kind of credit, no consent.
fn activity() -> Activity {
    let statement =
        |id: &str| json!({ "id": id, "version": "1", "text": [{ "paragraph": [{ "text": "Words." }] }] });
    let page = |n: u8| json!({ "title": format!("Page {n}"), "text": [] });
    let activity = json!({
        "content_version": 1, "id": "fever", "version": "1.0.0", "language": "en",
        "title": "Fever", "summary": "A summary.",
        "front": {
            "provider": { "name": "Society", "joint": null, "contact": "a@example.org", "url": null },
            "accreditation": statement("accreditation"),
            "credits": [{
                "id": "points", "name": "points", "accreditor": "Board", "accreditor_activity": "B-1",
                "maximum": 50, "step": 25, "professions": ["physician"], "designation": statement("designation"),
            }],
            "sample": null, "audience": "Physicians",
            "people": [{
                "name": "A", "credentials": "MD", "roles": ["author"], "relationships": [],
                "signed_off": "2023-01-01",
            }],
            "mitigation": [], "support": [],
            "dates": {
                "release": "2023-01-01", "review": "2023-01-01", "termination": "2030-01-01", "zone": "UTC",
                "opens": 1_600_000_000_000i64, "closes": 1_900_000_000_000i64,
            },
            "minutes": 10, "method": [], "requirements": [], "privacy": [], "bibliography": [],
            "attestation": statement("attestation"), "consents": [], "identifiers": [],
            "professions": [{ "id": "physician", "label": "Physician" }],
        },
        "policy": { "idle_cutoff": 120_000, "minimum_time": "none", "over_active": "confirm" },
        "gaps": [{ "id": "gap", "text": "A gap.", "method": "Review", "date": "2022", "source": "A source" }],
        "objectives": [{ "id": "objective", "text": "Do better.", "gap": "gap" }],
        "items": [], "banks": [], "forms": [],
        "parts": [{
            "id": "reading", "title": "Reading", "minutes": 10,
            "body": { "reading": { "pages": [page(1), page(2), page(3)] } },
        }],
    });
    serde_json::from_value(activity).expect("an activity")
}

/// Manifest and activity as the journal keeps them.
fn pack() -> (String, Vec<u8>) {
    let activity = activity();
    let bytes = postcard::to_allocvec(&activity).expect("postcard");
    let file = |path: &str, bytes: &[u8]| {
        let sha256 = Digest::of(&[bytes]);
        json!({ "path": path, "sha256": sha256, "length": bytes.len(), "media_type": "application/octet-stream" })
    };
    let manifest = json!({
        "format": "enduring-pack/1", "rules": 1, "content_version": 1, "id": "fever", "version": "1.0.0",
        "summary": {
            "title": "Fever", "summary": "A summary.", "language": "en", "audience": "Physicians",
            "provider": "Society", "minutes": 10, "credits": [], "objectives": [], "release": "2023-01-01",
            "review": "2023-01-01", "termination": "2030-01-01", "sample": null,
        },
        "opens": 1_600_000_000_000i64, "closes": 1_900_000_000_000i64,
        "files": [file(ACTIVITY_FILE, &bytes), file(FRONT_FILE, b"front")],
    });
    let input = signing_input(MANIFEST_TYP, Digest([3; 32]), manifest.to_string().as_bytes());
    (format!("{input}.{}", base64url(&[0; 64])), bytes)
}

fn content() -> Content {
    let (manifest, activity) = pack();
    let payload = crate::pack::payload_of(manifest.as_bytes()).expect("a manifest");
    Content::open(&payload, &activity).expect("a pack")
}

fn device() -> Rc<Bench> {
    Rc::new(Bench { seconds: Cell::new(0), key_fails: Cell::new(false) })
}

fn begun(device: &Bench) -> Journal<Memory> {
    let (manifest, activity) = pack();
    begun_with(
        device,
        vec![(PINNED_MANIFEST.to_owned(), manifest.into_bytes()), (PINNED_ACTIVITY.to_owned(), activity)],
    )
}

fn begun_with(device: &Bench, pinned: Vec<(String, Vec<u8>)>) -> Journal<Memory> {
    let content = content();
    let started = Started {
        session: SESSION,
        pack: content.digest(),
        activity: content.activity().id.clone(),
        version: "1.0.0".to_owned(),
        rules: 1,
        player: PLAYER.to_owned(),
        mode: Mode::Credit,
    };
    let Moment { at, offset, zone } = device.wall();
    let entry = Entry { n: 1, at, offset, zone, active: Millis(0), event: Event::Started(started) };
    begin(&content, &entry).expect("a beginning");
    let journal = Journal::over(Memory::default());
    let beginning = Beginning {
        session: SESSION,
        pack: content.digest(),
        summary: Summary {
            activity: "fever".to_owned(),
            version: "1.0.0".to_owned(),
            title: "Fever".to_owned(),
            step: "Before you start".to_owned(),
            minutes_left: Minutes(12),
            updated: at,
            sample: None,
        },
        pinned,
        line: encode(&entry),
    };
    now(journal.create(beginning)).expect("a session");
    journal
}

fn writer(journal: &Journal<Memory>, device: &Rc<Bench>) -> Live<Memory> {
    let device = Rc::clone(device) as Rc<dyn Device>;
    let live = now(Live::open(journal.clone(), SESSION, None, device, naming(&EN))).expect("a session");
    live.set_role(Role::Writer);
    attempt(&live, Command::Resume { player: PLAYER.to_owned() });
    live
}

fn attempt(live: &Live<Memory>, command: Command) {
    live.give(Step::Try(command, Vec::new()));
    now(live.pump());
}

fn n(live: &Live<Memory>) -> u32 {
    live.snapshot().head.n
}

/// To the claim.
fn read_all(live: &Live<Memory>) {
    for command in [
        Command::ShowFrontMatter,
        Command::AcknowledgeFrontMatter,
        Command::EnterPart,
        Command::TurnTo { page: 1 },
        Command::TurnTo { page: 2 },
        Command::FinishPart,
    ] {
        attempt(live, command);
        assert_eq!((live.snapshot().saving, live.snapshot().said), (Saving::Saved, None));
    }
}

#[test]
fn what_was_opened_before_is_taken_for_its_own_pack_alone() {
    let device = device();
    // Nothing is pinned: the session opens with what is handed on, or not at all.
    let journal = begun_with(&device, Vec::new());
    let open = |opened: Option<Content>| {
        let device = Rc::clone(&device) as Rc<dyn Device>;
        now(Live::open(journal.clone(), SESSION, opened, device, naming(&EN))).map(|live| n(&live))
    };
    assert_eq!(open(Some(content())), Ok(1));
    let (manifest, activity) = pack();
    let payload = crate::pack::payload_of(manifest.as_bytes()).expect("a manifest");
    let other = String::from_utf8(payload).expect("a text").replace("\"length\":5,", "\"length\":6,");
    let other = Content::open(other.as_bytes(), &activity).expect("another pack");
    for opened in [None, Some(other)] {
        assert!(matches!(open(opened), Err(Unusable::Pack { .. })));
    }
}

#[test]
fn nothing_is_shown_that_is_not_committed() {
    let device = device();
    let journal = begun(&device);
    let live = writer(&journal, &device);
    let before = live.snapshot();
    journal.backend().fail_next(Fault::Aborted);
    attempt(&live, Command::ShowFrontMatter);
    let failed = live.snapshot();
    assert_eq!(failed.saving, Saving::Failed(StoreError::Quota));
    assert_eq!((failed.head, &failed.state), (before.head, &before.state));
    assert!(live.has_unsaved());
    live.retry();
    now(live.pump());
    assert_eq!((live.snapshot().saving, n(&live)), (Saving::Saved, before.head.n + 1));
    assert_eq!(now(journal.log(SESSION)).expect("a log").head, live.snapshot().head);
}

#[test]
fn an_answer_that_was_lost_on_its_way_back_is_not_written_twice() {
    let device = device();
    let journal = begun(&device);
    let live = writer(&journal, &device);
    let before = n(&live);
    journal.backend().fail_next(Fault::AnswerLost);
    attempt(&live, Command::ShowFrontMatter);
    assert_eq!(live.snapshot().saving, Saving::Failed(StoreError::ConnectionLost));
    live.retry();
    now(live.pump());
    // Stamped anew, so not the line that was written: what is there is read, and the learner is asked again.
    assert_eq!(live.snapshot().said, Some(Said::MovedOn));
    assert_eq!(n(&live), before + 1);
    assert_eq!(live.snapshot().state.phase, enduring_core::session::Phase::FrontMatterShown);
}

#[test]
fn a_new_answer_takes_the_place_of_one_that_failed() {
    let device = device();
    let journal = begun(&device);
    let live = writer(&journal, &device);
    for command in [Command::ShowFrontMatter, Command::AcknowledgeFrontMatter, Command::EnterPart] {
        attempt(&live, command);
    }
    let before = n(&live);
    journal.backend().fail_next(Fault::Aborted);
    attempt(&live, Command::TurnTo { page: 1 });
    live.give(Step::Note(Command::Beat));
    attempt(&live, Command::TurnTo { page: 0 });
    assert_eq!((n(&live), live.snapshot().saving), (before + 1, Saving::Saved));
    let log = now(journal.log(SESSION)).expect("a log").lines.join("\n");
    assert!(log.contains(r#"{"page_shown":{"page":0}}"#) && !log.contains(r#""page":1"#), "{log}");
}

#[test]
fn an_order_that_failed_is_not_replaced_by_another() {
    let step = |command: serde_json::Value| {
        Step::Try(serde_json::from_value(command).expect("a command"), Vec::new())
    };
    let act =
        |action: &str, dose: serde_json::Value| step(json!({ "act": { "action": action, "dose": dose } }));
    let dose = json!({ "amount": "0.5", "route": "im" });
    let open = |entry: &str| step(json!({ "open_chart": { "entry": entry } }));
    for (one, other, expected) in [
        (act("epinephrine", dose.clone()), act("oxygen", json!(null)), false),
        (act("epinephrine", dose), act("epinephrine", json!(null)), true),
        (open("history"), open("chest-film"), false),
        (open("history"), open("history"), true),
        (step(json!({ "turn_to": { "page": 1 } })), step(json!({ "turn_to": { "page": 2 } })), true),
        (act("oxygen", json!(null)), open("oxygen"), false),
    ] {
        assert_eq!(anew(&one, &other), expected, "{one:?} {other:?}");
    }
}

#[test]
fn a_step_that_failed_is_given_again_before_what_waits_behind_it() {
    let device = device();
    let journal = begun(&device);
    let live = writer(&journal, &device);
    let before = n(&live);
    journal.backend().fail_next(Fault::Aborted);
    live.give(Step::Try(Command::ShowFrontMatter, Vec::new()));
    live.give(Step::Try(Command::AcknowledgeFrontMatter, Vec::new()));
    now(live.pump());
    assert_eq!((live.snapshot().saving, n(&live)), (Saving::Failed(StoreError::Quota), before));
    attempt(&live, Command::ShowFrontMatter);
    assert_eq!((live.snapshot().saving, live.snapshot().said), (Saving::Saved, None));
    assert_eq!(n(&live), before + 2);
}

#[test]
fn a_second_press_before_the_commit_is_not_written() {
    let device = device();
    let journal = begun(&device);
    let live = writer(&journal, &device);
    let before = n(&live);
    for step in [
        Step::Try(Command::ShowFrontMatter, Vec::new()),
        Step::Note(Command::Hide),
        Step::Note(Command::Show),
        Step::Try(Command::ShowFrontMatter, Vec::new()),
        Step::Note(Command::Hide),
    ] {
        live.give(step);
    }
    now(live.pump());
    assert_eq!((n(&live), live.snapshot().said), (before + 4, None));
    let log = now(journal.log(SESSION)).expect("a log").lines;
    let last = log.last().expect("a line");
    assert!(last.contains("hidden"), "hidden, seen and hidden again, as it was: {last}");
}

#[test]
fn pages_are_told_once_for_a_commit_and_before_it_only_where_it_lasts() {
    let device = device();
    let journal = begun(&device);
    let live = Rc::new(writer(&journal, &device));
    let told = Rc::new(std::cell::RefCell::new(Vec::new()));
    let (heard, of) = (Rc::clone(&told), Rc::downgrade(&live));
    live.on_change(move || heard.borrow_mut().extend(of.upgrade().map(|live| live.snapshot().saving)));
    attempt(&live, Command::ShowFrontMatter);
    assert_eq!(told.take(), [Saving::Saved]);
    live.lasts();
    assert_eq!(told.take(), []);
    live.give(Step::Try(Command::AcknowledgeFrontMatter, Vec::new()));
    live.lasts();
    journal.backend().fail_next(Fault::Aborted);
    now(live.pump());
    live.retry();
    now(live.pump());
    let failed = Saving::Failed(StoreError::Quota);
    assert_eq!(told.take(), [Saving::Saving, failed, Saving::Saving, Saving::Saved]);
}

#[test]
fn a_stale_tab_reads_before_it_writes() {
    let device = device();
    let journal = begun(&device);
    let (one, other) = (writer(&journal, &device), writer(&journal, &device));
    // The second resumed after the first: the first is stale.
    attempt(&one, Command::ShowFrontMatter);
    assert_eq!(one.snapshot().said, Some(Said::MovedOn));
    assert_eq!(n(&one), n(&other));
    attempt(&one, Command::ShowFrontMatter);
    assert_eq!((one.snapshot().said, n(&one)), (None, n(&other) + 1));
    now(other.catch_up()).expect("the log");
    assert_eq!(other.snapshot().state, one.snapshot().state);
}

#[test]
fn a_reader_writes_nothing() {
    let device = device();
    let journal = begun(&device);
    let live = writer(&journal, &device);
    live.set_role(Role::Reader);
    let before = n(&live);
    attempt(&live, Command::ShowFrontMatter);
    assert_eq!(n(&live), before);
}

#[test]
fn what_waits_to_be_tried_again_outlives_reading_along() {
    let device = device();
    let journal = begun(&device);
    let live = writer(&journal, &device);
    let before = n(&live);
    journal.backend().fail_next(Fault::Aborted);
    attempt(&live, Command::ShowFrontMatter);
    let failed = live.snapshot().saving;
    assert!(matches!(failed, Saving::Failed(_)) && live.has_unsaved());
    live.set_role(Role::Reader);
    assert_eq!((live.snapshot().saving, live.has_unsaved()), (failed, true));
    live.set_role(Role::Writer);
    live.retry();
    now(live.pump());
    assert_eq!((live.snapshot().saving, n(&live)), (Saving::Saved, before + 1));
}

#[test]
fn a_refusal_is_said_and_leaves_everything_as_it_was() {
    let device = device();
    let journal = begun(&device);
    let live = writer(&journal, &device);
    let before = live.snapshot();
    attempt(&live, Command::EnterPart);
    let after = live.snapshot();
    assert_eq!(after.said, Some(Said::Refused(Refusal::FrontMatterFirst)));
    assert_eq!((after.head, after.saving), (before.head, Saving::Saved));
}

#[test]
fn time_goes_on_where_the_log_ends_and_only_while_visible() {
    let device = device();
    let journal = begun(&device);
    let live = writer(&journal, &device);
    attempt(&live, Command::ShowFrontMatter);
    let counted = live.snapshot().state.clock.claimed;
    assert!(counted > Millis(0));
    live.hide();
    device.seconds.set(device.seconds.get() + 3_600);
    assert!(live.active().0 < counted.0 + 10_000);
    let again = writer(&journal, &device);
    assert!(again.snapshot().state.clock.claimed >= counted);
    assert!(again.snapshot().state.clock.claimed.0 < counted.0 + 10_000);
}

/// From the claim to where it can be signed; with the learner sheet.
fn attested(live: &Live<Memory>) -> SheetText {
    let sheet = SheetText::of(&LearnerSheet {
        salt: "00".repeat(16),
        first_name: "A".to_owned(),
        last_name: "B".to_owned(),
        profession: ProfessionId::new("physician").expect("a name"),
        birthday: enduring_core::record::Birthday { month: 3, day: 14 },
        identifiers: Vec::new(),
    });
    let describe = Command::Describe {
        sheet: sheet.digest,
        profession: ProfessionId::new("physician").expect("a name"),
    };
    live.give(Step::Try(describe, vec![(LEARNER.to_owned(), sheet.text.clone())]));
    attempt(live, Command::Claim { claims: Vec::new() });
    attempt(live, Command::Attest);
    sheet
}

#[test]
fn the_last_event_and_the_record_are_one() {
    let device = device();
    let journal = begun(&device);
    let live = writer(&journal, &device);
    read_all(&live);
    let sheet = attested(&live);
    let before = n(&live);

    device.key_fails.set(true);
    live.give(Step::Sign);
    now(live.pump());
    assert!(matches!(live.snapshot().saving, Saving::Unsigned(Unsigned::Key(_))));
    assert_eq!(now(journal.record(SESSION)).expect("the store"), None);
    assert_eq!(n(&live), before);

    device.key_fails.set(false);
    live.give(Step::Sign);
    now(live.pump());
    assert_eq!((live.snapshot().saving, n(&live)), (Saving::Saved, before + 1));
    let text = now(journal.record(SESSION)).expect("the store").expect("a record");
    let bundle: Bundle = serde_json::from_str(&text).expect("a bundle");
    let log = now(journal.log(SESSION)).expect("a log");
    assert_eq!(bundle.log, format!("{}\n", log.lines.join("\n")));
    assert_eq!(bundle.learner, Some(sheet.text));
    let record = Compact::parse(&bundle.record, enduring_core::record::RECORD_TYP).expect("a record");
    let payload: enduring_core::record::Payload = serde_json::from_slice(&record.payload).expect("a payload");
    assert_eq!((payload.log.length, payload.log.head), (log.head.n, log.head.hash));
    assert_eq!(now(journal.session(SESSION)).expect("a row").stage, crate::store::journal::Stage::Finished);
}

/// Lines of whatever length that is allowed do not come to a record that is too large for everybody.
#[test]
fn a_log_that_takes_its_room_can_only_be_finished() {
    let device = device();
    let journal = begun(&device);
    let live = writer(&journal, &device);
    for command in [Command::ShowFrontMatter, Command::AcknowledgeFrontMatter, Command::EnterPart] {
        attempt(&live, command);
    }
    attempt(&live, Command::TurnTo { page: 1 });
    attempt(&live, Command::TurnTo { page: 2 });
    let long = || Command::Resume { player: "\\".repeat(1_900) };
    let room = |live: &Live<Memory>| live.inner.borrow().bundled <= LOG_MAX;
    while room(&live) {
        attempt(&live, long());
        assert_eq!(live.snapshot().said, None);
    }
    let full = |live: &Live<Memory>| {
        let before = live.snapshot().head;
        attempt(live, Command::TurnTo { page: 0 });
        live.give(Step::Note(Command::Hide));
        now(live.pump());
        assert_eq!(live.snapshot().said, Some(Said::Refused(Refusal::LogFull)));
        assert_eq!(live.snapshot().head, before);
    };
    full(&live);
    // Also where it is taken up anew, and where another page has filled it.
    let again = writer(&journal, &device);
    full(&again);
    now(live.catch_up()).expect("the log");
    full(&live);
    assert_eq!(live.inner.borrow().bundled, again.inner.borrow().bundled);
    attempt(&live, Command::FinishPart);
    attested(&live);
    live.give(Step::Sign);
    now(live.pump());
    assert_eq!((live.snapshot().saving, live.snapshot().said), (Saving::Saved, None));
    let text = now(journal.record(SESSION)).expect("the store").expect("a record");
    assert!(text.len() > LOG_MAX && text.len() <= BUNDLE_MAX, "{} bytes", text.len());
    let over = now(Live::open(journal, SESSION, None, device, naming(&EN))).expect("a session");
    assert_eq!(over.inner.borrow().bundled, live.inner.borrow().bundled);
}
