//! The formulas of a patient's variables, made ready for being evaluated every second:
//! each operation finds its operands where they lie, instead of on a stack.

use super::evaluate::{Reads, joined};
use super::known::Variables;
use super::state::Bedside;
use crate::content::patient::{Formula, Op, Patient};
use crate::measure::Amount;

/// An operation on the amounts at two places, and the place for what it comes to.
struct Step {
    op: Op,
    left: u16,
    right: u16,
    into: u16,
}

/// A formula.
struct Part {
    /// What it takes from the state beside variables, and the places for it.
    leaves: Vec<(Op, u16)>,
    steps: Vec<Step>,
    /// Where it comes to lie.
    result: u16,
}

/// The formulas of all variables.
pub(super) struct Program {
    /// By variable.
    parts: Vec<Option<Part>>,
    /// What the variables are now, in their order; then the numbers of formulas, and what steps come to.
    amounts: Vec<Amount>,
    /// By variable: those whose formulas look at it.
    readers: Vec<Variables>,
    /// Those whose formulas look at the time.
    timed: Variables,
}

impl Program {
    /// For a patient as they are now.
    pub(super) fn of(patient: &Patient, bedside: &Bedside) -> Self {
        let values = bedside.levels.iter().map(|level| level.value);
        let mut program = Self {
            parts: Vec::with_capacity(values.len()),
            readers: vec![Variables::NONE; values.len()],
            amounts: values.collect(),
            timed: Variables::NONE,
        };
        for (at, variable) in patient.variables.iter().enumerate() {
            let part = variable.formula.as_ref().map(|formula| program.part(Variables::of(at), formula));
            program.parts.push(part);
        }
        program
    }

    fn part(&mut self, reader: Variables, formula: &Formula) -> Part {
        let mut part = Part { leaves: Vec::new(), steps: Vec::new(), result: 0 };
        let mut stack = Vec::new();
        for op in formula.ops() {
            // `check` keeps all steps of a patient far below the end of 16 bits.
            let into = u16::try_from(self.amounts.len()).unwrap_or(u16::MAX);
            match op {
                Op::Variable(variable) => {
                    if let Some(readers) = self.readers.get_mut(variable.at()) {
                        *readers = readers.and(reader);
                    }
                    stack.push(variable.0);
                    continue;
                }
                Op::Number(amount) => self.amounts.push(*amount),
                Op::Time | Op::Since(_) | Op::Count(_) | Op::Total(_) => {
                    if matches!(op, Op::Time | Op::Since(_)) {
                        self.timed = self.timed.and(reader);
                    }
                    part.leaves.push((*op, into));
                    self.amounts.push(Amount(0));
                }
                Op::Sum | Op::Difference | Op::Product | Op::Quotient | Op::Least | Op::Greatest => {
                    let mut operand = || stack.pop().unwrap_or(u16::MAX);
                    let (right, left) = (operand(), operand());
                    part.steps.push(Step { op: *op, left, right, into });
                    self.amounts.push(Amount(0));
                }
            }
            stack.push(into);
        }
        part.result = stack.pop().unwrap_or(u16::MAX);
        part
    }

    /// The variables whose formulas look at the time.
    pub(super) fn timed(&self) -> Variables {
        self.timed
    }

    /// What the formula of a variable comes to now, if it has one.
    pub(super) fn value(&mut self, at: usize, bedside: &Bedside) -> Option<Amount> {
        let part = self.parts.get(at)?.as_ref()?;
        let amounts = self.amounts.as_mut_slice();
        for (op, into) in &part.leaves {
            put(amounts, *into, bedside.leaf(op, &mut Reads { ..Reads::NOTHING }));
        }
        for step in &part.steps {
            put(amounts, step.into, joined(&step.op, get(amounts, step.left), get(amounts, step.right)));
        }
        Some(get(amounts, part.result))
    }

    /// A variable has this value from now on. Gives those whose formulas look at it.
    pub(super) fn set(&mut self, at: usize, value: Amount) -> Variables {
        if let Some(place) = self.amounts.get_mut(at) {
            *place = value;
        }
        self.readers.get(at).copied().unwrap_or(Variables::NONE)
    }
}

fn get(amounts: &[Amount], place: u16) -> Amount {
    amounts.get(usize::from(place)).copied().unwrap_or_default()
}

fn put(amounts: &mut [Amount], place: u16, amount: Amount) {
    if let Some(place) = amounts.get_mut(usize::from(place)) {
        *place = amount;
    }
}
