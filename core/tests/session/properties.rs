//! What holds of every session, over sessions by chance in every pack of the corpus.

use enduring_core::content::{Content, TestRole};
use enduring_core::id::Digest;
use enduring_core::measure::{Minutes, Points};
use enduring_core::score::report;
use enduring_core::session::view::{LookedBack, NextAttempt, Scene, StepStatus, comparison, look_back, view};
use enduring_core::session::{
    Command, Entry, Event, LINE_MAX, Phase, Refusal, Replay, State, apply, begin, decide, encode, replay,
    replay_on,
};
use proptest::prelude::*;

use super::learner::{Device, Move, Wait, moves, offered, rightly, wild};
use super::packs;

/// A session by chance.
pub struct Walk {
    pub content: Content,
    pub lines: Vec<String>,
    pub state: State,
    pub device: Device,
}

/// Follows the moves, with `look` at every state, accepted or refused.
pub fn walk(content: &Content, session: u8, moves: &[Move], mut look: impl FnMut(&State, &[String])) -> Walk {
    let mut device = Device::default();
    let first = device.start(content, session);
    let mut state = begin(content, &first).expect("a session begins");
    let mut lines = vec![encode(&first)];
    for Move { pick, how, wait } in moves {
        device.pass(*wait);
        let offered = offered(content, &state, *how);
        // Three of eight tries lead on, so that sessions get far; one is something that
        // nobody offers.
        let command = match pick % 8 {
            0..=2 => rightly(content, &state).unwrap_or(Command::Beat),
            7 => wild(content, *how),
            _ => offered.get(*pick as usize / 8 % offered.len().max(1)).cloned().unwrap_or(Command::Beat),
        };
        let before = state.clone();
        let decided = decide(content, &state, command.clone(), device.stamp());
        assert_eq!(state, before, "decide changed the state");
        match decided {
            Ok(entry) => {
                forge(content, &mut state, &entry);
                assert_eq!(apply(content, &mut state, &entry), Ok(()), "decided, then refused: {command:?}");
                lines.push(line(&entry));
            }
            Err(refusal) => {
                let forged = device.entry(state.n + 1, event_of(&command));
                match apply(content, &mut state, &forged) {
                    Ok(()) => panic!("{command:?} was refused with {refusal:?}, its event was not"),
                    Err(_) => assert_eq!(state, before, "a refused event changed the state"),
                }
            }
        }
        look(&state, &lines);
    }
    Walk { content: content.clone(), lines, state, device }
}

/// A line, which reads back to the very same.
fn line(entry: &Entry) -> String {
    let line = encode(entry);
    assert!(line.len() <= LINE_MAX, "{} bytes", line.len());
    let read: Entry = serde_json::from_str(&line).expect("an entry reads back");
    assert_eq!((&read, encode(&read)), (entry, line.clone()));
    line
}

/// Changes of an entry that no rule can allow.
fn forge(content: &Content, state: &mut State, entry: &Entry) {
    let before = state.clone();
    let forged = [
        (Entry { n: entry.n + 1, ..entry.clone() }, Refusal::OutOfSequence),
        (Entry { n: state.n, ..entry.clone() }, Refusal::OutOfSequence),
        (Entry { zone: String::new(), ..entry.clone() }, Refusal::BadClock),
    ];
    for (forged, refusal) in forged {
        assert_eq!(apply(content, state, &forged), Err(refusal));
        assert_eq!(*state, before, "a refused event changed the state");
    }
}

/// Some event in place of a command that was refused; the same kind where it has no
/// more in it than the command.
fn event_of(command: &Command) -> Event {
    match command.clone() {
        Command::Hide => Event::Hidden,
        Command::Show => Event::Visible,
        Command::TurnTo { page } => Event::PageShown { page },
        Command::GoTo { item } => Event::ItemShown { item },
        Command::Answer { item, response, certainty } => Event::Answered { item, response, certainty },
        Command::ExpireAttempt => Event::AttemptExpired,
        Command::Submit => Event::AttemptSubmitted,
        Command::OpenChart { entry } => Event::ChartOpened { entry },
        Command::Follow { link } => Event::LinkFollowed { link },
        Command::RestartCase => Event::CaseRestarted,
        Command::Act { action, dose } => Event::PatientActed { action, dose },
        Command::Wait { seconds } => Event::PatientWaited { seconds },
        Command::Reflect { view } => Event::PatientReflected { view },
        Command::RestartPatient => Event::PatientRestarted,
        Command::AnswerQuestion { question, answer } => Event::QuestionAnswered { question, answer },
        Command::Claim { claims } => Event::Claimed { claims },
        Command::Complete => Event::Completed,
        // What these would note depends on the state, or is refused by its length alone.
        Command::Resume { .. }
        | Command::Beat
        | Command::ShowFrontMatter
        | Command::AcknowledgeFrontMatter
        | Command::EnterPart
        | Command::StartAttempt
        | Command::ExpireItem
        | Command::Decide { .. }
        | Command::FinishPart
        | Command::Describe { .. }
        | Command::AnswerConsents { .. }
        | Command::Attest => {
            let digest = Digest([0; 32]);
            Event::FrontMatterAcknowledged { digest }
        }
    }
}

pub fn contents() -> Vec<Content> {
    packs::all().iter().map(|pack| packs::open(&pack.activity).expect("a pack opens")).collect()
}

/// A pack that prints its name alone.
#[derive(Clone)]
pub struct Named(pub Content);

impl std::fmt::Debug for Named {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0.activity().id.as_str())
    }
}

pub fn any_pack() -> impl Strategy<Value = Named> {
    prop::sample::select(contents().into_iter().map(Named).collect::<Vec<_>>())
}

fn ends(replay: &Replay) -> impl PartialEq + std::fmt::Debug + use<> {
    (replay.state.clone(), replay.head, replay.broken.clone())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn a_beginning_and_its_rest_are_the_whole(
        Named(content) in any_pack(), session in 0u8..8, moves in moves(60), cut in any::<prop::sample::Index>()
    ) {
        let walk = walk(&content, session, &moves, |_, _| {});
        let whole = replay(&content, &walk.lines.join("\n"));
        prop_assert_eq!(&whole.broken, &None);
        prop_assert_eq!(whole.state.as_ref(), Some(&walk.state));
        let (first, rest) = walk.lines.split_at(cut.index(walk.lines.len() + 1));
        let earlier = replay(&content, &first.join("\n"));
        let joined = replay_on(&content, earlier, rest.iter().map(String::as_str));
        prop_assert_eq!(ends(&joined), ends(&whole));
    }

    #[test]
    fn points_stay_within_what_is_possible(Named(content) in any_pack(), session in 0u8..8, moves in moves(80)) {
        let walk = walk(&content, session, &moves, |state, _| {
            let score = report(&content, state);
            for attempt in score.tests.iter().flat_map(|test| &test.attempts) {
                assert!(attempt.points <= attempt.possible && attempt.right <= attempt.items);
                assert_eq!(attempt.possible, Points(1_000 * u32::from(attempt.items)));
                assert!(u32::from(attempt.right) * 1_000 <= attempt.points.0);
                assert!(attempt.objectives.iter().all(|row| row.right <= row.items));
            }
            assert!(score.cases.iter().all(|case| case.points <= case.possible && case.plays > 0));
            assert!(score.active.0 <= state.clock.claimed.0, "more counts than was claimed");
        });
        prop_assert!(walk.state.clock.active <= walk.state.clock.claimed);
    }

    #[test]
    fn every_state_has_a_view_and_a_way_on(Named(content) in any_pack(), session in 0u8..8, moves in moves(60)) {
        let walk = walk(&content, session, &moves, |state, _| seen(&content, state));
        prop_assert!(goes_on(&walk), "stuck at {:?}", view(&content, &walk.state).scene);
        finishes(walk);
    }
}

/// Everything that can be shown can be; the rail has a step at hand until all are done.
fn seen(content: &Content, state: &State) {
    let view = view(content, state);
    let count = |wanted| view.rail.iter().filter(|step| step.status == wanted).count();
    let over = matches!(state.phase, Phase::Completed(_));
    assert_eq!(view.rail.len(), content.activity().parts.len() + 2);
    assert_eq!(count(StepStatus::Now), usize::from(!over));
    assert_eq!(count(StepStatus::Later) == 0, over || matches!(state.phase, Phase::Claim(_)));
    let (mut tests, mut cases, mut patients) = (0, 0, 0);
    for part in &content.activity().parts {
        match look_back(content, state, &part.id) {
            Some(LookedBack::Test(_)) => tests += 1,
            Some(LookedBack::Case(_)) => cases += 1,
            Some(LookedBack::Patient(_)) => patients += 1,
            None => {}
        }
    }
    let score = report(content, state);
    assert_eq!(
        (tests, cases, patients),
        (score.tests.len(), score.cases.len(), score.patients.len()),
        "finished parts can be looked back on"
    );
    let compared = score.tests.iter().filter(|test| test.role != TestRole::Practice).count();
    assert!(comparison(content, state).is_none() || compared >= 2);
}

/// Whether the session is over, out of attempts, or something of what its screen
/// offers is taken two days later, or a millisecond.
fn goes_on(walk: &Walk) -> bool {
    match view(&walk.content, &walk.state).scene {
        Scene::Completed(_) => return true,
        Scene::TestResult(result) if result.next == NextAttempt::NoneLeft => return true,
        _ => {}
    }
    let of_page = |command: &Command| {
        matches!(command, Command::Resume { .. } | Command::Beat | Command::Hide | Command::Show)
    };
    let taken = |device: &Device, how: u32| {
        offered(&walk.content, &walk.state, how)
            .into_iter()
            .filter(|command| !of_page(command))
            .any(|command| decide(&walk.content, &walk.state, command, device.stamp()).is_ok())
    };
    [Wait::Away(172_800_000), Wait::Visible(1)].into_iter().any(|wait| {
        let mut device = walk.device.clone();
        device.pass(wait);
        (0..32).any(|how| taken(&device, how))
    })
}

/// From wherever chance led, somebody who knows the key completes, unless the
/// attempts are used up.
fn finishes(mut walk: Walk) {
    // The time of refused tries has passed too: the state hears of it first.
    let mut beat = true;
    for _ in 0..400 {
        let Some(command) = rightly(&walk.content, &walk.state) else {
            let view = view(&walk.content, &walk.state);
            let exhausted = matches!(
                view.scene,
                Scene::TestResult(result) if result.next == NextAttempt::NoneLeft
            );
            assert_eq!(view.minutes_left, Minutes(0), "no time is left where nothing can be done");
            assert!(exhausted || matches!(walk.state.phase, Phase::Completed(_)), "nothing to do");
            return;
        };
        let command = if std::mem::take(&mut beat) { Command::Beat } else { command };
        let away = matches!(command, Command::StartAttempt);
        walk.device.pass(if away { Wait::Away(172_800_000) } else { Wait::Visible(1) });
        let entry = decide(&walk.content, &walk.state, command.clone(), walk.device.stamp())
            .unwrap_or_else(|refusal| panic!("{command:?}: {refusal:?} in {:?}", walk.state.phase));
        apply(&walk.content, &mut walk.state, &entry).expect("decided, then refused");
    }
    panic!("four hundred right steps, and no end: {:?}", walk.state.phase);
}
