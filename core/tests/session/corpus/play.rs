//! Plays a case, and holds what must hold of every session.

use chrono::DateTime;
use enduring_core::content::RULES;
use enduring_core::measure::{Millis, Timestamp, UtcOffset};
use enduring_core::session::{
    Broken, Entry, Event, Refusal, Replay, Stamp, Started, State, Visibility, decide, encode, origin, replay,
    replay_on,
};
use serde::Serialize;

use super::case::Case;
use super::scene;
use super::step::{Start, Step};

/// A line of `expected.jsonl`.
#[derive(Serialize)]
pub struct Line {
    step: usize,
    #[serde(flatten)]
    result: Tried,
    /// What may be seen afterwards.
    #[serde(skip_serializing_if = "Option::is_none")]
    view: Option<scene::Seen>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Tried {
    Accepted { n: u32, event: Event },
    Refused { refused: &'static str, why: String },
    Malformed { malformed: String },
}

pub struct Played {
    pub lines: Vec<Line>,
    pub log: String,
    pub replay: Replay,
    pub refused: Vec<Refusal>,
    /// Broken promises.
    broken: Vec<String>,
}

/// The device of the learner.
struct Device {
    at: i64,
    offset: i16,
    zone: String,
    active: u64,
}

impl Device {
    fn stamp(&self) -> Stamp {
        Stamp {
            at: Timestamp(self.at),
            offset: UtcOffset(self.offset),
            zone: self.zone.clone(),
            active: Millis(self.active),
        }
    }

    fn entry(&self, n: u32, event: Event) -> Entry {
        let Stamp { at, offset, zone, active } = self.stamp();
        Entry { n, at, offset, zone, active, event }
    }

    fn pass(&mut self, step: &Step, state: Option<&State>) {
        let visible = state.is_none_or(|state| state.clock.visibility == Visibility::Visible);
        let active = step.active.map_or(if visible { step.after.0.max(0) } else { 0 }, |span| span.0);
        self.at += step.after.0;
        self.active = self.active.saturating_add_signed(active);
        self.offset = step.offset.unwrap_or(self.offset);
        if let Some(zone) = &step.zone {
            self.zone.clone_from(zone);
        }
        if let Some(text) = step.start.as_ref().and_then(|start| start.at.as_ref()) {
            let at = DateTime::parse_from_rfc3339(text).expect("RFC 3339");
            self.at = at.timestamp_millis();
            self.offset = i16::try_from(at.offset().local_minus_utc() / 60).expect("minutes");
        }
    }
}

pub fn play(case: &Case) -> Played {
    let mut played = Played {
        lines: Vec::new(),
        log: String::new(),
        replay: Replay { state: None, head: None, broken: None },
        refused: Vec::new(),
        broken: Vec::new(),
    };
    let mut device = Device {
        at: DateTime::parse_from_rfc3339("2026-03-02T09:00:00-05:00").expect("RFC 3339").timestamp_millis(),
        offset: -300,
        zone: "America/New_York".to_owned(),
        active: 0,
    };
    for (place, step) in case.steps.iter().enumerate() {
        device.pass(step, played.replay.state.as_ref());
        let result = played.step(case, &device, step);
        let view = played.replay.state.as_ref().map(|state| scene::seen(&case.content, state));
        let view = view.filter(|_| matches!(result, Tried::Accepted { .. }));
        played.lines.push(Line { step: place + 1, result, view });
    }
    played
}

impl Played {
    fn step(&mut self, case: &Case, device: &Device, step: &Step) -> Tried {
        let n = step.n.unwrap_or(self.replay.head.map_or(1, |head| head.n + 1));
        let line = match (&step.start, &step.command, &step.forge, &step.line) {
            (Some(start), None, None, None) => encode(&device.entry(n, Event::Started(started(case, start)))),
            (None, Some(command), None, None) => {
                let state = self.replay.state.as_ref().expect("a start before a command");
                let before = state.clone();
                let decided = decide(&case.content, state, command.clone(), device.stamp());
                if *state != before {
                    self.broken.push(format!("{}: decide changed the state", case.name));
                }
                match decided {
                    Ok(entry) => encode(&entry),
                    Err(refusal) => return self.refuse(refusal),
                }
            }
            (None, None, Some(event), None) => encode(&device.entry(n, event.clone())),
            (None, None, None, Some(line)) => line.clone(),
            _ => panic!("{}: expected one of start, do, forge and line in a step", case.name),
        };
        self.take(case, &line)
    }

    /// What a replay makes of one more line.
    fn take(&mut self, case: &Case, line: &str) -> Tried {
        let before = self.replay.clone();
        let after = replay_on(&case.content, before.clone(), [line]);
        let Some((_, broken)) = after.broken else {
            let entry: Entry = serde_json::from_str(line).expect("an accepted line is an entry");
            if encode(&entry) != line {
                self.broken.push(format!("{}: written anew, a line differs: {line}", case.name));
            }
            self.log.push_str(line);
            self.log.push('\n');
            self.replay = after;
            return Tried::Accepted { n: entry.n, event: entry.event };
        };
        if (after.state, after.head) != (before.state, before.head) {
            self.broken.push(format!("{}: a refused line changed the state: {line}", case.name));
        }
        match broken {
            Broken::Refused(refusal) => self.refuse(refusal),
            Broken::Malformed { .. } | Broken::TooLong { .. } => {
                Tried::Malformed { malformed: broken.to_string() }
            }
        }
    }

    fn refuse(&mut self, refusal: Refusal) -> Tried {
        self.refused.push(refusal);
        Tried::Refused { refused: refusal.code(), why: refusal.to_string() }
    }
}

fn started(case: &Case, start: &Start) -> Started {
    let activity = case.content.activity();
    Started {
        session: start.session,
        pack: start.pack.unwrap_or(case.content.digest()),
        activity: activity.id.clone(),
        version: start.version.clone().unwrap_or_else(|| activity.version.clone()),
        rules: start.rules.unwrap_or(RULES),
        player: "1.0.0".to_owned(),
        mode: start.mode,
    }
}

/// What must hold of every session: the whole log gives the same as its lines one by
/// one, any beginning and its rest give the same, and the chain begins at the seed.
pub fn promises(case: &Case, played: &Played) -> Vec<String> {
    let mut broken = played.broken.clone();
    let mut hold = |holds: bool, words: &str| {
        if !holds {
            broken.push(format!("{}: {words}", case.name));
        }
    };
    let ends = |replay: &Replay| (replay.state.clone(), replay.head, replay.broken.clone());
    let whole = replay(&case.content, &played.log);
    hold(ends(&whole) == ends(&played.replay), "the whole log gives another end than its lines");
    let lines: Vec<&str> = played.log.lines().collect();
    for cut in 0..=lines.len() {
        let (first, rest) = lines.split_at(cut);
        let prefix = replay(&case.content, &first.join("\n"));
        let joined = replay_on(&case.content, prefix, rest.iter().copied());
        hold(ends(&joined) == ends(&whole), &format!("{cut} lines and the rest give another end"));
    }
    if let Some(state) = &whole.state {
        let seed = origin(state.started.pack, state.started.session);
        hold(state.seed == seed, "the seed is not h0");
        let bytes = postcard::to_allocvec(state).expect("postcard writes");
        hold(postcard::from_bytes::<State>(&bytes).as_ref() == Ok(state), "a state differs once read back");
    }
    broken
}
