//! A test as it may be shown.

use super::Scene;
use super::item::{self, ItemView, Placed, Revealed};
use crate::content::{
    Back, Content, Document, Part, PartBody, Reveal, Test, TestPolicy, TestRole, Unanswered,
};
use crate::id::{ItemId, ObjectiveId, PartId};
use crate::measure::{Millis, Percent, Timestamp};
use crate::score::{AttemptScore, attempt_score};
use crate::session::state::{PartOutcome, PartState, Phase, State};
use crate::session::test::{Attempt, Slot, TestState, order};

/// Before the first attempt.
#[derive(Clone, Debug, PartialEq)]
pub struct TestStart {
    /// Which part.
    pub part: PartId,
    /// Its title.
    pub title: String,
    /// What the test is for.
    pub role: TestRole,
    /// The author's words.
    pub introduction: Document,
    /// Its settings, which the learner is told.
    pub policy: TestPolicy,
}

/// An item of a running attempt.
#[derive(Clone, Debug, PartialEq)]
pub struct TestRun {
    /// Which part.
    pub part: PartId,
    /// Its title.
    pub title: String,
    /// What the test is for.
    pub role: TestRole,
    /// 1 for the first.
    pub attempt: u16,
    /// The item shown.
    pub item: ItemView,
    /// Whether its answer can no longer be changed.
    pub is_final: bool,
    /// All items of the attempt, in order.
    pub slots: Vec<SlotView>,
    /// The item before, where one can go back.
    pub previous: Option<ItemId>,
    /// The item after, where one can go on.
    pub next: Option<ItemId>,
    /// Whether the attempt can be handed in.
    pub can_submit: bool,
    /// When the key and the rationale are shown.
    pub reveal: Reveal,
    /// Whether one can go back and change.
    pub back: Back,
    /// Active time left for the item, at the session's active time.
    pub item_left: Option<Millis>,
    /// Active time left for the attempt, at the session's active time.
    pub attempt_left: Option<Millis>,
}

/// An item's place in the attempt.
#[derive(Clone, Debug, PartialEq)]
pub struct SlotView {
    /// Which.
    pub item: ItemId,
    /// Whether it has an answer, or its time ran out.
    pub settled: bool,
    /// Whether one can go there now.
    pub open: bool,
}

/// After an attempt.
#[derive(Clone, Debug, PartialEq)]
pub struct TestResult {
    /// Which part.
    pub part: PartId,
    /// Its title.
    pub title: String,
    /// What the test is for.
    pub role: TestRole,
    /// What was needed.
    pub threshold: Option<Percent>,
    /// All attempts so far.
    pub attempts: Vec<AttemptScore>,
    /// Whether one of them passed.
    pub passed: bool,
    /// What can follow.
    pub next: NextAttempt,
    /// The items of the latest attempt, each with its key once revealed; empty while
    /// nothing is.
    pub items: Vec<ItemView>,
}

/// What can follow an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NextAttempt {
    /// The part can be finished.
    NotNeeded,
    /// Another attempt, from this instant on.
    From {
        /// First instant.
        at: Timestamp,
        /// How many are left, where there is a limit.
        left: Option<u16>,
    },
    /// None is left.
    NoneLeft,
}

/// Pre-test and post-test side by side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// By objective, in the order of the activity.
    pub rows: Vec<ComparisonRow>,
    /// All objectives together.
    pub total: (u16, u16, u16, u16),
    /// The attempt that passed the post-test, where there is something to pass: its number, items right, items.
    pub passed: Option<(u16, u16, u16)>,
}

/// One objective: items wholly right of items, before and after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComparisonRow {
    /// Which.
    pub objective: ObjectiveId,
    /// In words.
    pub text: String,
    /// Right before.
    pub pre_right: u16,
    /// Items before.
    pub pre_items: u16,
    /// Right after.
    pub post_right: u16,
    /// Items after.
    pub post_items: u16,
}

pub(super) fn scene(
    content: &Content,
    state: &State,
    part: &Part,
    test: &Test,
    test_state: &TestState,
) -> Scene {
    match test_state.running() {
        Some(attempt) => match run(content, state, part, test, attempt) {
            Some(run) => Scene::TestRun(Box::new(run)),
            None => Scene::TestStart(start(part, test)),
        },
        None if test_state.attempts.is_empty() => Scene::TestStart(start(part, test)),
        None => Scene::TestResult(Box::new(result(content, state, part, test, test_state))),
    }
}

pub(super) fn start(part: &Part, test: &Test) -> TestStart {
    TestStart {
        part: part.id.clone(),
        title: part.title.clone(),
        role: test.role,
        introduction: test.introduction.clone(),
        policy: test.policy.clone(),
    }
}

fn run(content: &Content, state: &State, part: &Part, test: &Test, attempt: &Attempt) -> Option<TestRun> {
    let slot = attempt.shown()?;
    let policy = &test.policy;
    let settled = |slot: &Slot| slot.answer.is_some() || slot.expired;
    let revealed =
        if policy.reveal == Reveal::AfterItem && settled(slot) { Revealed::Yes } else { Revealed::No };
    let may_leave = settled(slot) || policy.unanswered == Unanswered::Allow;
    let open = |place: usize| match policy.back {
        Back::Free => place != attempt.shown,
        Back::Locked => place == attempt.shown + 1 && may_leave,
    };
    let go = |place: Option<usize>| {
        let place = place.filter(|place| open(*place))?;
        attempt.slots.get(place).map(|slot| slot.item.clone())
    };
    let left =
        |limit: Option<Millis>, spent: Millis| limit.map(|limit| Millis(limit.0.saturating_sub(spent.0)));
    let active = state.clock.active;
    Some(TestRun {
        part: part.id.clone(),
        title: part.title.clone(),
        role: test.role,
        attempt: attempt.number,
        item: place(content, state, part, test, attempt.number, &attempt.slots, attempt.shown, revealed)?,
        is_final: slot.expired
            || slot.answer.is_some() && (policy.back == Back::Locked || policy.reveal == Reveal::AfterItem),
        slots: attempt
            .slots
            .iter()
            .enumerate()
            .map(|(place, slot)| SlotView {
                item: slot.item.clone(),
                settled: settled(slot),
                open: open(place),
            })
            .collect(),
        previous: go(attempt.shown.checked_sub(1)),
        next: go(Some(attempt.shown + 1)),
        can_submit: policy.unanswered == Unanswered::Allow || attempt.slots.iter().all(settled),
        reveal: policy.reveal,
        back: policy.back,
        item_left: left(policy.item_limit, attempt.spent_on_shown(active)),
        attempt_left: left(policy.attempt_limit, attempt.spent(active)),
    })
}

#[expect(clippy::too_many_arguments, reason = "an item's place is made of all of these, once")]
fn place(
    content: &Content,
    state: &State,
    part: &Part,
    test: &Test,
    attempt: u16,
    slots: &[Slot],
    at: usize,
    revealed: Revealed,
) -> Option<ItemView> {
    let slot = slots.get(at)?;
    let item = content.item(&slot.item)?;
    let count = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
    let placed = Placed {
        item,
        slot,
        order: order(&item.body, test, &state.seed, &part.id, attempt, &item.id),
        number: count(at + 1),
        of: count(slots.len()),
        certainty: test.policy.certainty,
    };
    Some(item::view(&placed, revealed))
}

/// Whether the final result is there: all parts are finished, or every graded test is passed or
/// has no attempt left.
fn is_over(content: &Content, state: &State) -> bool {
    let is_final =
        |place: usize, test: &Test| match (state.finished.get(place).map(|it| &it.outcome), &state.phase) {
            (Some(PartOutcome::Test(outcome)), _) => outcome.is_final(test),
            (None, Phase::Part(PartState::Test(now))) => place == state.finished.len() && now.is_final(test),
            _ => false,
        };
    let graded = |(place, part): (usize, &Part)| match &part.body {
        PartBody::Test(test) if test.role == TestRole::Post => Some(is_final(place, test)),
        _ => None,
    };
    let mut graded = content.activity().parts.iter().enumerate().filter_map(graded).peekable();
    let all_finished = matches!(state.phase, Phase::Claim(_) | Phase::Completed(_));
    all_finished || graded.peek().is_some() && graded.all(|over| over)
}

pub(super) fn result(
    content: &Content,
    state: &State,
    part: &Part,
    test: &Test,
    test_state: &TestState,
) -> TestResult {
    let policy = &test.policy;
    let is_final = test_state.is_final(test);
    let revealed = match policy.reveal {
        Reveal::Never => is_over(content, state),
        Reveal::AfterItem | Reveal::AfterAttempt => true,
        Reveal::AfterPassing => is_final,
    };
    let latest = test_state.attempts.last().filter(|_| revealed);
    let items = latest.map_or_else(Vec::new, |attempt| {
        let view = |at| place(content, state, part, test, attempt.number, &attempt.slots, at, Revealed::Yes);
        (0..attempt.slots.len()).filter_map(view).collect()
    });
    let passed = test_state.passed().is_some();
    let next = if passed {
        NextAttempt::NotNeeded
    } else if is_final {
        NextAttempt::NoneLeft
    } else {
        NextAttempt::From {
            at: test_state.next_attempt_at(test).unwrap_or_default(),
            left: policy.attempts.map(|most| most.saturating_sub(test_state.next_attempt() - 1)),
        }
    };
    TestResult {
        part: part.id.clone(),
        title: part.title.clone(),
        role: test.role,
        threshold: policy.threshold,
        attempts: test_state.attempts.iter().map(|attempt| attempt_score(content, attempt)).collect(),
        passed,
        next,
        items,
    }
}

pub(super) fn comparison(content: &Content, state: &State) -> Option<Comparison> {
    let finished = |wanted: TestRole| {
        content.activity().parts.iter().zip(&state.finished).find_map(|(part, result)| {
            match (&part.body, &result.outcome) {
                (PartBody::Test(test), PartOutcome::Test(outcome)) if test.role == wanted => {
                    Some((test, outcome))
                }
                (
                    PartBody::Reading(_)
                    | PartBody::Test(_)
                    | PartBody::Case(_)
                    | PartBody::Evaluation(_)
                    | PartBody::Patient(_),
                    PartOutcome::Reading
                    | PartOutcome::Test(_)
                    | PartOutcome::Case(_)
                    | PartOutcome::Evaluation(_)
                    | PartOutcome::Patient(_),
                ) => None,
            }
        })
    };
    let ((_, pre), (test, post)) = (finished(TestRole::Pre)?, finished(TestRole::Post)?);
    let score = |attempt| attempt_score(content, attempt);
    let passed = post.attempts.iter().find(|attempt| attempt.passed && test.policy.threshold.is_some());
    let passed = passed.map(|attempt| {
        let AttemptScore { right, items, .. } = score(attempt);
        (attempt.number, right, items)
    });
    let (pre, post) = (pre.attempts.first().map(score)?, post.attempts.first().map(score)?);
    let on = |score: &AttemptScore, id: &ObjectiveId| {
        score.objectives.iter().find(|row| row.objective == *id).map_or((0, 0), |row| (row.right, row.items))
    };
    let rows = content.activity().objectives.iter().map(|objective| {
        let (pre_right, pre_items) = on(&pre, &objective.id);
        let (post_right, post_items) = on(&post, &objective.id);
        ComparisonRow {
            objective: objective.id.clone(),
            text: objective.text.clone(),
            pre_right,
            pre_items,
            post_right,
            post_items,
        }
    });
    Some(Comparison { rows: rows.collect(), total: (pre.right, pre.items, post.right, post.items), passed })
}
