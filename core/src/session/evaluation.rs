//! The evaluation in progress: the log holds digests, the answers are kept apart.

use serde::{Deserialize, Serialize};

use super::apply::when;
use super::event::Event;
use super::refusal::Refusal;
use crate::content::{Evaluation, Need};
use crate::id::{Digest, ItemId};

/// What was answered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvaluationState {
    /// Question and digest of its latest answer, in the order of first answering.
    pub answers: Vec<(ItemId, Digest)>,
}

impl EvaluationState {
    /// Whether a question was answered.
    #[must_use]
    pub fn answered(&self, question: &ItemId) -> Option<Digest> {
        self.answers.iter().find(|(id, _)| id == question).map(|(_, digest)| *digest)
    }
}

pub(super) fn check(evaluation: &Evaluation, state: &EvaluationState, event: &Event) -> Result<(), Refusal> {
    match event {
        Event::QuestionAnswered { question, .. } => {
            when(evaluation.questions.iter().any(|known| known.id == *question), Refusal::NoSuchQuestion)
        }
        Event::PartFinished { .. } => {
            let open = |question: &&crate::content::Question| {
                question.need == Need::Required && state.answered(&question.id).is_none()
            };
            when(!evaluation.questions.iter().any(|question| open(&question)), Refusal::PartUnfinished)
        }
        _ => Err(Refusal::WrongKind),
    }
}

pub(super) fn change(state: &mut EvaluationState, event: &Event) {
    if let Event::QuestionAnswered { question, answer } = event {
        match state.answers.iter_mut().find(|(id, _)| id == question) {
            Some((_, digest)) => *digest = *answer,
            None => state.answers.push((question.clone(), *answer)),
        }
    }
}
