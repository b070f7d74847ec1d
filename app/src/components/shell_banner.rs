//! What must be said on every step.

use yew::prelude::*;

use super::icon::{Icon, glyph};

/// One line across the page.
pub fn banner(children: Html) -> Html {
    html! { <p class="banner">{ glyph(Icon::Info) }<span>{ children.clone() }</span></p> }
}
