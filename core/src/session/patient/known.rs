//! What is known from the second before. Nearly all guards and many formulas come to
//! the same as a second ago, since nothing that they look at changed: those are not
//! evaluated again.
//!
//! Two things make that exact. Variables take new values in [`Bedside::settle`] only,
//! which says which of them changed. And whenever anything happens that is not the mere
//! passing of time (something is done, a report arrives, a rule fires), everything is
//! forgotten. What is known lasts for one step of the script; none of it is state.

use super::evaluate::Reads;
use super::program::Program;
use super::state::Bedside;
use crate::content::patient::{Guard, Pace, Patient, VARIABLES_MAX, VariableAt};
use crate::measure::Amount;

/// A set of variables: a patient has no more than there are bits.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Variables(u64);

impl Variables {
    pub(super) const NONE: Self = Self(0);
    const ALL: Self = Self(u64::MAX);

    pub(super) fn of(at: usize) -> Self {
        Self(1 << (at % VARIABLES_MAX))
    }

    /// With this one.
    pub(super) fn with(self, variable: VariableAt) -> Self {
        self.and(Self::of(variable.at()))
    }

    pub(super) fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    pub(super) fn has_any(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    fn within(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Those that stand after it.
    fn after(at: usize) -> Self {
        // Two steps, since one of 64 bits would be none.
        Self(u64::MAX << (at % VARIABLES_MAX) << 1)
    }

    /// The place of the first.
    fn first(self) -> Option<usize> {
        (self.0 != 0).then(|| self.0.trailing_zeros() as usize)
    }

    /// Their places.
    pub(super) fn places(self) -> impl Iterator<Item = usize> {
        let mut rest = self;
        std::iter::from_fn(move || {
            let at = rest.first()?;
            rest.0 &= rest.0 - 1;
            Some(at)
        })
    }
}

/// What an evaluation came to, and what it looked at.
#[derive(Clone, Copy)]
struct Fact {
    reads: Reads,
    holds: bool,
}

impl Fact {
    /// Nothing: as if it had looked at the time.
    const UNKNOWN: Self = Self { reads: Reads { time: true, ..Reads::NOTHING }, holds: false };

    /// Whether it is as it was, if these variables changed.
    fn stays(&self, changed: Variables) -> bool {
        !self.reads.any_of(changed)
    }
}

/// What is known from the second before.
pub(super) struct Known {
    /// Of the guards of rules, endings and lines of the rubric, in this order.
    guards: Vec<Fact>,
    rules: usize,
    endings: usize,
    formulas: Program,
    /// What doses added to each variable.
    shifts: [Amount; VARIABLES_MAX],
    /// Variables to which they added something.
    shifted: Variables,
    /// Variables whose course moves.
    moving: Variables,
    /// Variables that are to be settled again: their course, their doses or what they look at moved.
    stale: Variables,
    /// Variables that changed when they were settled last.
    changed: Variables,
}

impl Known {
    /// Nothing yet.
    pub(super) fn nothing(patient: &Patient, bedside: &Bedside) -> Self {
        let (rules, endings) = (patient.rules.len(), patient.endings.len());
        Self {
            guards: vec![Fact::UNKNOWN; rules + endings + patient.rubric.lines.len()],
            rules,
            endings,
            formulas: Program::of(patient, bedside),
            shifts: [Amount(0); VARIABLES_MAX],
            shifted: Variables::NONE,
            moving: Variables::ALL,
            stale: Variables::ALL,
            changed: Variables::ALL,
        }
    }

    /// Something happened.
    pub(super) fn forget(&mut self) {
        self.guards.fill(Fact::UNKNOWN);
        self.moving = Variables::ALL;
        self.stale = Variables::ALL;
    }

    /// Whether the guard of a rule holds.
    pub(super) fn rule(&mut self, at: usize, bedside: &Bedside, guard: &Guard) -> bool {
        self.holds(at, bedside, guard)
    }

    /// Whether the guard of an ending holds.
    pub(super) fn ending(&mut self, at: usize, bedside: &Bedside, guard: &Guard) -> bool {
        self.holds(self.rules + at, bedside, guard)
    }

    /// Whether the guard of a line of the rubric holds.
    pub(super) fn line(&mut self, at: usize, bedside: &Bedside, guard: &Guard) -> bool {
        self.holds(self.rules + self.endings + at, bedside, guard)
    }

    fn holds(&mut self, place: usize, bedside: &Bedside, guard: &Guard) -> bool {
        let Some(fact) = self.guards.get_mut(place) else { return bedside.holds(guard) };
        if !fact.stays(self.changed) {
            fact.reads = Reads::NOTHING;
            fact.holds = bedside.holds_reading(guard, &mut fact.reads);
        }
        fact.holds
    }
}

impl Bedside {
    /// The courses of the variables go on by a second.
    pub(super) fn advance(&mut self, known: &mut Known) {
        for at in known.moving.places() {
            let Some(level) = self.levels.get_mut(at) else { break };
            let before = level.base;
            let way = level.target.minus(level.base);
            level.base = match level.pace {
                Pace::Step => level.target,
                Pace::Linear(step) => {
                    let step = step.0.saturating_abs();
                    level.base.plus(Amount(way.0.clamp(-step, step)))
                }
                Pace::FirstOrder(share) => level.base.plus(way.part(share, 1 << 24)),
            };
            if level.base == before {
                // The next step would be the same.
                known.moving = known.moving.without(Variables::of(at));
            } else {
                known.stale = known.stale.and(Variables::of(at));
            }
        }
        let time = self.time;
        // What is gone by now acts no more.
        self.acting.retain(|acting| !acting.is_gone(time));
    }

    /// Values follow from courses and doses.
    pub(super) fn settle(&mut self, patient: &Patient, known: &mut Known) {
        let mut shifts = [Amount(0); VARIABLES_MAX];
        let shifted = self.shift(patient, &mut shifts);
        for at in shifted.and(known.shifted).places() {
            if shifts.get(at) != known.shifts.get(at) {
                known.stale = known.stale.and(Variables::of(at));
            }
        }
        // Those that look at one which changed are to be settled again: in this second where they stand
        // after it, else in the next.
        let (mut now, mut next, mut changed) =
            (known.stale.and(known.formulas.timed()), Variables::NONE, Variables::NONE);
        while let Some(at) = now.first() {
            now = now.without(Variables::of(at));
            let (Some(level), Some(variable)) = (self.levels.get(at), patient.variables.get(at)) else {
                break;
            };
            let derived = known.formulas.value(at, self);
            let shift = shifts.get(at).copied().unwrap_or_default();
            let raw = derived.unwrap_or(level.base).plus(shift);
            let value = Amount(raw.0.max(variable.min.0).min(variable.max.0));
            let (same, time) = (value == level.value, self.time);
            let Some(level) = self.levels.get_mut(at) else { break };
            if value != raw {
                level.strayed.get_or_insert(time);
            }
            if !same {
                level.value = value;
                changed = changed.and(Variables::of(at));
                let readers = known.formulas.set(at, value);
                let later = Variables::after(at);
                now = now.and(readers.within(later));
                next = next.and(readers.without(later));
            }
        }
        (known.shifts, known.shifted) = (shifts, shifted);
        (known.stale, known.changed) = (next, changed);
    }
}
