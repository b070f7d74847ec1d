//! Formulas and guards: a small total language, shipped as a tree. The builder
//! parses it and checks its units; here nothing can fail, loop or divide by zero.

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

/// A number that follows from the state. It saturates at the ends of [`Amount`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Formula {
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
    Sum(#[serde(deserialize_with = "nested")] Box<(Formula, Formula)>),
    /// Left less right.
    Difference(#[serde(deserialize_with = "nested")] Box<(Formula, Formula)>),
    /// Left times right.
    Product(#[serde(deserialize_with = "nested")] Box<(Formula, Formula)>),
    /// Left by right, toward zero; zero where right is zero.
    Quotient(#[serde(deserialize_with = "nested")] Box<(Formula, Formula)>),
    /// The lesser.
    Least(#[serde(deserialize_with = "nested")] Box<(Formula, Formula)>),
    /// The greater.
    Greatest(#[serde(deserialize_with = "nested")] Box<(Formula, Formula)>),
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
