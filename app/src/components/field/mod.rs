//! Fields: rows to pick from, text, lists to select from.

mod choice;
mod select;
mod text;

pub use choice::{ChoiceRow, Choices, Mark, PickKind, letter};
pub use select::Select;
pub use text::TextField;
use yew::prelude::*;

use crate::markup::html;

/// A label, a hint, a control, and what is wrong with it.
struct Field {
    /// The id of the control.
    id: AttrValue,
    /// What is asked.
    label: AttrValue,
    /// What it looks like and where to find it.
    hint: AttrValue,
    /// What is wrong with what stands there.
    error: Option<AttrValue>,
    /// The control.
    children: Html,
}

impl Field {
    /// As elements.
    fn view(&self) -> Html {
        let id = &self.id;
        html! {
            <div class="field">
                <label class="field__label" for={id.clone()}>{ &self.label }</label>
                if !self.hint.is_empty() {
                    <p class="field__hint" id={part(id, "hint")}>{ &self.hint }</p>
                }
                { self.children.clone() }
                <p class="field__error" id={part(id, "error")} role="status">
                    if let Some(error) = &self.error { { error } }
                </p>
            </div>
        }
    }
}

/// The ids that describe the control.
fn described_by(id: &AttrValue) -> String {
    [part(id, "hint"), part(id, "error")].join(" ")
}

fn part(id: &str, part: &str) -> String {
    [id, part].join("-")
}
