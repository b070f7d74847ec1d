//! How an answer went, and why.

use std::rc::Rc;

use enduring_core::measure::Points;
use enduring_core::score;
use enduring_core::session::view::{Feedback, ItemBodyView, ItemView, Note, OptionView};
use yew::prelude::*;

use super::draft::options;
use super::key;
use crate::components::document::{Phrase, Prose, plain};
use crate::components::field::letter;
use crate::components::icon::{Glyph, Icon};
use crate::components::references::References;
use crate::strings::{PlayStrings, use_strings};

/// The word for an outcome, with its shape.
#[must_use]
pub fn outcome_word(outcome: score::Outcome, words: &PlayStrings) -> (&'static str, Icon) {
    match outcome {
        score::Outcome::Correct => (words.correct, Icon::Check),
        score::Outcome::Partly => (words.partly, Icon::Half),
        score::Outcome::NotCorrect => (words.not_correct, Icon::Cross),
    }
}

/// Props of [`Outcome`].
#[derive(Properties, PartialEq)]
pub struct OutcomeProps {
    /// The item, with its feedback.
    pub item: Rc<ItemView>,
    /// The heading, for the focus.
    #[prop_or_default]
    pub heading: NodeRef,
}

/// The word, the key, why, why not the others, and where that can be read.
#[component]
pub fn Outcome(props: &OutcomeProps) -> Html {
    let words = &use_strings().play;
    let Some(feedback) = &props.item.feedback else { return Html::default() };
    let (word, icon) = outcome_word(feedback.outcome, words);
    let class = match feedback.outcome {
        score::Outcome::Correct => "outcome outcome--correct",
        score::Outcome::Partly => "outcome outcome--partly",
        score::Outcome::NotCorrect => "outcome",
    };
    html! {
        <section {class}>
            <h2 class="outcome__word" tabindex="-1" ref={props.heading.clone()}>
                <Glyph {icon} /><span>{ word }</span>
            </h2>
            if props.item.response.is_none() {
                <p>{ if props.item.expired { words.time_ran_out } else { words.not_answered } }</p>
            } else if feedback.outcome == score::Outcome::Partly {
                <p class="figures">{ (words.earned)(&points(feedback.points)) }</p>
            }
            { key::shown(&props.item, feedback, words) }
            <h3>{ words.why }</h3>
            <Prose document={feedback.rationale.clone()} top={4} />
            { notes(&props.item, feedback, words) }
            <References references={feedback.references.clone()} />
        </section>
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
                <dd><Phrase document={note.text.clone()} /></dd>
            </div>
        }
    };
    html! {
        <>
            <h3>{ words.each_option }</h3>
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
