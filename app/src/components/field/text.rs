//! Text to type.

use yew::prelude::*;

use super::{Field, described_by};
use crate::platform::element;

/// Props of [`TextField`] and [`TextArea`].
#[derive(Properties, PartialEq)]
pub struct TextProps {
    /// Unique in the page.
    pub id: AttrValue,
    /// What is asked.
    pub label: AttrValue,
    /// What stands there.
    pub value: AttrValue,
    /// What was typed.
    pub oninput: Callback<String>,
    /// What it looks like and where to find it.
    #[prop_or_default]
    pub hint: AttrValue,
    /// What is wrong with what stands there.
    #[prop_or_default]
    pub error: Option<AttrValue>,
    /// `decimal`, `numeric`, `email`…, for keyboards on a screen.
    #[prop_or_default]
    pub inputmode: Option<AttrValue>,
    /// What the browser may fill in, such as `name`.
    #[prop_or(AttrValue::Static("off"))]
    pub autocomplete: AttrValue,
    /// At most so many characters.
    #[prop_or_default]
    pub max_chars: Option<u16>,
    /// Shown after a short field, such as a unit.
    #[prop_or_default]
    pub unit: AttrValue,
    /// Whether it can be changed.
    #[prop_or_default]
    pub disabled: bool,
}

/// A line of text.
#[component]
pub fn TextField(props: &TextProps) -> Html {
    let oninput = props.oninput.reform(|event: InputEvent| element::value(&event));
    html! {
        <Field id={props.id.clone()} label={props.label.clone()} hint={props.hint.clone()}
            error={props.error.clone()}>
            <div class="field__line">
                <input class="field__control" id={props.id.clone()} type="text" value={props.value.clone()}
                    inputmode={props.inputmode.clone()} autocomplete={props.autocomplete.clone()}
                    maxlength={props.max_chars.map(|most| most.to_string())} disabled={props.disabled}
                    aria-describedby={described_by(&props.id)}
                    aria-invalid={props.error.is_some().then_some("true")} {oninput} />
                if !props.unit.is_empty() { <span class="field__unit">{ &props.unit }</span> }
            </div>
        </Field>
    }
}

/// Lines of text.
#[component]
pub fn TextArea(props: &TextProps) -> Html {
    let oninput = props.oninput.reform(|event: InputEvent| element::value(&event));
    html! {
        <Field id={props.id.clone()} label={props.label.clone()} hint={props.hint.clone()}
            error={props.error.clone()}>
            <textarea class="field__control field__control--lines" id={props.id.clone()} rows="4"
                value={props.value.clone()} autocomplete={props.autocomplete.clone()}
                maxlength={props.max_chars.map(|most| most.to_string())} disabled={props.disabled}
                aria-describedby={described_by(&props.id)}
                aria-invalid={props.error.is_some().then_some("true")} {oninput} />
        </Field>
    }
}
