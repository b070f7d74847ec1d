//! The rubric of an encounter: what is noted as it goes, and what it comes to.
//! Integers only; judged from marks that the log alone decides.

use super::known::Known;
use super::state::{Bedside, Happening, Job, Mark};
use crate::content::patient::{Deed, Economy, HarmWeight, Measure, Patient, RubricLine};
use crate::measure::{Points, Seconds};

/// What a line came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Judged {
    /// Earned.
    pub earned: Points,
    /// What it could have earned; nothing for a harm.
    pub possible: Points,
    /// What it cost; nothing but for a harm.
    pub cost: Points,
    /// How it was met.
    pub how: How,
}

/// How a line of the rubric was met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// As expected.
    Met,
    /// Later than expected.
    Late,
    /// Not, or too late, or in the wrong order; of a harm: it did not happen.
    Not,
    /// Nothing was done in the whole encounter: sparing is no merit then.
    Idle,
    /// A harm happened.
    Harmed,
}

impl Deed {
    fn is(&self, job: &Job) -> bool {
        self.action == job.action
            && job.dose.is_none_or(|dose| {
                self.route.is_none_or(|route| route == dose.route)
                    && self.least.is_none_or(|least| dose.amount >= least)
                    && self.most.is_none_or(|most| dose.amount <= most)
            })
    }
}

impl Bedside {
    /// Notes what was just done.
    pub(super) fn mark_deed(&mut self, patient: &Patient, job: &Job) {
        let time = self.time;
        let done = |deeds: &[Deed]| deeds.iter().any(|deed| deed.is(job));
        for (line, mark) in patient.rubric.lines.iter().zip(&mut self.marks) {
            let (first, then) = match &line.measure {
                Measure::Timely { any, .. } => (done(any), false),
                Measure::Sequence { first, then } => (done(first), done(then)),
                Measure::Harm { .. } | Measure::Economy { .. } | Measure::Outcome => (false, false),
            };
            if first {
                mark.first.get_or_insert(time);
            }
            if then {
                mark.then.get_or_insert(time);
            }
        }
    }

    /// Notes what holds in this second: windows that open, harms that happen.
    pub(super) fn note(&mut self, patient: &Patient, known: &mut Known) {
        for (at, line) in patient.rubric.lines.iter().enumerate() {
            let Some(mark) = self.marks.get(at) else { break };
            let (guard, noted) = match &line.measure {
                Measure::Timely { opens, .. } => (opens, mark.opened),
                Measure::Harm { when, .. } => (when, mark.first),
                Measure::Sequence { .. } | Measure::Economy { .. } | Measure::Outcome => continue,
            };
            if noted.is_some() || !known.line(at, self, guard) {
                continue;
            }
            let time = Some(self.time);
            match (self.marks.get_mut(at), &line.measure) {
                (Some(mark), Measure::Timely { .. }) => mark.opened = time,
                (Some(mark), _) => mark.first = time,
                (None, _) => {}
            }
        }
    }

    /// What a line came to; of the outcome, once there is one.
    #[must_use]
    pub fn judge(&self, patient: &Patient, at: usize, line: &RubricLine) -> Judged {
        let mark = self.marks.get(at).copied().unwrap_or_default();
        let share = |how: How, earned: Points| Judged { earned, possible: line.points, cost: Points(0), how };
        let whole = |met: How| match met {
            How::Met => share(met, line.points),
            How::Late => share(met, Points(line.points.0 / 2)),
            How::Not | How::Idle | How::Harmed => share(met, Points(0)),
        };
        match &line.measure {
            Measure::Timely { within, late, .. } => whole(timely(mark, *within, *late)),
            Measure::Sequence { .. } => whole(match (mark.first, mark.then) {
                (Some(first), Some(then)) if first <= then => How::Met,
                (Some(_) | None, Some(_) | None) => How::Not,
            }),
            Measure::Harm { .. } => {
                let (cost, how) = match mark.first {
                    Some(_) => (line.points, How::Harmed),
                    None => (Points(0), How::Not),
                };
                Judged { earned: Points(0), possible: Points(0), cost, how }
            }
            Measure::Economy { .. } if self.is_idle() => whole(How::Idle),
            Measure::Economy { of, most } => {
                let spent = match of {
                    Economy::Orders => u32::try_from(self.samples.len()).unwrap_or(u32::MAX),
                    Economy::Cost => self.cost,
                    Economy::Minutes => self.time.0.div_ceil(60),
                };
                whole(if spent <= *most { How::Met } else { How::Not })
            }
            Measure::Outcome => {
                let ending = self.ending.and_then(|at| patient.endings.get(at.at()));
                let thousandths = u64::from(ending.map_or(0, |ending| ending.share).min(1_000));
                let earned = u64::from(line.points.0) * thousandths / 1_000;
                let how = if thousandths == 1_000 { How::Met } else { How::Not };
                share(how, Points(u32::try_from(earned).unwrap_or(0)))
            }
        }
    }

    fn is_idle(&self) -> bool {
        !self.story.iter().any(|told| matches!(told.what, Happening::Done { .. }))
    }

    /// What the encounter came to: earned and possible. Doing nothing spares orders,
    /// but an encounter in which nothing was done earns nothing for that.
    #[must_use]
    pub fn score(&self, patient: &Patient) -> (Points, Points) {
        let (mut earned, mut possible, mut cost) = (0u32, 0u32, 0u32);
        let mut capped = false;
        for (at, line) in patient.rubric.lines.iter().enumerate() {
            let judged = self.judge(patient, at, line);
            earned = earned.saturating_add(judged.earned.0);
            possible = possible.saturating_add(judged.possible.0);
            cost = cost.saturating_add(judged.cost.0);
            let critical = matches!(line.measure, Measure::Harm { weight: HarmWeight::Critical, .. });
            capped |= critical && judged.how == How::Harmed;
        }
        let cap = if capped {
            let share = u64::from(possible) * u64::from(patient.rubric.cap_after_harm.0.min(100)) / 100;
            u32::try_from(share).unwrap_or(possible)
        } else {
            possible
        };
        (Points(earned.saturating_sub(cost).min(cap)), Points(possible))
    }
}

/// A deed before its window opens is in time.
fn timely(mark: Mark, within: Seconds, late: Seconds) -> How {
    let Some(done) = mark.first else { return How::Not };
    let opened = mark.opened.unwrap_or(done);
    let took = done.0.saturating_sub(opened.0);
    match took {
        took if took <= within.0 => How::Met,
        took if took <= late.0 => How::Late,
        _ => How::Not,
    }
}
