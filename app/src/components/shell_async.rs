//! The states of data that comes later: on its way, nothing there, not to be had.

use yew::prelude::*;

use super::button::Button;
use super::notice::{Notice, Tone};
use crate::markup::html;
use crate::strings::strings;

/// On its way.
pub fn waiting(what: &str) -> Html {
    html! { <p class="async async--waiting" role="status">{ what }</p> }
}

/// Nothing there.
pub fn empty(children: Html) -> Html {
    html! { <div class="async async--empty">{ children }</div> }
}

/// Not to be had.
#[derive(Default)]
pub struct Failed {
    /// What happened, what is safe, what to do.
    pub children: Html,
    /// Tries again.
    pub onretry: Option<Callback<()>>,
}

impl Failed {
    /// As elements.
    pub fn view(&self) -> Html {
        let s = &strings().frame.shell;
        Notice::new(
            Tone::Fault,
            html! { <>{ self.children.clone() }
            if let Some(onretry) = &self.onretry { { Button::new(s.retry).on(onretry.clone()).view() } }</> },
        )
        .view()
    }
}
