//! How far along: a bar with its words.

use yew::prelude::*;

use crate::markup::html;

/// A bar.
#[derive(Default)]
pub struct Progress {
    /// What is measured, in words with its numbers, such as `3 of 8`.
    pub label: AttrValue,
    /// So much is done.
    pub done: u32,
    /// Of so much.
    pub of: u32,
    /// Whether the words stand beside the bar or are only read out.
    pub caption: Caption,
}

/// Where the words of a bar are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Caption {
    /// Beside the bar.
    #[default]
    Shown,
    /// Somewhere else on the page already.
    ReadOut,
}

impl Progress {
    /// As elements.
    pub fn view(&self) -> Html {
        let bar = html! {
            <progress class="progress__bar" value={self.done.to_string()} max={self.of.max(1).to_string()}
                aria-label={self.label.clone()} />
        };
        match self.caption {
            Caption::Shown => html! {
                <div class="progress">
                    { bar }
                    <span class="progress__label figures" aria-hidden="true">{ &self.label }</span>
                </div>
            },
            Caption::ReadOut => html! { <div class="progress">{ bar }</div> },
        }
    }
}
