//! What travels beside the record, each part bound to it by digest and apart, so
//! that it can be withheld, kept elsewhere or erased.
//!
//! A sheet is a text: the SHA-256 of its exact UTF-8 bytes is what the log and the
//! record carry. Each holds a random salt, so that a digest tells nothing.

use serde::{Deserialize, Serialize};

use crate::id::{Digest, IdentifierId, ItemId, OptionId, ProfessionId, StatementId};

/// Who the learner is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LearnerSheet {
    /// 16 random bytes in hexadecimal.
    pub salt: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Profession; the log has it too.
    pub profession: ProfessionId,
    /// Birth month and day, never the year.
    pub birthday: Birthday,
    /// Identifiers that the activity asks.
    pub identifiers: Vec<IdentifierValue>,
}

/// Most characters of a name or number: as many as the player's form takes.
const LINE_MAX: usize = 100;

/// Whether a name or number is a line that a form takes, and that every database keeps: of
/// at most 100 characters, none of which controls anything.
#[must_use]
pub fn is_line(text: &str) -> bool {
    text.chars().count() <= LINE_MAX && !text.contains(char::is_control)
}

/// Whether a first and a last name are those of somebody: one of them has a letter. Some people have one name.
#[must_use]
pub fn is_somebody(first: &str, last: &str) -> bool {
    // All of General Punctuation is none, and neither are the spaces of other places.
    let is_letter = |letter: char| {
        letter.is_ascii_alphabetic()
            || letter >= '\u{c0}'
                && !matches!(letter, '\u{2000}'..='\u{206f}' | '\u{3000}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
    };
    first.contains(is_letter) || last.contains(is_letter)
}

impl LearnerSheet {
    /// Whether its names and numbers are lines, and its names those of somebody.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        let numbers = self.identifiers.iter().map(|number| &number.value);
        is_somebody(&self.first_name, &self.last_name)
            && numbers.chain([&self.first_name, &self.last_name]).all(|text| is_line(text))
    }
}

/// Birth month and day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Birthday {
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
}

impl Birthday {
    /// A day that some year has.
    #[must_use]
    pub fn is_possible(self) -> bool {
        chrono::NaiveDate::from_ymd_opt(2000, u32::from(self.month), u32::from(self.day)).is_some()
    }
}

/// An identifier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IdentifierValue {
    /// Which.
    pub id: IdentifierId,
    /// As the learner typed it.
    pub value: String,
}

/// What the learner consented to, and what not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsentSheet {
    /// 16 random bytes in hexadecimal.
    pub salt: String,
    /// An answer to every consent of the activity, in its order.
    pub answers: Vec<ConsentAnswer>,
}

/// An answer to a consent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsentAnswer {
    /// The statement.
    pub statement: StatementId,
    /// Its version.
    pub version: String,
    /// The answer.
    pub given: Given,
}

/// Whether a consent was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Given {
    /// Yes.
    Yes,
    /// No; credit does not depend on it.
    No,
}

/// An answer to one question of the evaluation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EvaluationAnswer {
    /// 16 random bytes in hexadecimal.
    pub salt: String,
    /// The question.
    pub question: ItemId,
    /// The answer.
    pub reply: EvaluationReply,
}

/// What was answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum EvaluationReply {
    /// A label of a Likert scale.
    Label(OptionId),
    /// A number on a scale.
    Number(u8),
    /// Free words.
    Text(String),
    /// Commitments, with own words beside.
    Commitment {
        /// Those that apply.
        statements: Vec<OptionId>,
        /// Own words; may be empty.
        text: String,
    },
}

/// The evaluation: the latest answer's exact text for each question, in the order
/// of first answering.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EvaluationSheet {
    /// Texts of [`EvaluationAnswer`].
    pub answers: Vec<String>,
}

/// The exact text of a sheet, and its digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetText {
    /// The text that is kept.
    pub text: String,
    /// The SHA-256 of its UTF-8 bytes.
    pub digest: Digest,
}

impl SheetText {
    /// Writes a sheet, once: what is kept is what was hashed.
    #[must_use]
    pub fn of<T: Serialize>(sheet: &T) -> Self {
        let text = crate::json::write(sheet);
        Self { digest: Digest::of(&[text.as_bytes()]), text }
    }
}
