//! A list to select from.

use yew::prelude::*;

use super::{Field, described_by};
use crate::platform::element;

/// Props of [`Select`].
#[derive(Properties, PartialEq)]
pub struct SelectProps {
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
    #[prop_or_default]
    pub hint: AttrValue,
    /// What is wrong with what stands there.
    #[prop_or_default]
    pub error: Option<AttrValue>,
    /// Whether it can be changed.
    #[prop_or_default]
    pub disabled: bool,
}

/// A list to select one from.
#[component]
pub fn Select(props: &SelectProps) -> Html {
    let onchange = props.onchange.reform(|event: Event| element::value(&event));
    let option = |(value, words): &(AttrValue, AttrValue)| {
        html! {
            <option value={value.clone()} selected={*value == props.value}>{ words }</option>
        }
    };
    html! {
        <Field id={props.id.clone()} label={props.label.clone()} hint={props.hint.clone()}
            error={props.error.clone()}>
            <select class="field__control field__control--select" id={props.id.clone()}
                disabled={props.disabled} aria-describedby={described_by(&props.id)}
                aria-invalid={props.error.is_some().then_some("true")} {onchange}>
                <option value="" selected={props.value.is_empty()}>{ &props.nothing }</option>
                { for props.options.iter().map(option) }
            </select>
        </Field>
    }
}
