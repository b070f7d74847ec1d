//! The evaluation: what the learner thinks of the activity and will change.

use serde::{Deserialize, Serialize};

use super::{Document, Need};
use crate::id::{ItemId, OptionId};

/// The evaluation of an activity.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evaluation {
    /// Whether the answers are linked to the name; said beforehand.
    pub linkage: Linkage,
    /// The questions.
    pub questions: Vec<Question>,
}

/// Whether evaluation answers are linked to the learner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Linkage {
    /// The provider sees who answered.
    Named,
    /// Kept apart from the name at the provider's desk.
    Confidential,
}

/// A question of the evaluation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Question {
    /// Its name, unique in the activity.
    pub id: ItemId,
    /// The words.
    pub text: Document,
    /// Whether it can be passed over.
    pub need: Need,
    /// How it is answered.
    pub body: QuestionBody,
}

/// How a question is answered. Stored; never reorder.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuestionBody {
    /// A statement to agree with.
    Likert {
        /// The labels, from least to most.
        labels: Vec<Label>,
    },
    /// A number on a scale.
    Scale {
        /// Least.
        from: u8,
        /// Most.
        to: u8,
        /// What the least means.
        low: String,
        /// What the most means.
        high: String,
    },
    /// Free words.
    FreeText {
        /// At most so many characters.
        max_chars: u16,
    },
    /// Commitment to change: specific statements, of which any number apply, with
    /// the learner's own words beside.
    Commitment {
        /// The statements.
        statements: Vec<Label>,
        /// At most so many characters of own words.
        max_chars: u16,
    },
}

/// Something to tick.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Label {
    /// Its name.
    pub id: OptionId,
    /// The words.
    pub text: String,
}
