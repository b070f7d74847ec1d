//! A scripted learner at the bedside of a simulated patient.

use enduring_core::content::PartBody;
use enduring_core::content::patient::{Action, DoseForm, Given, Patient, ScriptStep};
use enduring_core::measure::{Amount, Seconds};
use enduring_core::session::view::{PatientAsk, PatientView};
use enduring_core::session::{
    Command, OwnView, PartState, PatientDose, PatientState, Phase, Refusal, WAIT_MAX,
};

use super::learner::{Halt, Learner, Stuck};
use super::profile::Slips;
use super::words;

/// After so many steps in one play a learner is lost in it.
pub(super) const BEDSIDE_STEPS_MAX: usize = 3_000;
/// How long somebody waits who does not know what else to do.
const PAUSE: Seconds = Seconds(60);

impl Learner<'_> {
    pub(super) fn patient(&mut self, view: &PatientView) -> Result<(), Halt> {
        match &view.ask {
            PatientAsk::Next => {
                self.steps += 1;
                if self.steps > BEDSIDE_STEPS_MAX {
                    return Err(Halt::Stuck(Stuck::LostAtBedside));
                }
                let thought = self.thought(0);
                self.desk.spend(thought)?;
                self.act()?;
            }
            PatientAsk::Reflect { text, .. } => {
                self.read(words::document(text))?;
                let views = [OwnView::Well, OwnView::Mixed, OwnView::Badly];
                let view = self.dice.pick(&views).copied().unwrap_or(OwnView::Mixed);
                self.desk.tries(Command::Reflect { view })?;
            }
            PatientAsk::Debrief(debrief) => {
                self.read(words::document(&debrief.text))?;
                if debrief.gate_met {
                    self.desk.tries(Command::FinishPart)?;
                } else if debrief.replayable {
                    (self.expert, self.steps) = (Some(0), 0);
                    self.desk.tries(Command::RestartPatient)?;
                } else {
                    return Err(Halt::Stuck(Stuck::NoPlayLeft));
                }
            }
        }
        Ok(())
    }

    /// The patient at hand and how it stands.
    fn at_patient(&self) -> Option<(&Patient, &PatientState)> {
        let part = self.desk.content.activity().parts.get(self.desk.state.finished.len())?;
        match (&part.body, &self.desk.state.phase) {
            (PartBody::Patient(patient), Phase::Part(PartState::Patient(state))) => Some((patient, state)),
            (_, _) => None,
        }
    }

    /// Does what comes next; waits where that is not possible now.
    fn act(&mut self) -> Result<(), Refusal> {
        let command = self.next_at_bedside();
        match self.desk.tries(command) {
            Err(Refusal::ActionNotOffered | Refusal::TooMuchAtOnce) => self.desk.tries(wait(PAUSE)),
            done => done,
        }
    }

    /// The expert's next step, or a slip in its place.
    fn next_at_bedside(&mut self) -> Command {
        let place = self.expert.unwrap_or(0);
        let Some((patient, state)) = self.at_patient() else { return wait(PAUSE) };
        let earlier = state.plays.len();
        let step = patient.expert.get(place).map(|step| command(patient, step));
        if self.dice.happens(self.habits.bedside + self.habits.learns * earlier) {
            self.expert = Some(place + 1);
            return step.unwrap_or_else(|| wait(PAUSE));
        }
        match self.habits.slips {
            Slips::Waits => wait(Seconds(u32::from(WAIT_MAX))),
            Slips::Anything => self.anything(),
            Slips::Small => match self.dice.below(3) {
                // A step left out, done later, or something else in between.
                0 => {
                    self.expert = Some(place + 2);
                    wait(Seconds(1))
                }
                1 => wait(PAUSE),
                _ => self.anything(),
            },
        }
    }

    /// Anything that can be done now, at any dose in use.
    fn anything(&mut self) -> Command {
        let Some((patient, state)) = self.at_patient() else { return wait(PAUSE) };
        let offered: Vec<Action> = state.bedside.offered(patient).map(|(_, action)| action.clone()).collect();
        let Some(action) = self.dice.pick(&offered) else { return wait(PAUSE) };
        let dose = action.dose.as_ref().and_then(|sheet| {
            let route = self.dice.pick(&action.routes)?;
            let least = if sheet.form == DoseForm::Rate { Amount(0) } else { sheet.usual_low };
            let amount = *self.dice.pick(&[least, sheet.usual_high])?;
            let amount =
                if amount.0 == 0 && sheet.form == DoseForm::Bolus { sheet.usual_high } else { amount };
            Some(PatientDose { amount: amount.decimal(6), route: route.id.clone() })
        });
        Command::Act { action: action.id.clone(), dose }
    }
}

fn wait(span: Seconds) -> Command {
    Command::Wait { seconds: u16::try_from(span.0).unwrap_or(WAIT_MAX).min(WAIT_MAX) }
}

/// A step of a script as the learner tries it.
fn command(patient: &Patient, step: &ScriptStep) -> Command {
    match step {
        ScriptStep::Wait(span) => wait(*span),
        ScriptStep::Act { action, dose } => {
            let Some(action) = patient.actions.get(action.at()) else { return wait(PAUSE) };
            let given = |given: &Given| {
                let route = action.routes.get(given.route.at())?;
                Some(PatientDose { amount: given.amount.decimal(6), route: route.id.clone() })
            };
            Command::Act { action: action.id.clone(), dose: dose.as_ref().and_then(given) }
        }
    }
}
