//! The player: a thin Yew page over `enduring-core`.
//! `platform` and `store` are the only homes of browser interfaces; everything else is props in, callbacks out.

pub mod components;
pub mod platform;
pub mod strings;

use yew::prelude::*;

/// The whole page.
#[component]
pub fn App() -> Html {
    html! { <main><h1>{ "Enduring" }</h1></main> }
}
