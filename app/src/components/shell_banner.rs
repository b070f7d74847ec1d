//! What must be said on every step.

use yew::prelude::*;

use super::icon::{Glyph, Icon};

/// Props of [`Banner`].
#[derive(Properties, PartialEq)]
pub struct BannerProps {
    /// The words.
    pub children: Html,
}

/// One line across the page.
#[component]
pub fn Banner(props: &BannerProps) -> Html {
    html! { <p class="banner"><Glyph icon={Icon::Info} /><span>{ props.children.clone() }</span></p> }
}
