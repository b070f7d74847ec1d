//! The evaluation out of its own file.

use std::collections::BTreeSet;

use enduring_core::content::{Evaluation, Label, Linkage, Question, QuestionBody};
use enduring_core::id::OptionId;

use super::diagnostic::Problem;
use super::fields::Fields;
use super::front::need;
use super::names::{Named, Scope};

#[derive(Clone, Copy)]
enum Kind {
    Likert,
    Scale,
    FreeText,
    Commitment,
}

const KINDS: [(&str, Kind); 4] = [
    ("likert", Kind::Likert),
    ("scale", Kind::Scale),
    ("free-text", Kind::FreeText),
    ("commitment", Kind::Commitment),
];

/// Most characters of a free text.
const CHARS_MAX: i64 = 4_000;

/// Reads an evaluation file.
pub fn evaluation(fields: &Fields) -> Evaluation {
    let words = [("named", Linkage::Named), ("confidential", Linkage::Confidential)];
    let linkage = fields.word("linkage", &words).unwrap_or(Linkage::Named);
    let questions: Vec<Question> = fields.tables("question").iter().filter_map(question).collect();
    if questions.is_empty() {
        fields.report(
            Problem::error(&fields.place(), "an evaluation without questions")
                .expected("at least one table [[question]]"),
        );
    }
    Evaluation { linkage, questions }
}

fn question(fields: &Fields) -> Option<Question> {
    let id = fields.define("id", &Scope::inside("the evaluation"));
    let Some(kind) = fields.word("kind", &KINDS) else {
        fields.give_up();
        return None;
    };
    let body = match kind {
        Kind::Likert => QuestionBody::Likert { labels: labels(fields, "labels", 2) },
        Kind::Scale => {
            let (from, to) = (fields.number("from", 0..=100), fields.number("to", 0..=100));
            if let (Some(from), Some(to)) = (from, to)
                && from >= to
            {
                fields.report(
                    Problem::error(&fields.place_of("to"), "a scale without points")
                        .expected(format!("more than {from}"))
                        .found(to.to_string()),
                );
            }
            let point =
                |number: Option<i64>| number.and_then(|number| u8::try_from(number).ok()).unwrap_or(0);
            let (low, high) = (fields.text("low"), fields.text("high"));
            QuestionBody::Scale { from: point(from), to: point(to), low, high }
        }
        Kind::FreeText => QuestionBody::FreeText { max_chars: max_chars(fields) },
        Kind::Commitment => QuestionBody::Commitment {
            statements: labels(fields, "statements", 1),
            max_chars: max_chars(fields),
        },
    };
    Some(Question { id, text: fields.prose("text"), need: need(fields), body })
}

fn max_chars(fields: &Fields) -> u16 {
    fields.number("max_chars", 1..=CHARS_MAX).and_then(|most| most.try_into().ok()).unwrap_or(1)
}

fn labels(fields: &Fields, key: &'static str, least: usize) -> Vec<Label> {
    let mut seen = BTreeSet::new();
    let labels: Vec<Label> = fields
        .pairs(key)
        .iter()
        .map(|(id, text)| {
            let name: OptionId = fields.as_name(id);
            if !seen.insert(name.as_text().to_owned()) {
                fields.report(
                    Problem::error(&id.span, format!("`{}` stands twice", name.as_text()))
                        .expected("each name once"),
                );
            }
            if text.text.trim().is_empty() {
                fields.report(
                    Problem::error(&text.span, "a label without words")
                        .expected("some text")
                        .found("nothing"),
                );
                return Label { id: name, text: String::new() };
            }
            Label { id: name, text: fields.plain(key, text) }
        })
        .collect();
    if labels.len() < least {
        fields.report(
            Problem::error(&fields.place_of(key), format!("too few {key}"))
                .expected(format!("at least {least}, as {key} = [[\"name\", \"words\"], …]"))
                .found(labels.len().to_string()),
        );
    }
    labels
}
