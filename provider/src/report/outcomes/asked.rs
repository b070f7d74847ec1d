//! Levels 2 and 5: what learners said. Commitments to change are intentions; they are
//! self-reported performance only once a follow-up asked for them. Free words stand in
//! the order of the alphabet, so that no place among others says whose they are.

use enduring_core::content::{PartBody, Question, QuestionBody};
use enduring_core::id::OptionId;
use enduring_core::record::EvaluationReply;

use super::line;
use crate::report::facts::Cohort;
use crate::report::stats::{deviation, mean, median};
use crate::report::suppress::Shown;

/// A question of the evaluation.
pub struct Asked {
    /// The question, in a line.
    pub text: String,
    /// What was answered.
    pub shown: Shown<AskedFigures>,
}

/// What was answered.
pub struct AskedFigures {
    /// Learners who answered.
    pub learners: usize,
    /// The answers.
    pub replies: Replies,
}

/// The answers to a question.
pub enum Replies {
    /// A label and how often it was chosen, from least to most.
    Labels(Vec<(String, usize)>),
    /// Numbers on a scale.
    Scale {
        /// Each number and how often it was chosen.
        counts: Vec<(String, usize)>,
        /// The mean.
        mean: Option<f64>,
        /// The standard deviation.
        deviation: Option<f64>,
        /// The median.
        median: Option<f64>,
    },
    /// Free words, where five or more wrote some.
    Words(Shown<Vec<String>>),
    /// Commitments and how often each was made; own words beside.
    Commitments(Vec<(String, usize)>, Shown<Vec<String>>),
}

pub(super) fn asked(cohort: &Cohort<'_>) -> Vec<Asked> {
    let questions = cohort.content.activity().parts.iter().flat_map(|part| match &part.body {
        PartBody::Evaluation(evaluation) => evaluation.questions.as_slice(),
        PartBody::Reading(_) | PartBody::Test(_) | PartBody::Case(_) | PartBody::Patient(_) => &[],
    });
    questions.map(|question| row(cohort, question)).collect()
}

fn row(cohort: &Cohort<'_>, question: &Question) -> Asked {
    let replies: Vec<&EvaluationReply> = cohort
        .members
        .iter()
        .filter_map(|member| member.facts.replies.iter().find(|(id, _)| *id == question.id))
        .map(|(_, reply)| reply)
        .collect();
    let shown = Shown::alone(replies.len(), || AskedFigures {
        learners: replies.len(),
        replies: summary(&question.body, &replies),
    });
    Asked { text: line(&question.text), shown }
}

fn summary(body: &QuestionBody, replies: &[&EvaluationReply]) -> Replies {
    let count = |is: &dyn Fn(&EvaluationReply) -> bool| replies.iter().filter(|reply| is(reply)).count();
    match body {
        QuestionBody::Likert { labels } => Replies::Labels(
            labels
                .iter()
                .map(|label| {
                    let is = |reply: &EvaluationReply| *reply == EvaluationReply::Label(label.id.clone());
                    (label.text.clone(), count(&is))
                })
                .collect(),
        ),
        QuestionBody::Scale { from, to, .. } => {
            let numbers: Vec<f64> = replies
                .iter()
                .filter_map(|reply| match reply {
                    EvaluationReply::Number(number) => Some(f64::from(*number)),
                    EvaluationReply::Label(_)
                    | EvaluationReply::Text(_)
                    | EvaluationReply::Commitment { .. } => None,
                })
                .collect();
            let at = |number: u8| count(&|reply| *reply == EvaluationReply::Number(number));
            Replies::Scale {
                counts: (*from..=*to).map(|number| (number.to_string(), at(number))).collect(),
                mean: mean(&numbers),
                deviation: deviation(&numbers),
                median: median(&numbers),
            }
        }
        QuestionBody::FreeText { .. } => Replies::Words(words(replies)),
        QuestionBody::Commitment { statements, .. } => {
            let made = |wanted: &OptionId| {
                count(&|reply| match reply {
                    EvaluationReply::Commitment { statements, .. } => statements.contains(wanted),
                    EvaluationReply::Label(_) | EvaluationReply::Number(_) | EvaluationReply::Text(_) => {
                        false
                    }
                })
            };
            let counts = statements.iter().map(|label| (label.text.clone(), made(&label.id))).collect();
            Replies::Commitments(counts, words(replies))
        }
    }
}

/// Own words that are not empty, in the order of the alphabet.
fn words(replies: &[&EvaluationReply]) -> Shown<Vec<String>> {
    let mut words: Vec<String> = replies
        .iter()
        .filter_map(|reply| match reply {
            EvaluationReply::Text(text) | EvaluationReply::Commitment { text, .. } => Some(text.trim()),
            EvaluationReply::Label(_) | EvaluationReply::Number(_) => None,
        })
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
        .collect();
    words.sort();
    Shown::alone(words.len(), || words)
}
