//! A simulated patient in progress: plays of the same encounter, one after the other.

mod bedside;
mod doses;
mod evaluate;
mod known;
mod program;
mod rubric;
mod state;

pub use bedside::Observer;
pub use doses::Acting;
pub use rubric::{How, Judged};
use serde::{Deserialize, Serialize};
pub use state::{Bedside, Firing, Happening, Job, Level, Mark, Sample, Spent, Tally, Told};

use super::apply::when;
use super::command::Command;
use super::event::{Event, OwnView, PatientDose};
use super::refusal::Refusal;
use super::state::{PartOutcome, PartState, Phase, State};
use crate::content::patient::{Action, ActionAt, DoseForm, Given, Patient, RouteAt, ScriptStep};
use crate::content::{Content, PartBody};
use crate::id::{ActionId, Digest, EndingId};
use crate::measure::{Amount, Points, Seconds};

/// Most plays of one encounter: a replay has to be done in reasonable time.
pub const PLAYS_MAX: usize = 20;
/// Longest single wait in virtual seconds.
pub const WAIT_MAX: u16 = 3_600;

/// A simulated patient in progress.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PatientState {
    /// The plays that ended, in order.
    pub plays: Vec<Played>,
    /// The play at hand, or the last one.
    pub bedside: Bedside,
    /// What the learner thought of it, once it ended.
    pub own: Option<OwnView>,
}

/// A play that ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Played {
    /// How.
    pub ending: EndingId,
    /// Earned.
    pub points: Points,
    /// Possible.
    pub possible: Points,
    /// How long it took in virtual time.
    pub time: Seconds,
}

impl PatientState {
    /// The play that earned most; the earlier of equals.
    #[must_use]
    pub fn best(&self) -> Option<&Played> {
        self.plays.iter().rev().max_by_key(|play| play.points)
    }

    /// Whether the encounter's gate is met by any play.
    #[must_use]
    pub fn gate_met(&self, patient: &Patient) -> bool {
        self.plays.iter().any(|play| patient.gate.met(play.points, play.possible))
    }
}

/// The place of an action of that name.
fn find<'a>(patient: &'a Patient, id: &ActionId) -> Option<(ActionAt, &'a Action)> {
    let place = patient.actions.iter().position(|action| action.id == *id)?;
    Some((ActionAt(u16::try_from(place).ok()?), patient.actions.get(place)?))
}

/// A dose as it is meant, where the action takes it so: ten times what is in use
/// anywhere is taken, since slips are part of what is learned; a thousand times is not.
fn dose_of(action: &Action, dose: Option<&PatientDose>) -> Result<Option<Given>, Refusal> {
    match (&action.dose, dose) {
        (None, None) => Ok(None),
        (Some(sheet), Some(dose)) => {
            let amount = Amount::of(dose.amount);
            let place = action.routes.iter().position(|route| route.id == dose.route);
            let route = place.and_then(|place| u16::try_from(place).ok()).ok_or(Refusal::BadDose)?;
            let least = match sheet.form {
                DoseForm::Bolus => 1,
                DoseForm::Rate => 0,
            };
            let most = sheet.usual_high.times(Amount::whole(1_000));
            when(amount.0 >= least && amount <= most, Refusal::BadDose)?;
            Ok(Some(Given { amount, route: RouteAt(route) }))
        }
        (None, Some(_)) | (Some(_), None) => Err(Refusal::BadDose),
    }
}

pub(super) fn enter(patient: &Patient) -> PatientState {
    let bedside = Bedside::begin(patient);
    let mut state = PatientState { plays: Vec::new(), bedside, own: None };
    state.close(patient);
    state
}

impl PatientState {
    /// Counts the play once it ended.
    fn close(&mut self, patient: &Patient) {
        let Some(ending) = self.bedside.ending.and_then(|at| patient.endings.get(at.at())) else { return };
        let (points, possible) = self.bedside.score(patient);
        let time = self.bedside.time;
        self.plays.push(Played { ending: ending.id.clone(), points, possible, time });
    }
}

/// An encounter tried again from one of its steps, beside the session: nothing of it
/// is an event, and nothing counts.
#[must_use]
pub fn practice(patient: &Patient, script: &[ScriptStep]) -> PatientState {
    let mut bedside = Bedside::begin(patient);
    bedside.play(patient, script, &mut |_| {});
    PatientState { plays: Vec::new(), bedside, own: None }
}

/// The next step of such a practice.
///
/// # Errors
/// The rule that refuses it, as in a session.
pub fn practise(patient: &Patient, state: &PatientState, command: Command) -> Result<PatientState, Refusal> {
    let event = match command {
        Command::Act { action, dose } => Event::PatientActed { action, dose },
        Command::Wait { seconds } => Event::PatientWaited { seconds },
        Command::Reflect { view } => Event::PatientReflected { view },
        _ => return Err(Refusal::WrongKind),
    };
    check(patient, state, &event)?;
    let mut next = state.clone();
    change(patient, &mut next, &event);
    Ok(next)
}

/// A digest of every virtual minute of a script: SHA-256 over the digest before and
/// the bedside in postcard, at second zero, every sixty seconds and at the end. Two
/// engines that agree on it agree on every vital sign.
#[must_use]
pub fn minutes(patient: &Patient, script: &[ScriptStep]) -> Digest {
    let next = |digest: Digest, bedside: &Bedside| {
        Digest::of(&[&digest.0, &postcard::to_allocvec(bedside).unwrap_or_default()])
    };
    let mut bedside = Bedside::begin(patient);
    let mut digest = next(Digest([0; 32]), &bedside);
    bedside.play(patient, script, &mut |now| {
        if now.time.0.is_multiple_of(60) {
            digest = next(digest, now);
        }
    });
    next(digest, &bedside)
}

pub(super) fn check(patient: &Patient, state: &PatientState, event: &Event) -> Result<(), Refusal> {
    let bedside = &state.bedside;
    let ended = bedside.ending.is_some();
    match event {
        Event::PatientActed { .. } | Event::PatientWaited { .. } if ended => Err(Refusal::PatientEnded),
        Event::PatientActed { action, dose } => {
            let (at, action) = find(patient, action).ok_or(Refusal::NoSuchAction)?;
            dose_of(action, dose.as_ref())?;
            when(bedside.offers(at, action), Refusal::ActionNotOffered)?;
            when(bedside.has_room(), Refusal::TooMuchAtOnce)
        }
        Event::PatientWaited { seconds } => when((1..=WAIT_MAX).contains(seconds), Refusal::BadWait),
        Event::PatientReflected { .. } => {
            when(ended, Refusal::PatientRunning)?;
            when(state.own.is_none(), Refusal::ReflectedAlready)
        }
        Event::PatientRestarted => {
            when(ended, Refusal::PatientRunning)?;
            when(state.own.is_some(), Refusal::ReflectFirst)?;
            when(state.plays.len() < PLAYS_MAX, Refusal::NoPlaysLeft)
        }
        Event::PartFinished { .. } => {
            when(ended, Refusal::PatientRunning)?;
            when(state.own.is_some(), Refusal::ReflectFirst)?;
            when(state.gate_met(patient), Refusal::PartUnfinished)
        }
        _ => Err(Refusal::WrongKind),
    }
}

pub(super) fn change(patient: &Patient, state: &mut PatientState, event: &Event) {
    let mut unobserved = |_: &Bedside| {};
    match event {
        Event::PatientActed { action, dose } => {
            let Some((at, action)) = find(patient, action) else { return };
            let Ok(dose) = dose_of(action, dose.as_ref()) else { return };
            state.bedside.act(patient, at, dose, &mut unobserved);
            state.close(patient);
        }
        Event::PatientWaited { seconds } => {
            state.bedside.wait(patient, Seconds(u32::from(*seconds)), &mut unobserved);
            state.close(patient);
        }
        Event::PatientReflected { view } => state.own = Some(*view),
        Event::PatientRestarted => {
            state.bedside = Bedside::begin(patient);
            state.own = None;
            state.close(patient);
        }
        _ => {}
    }
}

/// [`minutes`] of the simulated patient at hand, or of the one that was finished last.
#[must_use]
pub fn minutes_of(content: &Content, state: &State) -> Option<Digest> {
    let at_hand = match &state.phase {
        Phase::Part(PartState::Patient(patient)) => Some((state.finished.len(), patient)),
        Phase::FrontMatter
        | Phase::FrontMatterShown
        | Phase::Part(_)
        | Phase::Claim(_)
        | Phase::Completed(_) => None,
    };
    let finished = || {
        state.finished.iter().enumerate().rev().find_map(|(place, part)| match &part.outcome {
            PartOutcome::Patient(patient) => Some((place, patient)),
            PartOutcome::Reading
            | PartOutcome::Test(_)
            | PartOutcome::Case(_)
            | PartOutcome::Evaluation(_) => None,
        })
    };
    let (place, patient) = at_hand.or_else(finished)?;
    match &content.activity().parts.get(place)?.body {
        PartBody::Patient(body) => Some(minutes(body, &patient.bedside.steps)),
        PartBody::Reading(_) | PartBody::Test(_) | PartBody::Case(_) | PartBody::Evaluation(_) => None,
    }
}
