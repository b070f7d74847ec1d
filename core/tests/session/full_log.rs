//! A log that is full: 4,096 lines at most, and the last 64 of them for finishing. In
//! the corpus these would be half a megabyte of heartbeats.

use enduring_core::session::{
    Broken, Command, EVENTS_MAX, EVENTS_RESERVED, Refusal, apply, begin, decide, encode, replay,
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
