//! Statements, each true or false.

use enduring_core::content::Truth;
use enduring_core::session::view::{KeyView, OptionView};
use yew::prelude::*;

use super::body::ItemBody;
use super::draft::Draft;
use crate::components::document::phrase;
use crate::components::icon::{Icon, glyph};
use crate::markup::html;
use crate::strings::strings;

/// Statements, each with a choice of two.
pub fn statements(props: &ItemBody, statements: &[OptionView]) -> Html {
    let words = &strings().play;
    let Draft::Truths(truths) = &props.draft else { return Html::default() };
    let key = match props.item.feedback.as_ref().map(|feedback| &feedback.key) {
        Some(KeyView::Truths(key)) => key.as_slice(),
        _ => &[],
    };
    let row = |(place, statement): (usize, &OptionView)| {
        let judged = truths.get(place).copied().flatten();
        let right = key.iter().find(|known| known.statement == statement.id).map(|known| known.truth);
        let choice = |truth: Truth, label: &'static str| {
            let (onchange, truths) = (props.onchange.clone(), truths.clone());
            let onchange = move |_: Event| {
                let mut truths = truths.clone();
                if let Some(judged) = truths.get_mut(place) {
                    *judged = Some(truth);
                }
                onchange.emit(Draft::Truths(truths));
            };
            html! {
                <label class="segment">
                    <input class="segment__control" type="radio" name={group(&props.stem, place)}
                        checked={judged == Some(truth)} disabled={props.locked} {onchange} />
                    <span>{ label }</span>
                </label>
            }
        };
        html! {
            <fieldset class="statement" key={statement.id.as_str()}>
                <legend class="statement__text">{ phrase(&statement.text) }</legend>
                <div class="segments">
                    { choice(Truth::True, words.is_true) }
                    { choice(Truth::False, words.is_false) }
                </div>
                if let Some(right) = right {
                    <p class={if judged == Some(right) { "verdict verdict--right" } else { "verdict" }}>
                        { glyph(if judged == Some(right) { Icon::Check } else { Icon::Cross }) }
                        { match right {
                            Truth::True => words.statement_is_true,
                            Truth::False => words.statement_is_false,
                        } }
                    </p>
                }
            </fieldset>
        }
    };
    html! {
        <div class="statements" role="group" aria-describedby={props.stem.clone()}>
            <p class="choices__legend">{ words.judge_each }</p>
            { for statements.iter().enumerate().map(row) }
        </div>
    }
}

fn group(stem: &str, place: usize) -> String {
    [stem, &place.to_string()].join("-")
}
