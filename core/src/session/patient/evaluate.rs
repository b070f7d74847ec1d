//! Formulas and guards over a bedside. Total: saturates, never fails.

use super::doses::Acting;
use super::state::Bedside;
use crate::content::patient::{DoseForm, Formula, Guard, Op, STACK_MAX, VariableAt};
use crate::measure::Amount;

/// The amounts that a formula goes on with. The last of them is kept apart, where it
/// costs least; below the first is a zero.
struct Stack {
    below: [Amount; STACK_MAX],
    height: usize,
    top: Amount,
}

impl Stack {
    /// Puts an amount on top; one too many is dropped.
    fn put(&mut self, amount: Amount) {
        if let Some(free) = self.below.get_mut(self.height) {
            *free = self.top;
            self.top = amount;
            self.height += 1;
        }
    }

    /// Puts in the place of the last two what they come to; one that is not there is zero.
    fn join(&mut self, join: impl FnOnce(Amount, Amount) -> Amount) {
        self.height = self.height.saturating_sub(1);
        let left = self.below.get(self.height).copied().unwrap_or_default();
        self.top = join(left, self.top);
    }
}

impl Bedside {
    /// What a formula comes to now.
    #[must_use]
    pub fn value_of(&self, formula: &Formula) -> Amount {
        match formula.ops() {
            [Op::Number(amount)] => *amount,
            [Op::Variable(variable)] => self.level(*variable),
            ops => self.run(ops),
        }
    }

    fn level(&self, variable: VariableAt) -> Amount {
        self.levels.get(variable.at()).map_or(Amount(0), |level| level.value)
    }

    /// Total, whatever the steps are: `check` refuses what is not well-formed, and here
    /// what is missing is zero and what is too much is dropped.
    fn run(&self, ops: &[Op]) -> Amount {
        let mut stack = Stack { below: [Amount(0); STACK_MAX], height: 0, top: Amount(0) };
        for op in ops {
            match op {
                Op::Number(amount) => stack.put(*amount),
                Op::Variable(variable) => stack.put(self.level(*variable)),
                Op::Time => stack.put(Amount::whole(self.time.0)),
                Op::Since(action) => stack.put(
                    self.tally(*action)
                        .last
                        .map_or(Amount::MAX, |last| Amount::whole(self.time.0.saturating_sub(last.0))),
                ),
                Op::Count(action) => stack.put(Amount::whole(u32::from(self.tally(*action).count))),
                Op::Total(action) => stack.put(self.tally(*action).total),
                Op::Sum => stack.join(Amount::plus),
                Op::Difference => stack.join(Amount::minus),
                Op::Product => stack.join(Amount::times),
                Op::Quotient => stack.join(Amount::by),
                Op::Least => stack.join(Ord::min),
                Op::Greatest => stack.join(Ord::max),
            }
        }
        stack.top
    }

    /// Whether a guard holds now.
    #[must_use]
    pub fn holds(&self, guard: &Guard) -> bool {
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
