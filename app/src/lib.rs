//! The player: a thin Yew page over `enduring-core`.
//! `platform` and `store` are the only homes of browser interfaces; everything else is props in, callbacks out.

#![deny(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

pub mod components;
pub mod platform;
pub mod store;
pub mod strings;

use yew::prelude::*;

/// The whole page.
#[component]
pub fn App() -> Html {
    html! { <main><h1>{ "Enduring" }</h1></main> }
}
