//! A list to select from.

use yew::prelude::*;

use super::{Field, described_by};
use crate::markup::html;
use crate::platform::element;

/// A list to select one from.
#[derive(Default)]
pub struct Select {
    /// Unique in the page.
    pub id: AttrValue,
    /// What is asked.
    pub label: AttrValue,
    /// Value and words of each option.
    pub options: Vec<(AttrValue, AttrValue)>,
    /// The value selected; empty for none.
    pub value: AttrValue,
    /// What was selected; empty for none.
    pub onchange: Callback<String>,
    /// Stands there while nothing is selected.
    pub nothing: AttrValue,
    /// What it is about.
    pub hint: AttrValue,
    /// What is wrong with what stands there.
    pub error: Option<AttrValue>,
    /// Whether it can be changed.
    pub disabled: bool,
}

impl Select {
    /// As elements.
    pub fn view(&self) -> Html {
        let onchange = self.onchange.reform(|event: Event| element::value(&event));
        let option = |(value, words): &(AttrValue, AttrValue)| {
            html! {
                <option value={value.clone()} selected={*value == self.value}>{ words }</option>
            }
        };
        Field {
            id: self.id.clone(),
            label: self.label.clone(),
            hint: self.hint.clone(),
            error: self.error.clone(),
            children: html! { <select class="field__control field__control--select" id={self.id.clone()}
                disabled={self.disabled} aria-describedby={described_by(&self.id)}
                aria-invalid={self.error.is_some().then_some("true")} {onchange}>
                <option value="" selected={self.value.is_empty()}>{ &self.nothing }</option>
                { for self.options.iter().map(option) }
            </select> },
        }
        .view()
    }
}
