//! Every patient is rehearsed before it is built: by the expert's script, by doing
//! nothing, by doing everything, by the expert with a step left out or cut short, and
//! by learners of chance. Chance comes from one seed, so a rehearsal of the same
//! patient always finds the same.

mod expert;
mod run;
mod thorough;
mod verdict;

use enduring_core::content::patient::{Patient, ScriptStep};
use enduring_core::id::{Digest, PartId};
use enduring_core::measure::Seconds;
use rayon::iter::{IntoParallelIterator, ParallelIterator};

use self::run::{Learner, run};
use self::thorough::Thorough;
use super::super::source::Folder;
use super::Draft;

/// Most virtual seconds of all learners of chance together: 2,000 learners at five
/// hours, half a minute on two cores. A budget of real time would let the same patient
/// pass on one machine and fail on another.
const SECONDS_MAX: u64 = 36_000_000;
/// So many learners of chance rehearse at least, however long the encounter.
const RUNS_MIN: u32 = 100;

/// Sees how far a rehearsal is.
pub trait Progress: Sync {
    /// A patient's rehearsal begins, with so many runs.
    fn begins(&self, patient: &PartId, runs: usize);
    /// A run is over.
    fn ran(&self);
    /// The patient's rehearsal is over.
    fn ends(&self);
}

/// Nobody watches.
impl Progress for () {
    fn begins(&self, _: &PartId, _: usize) {}
    fn ran(&self) {}
    fn ends(&self) {}
}

/// How patients are rehearsed.
#[derive(Clone, Copy)]
pub struct Rehearsal<'a> {
    /// How many learners of chance; fewer where the encounter is long.
    pub runs: u32,
    /// Who watches.
    pub progress: &'a dyn Progress,
}

/// Learners of chance, where nobody says how many.
pub const RUNS: u32 = 2_000;

impl Default for Rehearsal<'_> {
    fn default() -> Self {
        Self { runs: RUNS, progress: &() }
    }
}

/// Rehearses a patient and reports what is wrong with it.
pub fn rehearse(folder: &Folder, draft: &Draft, rehearsal: &Rehearsal) {
    let patient = &draft.patient;
    let Some(expert) = expert::play(folder, draft) else { return };
    let seed = Digest::of(&[b"enduring patient rehearsal"]);
    let learners = learners(patient, rehearsal.runs);
    rehearsal.progress.begins(&draft.part, learners.len());
    let runs: Vec<_> = learners
        .into_par_iter()
        .map(|learner| {
            let run = run(patient, learner, &seed);
            rehearsal.progress.ran();
            run
        })
        .collect();
    rehearsal.progress.ends();
    verdict::tell(folder, draft, &expert, &runs);
}

/// Everybody who plays. The expert comes first, and chance last.
fn learners(patient: &Patient, runs: u32) -> Vec<Learner> {
    let affordable = u32::try_from(SECONDS_MAX / u64::from(patient.limit.0.max(1))).unwrap_or(u32::MAX);
    let by_chance = runs.min(affordable.max(RUNS_MIN));
    let steps = patient.expert.len();
    let mut learners = vec![Learner::Expert, Learner::Nothing];
    learners.extend(Thorough::all().map(Learner::Everything));
    learners.extend((0..steps).map(Learner::Without));
    learners.extend((1..steps).map(Learner::Until));
    learners.extend((0..by_chance).map(|number| match number % 2 {
        0 => Learner::Slips(number / 2),
        _ => Learner::Anything(number / 2),
    }));
    learners
}

/// Virtual time as it stands on a clock: `3:20`.
fn clock(time: Seconds) -> String {
    format!("{}:{:02}", time.0 / 60, time.0 % 60)
}

/// A script as authors write it.
fn written(patient: &Patient, steps: &[ScriptStep]) -> String {
    let step = |step: &ScriptStep| match step {
        ScriptStep::Wait(span) => format!("wait {} s", span.0),
        ScriptStep::Act { action, dose } => {
            let Some(action) = patient.actions.get(action.at()) else { return String::new() };
            let unit = action.dose.as_ref().map_or("", |dose| dose.unit.as_str());
            let dose = dose.map(|given| {
                let route = action.routes.get(given.route.at()).map_or("", |route| route.id.as_str());
                format!(" {} {unit} {route}", given.amount.decimal(6))
            });
            format!("{}{}", action.id, dose.unwrap_or_default())
        }
    };
    steps.iter().map(|one| format!("\"{}\"", step(one))).collect::<Vec<_>>().join(", ")
}
