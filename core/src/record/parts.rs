//! The separate parts of a record beside its activity and its log.

use super::sheet::{ConsentSheet, EvaluationAnswer, EvaluationSheet, LearnerSheet};
use crate::content::{Content, Identifier, Need};
use crate::id::{Digest, IdentifierId};
use crate::json;
use crate::session::{PartOutcome, State};

/// The first identifier that the activity needs and the sheet lacks.
pub(super) fn missing<'a>(asked: &'a [Identifier], sheet: &LearnerSheet) -> Option<&'a IdentifierId> {
    let mut needed = asked.iter().filter(|asked| asked.need == Need::Required).map(|asked| &asked.id);
    needed
        .find(|id| !sheet.identifiers.iter().any(|given| given.id == **id && !given.value.trim().is_empty()))
}

/// Whether the answers are to the consents of the activity, one by one.
pub(super) fn all_answered(content: &Content, sheet: &ConsentSheet) -> bool {
    let consents = &content.activity().front.consents;
    let same = sheet.answers.iter().zip(consents).all(|(answer, consent)| {
        answer.statement == consent.statement.id && answer.version == consent.statement.version
    });
    same && sheet.answers.len() == consents.len()
}

/// Whether an evaluation sheet holds exactly the answers whose digests are in the log.
pub(super) fn answers_match(text: &str, state: &State) -> bool {
    let Ok(sheet) = json::read::<EvaluationSheet>(text) else { return false };
    let logged = state.finished.iter().flat_map(|part| match &part.outcome {
        PartOutcome::Evaluation(evaluation) => evaluation.answers.as_slice(),
        PartOutcome::Reading | PartOutcome::Test(_) | PartOutcome::Case(_) | PartOutcome::Patient(_) => &[],
    });
    let logged: Vec<_> = logged.collect();
    logged.len() == sheet.answers.len()
        && logged.iter().zip(&sheet.answers).all(|((question, digest), text)| {
            Digest::of(&[text.as_bytes()]) == *digest
                && json::read::<EvaluationAnswer>(text).is_ok_and(|answer| answer.question == *question)
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::ProfessionId;
    use crate::record::{Birthday, IdentifierValue};

    #[test]
    fn an_identifier_that_is_needed_has_to_be_given() {
        let asked = [("npi", Need::Required), ("board", Need::Optional)].map(|(id, need)| Identifier {
            id: IdentifierId::new(id).expect("a name"),
            label: String::new(),
            hint: String::new(),
            need,
        });
        let sheet = |given: &[(&str, &str)]| LearnerSheet {
            salt: String::new(),
            first_name: "Ada".to_owned(),
            last_name: "Fictional".to_owned(),
            profession: ProfessionId::new("physician").expect("a name"),
            birthday: Birthday { month: 1, day: 2 },
            identifiers: given
                .iter()
                .map(|(id, value)| IdentifierValue {
                    id: IdentifierId::new(*id).expect("a name"),
                    value: (*value).to_owned(),
                })
                .collect(),
        };
        assert_eq!(missing(&asked, &sheet(&[("npi", "1234567893")])), None);
        for lacking in [&[][..], &[("npi", "  ")], &[("board", "7")]] {
            assert_eq!(missing(&asked, &sheet(lacking)), Some(&asked[0].id), "{lacking:?}");
        }
    }
}
