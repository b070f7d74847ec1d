//! Formulas and guards over a bedside. Total: saturates, never fails.

use super::bedside::Bedside;
use super::doses::Acting;
use crate::content::patient::{DoseForm, Formula, Guard};
use crate::measure::Amount;

impl Bedside {
    /// What a formula comes to now.
    #[must_use]
    pub fn value_of(&self, formula: &Formula) -> Amount {
        let both = |pair: &(Formula, Formula), join: fn(Amount, Amount) -> Amount| {
            join(self.value_of(&pair.0), self.value_of(&pair.1))
        };
        match formula {
            Formula::Number(amount) => *amount,
            Formula::Variable(variable) => {
                self.levels.get(variable.at()).map_or(Amount(0), |level| level.value)
            }
            Formula::Time => Amount::whole(self.time.0),
            Formula::Since(action) => self
                .tally(*action)
                .last
                .map_or(Amount::MAX, |last| Amount::whole(self.time.0.saturating_sub(last.0))),
            Formula::Count(action) => Amount::whole(u32::from(self.tally(*action).count)),
            Formula::Total(action) => self.tally(*action).total,
            Formula::Sum(pair) => both(pair, Amount::plus),
            Formula::Difference(pair) => both(pair, Amount::minus),
            Formula::Product(pair) => both(pair, Amount::times),
            Formula::Quotient(pair) => both(pair, Amount::by),
            Formula::Least(pair) => both(pair, Ord::min),
            Formula::Greatest(pair) => both(pair, Ord::max),
        }
    }

    /// Whether a guard holds now.
    #[must_use]
    pub(super) fn holds(&self, guard: &Guard) -> bool {
        match guard {
            Guard::Always => true,
            Guard::Not(inner) => !self.holds(inner),
            Guard::All(list) => list.iter().all(|inner| self.holds(inner)),
            Guard::Any(list) => list.iter().any(|inner| self.holds(inner)),
            Guard::Less(left, right) => self.value_of(left) < self.value_of(right),
            Guard::AtMost(left, right) => self.value_of(left) <= self.value_of(right),
            Guard::Done(action) => self.tally(*action).count > 0,
            Guard::Underway(action) => self.jobs.iter().any(|job| job.action == *action),
            Guard::Running(action) => {
                let runs = |acting: &Acting| acting.form == DoseForm::Rate && acting.stopped.is_none();
                self.acting.iter().any(|acting| acting.action == *action && runs(acting))
            }
            Guard::Reported(action) => self.tally(*action).reported,
            Guard::OverLimit(action) => self.tally(*action).over_limit,
            Guard::InStage(stage) => self.stage == *stage,
            Guard::Fired(rule) => self.rules.get(rule.at()).is_some_and(|firing| firing.count > 0),
        }
    }
}
