//! A log that is full: 4,096 lines at most, and the last 64 of them for finishing. In
//! the corpus these would be half a megabyte of heartbeats.

use enduring_core::id::{CreditId, Digest, ItemId, OptionId, ProfessionId, StatementId};
use enduring_core::json;
use enduring_core::measure::{Credit, Millis, Timestamp, UtcOffset};
use enduring_core::record::{
    BUNDLE_MAX, Bundle, EvaluationAnswer, EvaluationReply, EvaluationSheet, PublicKey,
};
use enduring_core::session::{
    Broken, Claim, Command, EVENTS_MAX, EVENTS_RESERVED, Entry, Event, LINE_MAX, LOG_MAX, Refusal, Response,
    WAIT_MAX, apply, begin, bundled, decide, encode, replay, room,
};

use super::learner::{Device, Wait, rightly};
use super::packs;

#[test]
fn the_last_lines_are_kept_for_finishing() {
    let content = packs::named("small");
    let mut device = Device::default();
    let first = device.start(&content, 1);
    let mut state = begin(&content, &first).expect("a session begins");
    let mut log = encode(&first) + "\n";
    let mut go = |command: Command, device: &mut Device| {
        device.pass(Wait::Visible(60_000));
        let entry = decide(&content, &state, command, device.stamp())?;
        apply(&content, &mut state, &entry)?;
        log.push_str(&encode(&entry));
        log.push('\n');
        Ok::<u32, Refusal>(entry.n)
    };
    go(Command::ShowFrontMatter, &mut device).expect("shown");
    go(Command::AcknowledgeFrontMatter, &mut device).expect("acknowledged");
    let mut last = 3;
    while let Ok(n) = go(Command::Beat, &mut device) {
        last = n;
    }
    assert_eq!(last, EVENTS_MAX - EVENTS_RESERVED, "the last of the others");
    assert_eq!(go(Command::Hide, &mut device), Err(Refusal::LogFull));
    assert_eq!(go(Command::Resume { player: "1.0.1".to_owned() }, &mut device), Ok(last + 1));
    assert_eq!(go(Command::EnterPart, &mut device), Ok(last + 2));
    assert_eq!(go(Command::TurnTo { page: 0 }, &mut device), Err(Refusal::LogFull));
    for n in last + 3..=EVENTS_MAX {
        assert_eq!(go(Command::Resume { player: "1.0.1".to_owned() }, &mut device), Ok(n));
    }
    assert_eq!(go(Command::FinishPart, &mut device), Err(Refusal::LogFull), "nothing comes after the last");

    let whole = replay(&content, &log);
    assert_eq!((whole.broken, whole.head.map(|head| head.n)), (None, Some(EVENTS_MAX)));
    device.pass(Wait::Visible(1));
    let more = log + &encode(&device.entry(EVENTS_MAX + 1, enduring_core::session::Event::Heartbeat));
    let broken = replay(&content, &more).broken;
    assert_eq!(broken, Some((EVENTS_MAX + 1, Broken::Refused(Refusal::LogFull))));
}

#[test]
fn a_session_can_be_finished_in_the_lines_that_are_kept() {
    let content = packs::named("small");
    let mut device = Device::default();
    let mut state = begin(&content, &device.start(&content, 1)).expect("a session begins");
    let mut go = |command: Command| {
        device.pass(Wait::Visible(60_000));
        let entry = decide(&content, &state, command, device.stamp()).expect("taken");
        apply(&content, &mut state, &entry).expect("applied");
        (entry.n, rightly(&content, &state))
    };
    go(Command::ShowFrontMatter);
    let (mut n, mut next) = go(Command::AcknowledgeFrontMatter);
    while n < EVENTS_MAX - EVENTS_RESERVED {
        (n, next) = go(Command::Beat);
    }
    while let Some(command) = next {
        (n, next) = go(command);
    }
    assert!(n < EVENTS_MAX, "completed at {n}");
}

/// As long as such an entry gets; no name is longer than 64 characters.
fn longest(event: Event) -> Entry {
    Entry {
        n: EVENTS_MAX,
        at: Timestamp(9_999_999_999_999),
        offset: UtcOffset(-720),
        zone: "z".repeat(64),
        active: Millis(9_999_999_999_999),
        event,
    }
}

fn name() -> String {
    "n".repeat(64)
}

/// Events that finish a session: those of which there are many, then the longest one.
fn finishing() -> [Event; 4] {
    let digest = Digest([9; 32]);
    let claim = || Claim { credit: CreditId::new(name()).expect("a name"), amount: Credit(u32::MAX) };
    [
        Event::QuestionAnswered { question: ItemId::new(name()).expect("a name"), answer: digest },
        Event::LearnerDescribed { sheet: digest, profession: ProfessionId::new(name()).expect("a name") },
        Event::Attested { statement: StatementId::new(name()).expect("a name"), version: "v".repeat(64) },
        Event::Claimed { claims: (0..16).map(|_| claim()).collect() },
    ]
}

#[test]
fn what_a_line_takes_in_a_bundle_is_what_is_written() {
    for line in ["", "{}", r#"{"n":1,"zone":"a\\b","event":"hidden"}"#, "\u{fc}\u{1F600}"] {
        let written = json::write(&format!("{line}\n")).len() - r#""""#.len();
        assert_eq!(bundled(line), written, "{line}");
    }
}

/// Longest lines up to the last byte, then what finishing takes and what goes with a log: still a record that is taken.
#[test]
fn a_log_that_takes_its_room_fits_into_a_bundle_with_all_that_comes_after_it() {
    let mut log = String::new();
    let mut size = 0;
    let mut add = |line: &str| {
        size += bundled(line);
        log.push_str(line);
        log.push('\n');
        size
    };
    let picks = (0..40).map(|_| OptionId::new(name()).expect("a name")).collect();
    let item = ItemId::new(name()).expect("a name");
    let answer = longest(Event::Answered { item, response: Response::Choices(picks), certainty: None });
    let line = encode(&answer);
    assert!(line.len() <= LINE_MAX);
    let mut lines = 0;
    while room(add(&line), &answer) == Ok(()) {
        lines += 1;
    }
    assert!(lines < EVENTS_MAX - EVENTS_RESERVED, "{lines} lines");
    let [question, ..] = finishing();
    for event in std::iter::repeat_n(question, EVENTS_RESERVED as usize).chain(finishing()) {
        let entry = longest(event);
        assert_eq!(room(add(&encode(&entry)), &entry), Ok(()));
    }
    let mut bundle = Bundle::new("r".repeat(64 * 1024), log, PublicKey { x: [1; 32], y: [2; 32] }.jwk());
    let words = |_| {
        let reply = EvaluationReply::Text("\"Words\", on two\nlines. ".repeat(166));
        let question = ItemId::new(name()).expect("a name");
        json::write(&EvaluationAnswer { salt: "00".repeat(16), question, reply })
    };
    bundle.evaluation = Some(json::write(&EvaluationSheet { answers: (0..16).map(words).collect() }));
    bundle.learner = Some("l".repeat(8 * 1024));
    bundle.consent = Some("c".repeat(8 * 1024));
    let size = bundle.encode().len();
    assert!(size <= BUNDLE_MAX, "{size} bytes");
}

#[test]
fn what_runs_by_itself_does_not_eat_what_is_kept_for_finishing() {
    let may = |event: Event| room(LOG_MAX + 1, &longest(event));
    for event in finishing().into_iter().chain([Event::Completed, Event::PatientWaited { seconds: WAIT_MAX }])
    {
        assert_eq!(may(event.clone()), Ok(()), "{event:?}");
    }
    for event in
        [Event::Heartbeat, Event::Hidden, Event::PatientWaited { seconds: 1 }, Event::PatientRestarted]
    {
        assert_eq!(may(event.clone()), Err(Refusal::LogFull), "{event:?}");
        assert_eq!(room(LOG_MAX, &longest(event)), Ok(()));
    }
}
