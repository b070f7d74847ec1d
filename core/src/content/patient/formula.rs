//! Formulas and guards: a small total language. The builder parses it and checks its
//! units; here nothing can fail, loop or divide by zero. A formula is shipped as a flat
//! program, since most of a virtual second is spent on it; a guard as a tree.

use serde::{Deserialize, Serialize};

use crate::content::nested::nested;
use crate::measure::Amount;

macro_rules! places {
    ($($(#[$doc:meta])* $name:ident)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        pub struct $name(pub u16);

        impl $name {
            /// For looking it up.
            #[must_use]
            pub fn at(self) -> usize {
                usize::from(self.0)
            }
        }
    )+};
}

places! {
    /// A variable, by its place among the patient's.
    VariableAt
    /// An action, by its place among the patient's.
    ActionAt
    /// A route, by its place among its action's.
    RouteAt
    /// A stage, by its place among the patient's.
    StageAt
    /// A rule, by its place among the patient's.
    RuleAt
    /// An ending, by its place among the patient's.
    EndingAt
}

/// A number that follows from the state, as a program in postfix order: operands
/// are put on a stack, operations take their two from it and put back what they come
/// to, and what is left at the end is the number.
/// It saturates at the ends of [`Amount`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Formula(pub(in crate::content) Vec<Op>);

/// A step of a formula. Stored; never reorder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Op {
    /// Itself.
    Number(Amount),
    /// A variable as it is now.
    Variable(VariableAt),
    /// Virtual seconds since the beginning.
    Time,
    /// Virtual seconds since the action was last done; the greatest amount when it never was.
    Since(ActionAt),
    /// How often it was done.
    Count(ActionAt),
    /// The sum of its doses; for a rate, what is set now.
    Total(ActionAt),
    /// Left and right added.
    Sum,
    /// Left less right.
    Difference,
    /// Left times right.
    Product,
    /// Left by right, toward zero; zero where right is zero.
    Quotient,
    /// The lesser.
    Least,
    /// The greater.
    Greatest,
}

impl Op {
    /// Whether it takes two amounts and puts back one; the others put back one more.
    #[must_use]
    pub fn joins(&self) -> bool {
        match self {
            Self::Number(_)
            | Self::Variable(_)
            | Self::Time
            | Self::Since(_)
            | Self::Count(_)
            | Self::Total(_) => false,
            Self::Sum | Self::Difference | Self::Product | Self::Quotient | Self::Least | Self::Greatest => {
                true
            }
        }
    }
}

/// Most amounts on the stack of a formula at the same time.
pub const STACK_MAX: usize = 16;

impl Formula {
    /// From its steps.
    #[must_use]
    pub fn of(ops: Vec<Op>) -> Self {
        Self(ops)
    }

    /// This on the left, another on the right, and what joins them.
    #[must_use]
    pub fn join(mut self, right: Self, op: Op) -> Self {
        self.0.extend(right.0);
        self.0.push(op);
        self
    }

    /// Its steps, in the order of evaluation.
    #[must_use]
    pub fn ops(&self) -> &[Op] {
        &self.0
    }

    /// The most amounts that are on its stack at the same time; `None` where an
    /// operation finds less than two, or other than one amount is left.
    #[must_use]
    pub fn height(&self) -> Option<usize> {
        let (mut now, mut most) = (0usize, 0usize);
        for op in &self.0 {
            now = if op.joins() { (now >= 2).then(|| now - 1)? } else { now + 1 };
            most = most.max(now);
        }
        (now == 1).then_some(most)
    }
}

/// A condition over the state of a patient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Guard {
    /// Holds.
    Always,
    /// Holds when the other does not.
    Not(#[serde(deserialize_with = "nested")] Box<Guard>),
    /// Holds when all do.
    All(#[serde(deserialize_with = "nested")] Vec<Guard>),
    /// Holds when one does.
    Any(#[serde(deserialize_with = "nested")] Vec<Guard>),
    /// Left is less than right.
    Less(Formula, Formula),
    /// Left is right or less.
    AtMost(Formula, Formula),
    /// The action was done.
    Done(ActionAt),
    /// The action was asked for and is not done yet.
    Underway(ActionAt),
    /// It runs: a rate above nothing.
    Running(ActionAt),
    /// Its report is there.
    Reported(ActionAt),
    /// A dose of it was above its limits, or came too soon.
    OverLimit(ActionAt),
    /// The patient is in the stage.
    InStage(StageAt),
    /// The rule fired.
    Fired(RuleAt),
}
