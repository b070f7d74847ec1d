//! One run of a rehearsal: a learner at the bedside, and what came of it.

use std::collections::BTreeSet;

use enduring_core::content::patient::{
    Action, ActionAt, DoseForm, EndingAt, Given, Patient, RouteAt, ScriptStep,
};
use enduring_core::id::Digest;
use enduring_core::measure::{Amount, Points, Seconds};
use enduring_core::session::{Bedside, Chance};

use super::thorough::Thorough;

/// Most that one learner does: what takes no time could go on for ever.
const ACTIONS_MAX: usize = 200;
/// How long a learner waits at once, in seconds.
const WAITS: [u32; 6] = [10, 30, 60, 120, 300, 900];

/// Who is at the bedside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Learner {
    /// Follows the script of the expert.
    Expert,
    /// Waits to the end.
    Nothing,
    /// Does everything that can be done, once, and then ends it as well as can be.
    Everything(Thorough),
    /// The expert without one step.
    Without(usize),
    /// The expert up to a step, and then nothing.
    Until(usize),
    /// The expert with slips of chance.
    Slips(u32),
    /// Whatever comes to mind.
    Anything(u32),
}

/// What came of a run.
pub struct Run {
    /// Who.
    pub learner: Learner,
    /// How it ended.
    pub ending: Option<EndingAt>,
    /// Earned.
    pub points: Points,
    /// When each variable left its range.
    pub strayed: Vec<Option<Seconds>>,
    /// Which rules fired, by their places.
    pub fired: Vec<bool>,
    /// Which actions could be asked for, by their places.
    pub offered: BTreeSet<u16>,
    /// What was done.
    pub steps: Vec<ScriptStep>,
}

/// A learner at work.
pub(super) struct Play<'a> {
    pub(super) patient: &'a Patient,
    pub(super) bedside: Bedside,
    offered: BTreeSet<u16>,
}

/// Plays one learner to the end.
pub fn run(patient: &Patient, learner: Learner, seed: &Digest) -> Run {
    let mut play = Play { patient, bedside: Bedside::begin(patient), offered: BTreeSet::new() };
    match learner {
        Learner::Expert => play.script(&patient.expert),
        Learner::Nothing => {}
        Learner::Everything(how) => play.everything(how),
        Learner::Without(place) => {
            let mut script = patient.expert.clone();
            script.remove(place);
            play.script(&script);
        }
        Learner::Until(place) => play.script(&patient.expert[..place]),
        Learner::Slips(number) => {
            let script = slipped(patient, &mut Chance::new(seed, "slips", number));
            play.script(&script);
        }
        Learner::Anything(number) => play.anything(&mut Chance::new(seed, "anything", number)),
    }
    play.wait_for_the_end();
    let bedside = play.bedside;
    Run {
        learner,
        ending: bedside.ending,
        points: bedside.score(patient).0,
        strayed: bedside.levels.iter().map(|level| level.strayed).collect(),
        fired: bedside.rules.iter().map(|rule| rule.count > 0).collect(),
        offered: play.offered,
        steps: bedside.steps,
    }
}

/// Why a step of a script is not possible.
pub enum Refused {
    /// It ended before.
    Ended,
    /// It cannot be asked for now.
    NotOffered,
    /// Too much is under way.
    NoRoom,
}

/// Takes a step, where it is possible now.
///
/// # Errors
/// Why it is not.
pub fn take(patient: &Patient, bedside: &mut Bedside, step: &ScriptStep) -> Result<(), Refused> {
    if bedside.ending.is_some() {
        return Err(Refused::Ended);
    }
    match step {
        ScriptStep::Wait(span) => bedside.wait(patient, *span, &mut |_| {}),
        ScriptStep::Act { action, dose } => {
            let offered =
                patient.actions.get(action.at()).is_some_and(|known| bedside.offers(*action, known));
            if !offered {
                return Err(Refused::NotOffered);
            }
            if !bedside.has_room() {
                return Err(Refused::NoRoom);
            }
            bedside.act(patient, *action, *dose, &mut |_| {});
        }
    }
    Ok(())
}

impl Play<'_> {
    pub(super) fn note_offered(&mut self) {
        self.offered.extend(self.bedside.offered(self.patient).map(|(at, _)| at.0));
    }

    /// Follows a script as far as it is possible.
    fn script(&mut self, script: &[ScriptStep]) {
        for step in script {
            self.note_offered();
            // What is not possible now is left out.
            let _refused = take(self.patient, &mut self.bedside, step).is_err();
        }
    }

    fn wait_for_the_end(&mut self) {
        while self.bedside.ending.is_none() {
            self.note_offered();
            self.bedside.wait(self.patient, self.patient.limit, &mut |_| {});
        }
    }

    /// Whatever can be done, more or less of it, with waits in between.
    fn anything(&mut self, chance: &mut Chance) {
        let busy = 1 + chance.below(9);
        let most = if chance.below(2) == 0 { 1 + chance.below(8) } else { ACTIONS_MAX };
        let mut done = 0;
        while self.bedside.ending.is_none() && done < most {
            self.note_offered();
            if chance.below(10) < busy && self.bedside.has_room() {
                let offered: Vec<u16> = self.bedside.offered(self.patient).map(|(at, _)| at.0).collect();
                if let Some(at) = offered.get(chance.below(offered.len())) {
                    let action = ActionAt(*at);
                    let dose = self.patient.actions.get(action.at()).and_then(|known| dose(known, chance));
                    self.bedside.act(self.patient, action, dose, &mut |_| {});
                    done += 1;
                    continue;
                }
            }
            self.bedside.wait(self.patient, wait(chance), &mut |_| {});
        }
    }
}

fn wait(chance: &mut Chance) -> Seconds {
    Seconds(WAITS.get(chance.below(WAITS.len())).copied().unwrap_or(60))
}

/// A dose of chance: the least or most in use, between, or ten times that.
fn dose(action: &Action, chance: &mut Chance) -> Option<Given> {
    let sheet = action.dose.as_ref()?;
    let least = if sheet.form == DoseForm::Bolus { Amount(1) } else { Amount(0) };
    let tenfold = sheet.usual_high.times(Amount::whole(10));
    let amount = match chance.below(8) {
        0 | 1 => sheet.usual_low,
        2 | 3 => sheet.usual_high,
        4 => sheet.usual_low.by(Amount::whole(10)),
        5 => tenfold,
        6 => sheet.usual_low.plus(sheet.usual_high).by(Amount::whole(2)),
        _ if sheet.form == DoseForm::Rate => Amount(0),
        _ => sheet.usual_high,
    };
    let route = u16::try_from(chance.below(action.routes.len())).unwrap_or(0);
    Some(Given { amount: amount.max(least), route: RouteAt(route) })
}

/// The expert's script with one to four slips.
fn slipped(patient: &Patient, chance: &mut Chance) -> Vec<ScriptStep> {
    let mut script = patient.expert.clone();
    for _ in 0..=chance.below(4) {
        if script.is_empty() {
            break;
        }
        let place = chance.below(script.len());
        match chance.below(6) {
            0 => {
                script.remove(place);
            }
            1 => script.insert(place, ScriptStep::Wait(wait(chance))),
            2 if place + 1 < script.len() => script.swap(place, place + 1),
            3 => script.truncate(place),
            4 => script.insert(place, any_action(patient, chance)),
            _ => wrong_dose(patient, script.get_mut(place), chance),
        }
    }
    script
}

fn any_action(patient: &Patient, chance: &mut Chance) -> ScriptStep {
    let at = chance.below(patient.actions.len());
    let dose = patient.actions.get(at).and_then(|action| dose(action, chance));
    ScriptStep::Act { action: ActionAt(u16::try_from(at).unwrap_or(0)), dose }
}

fn wrong_dose(patient: &Patient, step: Option<&mut ScriptStep>, chance: &mut Chance) {
    match step {
        Some(ScriptStep::Act { action, dose: Some(given) }) => {
            let other = patient.actions.get(action.at()).and_then(|action| dose(action, chance));
            *given = other.unwrap_or(*given);
        }
        Some(ScriptStep::Wait(span)) => *span = wait(chance),
        Some(ScriptStep::Act { dose: None, .. }) | None => {}
    }
}
