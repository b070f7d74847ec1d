//! What is right, in words; the rows show it in their places as well.

use enduring_core::id::OptionId;
use enduring_core::session::view::{Feedback, ItemBodyView, ItemView, KeyView, OptionView};
use yew::prelude::*;

use super::draft::options;
use crate::components::document::{phrase, plain};
use crate::components::field::letter;
use crate::markup::html;
use crate::strings::PlayStrings;

/// The right answer as one line of plain text, for announcing; empty where it takes
/// more than a line.
pub fn spoken(item: &ItemView, feedback: &Feedback, words: &PlayStrings) -> String {
    match (&feedback.key, &item.body) {
        (KeyView::Options(_), body) => {
            let right = options(body).iter().enumerate().filter(|(_, option)| feedback.key.has(&option.id));
            let named = right.map(|(place, option)| {
                [letter(place).unwrap_or_default().as_str(), &plain(&option.text)].join(". ")
            });
            [words.right_answer, &named.collect::<Vec<_>>().join("; ")].join(" ")
        }
        (KeyView::Number { key, tolerance }, ItemBodyView::Number { unit }) => {
            [words.right_answer, &(words.number_key)(&key.to_string(), &tolerance.to_string(), unit)]
                .join(" ")
        }
        _ => String::new(),
    }
}

/// The right answer, where the rows do not show all of it: a number, an order.
pub fn shown(item: &ItemView, feedback: &Feedback, words: &PlayStrings) -> Html {
    match (&feedback.key, &item.body) {
        (KeyView::Number { .. }, _) => html! { <p class="figures">{ spoken(item, feedback, words) }</p> },
        (KeyView::Order(order), ItemBodyView::Steps(steps)) => html! {
            <>
                <h3>{ words.right_order }</h3>
                <ol class="outcome__order">{ for order.iter().map(|id| step(steps, id)) }</ol>
            </>
        },
        _ => Html::default(),
    }
}

fn step(steps: &[OptionView], id: &OptionId) -> Html {
    match steps.iter().find(|step| step.id == *id) {
        Some(step) => html! { <li>{ phrase(&step.text) }</li> },
        None => Html::default(),
    }
}
