//! How an answer went, and why.

use std::rc::Rc;

use enduring_core::measure::Points;
use enduring_core::score;
use enduring_core::session::view::{Feedback, ItemBodyView, ItemView, Note, OptionView};
use yew::prelude::*;

use super::draft::options;
use super::key;
use crate::components::document::{phrase, plain, prose};
use crate::components::field::letter;
use crate::components::icon::{Icon, glyph};
use crate::components::references::References;
use crate::markup::html;
use crate::strings::{PlayStrings, strings};

/// The word for an outcome, with its shape.
#[must_use]
pub fn outcome_word(outcome: score::Outcome, words: &PlayStrings) -> (&'static str, Icon) {
    match outcome {
        score::Outcome::Correct => (words.correct, Icon::Check),
        score::Outcome::Partly => (words.partly, Icon::Half),
        score::Outcome::NotCorrect => (words.not_correct, Icon::Cross),
    }
}

/// The word, the key, why, why not the others, and where that can be read.
pub struct Outcome {
    /// The item, with its feedback.
    pub item: Rc<ItemView>,
    /// The heading, for the focus.
    pub heading: NodeRef,
}

impl Outcome {
    /// As elements.
    pub fn view(&self) -> Html {
        let words = &strings().play;
        let Some(feedback) = &self.item.feedback else { return Html::default() };
        let (word, icon) = outcome_word(feedback.outcome, words);
        let class = match feedback.outcome {
            score::Outcome::Correct => "outcome outcome--correct",
            score::Outcome::Partly => "outcome outcome--partly",
            score::Outcome::NotCorrect => "outcome",
        };
        html! {
            <section {class}>
                <h2 class="outcome__word" tabindex="-1" ref={self.heading.clone()}>
                    { glyph(icon) }<span>{ word }</span>
                </h2>
                if self.item.response.is_none() {
                    <p>{ if self.item.expired { words.time_ran_out } else { words.not_answered } }</p>
                } else if feedback.outcome == score::Outcome::Partly {
                    <p class="figures">{ (words.earned)(&points(feedback.points)) }</p>
                }
                { key::shown(&self.item, feedback, words) }
                <h3>{ words.why }</h3>
                { prose(&feedback.rationale, 4) }
                { notes(&self.item, feedback, words) }
                { References { references: feedback.references.clone(), heading: "h3" }.view() }
            </section>
        }
    }
}

fn notes(item: &ItemView, feedback: &Feedback, words: &PlayStrings) -> Html {
    if feedback.notes.is_empty() {
        return Html::default();
    }
    let known = noted(&item.body);
    let lettered = !options(&item.body).is_empty();
    let note = |note: &Note| {
        let place = known.iter().position(|option| option.id == note.option);
        let text = place.and_then(|place| known.get(place)).map(|option| plain(&option.text));
        html! {
            <div class="outcome__note">
                <dt>
                    if let Some(letter) = place.and_then(letter).filter(|_| lettered) {
                        <span class="outcome__letter">{ letter }</span>
                    }
                    { text.unwrap_or_default() }
                </dt>
                <dd>{ phrase(&note.text) }</dd>
            </div>
        }
    };
    html! {
        <>
            <h3>{ if lettered { words.each_option } else { words.each_one } }</h3>
            <dl class="outcome__notes">{ for feedback.notes.iter().map(note) }</dl>
        </>
    }
}

/// What notes can be about.
fn noted(body: &ItemBodyView) -> &[OptionView] {
    match body {
        ItemBodyView::Options { options, .. } => options,
        ItemBodyView::Statements(rows) | ItemBodyView::Steps(rows) => rows,
        ItemBodyView::Matching { stems, .. } => stems,
        ItemBodyView::Number { .. } => &[],
        ItemBodyView::Concordance { scale, .. } => scale,
    }
}

/// Points with up to three decimals.
#[must_use]
pub fn points(points: Points) -> String {
    let (whole, thousandths) = (points.0 / 1_000, points.0 % 1_000);
    if thousandths == 0 {
        return whole.to_string();
    }
    let fraction = (1_000 + thousandths).to_string();
    let fraction = fraction.get(1..).unwrap_or_default().trim_end_matches('0');
    [&whole.to_string(), fraction].join(".")
}
