//! A test in progress: attempts, items, limits, and what may be changed when.

use serde::{Deserialize, Serialize};

use super::apply::when;
use super::chance::Chance;
use super::event::{Certain, Entry, Event, Moment, Response};
use super::refusal::Refusal;
use crate::content::{
    Back, Certainty, Content, FormTurn, ItemBody, Order, Redraw, Reveal, Selection, Test, Unanswered,
};
use crate::id::{Digest, ItemId, OptionId, PartId};
use crate::measure::{Millis, Points};
use crate::score;

/// A test and all its attempts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestState {
    /// The attempts that were handed in.
    pub attempts: Vec<AttemptOutcome>,
    /// What goes on now.
    pub phase: TestPhase,
}

/// What goes on in a test.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TestPhase {
    /// No attempt runs: before the first, or after one was handed in.
    #[default]
    Between,
    /// An attempt runs.
    Running(Attempt),
}

/// An attempt that runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// 1 for the first.
    pub number: u16,
    /// The items, in the order shown.
    pub slots: Vec<Slot>,
    /// The place of the item shown.
    pub shown: usize,
    /// Active time when it was shown.
    pub shown_at: Millis,
    /// Active time when the attempt began.
    pub began_at: Millis,
}

/// An item's place in an attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slot {
    /// The item.
    pub item: ItemId,
    /// The latest answer.
    pub answer: Option<Answer>,
    /// Active time spent on it before it was shown the latest time.
    pub spent: Millis,
    /// Whether its time ran out.
    pub expired: bool,
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// What was answered.
    pub response: Response,
    /// How certain.
    pub certainty: Option<Certain>,
    /// What it earned.
    pub points: Points,
    /// Active time on the item until this answer.
    pub after: Millis,
}

/// An attempt that was handed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttemptOutcome {
    /// 1 for the first.
    pub number: u16,
    /// The items with their answers, in the order shown.
    pub slots: Vec<Slot>,
    /// Earned.
    pub points: Points,
    /// Possible.
    pub possible: Points,
    /// Whether the threshold was reached; a test without one is always passed.
    pub passed: bool,
    /// When it was handed in.
    pub at: Moment,
}

/// What a test's rules look at.
pub(super) struct Context<'a> {
    pub content: &'a Content,
    pub test: &'a Test,
    /// Active time at the event.
    pub active: Millis,
}

impl TestState {
    /// The attempt that runs.
    #[must_use]
    pub fn running(&self) -> Option<&Attempt> {
        match &self.phase {
            TestPhase::Running(attempt) => Some(attempt),
            TestPhase::Between => None,
        }
    }

    /// The number of the next attempt.
    #[must_use]
    pub fn next_attempt(&self) -> u16 {
        u16::try_from(self.attempts.len()).unwrap_or(u16::MAX).saturating_add(1)
    }

    /// The attempt that passed, if one did.
    #[must_use]
    pub fn passed(&self) -> Option<&AttemptOutcome> {
        self.attempts.iter().find(|attempt| attempt.passed)
    }

    /// Whether no further attempt can follow.
    #[must_use]
    pub fn is_final(&self, test: &Test) -> bool {
        self.passed().is_some()
            || test.policy.attempts.is_some_and(|most| self.attempts.len() >= usize::from(most))
    }

    /// First instant at which the next attempt can begin, by the wall clock.
    #[must_use]
    pub fn next_attempt_at(&self, test: &Test) -> Option<crate::measure::Timestamp> {
        let wait = i64::try_from(test.policy.cool_down.0).unwrap_or(i64::MAX);
        self.attempts.last().map(|last| crate::measure::Timestamp(last.at.at.0.saturating_add(wait)))
    }
}

impl Attempt {
    /// The item that is shown.
    #[must_use]
    pub fn shown(&self) -> Option<&Slot> {
        self.slots.get(self.shown)
    }

    /// Active time spent on the item shown, at `active` of the session.
    #[must_use]
    pub fn spent_on_shown(&self, active: Millis) -> Millis {
        let earlier = self.shown().map_or(0, |slot| slot.spent.0);
        Millis(earlier.saturating_add(active.0.saturating_sub(self.shown_at.0)))
    }

    /// Active time spent in the attempt, at `active` of the session.
    #[must_use]
    pub fn spent(&self, active: Millis) -> Millis {
        Millis(active.0.saturating_sub(self.began_at.0))
    }
}

/// The items of an attempt, in the order shown.
#[must_use]
pub(super) fn draw(
    content: &Content,
    test: &Test,
    seed: &Digest,
    part: &PartId,
    attempt: u16,
) -> Vec<ItemId> {
    let attempt = round(test, attempt);
    let mut items = match &test.selection {
        Selection::Items(items) => items.clone(),
        Selection::Draw { bank, count } => {
            let mut items = content.bank(bank).map_or_else(Vec::new, |bank| bank.items.clone());
            Chance::new(seed, &format!("{part}/draw"), attempt).shuffle(&mut items);
            items.truncate(usize::from(*count));
            items
        }
        Selection::Form { forms, turn } => {
            let swapped = Chance::new(seed, &format!("{forms}/form"), 0).below(2) == 1;
            let first = matches!(turn, FormTurn::First);
            content.forms(forms).map_or_else(Vec::new, |forms| {
                if swapped == first { forms.b.clone() } else { forms.a.clone() }
            })
        }
    };
    if test.policy.shuffle_items == Order::Shuffled {
        Chance::new(seed, &format!("{part}/items"), attempt).shuffle(&mut items);
    }
    items
}

/// The options of an item in the order shown.
#[must_use]
pub(super) fn order(
    body: &ItemBody,
    test: &Test,
    seed: &Digest,
    part: &PartId,
    attempt: u16,
    item: &ItemId,
) -> Vec<OptionId> {
    let mut options: Vec<OptionId> = body.shuffled().into_iter().cloned().collect();
    // Steps to order are always shuffled: as written they are the key.
    if test.policy.shuffle_options == Order::Shuffled || matches!(body, ItemBody::Ordering { .. }) {
        Chance::new(seed, &format!("{part}/options/{item}"), round(test, attempt)).shuffle(&mut options);
    }
    options
}

fn round(test: &Test, attempt: u16) -> u32 {
    match test.policy.redraw {
        Redraw::Same => 1,
        Redraw::New => u32::from(attempt),
    }
}

pub(super) fn check(context: &Context<'_>, state: &TestState, entry: &Entry) -> Result<(), Refusal> {
    match (&entry.event, &state.phase) {
        (Event::AttemptStarted { attempt }, TestPhase::Between) => {
            when(state.passed().is_none(), Refusal::AlreadyPassed)?;
            when(!state.is_final(context.test), Refusal::NoAttemptsLeft)?;
            when(*attempt == state.next_attempt(), Refusal::AttemptNumber)?;
            when(state.next_attempt_at(context.test).is_none_or(|from| entry.at >= from), Refusal::CoolDown)
        }
        (Event::AttemptStarted { .. }, TestPhase::Running(_)) => Err(Refusal::AttemptRunning),
        (Event::PartFinished { .. }, TestPhase::Between) => {
            when(state.passed().is_some(), Refusal::PartUnfinished)
        }
        (Event::PartFinished { .. }, TestPhase::Running(_)) => Err(Refusal::PartUnfinished),
        (
            Event::ItemShown { .. }
            | Event::Answered { .. }
            | Event::ItemExpired { .. }
            | Event::AttemptExpired
            | Event::AttemptSubmitted,
            TestPhase::Between,
        ) => Err(Refusal::NoAttempt),
        (event, TestPhase::Running(attempt)) => check_running(context, attempt, event),
        (_, TestPhase::Between) => Err(Refusal::WrongKind),
    }
}

fn check_running(context: &Context<'_>, attempt: &Attempt, event: &Event) -> Result<(), Refusal> {
    let policy = &context.test.policy;
    let over = policy.attempt_limit.is_some_and(|limit| attempt.spent(context.active) > limit);
    let item_over = policy.item_limit.is_some_and(|limit| attempt.spent_on_shown(context.active) > limit);
    let shown = attempt.shown().ok_or(Refusal::NoSuchItem)?;
    match event {
        Event::ItemShown { item } => {
            when(!over, Refusal::AttemptTimeUp)?;
            let place =
                attempt.slots.iter().position(|slot| slot.item == *item).ok_or(Refusal::NoSuchItem)?;
            match policy.back {
                Back::Free => Ok(()),
                Back::Locked if place == attempt.shown => Ok(()),
                Back::Locked if place < attempt.shown => Err(Refusal::BackLocked),
                Back::Locked => {
                    let settled = is_settled(shown) || policy.unanswered == Unanswered::Allow;
                    when(settled && place == attempt.shown + 1, Refusal::AnswerFirst)
                }
            }
        }
        Event::Answered { item, response, certainty } => {
            when(!over, Refusal::AttemptTimeUp)?;
            when(attempt.slots.iter().any(|slot| slot.item == *item), Refusal::NoSuchItem)?;
            when(shown.item == *item, Refusal::NotShown)?;
            when(!shown.expired && !item_over, Refusal::ItemTimeUp)?;
            let is_final = policy.back == Back::Locked || policy.reveal == Reveal::AfterItem;
            when(shown.answer.is_none() || !is_final, Refusal::AnswerFinal)?;
            match (policy.certainty, certainty) {
                (Certainty::Required, None) => return Err(Refusal::CertaintyNeeded),
                (Certainty::Off, Some(_)) => return Err(Refusal::CertaintyNotAsked),
                (Certainty::Off | Certainty::Optional, None)
                | (Certainty::Optional | Certainty::Required, Some(_)) => {}
            }
            let item = context.content.item(item).ok_or(Refusal::NoSuchItem)?;
            score::fits(&item.body, response)
        }
        Event::ItemExpired { item } => {
            when(shown.item == *item, Refusal::NotShown)?;
            when(!is_settled(shown), Refusal::AnswerFinal)?;
            when(item_over, Refusal::ItemTimeLeft)
        }
        Event::AttemptExpired => when(over, Refusal::AttemptTimeLeft),
        Event::AttemptSubmitted => {
            when(!over, Refusal::AttemptTimeUp)?;
            let whole = policy.unanswered == Unanswered::Allow || attempt.slots.iter().all(is_settled);
            when(whole, Refusal::Unanswered)
        }
        _ => Err(Refusal::WrongKind),
    }
}

fn is_settled(slot: &Slot) -> bool {
    slot.answer.is_some() || slot.expired
}

pub(super) fn change(
    context: &Context<'_>,
    seed: &Digest,
    part: &PartId,
    state: &mut TestState,
    entry: &Entry,
) {
    let active = context.active;
    match (&entry.event, &mut state.phase) {
        (Event::AttemptStarted { attempt }, phase) => {
            let slot = |item| Slot { item, answer: None, spent: Millis(0), expired: false };
            let slots =
                draw(context.content, context.test, seed, part, *attempt).into_iter().map(slot).collect();
            *phase = TestPhase::Running(Attempt {
                number: *attempt,
                slots,
                shown: 0,
                shown_at: active,
                began_at: active,
            });
        }
        (Event::ItemShown { item }, TestPhase::Running(attempt)) => {
            let spent = attempt.spent_on_shown(active);
            if let Some(left) = attempt.slots.get_mut(attempt.shown) {
                left.spent = spent;
            }
            if let Some(place) = attempt.slots.iter().position(|slot| slot.item == *item) {
                attempt.shown = place;
            }
            attempt.shown_at = active;
        }
        (Event::Answered { item, response, certainty }, TestPhase::Running(attempt)) => {
            let after = attempt.spent_on_shown(active);
            let points =
                context.content.item(item).map_or(Points(0), |item| score::points(&item.body, response));
            if let Some(slot) = attempt.slots.get_mut(attempt.shown) {
                slot.answer =
                    Some(Answer { response: response.clone(), certainty: *certainty, points, after });
            }
        }
        (Event::ItemExpired { .. }, TestPhase::Running(attempt)) => {
            if let Some(slot) = attempt.slots.get_mut(attempt.shown) {
                slot.expired = true;
            }
        }
        (Event::AttemptSubmitted | Event::AttemptExpired, phase) => {
            if let TestPhase::Running(attempt) = std::mem::take(phase) {
                state.attempts.push(hand_in(context.test, attempt, entry.moment()));
            }
        }
        _ => {}
    }
}

fn hand_in(test: &Test, attempt: Attempt, at: Moment) -> AttemptOutcome {
    let points: Points = attempt.slots.iter().filter_map(|slot| slot.answer.as_ref().map(|a| a.points)).sum();
    let possible: Points = attempt.slots.iter().map(|_| Points::FULL).sum();
    let passed = test.policy.threshold.is_none_or(|threshold| points.reach(threshold, possible));
    AttemptOutcome { number: attempt.number, slots: attempt.slots, points, possible, passed, at }
}
