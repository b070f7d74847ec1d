//! A number with its unit.

use enduring_core::session::view::ItemBodyView;
use yew::prelude::*;

use super::body::BodyProps;
use super::draft::{Draft, Gap, number};
use crate::components::field::TextField;
use crate::strings::use_strings;

/// A field for a number. A decimal comma is read as a point, and what was read is shown.
#[component]
pub fn Number(props: &BodyProps) -> Html {
    let words = &use_strings().play;
    let ItemBodyView::Number { unit } = &props.item.body else { return Html::default() };
    let Draft::Number(text) = &props.draft else { return Html::default() };
    let read = number(text);
    let error = match read {
        Err(Gap::NoNumber) | Ok(_) => None,
        Err(gap) => Some(AttrValue::from((words.gap)(gap))),
    };
    let read_as = match read {
        Ok(number) if text.contains(',') => (words.number_read_as)(&number.to_string(), unit),
        _ => String::new(),
    };
    html! {
        <div class="number">
            <TextField id={[props.stem.as_str(), "number"].join("-")} label={words.number_label}
                hint={words.number_hint} value={text.clone()} unit={unit.clone()} inputmode="decimal"
                disabled={props.locked} {error} oninput={props.onchange.reform(Draft::Number)} />
            <p class="number__read" role="status">{ read_as }</p>
        </div>
    }
}
