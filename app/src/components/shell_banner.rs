//! What must be said on every step.

use yew::prelude::*;

use crate::markup::html;

use super::icon::{Icon, glyph};

/// One line across the page.
pub fn banner(children: Html) -> Html {
    html! { <p class="banner">{ glyph(Icon::Info) }<span>{ children.clone() }</span></p> }
}
