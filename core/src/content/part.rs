//! The flow: readings, tests, cases, simulated patients and the evaluation, in order.

use serde::{Deserialize, Serialize};

use super::patient::Patient;
use super::{Case, Document, Evaluation, TestPolicy};
use crate::id::{BankId, FormsId, ItemId, PartId};
use crate::measure::{Minutes, Percent, Points};

/// One part of the flow. Each is finished before the next begins.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Its name.
    pub id: PartId,
    /// Its title, as the step rail shows it.
    pub title: String,
    /// About how long it takes.
    pub minutes: Minutes,
    /// What it is.
    pub body: PartBody,
}

/// What a part is. Stored; never reorder.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartBody {
    /// Pages to read.
    Reading(Reading),
    /// Items to answer.
    Test(Test),
    /// A case to work through.
    Case(Case),
    /// The evaluation.
    Evaluation(Evaluation),
    /// A simulated patient. Since content version 2.
    Patient(Box<Patient>),
}

/// Pages to read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// The pages, in order.
    pub pages: Vec<Page>,
}

/// A page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Page {
    /// Its title.
    pub title: String,
    /// Its text.
    pub text: Document,
}

/// A test.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Test {
    /// What it is for.
    pub role: TestRole,
    /// Said before the first item; may be empty.
    pub introduction: Document,
    /// Which items.
    pub selection: Selection,
    /// Its settings.
    pub policy: TestPolicy,
}

/// What a test is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TestRole {
    /// The baseline.
    Pre,
    /// What was learned, compared with the baseline.
    Post,
    /// Neither.
    Practice,
}

/// Which items a test has.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Selection {
    /// These.
    Items(Vec<ItemId>),
    /// So many of a bank, by the seed.
    Draw {
        /// The bank.
        bank: BankId,
        /// How many.
        count: u16,
    },
    /// One of two parallel forms: the seed says which comes first.
    Form {
        /// The set of forms.
        forms: FormsId,
        /// Which of the two.
        turn: FormTurn,
    },
}

/// Which of two parallel forms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FormTurn {
    /// The one that the seed puts first.
    First,
    /// The other.
    Second,
}

/// Items to draw from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bank {
    /// Its name.
    pub id: BankId,
    /// Its items.
    pub items: Vec<ItemId>,
}

/// Two parallel forms of a test: the same objectives, equally hard. The items at
/// the same place are a pair.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Forms {
    /// Its name.
    pub id: FormsId,
    /// One form.
    pub a: Vec<ItemId>,
    /// The other.
    pub b: Vec<ItemId>,
}

/// Whether a case or patient must be played to some score before the next part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseGate {
    /// Any ending will do.
    Ending,
    /// So much of the points that could be earned; otherwise it is played again.
    Threshold(Percent),
}

impl CaseGate {
    /// Whether a play that came to its end may be left with these points of those possible.
    #[must_use]
    pub fn met(self, points: Points, possible: Points) -> bool {
        match self {
            Self::Ending => true,
            Self::Threshold(threshold) => points.reach(threshold, possible),
        }
    }
}
