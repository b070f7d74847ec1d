//! The flow: which part's turn it is, and what its child machine says.

use super::apply::when;
use super::case;
use super::claim::ClaimState;
use super::evaluation;
use super::event::{Entry, Event, Response};
use super::patient;
use super::reading;
use super::refusal::Refusal;
use super::state::{PartOutcome, PartResult, PartState, Phase, State};
use super::test;
use crate::content::{Content, Part, PartBody};
use crate::id::{DecisionId, ItemId, OptionId};
use crate::measure::Millis;
use crate::order::sort_by;

/// The part whose turn it is.
pub(super) fn turn<'a>(content: &'a Content, state: &State) -> Result<&'a Part, Refusal> {
    match state.phase {
        Phase::FrontMatter | Phase::FrontMatterShown => Err(Refusal::FrontMatterFirst),
        Phase::Part(_) => content.activity().parts.get(state.finished.len()).ok_or(Refusal::NotThisPart),
        Phase::Claim(_) | Phase::Completed(_) => Err(Refusal::NotThisPart),
    }
}

/// The phase after so many finished parts.
pub(super) fn next_phase(content: &Content, finished: &[PartResult]) -> Phase {
    if finished.len() < content.activity().parts.len() {
        Phase::Part(PartState::Waiting)
    } else {
        Phase::Claim(ClaimState::default())
    }
}

/// The number of the next attempt of the test at hand.
pub(super) fn next_attempt(state: &State) -> Result<u16, Refusal> {
    match &state.phase {
        Phase::Part(PartState::Test(test)) => Ok(test.next_attempt()),
        Phase::Part(PartState::Waiting) => Err(Refusal::PartNotEntered),
        Phase::Part(
            PartState::Reading(_) | PartState::Case(_) | PartState::Evaluation(_) | PartState::Patient(_),
        ) => Err(Refusal::WrongKind),
        Phase::FrontMatter | Phase::FrontMatterShown => Err(Refusal::FrontMatterFirst),
        Phase::Claim(_) | Phase::Completed(_) => Err(Refusal::NotThisPart),
    }
}

/// The item that is shown.
pub(super) fn shown_item(state: &State) -> Result<ItemId, Refusal> {
    match &state.phase {
        Phase::Part(PartState::Test(test)) => test
            .running()
            .and_then(|attempt| attempt.shown())
            .map(|slot| slot.item.clone())
            .ok_or(Refusal::NoAttempt),
        Phase::Part(PartState::Waiting) => Err(Refusal::PartNotEntered),
        Phase::Part(
            PartState::Reading(_) | PartState::Case(_) | PartState::Evaluation(_) | PartState::Patient(_),
        ) => Err(Refusal::WrongKind),
        Phase::FrontMatter | Phase::FrontMatterShown => Err(Refusal::FrontMatterFirst),
        Phase::Claim(_) | Phase::Completed(_) => Err(Refusal::NotThisPart),
    }
}

/// The picks in the order of the decision's options; unknown ones stay at the end.
pub(super) fn in_order(
    content: &Content,
    state: &State,
    decision: &DecisionId,
    picks: Vec<OptionId>,
) -> Vec<OptionId> {
    let Ok(Part { body: PartBody::Case(case), .. }) = turn(content, state) else { return picks };
    let Some(decision) = case.decision(decision) else { return picks };
    let mut picks = picks;
    let place =
        |pick: &OptionId| decision.options.iter().position(|option| option.id == *pick).unwrap_or(usize::MAX);
    sort_by(&mut picks, |one, other| place(one).cmp(&place(other)));
    picks
}

/// The response in the order of the item as written, whatever order it was shown in;
/// what is unknown stays at the end.
pub(super) fn as_written(content: &Content, item: &ItemId, response: Response) -> Response {
    let Some(item) = content.item(item) else { return response };
    let order = item.body.shuffled();
    let place = |id: &OptionId| order.iter().position(|known| *known == id).unwrap_or(usize::MAX);
    match response {
        Response::Choices(mut picks) => {
            sort_by(&mut picks, |one, other| place(one).cmp(&place(other)));
            Response::Choices(picks)
        }
        Response::Truths(mut truths) => {
            sort_by(&mut truths, |one, other| place(&one.statement).cmp(&place(&other.statement)));
            Response::Truths(truths)
        }
        Response::Choice(_) | Response::Matches(_) | Response::Order(_) | Response::Number(_) => response,
    }
}

/// Whether the part at hand takes the event.
pub(super) fn check(
    content: &Content,
    state: &State,
    part_state: &PartState,
    active: Millis,
    entry: &Entry,
) -> Result<(), Refusal> {
    let part = turn(content, state)?;
    match &entry.event {
        Event::PartEntered { part: named } => {
            when(*named == part.id, Refusal::NotThisPart)?;
            return when(*part_state == PartState::Waiting, Refusal::PartEntered);
        }
        Event::PartFinished { part: named } => when(*named == part.id, Refusal::NotThisPart)?,
        _ => {}
    }
    match (part_state, &part.body) {
        (PartState::Waiting, _) => Err(Refusal::PartNotEntered),
        (PartState::Reading(state), PartBody::Reading(reading)) => {
            reading::check(reading, state, &entry.event)
        }
        (PartState::Test(state), PartBody::Test(test)) => {
            test::check(&test::Context { content, test, active }, state, entry)
        }
        (PartState::Case(state), PartBody::Case(case)) => case::check(case, state, &entry.event),
        (PartState::Patient(state), PartBody::Patient(body)) => patient::check(body, state, &entry.event),
        (PartState::Evaluation(state), PartBody::Evaluation(evaluation)) => {
            evaluation::check(evaluation, state, &entry.event)
        }
        (
            PartState::Reading(_)
            | PartState::Test(_)
            | PartState::Case(_)
            | PartState::Evaluation(_)
            | PartState::Patient(_),
            PartBody::Reading(_)
            | PartBody::Test(_)
            | PartBody::Case(_)
            | PartBody::Evaluation(_)
            | PartBody::Patient(_),
        ) => Err(Refusal::WrongKind),
    }
}

/// Makes a checked event's change in the part at hand.
pub(super) fn change(content: &Content, state: &mut State, entry: &Entry) {
    let Ok(part) = turn(content, state) else { return };
    let active = state.clock.active;
    let seed = state.seed;
    let Phase::Part(part_state) = &mut state.phase else { return };
    match &entry.event {
        Event::PartEntered { .. } => {
            *part_state = match &part.body {
                PartBody::Reading(_) => PartState::Reading(reading::ReadingState::default()),
                PartBody::Test(_) => PartState::Test(test::TestState::default()),
                PartBody::Case(case) => PartState::Case(case::enter(case)),
                PartBody::Evaluation(_) => PartState::Evaluation(evaluation::EvaluationState::default()),
                PartBody::Patient(body) => PartState::Patient(Box::new(patient::enter(body))),
            };
        }
        Event::PartFinished { .. } => {
            let outcome = match std::mem::replace(part_state, PartState::Waiting) {
                PartState::Waiting => return,
                PartState::Reading(_) => PartOutcome::Reading,
                PartState::Test(test) => PartOutcome::Test(test),
                PartState::Case(case) => PartOutcome::Case(case),
                PartState::Evaluation(evaluation) => PartOutcome::Evaluation(evaluation),
                PartState::Patient(patient) => PartOutcome::Patient(patient),
            };
            state.finished.push(PartResult { part: part.id.clone(), at: entry.moment(), outcome });
            state.phase = next_phase(content, &state.finished);
        }
        event => match (part_state, &part.body) {
            (PartState::Reading(state), PartBody::Reading(_)) => reading::change(state, event),
            (PartState::Test(state), PartBody::Test(test)) => {
                let context = test::Context { content, test, active };
                test::change(&context, &seed, &part.id, state, entry);
            }
            (PartState::Case(state), PartBody::Case(case)) => case::change(case, state, event),
            (PartState::Evaluation(state), PartBody::Evaluation(_)) => evaluation::change(state, event),
            (PartState::Patient(state), PartBody::Patient(body)) => patient::change(body, state, event),
            (
                PartState::Waiting
                | PartState::Reading(_)
                | PartState::Test(_)
                | PartState::Case(_)
                | PartState::Evaluation(_)
                | PartState::Patient(_),
                PartBody::Reading(_)
                | PartBody::Test(_)
                | PartBody::Case(_)
                | PartBody::Evaluation(_)
                | PartBody::Patient(_),
            ) => {}
        },
    }
}
