//! Text to type.

use yew::prelude::*;

use super::{Field, described_by};
use crate::markup::html;
use crate::platform::element;

/// Text to type.
pub struct TextField {
    /// Unique in the page.
    pub id: AttrValue,
    /// What is asked.
    pub label: AttrValue,
    /// What stands there.
    pub value: AttrValue,
    /// What was typed.
    pub oninput: Callback<String>,
    /// What it looks like and where to find it.
    pub hint: AttrValue,
    /// What is wrong with what stands there.
    pub error: Option<AttrValue>,
    /// `decimal`, `numeric`, `email`…, for keyboards on a screen.
    pub inputmode: Option<AttrValue>,
    /// What the browser may fill in, such as `name`.
    pub autocomplete: AttrValue,
    /// At most so many characters.
    pub max_chars: Option<u16>,
    /// Shown after a short field, such as a unit.
    pub unit: AttrValue,
    /// Whether it can be changed.
    pub disabled: bool,
}

impl Default for TextField {
    fn default() -> Self {
        Self {
            id: AttrValue::default(),
            label: AttrValue::default(),
            value: AttrValue::default(),
            oninput: Callback::default(),
            hint: AttrValue::default(),
            error: None,
            inputmode: None,
            autocomplete: AttrValue::Static("off"),
            max_chars: None,
            unit: AttrValue::default(),
            disabled: false,
        }
    }
}

impl TextField {
    /// A line of text.
    pub fn line(&self) -> Html {
        let oninput = self.oninput.reform(|event: InputEvent| element::value(&event));
        Field {
            id: self.id.clone(),
            label: self.label.clone(),
            hint: self.hint.clone(),
            error: self.error.clone(),
            children: html! { <div class="field__line">
                <input class="field__control" id={self.id.clone()} type="text" value={self.value.clone()}
                    inputmode={self.inputmode.clone()} autocomplete={self.autocomplete.clone()}
                    maxlength={self.max_chars.map(|most| most.to_string())} disabled={self.disabled}
                    aria-describedby={described_by(&self.id)}
                    aria-invalid={self.error.is_some().then_some("true")} {oninput} />
                if !self.unit.is_empty() { <span class="field__unit">{ &self.unit }</span> }
            </div> },
        }
        .view()
    }

    /// Lines of text.
    pub fn lines(&self) -> Html {
        let oninput = self.oninput.reform(|event: InputEvent| element::value(&event));
        Field {
            id: self.id.clone(),
            label: self.label.clone(),
            hint: self.hint.clone(),
            error: self.error.clone(),
            children: html! {
                <textarea class="field__control field__control--lines" id={self.id.clone()} rows="4"
                value={self.value.clone()} autocomplete={self.autocomplete.clone()}
                maxlength={self.max_chars.map(|most| most.to_string())} disabled={self.disabled}
                aria-describedby={described_by(&self.id)}
                aria-invalid={self.error.is_some().then_some("true")} {oninput} />
            },
        }
        .view()
    }
}
