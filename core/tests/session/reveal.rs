//! Nothing with a key in it is in view before the policy reveals it. What may be seen
//! is worked out here from the events alone; what is seen is searched for the words
//! that stand only in rationales, feedback, references and debriefs.

use std::collections::{BTreeMap, BTreeSet};

use enduring_core::content::{Content, ItemBody, Part, PartBody, Reveal, Test, TestRole};
use enduring_core::id::ItemId;
use enduring_core::session::view::{CaseAsk, ItemBodyView, LookedBack, Scene, comparison, look_back, view};
use enduring_core::session::{
    Entry, Event, PartOutcome, PartState, Phase, State, TestState, apply, begin, decide,
};
use proptest::prelude::*;

use super::learner::{Device, Wait, moves, rightly};
use super::packs::KEY_ONLY;
use super::properties::{Named, any_pack, contents, walk};

/// What may be seen by now.
#[derive(Default)]
struct Allowed {
    items: BTreeSet<ItemId>,
    /// Parts that are cases, and their decisions.
    cases: BTreeSet<String>,
}

fn allowed(content: &Content, state: &State, lines: &[String]) -> Allowed {
    let mut allowed = Allowed::default();
    for (place, part) in content.activity().parts.iter().enumerate() {
        match &part.body {
            PartBody::Test(test) => {
                let Some(test_state) = test_state(state, place) else { continue };
                allowed.items.extend(revealed((content, state), test, test_state, lines));
            }
            PartBody::Case(_) => allowed.case(part, state, place),
            PartBody::Patient(patient) => {
                let said = match state.finished.get(place).map(|it| &it.outcome) {
                    Some(outcome) => matches!(outcome, PartOutcome::Patient(_)),
                    None => matches!(&state.phase, Phase::Part(PartState::Patient(at)) if at.own.is_some()),
                };
                if said {
                    let lines = patient.rubric.lines.iter().map(|line| line.id.to_string());
                    allowed.cases.extend(lines.chain([part.id.to_string()]));
                }
            }
            PartBody::Reading(_) | PartBody::Evaluation(_) => {}
        }
    }
    allowed
}

/// The test at that place, once its turn has come.
fn test_state(state: &State, place: usize) -> Option<&TestState> {
    match (state.finished.get(place).map(|it| &it.outcome), &state.phase) {
        (Some(PartOutcome::Test(outcome)), _) => Some(outcome),
        (None, Phase::Part(PartState::Test(now))) if place == state.finished.len() => Some(now),
        _ => None,
    }
}

/// Whether nothing that is graded can change any more.
fn is_over(content: &Content, state: &State) -> bool {
    let mut graded = 0;
    let mut open = 0;
    for (place, part) in content.activity().parts.iter().enumerate() {
        let PartBody::Test(test) = &part.body else { continue };
        if test.role == TestRole::Post {
            graded += 1;
            open += usize::from(!test_state(state, place).is_some_and(|state| is_last(test, state)));
        }
    }
    graded > 0 && open == 0 || matches!(state.phase, Phase::Claim(_) | Phase::Completed(_))
}

/// Whether no attempt at the test can follow.
fn is_last(test: &Test, state: &TestState) -> bool {
    state.attempts.iter().any(|attempt| attempt.passed)
        || test.policy.attempts.is_some_and(|most| state.attempts.len() == usize::from(most))
}

/// The items of one test that may be explained by now.
fn revealed(
    (content, session): (&Content, &State),
    test: &Test,
    state: &TestState,
    lines: &[String],
) -> Vec<ItemId> {
    let handed_in = || state.attempts.iter().flat_map(|it| &it.slots).map(|slot| slot.item.clone());
    match test.policy.reveal {
        Reveal::Never if is_over(content, session) => handed_in().collect(),
        Reveal::AfterAttempt => handed_in().collect(),
        Reveal::AfterPassing if is_last(test, state) => handed_in().collect(),
        Reveal::Never | Reveal::AfterPassing => Vec::new(),
        Reveal::AfterItem => handed_in().chain(answered_now(state, lines)).collect(),
    }
}

/// The items answered or expired since the running attempt began, from the log.
fn answered_now(state: &TestState, lines: &[String]) -> Vec<ItemId> {
    let mut answered = Vec::new();
    for line in lines {
        match serde_json::from_str::<Entry>(line).expect("an entry").event {
            Event::AttemptStarted { .. } => answered.clear(),
            Event::Answered { item, .. } | Event::ItemExpired { item } => answered.push(item),
            _ => {}
        }
    }
    if state.running().is_some() { answered } else { Vec::new() }
}

impl Allowed {
    fn case(&mut self, part: &Part, state: &State, place: usize) {
        let PartBody::Case(case) = &part.body else { return };
        let now = (place == state.finished.len()).then_some(&state.phase);
        let case_state = match (state.finished.get(place).map(|it| &it.outcome), now) {
            (Some(PartOutcome::Case(outcome)), _) => outcome,
            (None, Some(Phase::Part(PartState::Case(running)))) => running,
            _ => return,
        };
        if case_state.ending(case).is_some() {
            self.cases.insert(part.id.to_string());
            self.cases.extend(case_state.rounds.iter().map(|round| round.decision.to_string()));
        }
    }

    fn has(&self, about: &str) -> bool {
        self.cases.contains(about) || self.items.iter().any(|item| item.as_str() == about)
    }
}

/// Everything that anything may show, in words.
fn shown(content: &Content, state: &State) -> String {
    let parts = content.activity().parts.iter();
    let back: Vec<_> = parts.map(|part| look_back(content, state, &part.id)).collect();
    format!("{:?} {:?} {back:?}", view(content, state), comparison(content, state))
}

/// What the key-only texts in view are about: `key-only NAME.`, `key-only NAME/option.`
/// or `key-only NAME, source.`
fn key_only(shown: &str) -> BTreeSet<String> {
    let about = |rest: &str| rest.trim_start().split(['.', '/', ',']).next().unwrap_or_default().to_owned();
    shown.split(KEY_ONLY).skip(1).map(about).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn no_key_is_in_view_before_it_is_revealed(Named(content) in any_pack(), session in 0u8..8, moves in moves(60)) {
        walk(&content, session, &moves, |state, lines| {
            let allowed = allowed(&content, state, lines);
            for about in key_only(&shown(&content, state)) {
                assert!(allowed.has(&about), "{about} is explained at event {}", state.n);
            }
        });
    }
}

/// What stood at a case's ending is read again, from the part after it to the completed
/// session, and nothing of it while the case is still at hand.
#[test]
fn a_finished_case_can_be_looked_back_on_from_any_later_step() {
    let (mut finished, mut counted) = (0, 0);
    for content in contents() {
        let mut device = Device::default();
        let mut state = begin(&content, &device.start(&content, 3)).expect("a session begins");
        let mut ended = BTreeMap::new();
        while let Some(command) = rightly(&content, &state) {
            match view(&content, &state).scene {
                Scene::Case(case) => {
                    assert_eq!(look_back(&content, &state, &case.part), None, "it is still at hand");
                    // A counter at its start would tell what the case is about; those of the packs start at 0.
                    assert!(case.counters.iter().all(|(_, value)| *value != 0), "{:?}", case.counters);
                    counted += case.counters.len();
                    ended.insert(case.part.clone(), *case);
                }
                _ => {
                    for (part, case) in &ended {
                        let LookedBack::Case(back) =
                            look_back(&content, &state, part).expect("a finished one")
                        else {
                            panic!("{part} is a case");
                        };
                        assert!(matches!(back.ask, CaseAsk::Ended { .. }) && *back == *case);
                        finished += 1;
                    }
                }
            }
            device.pass(Wait::Visible(4_000));
            let entry = decide(&content, &state, command, device.stamp()).expect("taken");
            apply(&content, &mut state, &entry).expect("what was decided is taken");
        }
    }
    assert!(finished > 4 && counted > 0, "{finished} looks, {counted} counters");
}

/// What is said of each option or statement stands in the order in which these are shown.
#[test]
fn notes_come_in_the_order_shown() {
    let mut seen = 0;
    for (content, session) in contents().iter().flat_map(|content| (0..8).map(move |n| (content, n))) {
        let mut device = Device::default();
        let mut state = begin(content, &device.start(content, session)).expect("a session begins");
        while let Some(command) = rightly(content, &state) {
            let items = match view(content, &state).scene {
                Scene::TestRun(run) => vec![run.item],
                Scene::TestResult(result) => result.items,
                _ => Vec::new(),
            };
            for item in items {
                let (ItemBodyView::Options { options: shown, .. } | ItemBodyView::Statements(shown)) =
                    &item.body
                else {
                    continue;
                };
                let notes = item.feedback.iter().flat_map(|feedback| &feedback.notes);
                let places: Vec<_> =
                    notes.map(|note| shown.iter().position(|option| option.id == note.option)).collect();
                assert!(places.is_sorted(), "{}: {places:?}", item.item);
                seen += places.len();
            }
            device.pass(Wait::Visible(4_000));
            let entry = decide(content, &state, command, device.stamp()).expect("taken");
            apply(content, &mut state, &entry).expect("what was decided is taken");
        }
    }
    assert!(seen > 20, "{seen} notes");
}

/// The search finds what it is for: every item and case of every pack has such words.
#[test]
fn every_key_has_words_to_search_for() {
    for content in contents() {
        let activity = content.activity();
        let words = key_only(&format!("{activity:?}"));
        for item in &activity.items {
            assert!(words.contains(item.id.as_str()), "{}", item.id);
            let options = match &item.body {
                ItemBody::Numeric { .. } | ItemBody::ScriptConcordance { .. } => 0,
                _ => 1,
            };
            let notes = format!("{activity:?}").matches(&format!("{KEY_ONLY} {}/", item.id)).count();
            assert!(notes >= options, "{}: feedback by option", item.id);
        }
    }
}
