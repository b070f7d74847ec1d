//! The separate parts of a scripted learner's record. Every name is made of trees
//! and says that it is fictional.

use enduring_core::content::{Content, Need, Question, QuestionBody};
use enduring_core::id::{OptionId, ProfessionId};
use enduring_core::record::{
    Birthday, ConsentAnswer, ConsentSheet, EvaluationAnswer, EvaluationReply, Given, IdentifierValue,
    LearnerSheet, SheetText,
};

use super::dice::Dice;

const FIRST_NAMES: [&str; 12] = [
    "Alder", "Aspen", "Beech", "Cedar", "Elder", "Hazel", "Juniper", "Laurel", "Linden", "Maple", "Rowan",
    "Willow",
];

/// The learner sheet of the learner of that number.
pub(super) fn learner(
    content: &Content,
    number: u64,
    profession: &ProfessionId,
    dice: &mut Dice<'_>,
) -> SheetText {
    let identifiers = content.activity().front.identifiers.iter();
    SheetText::of(&LearnerSheet {
        salt: dice.salt(),
        first_name: dice.pick(&FIRST_NAMES).copied().unwrap_or_default().to_owned(),
        last_name: format!("Fictional-{number:06}"),
        profession: profession.clone(),
        birthday: Birthday { month: 1 + small(dice.below(12)), day: 1 + small(dice.below(28)) },
        identifiers: identifiers
            .filter(|identifier| identifier.need == Need::Required || dice.happens(50))
            .map(|identifier| IdentifierValue {
                id: identifier.id.clone(),
                value: format!("FICTIONAL-{number:06}"),
            })
            .collect(),
    })
}

/// The consent sheet, each answer for itself.
pub(super) fn consent(content: &Content, dice: &mut Dice<'_>) -> SheetText {
    let answers = content.activity().front.consents.iter().map(|consent| ConsentAnswer {
        statement: consent.statement.id.clone(),
        version: consent.statement.version.clone(),
        given: if dice.happens(75) { Given::Yes } else { Given::No },
    });
    SheetText::of(&ConsentSheet { answers: answers.collect(), salt: dice.salt() })
}

/// An answer to a question of the evaluation.
pub(super) fn reply(question: &Question, dice: &mut Dice<'_>) -> SheetText {
    let reply = match &question.body {
        QuestionBody::Likert { labels } => {
            let id = dice.pick(labels).map(|label| label.id.clone());
            id.map_or_else(|| EvaluationReply::Text(String::new()), EvaluationReply::Label)
        }
        QuestionBody::Scale { from, to, .. } => {
            EvaluationReply::Number(from.saturating_add(small(dice.below(usize::from(to - from) + 1))))
        }
        QuestionBody::FreeText { max_chars } => {
            EvaluationReply::Text(clip("A rehearsed remark.", *max_chars))
        }
        QuestionBody::Commitment { statements, max_chars } => {
            let all: Vec<OptionId> = statements.iter().map(|label| label.id.clone()).collect();
            let count = dice.below(all.len() + 1);
            EvaluationReply::Commitment {
                statements: dice.some(&all, count),
                text: clip("A rehearsed intention.", *max_chars),
            }
        }
    };
    SheetText::of(&EvaluationAnswer { salt: dice.salt(), question: question.id.clone(), reply })
}

fn clip(text: &str, max_chars: u16) -> String {
    text.chars().take(usize::from(max_chars)).collect()
}

fn small(number: usize) -> u8 {
    u8::try_from(number).unwrap_or(u8::MAX)
}
