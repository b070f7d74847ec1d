//! A number with its unit.

use yew::prelude::*;

use super::body::ItemBody;
use super::draft::{Draft, Gap, number};
use crate::components::field::TextField;
use crate::markup::html;
use crate::strings::strings;

/// A field for a number. A decimal comma is read as a point, and what was read is shown.
pub fn number_field(props: &ItemBody, unit: &str) -> Html {
    let words = &strings().play;
    let Draft::Number(text) = &props.draft else { return Html::default() };
    let read = number(text, unit);
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
            {
                TextField {
                    id: [props.stem.as_str(), "number"].join("-").into(),
                    label: AttrValue::Static(words.number_label),
                    value: text.clone().into(),
                    unit: unit.into(),
                    inputmode: Some(AttrValue::Static("decimal")),
                    disabled: props.locked,
                    error,
                    oninput: props.onchange.reform(Draft::Number),
                    ..TextField::default()
                }
                .line()
            }
            <p class="number__read" role="status">{ read_as }</p>
        </div>
    }
}
