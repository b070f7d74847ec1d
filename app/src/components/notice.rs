//! Something said apart: with a word, an icon and a ground.

use yew::html::IntoPropValue;
use yew::prelude::*;

use super::icon::{Icon, glyph};
use crate::markup::html;
use crate::strings::strings;

/// What kind of thing is said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// To know.
    #[default]
    Info,
    /// To look out for.
    Caution,
    /// Something failed: what happened, what is safe, what to do.
    Fault,
    /// Something was reached or saved.
    Good,
}

/// Something said apart. A fault is announced.
pub struct Notice {
    tone: Tone,
    title: Option<AttrValue>,
    children: Html,
}

impl Notice {
    /// Something said apart, under the word that goes with its tone.
    // Not inlined: the places are many.
    #[inline(never)]
    pub fn new(tone: Tone, children: Html) -> Self {
        Self { tone, title: None, children }
    }

    /// A title in place of the word.
    pub fn titled(mut self, title: impl IntoPropValue<AttrValue>) -> Self {
        self.title = Some(title.into_prop_value());
        self
    }

    /// As elements.
    pub fn view(self) -> Html {
        let words = &strings().play;
        let (class, icon, word) = match self.tone {
            Tone::Info => ("notice notice--info", Icon::Info, words.note),
            Tone::Caution => ("notice notice--caution", Icon::Warning, words.caution),
            Tone::Fault => ("notice notice--fault", Icon::Cross, words.fault),
            Tone::Good => ("notice notice--good", Icon::Check, words.done),
        };
        html! {
            <div {class} role={(self.tone == Tone::Fault).then_some("alert")}>
                <p class="notice__title">
                    { glyph(icon) }<span>{ self.title.unwrap_or(AttrValue::Static(word)) }</span>
                </p>
                <div class="notice__text">{ self.children }</div>
            </div>
        }
    }
}
