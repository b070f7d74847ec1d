//! What a learner allowed. Consents are asked per recipient; a refusal keeps the credit.

use enduring_core::content::Content;
use enduring_core::record::Given;

use super::Completion;

/// What is known of a learner's consent to a recipient.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// It was given, and not taken back.
    Given,
    /// The activity asks for none.
    NotAsked,
    /// It was refused.
    Refused,
    /// It was given and taken back.
    Withdrawn,
    /// The answers are not at hand.
    NoSheet,
}

/// The learner's consent to every statement of the recipients.
pub fn standing(content: &Content, completion: &Completion, recipients: &[&str]) -> Standing {
    let asked = content.activity().front.consents.iter();
    let mut asked = asked.filter(|consent| recipients.contains(&consent.recipient.as_str())).peekable();
    if asked.peek().is_none() {
        return Standing::NotAsked;
    }
    let Some(sheet) = &completion.consents else { return Standing::NoSheet };
    for consent in asked {
        let (id, version) = (&consent.statement.id, &consent.statement.version);
        let answer =
            sheet.answers.iter().find(|answer| answer.statement == *id && answer.version == *version);
        match answer.map(|answer| answer.given) {
            Some(Given::Yes) if completion.consents_withdrawn.contains(id) => return Standing::Withdrawn,
            Some(Given::Yes) => {}
            Some(Given::No) | None => return Standing::Refused,
        }
    }
    Standing::Given
}
