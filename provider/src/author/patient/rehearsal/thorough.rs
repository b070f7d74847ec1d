//! Learners who order everything. What they order must not win: so they are given what
//! could make it win, and what ends the encounter comes last, the best of it first.

use std::cmp::Reverse;
use std::fmt;

use enduring_core::content::patient::{
    Action, ActionAt, Change, EndingAt, Given, Guard, Patient, RouteAt, ScriptStep,
};
use enduring_core::measure::Seconds;

use super::run::{Play, take};

/// How long a wait is for what cannot be done yet: a part of the encounter.
const SLICES: u32 = 40;

/// How somebody does everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Thorough {
    /// How much of everything.
    pub dose: Extent,
    /// So many eighths of the encounter are waited for what is refused at first.
    pub patience: u32,
}

/// An end of what is in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// The least dose.
    Least,
    /// The greatest.
    Greatest,
}

impl Thorough {
    /// Everybody who does everything.
    pub fn all() -> impl Iterator<Item = Self> {
        [Extent::Greatest, Extent::Least]
            .into_iter()
            .flat_map(|dose| [0, 2].into_iter().map(move |patience| Self { dose, patience }))
    }

    fn step(self, at: usize, action: &Action) -> ScriptStep {
        let dose = action.dose.as_ref().map(|sheet| Given {
            amount: match self.dose {
                Extent::Least => sheet.usual_low,
                Extent::Greatest => sheet.usual_high,
            },
            route: RouteAt(0),
        });
        ScriptStep::Act { action: ActionAt(u16::try_from(at).unwrap_or(0)), dose }
    }
}

impl fmt::Display for Thorough {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let dose = match self.dose {
            Extent::Least => "least",
            Extent::Greatest => "greatest",
        };
        write!(out, "at the {dose} doses in use")?;
        match self.patience {
            0 => Ok(()),
            eighths => write!(out, ", waiting {eighths}/8 of the time for what is refused at first"),
        }
    }
}

impl Play<'_> {
    /// Everything once, refused or not at first; and once all of it is done, the best way
    /// to end it that is possible.
    pub(super) fn everything(&mut self, how: Thorough) {
        let patient = self.patient;
        let (mut last, mut left): (Vec<_>, Vec<_>) = patient
            .actions
            .iter()
            .enumerate()
            .map(|(at, action)| (at, action, ends(patient, at, action)))
            .partition(|(_, _, worth)| worth.is_some());
        last.sort_by_key(|(_, _, worth)| Reverse(*worth));
        let until = |eighths: u32| Seconds(patient.limit.0.saturating_mul(eighths) / 8);
        while self.bedside.ending.is_none() {
            let before = left.len();
            left.retain(|(at, action, _)| take(patient, &mut self.bedside, &how.step(*at, action)).is_err());
            self.note_offered();
            if left.is_empty() || (left.len() == before && self.bedside.time >= until(how.patience)) {
                break;
            }
            if left.len() == before {
                self.slice();
            }
        }
        while !self.bedside.jobs.is_empty() && self.bedside.ending.is_none() {
            self.slice();
        }
        for (at, action, _) in last {
            while take(patient, &mut self.bedside, &how.step(at, action)).is_err()
                && self.bedside.ending.is_none()
                && self.bedside.time < until(7)
            {
                self.slice();
            }
        }
    }

    fn slice(&mut self) {
        self.note_offered();
        let span = Seconds((self.patient.limit.0 / SLICES).max(1));
        self.bedside.wait(self.patient, span, &mut |_| {});
    }
}

/// What the best ending is worth to which an action leads: by a change, or because the
/// ending asks whether it was done.
fn ends(patient: &Patient, at: usize, action: &Action) -> Option<u16> {
    let by_change = action.changes.iter().filter_map(|change| match change {
        Change::End(EndingAt(ending)) => patient.endings.get(usize::from(*ending)),
        Change::Course { .. }
        | Change::Add { .. }
        | Change::Stage(_)
        | Change::Show(_)
        | Change::Hide(_)
        | Change::Stop(_) => None,
    });
    let asked = patient.endings.iter().filter(|ending| asks_for(&ending.when, at));
    by_change.chain(asked).map(|ending| ending.share).max()
}

/// Whether it must be done for the condition to hold.
fn asks_for(guard: &Guard, action: usize) -> bool {
    match guard {
        Guard::Done(at) => at.at() == action,
        Guard::All(all) | Guard::Any(all) => all.iter().any(|one| asks_for(one, action)),
        Guard::Always
        | Guard::Not(_)
        | Guard::Less(..)
        | Guard::AtMost(..)
        | Guard::Underway(_)
        | Guard::Running(_)
        | Guard::Reported(_)
        | Guard::OverLimit(_)
        | Guard::InStage(_)
        | Guard::Fired(_) => false,
    }
}
