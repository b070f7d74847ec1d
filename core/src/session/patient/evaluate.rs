//! Formulas and guards over a bedside. Total: saturates, never fails.

use super::doses::Acting;
use super::known::Variables;
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

/// What a step makes of two amounts, where it joins any.
#[inline]
pub(super) fn joined(op: &Op, left: Amount, right: Amount) -> Amount {
    match op {
        Op::Sum => left.plus(right),
        Op::Difference => left.minus(right),
        Op::Product => left.times(right),
        Op::Quotient => left.by(right),
        Op::Least => left.min(right),
        Op::Greatest => left.max(right),
        Op::Number(_) | Op::Variable(_) | Op::Time | Op::Since(_) | Op::Count(_) | Op::Total(_) => Amount(0),
    }
}

/// What an evaluation looked at: while that stays as it is, so does what it came to.
#[derive(Clone, Copy)]
pub(super) struct Reads {
    /// These variables.
    pub(super) variables: Variables,
    /// The time, which is never as it was.
    pub(super) time: bool,
}

impl Reads {
    /// Nothing so far.
    pub(super) const NOTHING: Self = Self { variables: Variables::NONE, time: false };

    /// Whether it looked at any of these variables, or at the time.
    pub(super) fn any_of(&self, changed: Variables) -> bool {
        self.time || self.variables.has_any(changed)
    }
}

impl Bedside {
    /// What a formula comes to now.
    #[must_use]
    pub fn value_of(&self, formula: &Formula) -> Amount {
        self.value_reading(formula, &mut Reads { ..Reads::NOTHING })
    }

    /// Whether a guard holds now.
    #[must_use]
    pub fn holds(&self, guard: &Guard) -> bool {
        self.holds_reading(guard, &mut Reads { ..Reads::NOTHING })
    }

    pub(super) fn value_reading(&self, formula: &Formula, reads: &mut Reads) -> Amount {
        match formula.ops() {
            [op] => self.leaf(op, reads),
            ops => self.run(ops, reads),
        }
    }

    fn level(&self, variable: VariableAt, reads: &mut Reads) -> Amount {
        reads.variables = reads.variables.with(variable);
        self.levels.get(variable.at()).map_or(Amount(0), |level| level.value)
    }

    /// Total, whatever the steps are: `check` refuses what is not well-formed, and here
    /// what is missing is zero and what is too much is dropped.
    fn run(&self, ops: &[Op], reads: &mut Reads) -> Amount {
        let mut stack = Stack { below: [Amount(0); STACK_MAX], height: 0, top: Amount(0) };
        for op in ops {
            if op.joins() {
                stack.join(|left, right| joined(op, left, right));
            } else {
                stack.put(self.leaf(op, reads));
            }
        }
        stack.top
    }

    /// The amount that a step puts on the stack, where it joins none.
    pub(super) fn leaf(&self, op: &Op, reads: &mut Reads) -> Amount {
        match op {
            Op::Number(amount) => *amount,
            Op::Variable(variable) => self.level(*variable, reads),
            Op::Time => {
                reads.time = true;
                Amount::whole(self.time.0)
            }
            Op::Since(action) => self.tally(*action).last.map_or(Amount::MAX, |last| {
                reads.time = true;
                Amount::whole(self.time.0.saturating_sub(last.0))
            }),
            Op::Count(action) => Amount::whole(u32::from(self.tally(*action).count)),
            Op::Total(action) => self.tally(*action).total,
            Op::Sum | Op::Difference | Op::Product | Op::Quotient | Op::Least | Op::Greatest => Amount(0),
        }
    }

    pub(super) fn holds_reading(&self, guard: &Guard, reads: &mut Reads) -> bool {
        match guard {
            Guard::Always => true,
            Guard::Not(inner) => !self.holds_reading(inner, reads),
            Guard::All(list) => list.iter().all(|inner| self.holds_reading(inner, reads)),
            Guard::Any(list) => list.iter().any(|inner| self.holds_reading(inner, reads)),
            // What nearly all guards compare.
            Guard::Less(left, right)
                if let ([Op::Variable(variable)], [Op::Number(number)]) = (left.ops(), right.ops()) =>
            {
                self.level(*variable, reads) < *number
            }
            Guard::Less(left, right) => self.value_reading(left, reads) < self.value_reading(right, reads),
            Guard::AtMost(left, right) => self.value_reading(left, reads) <= self.value_reading(right, reads),
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
