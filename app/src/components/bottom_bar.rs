//! The bar at the bottom: one primary action within thumb reach.

use yew::prelude::*;

use super::notice::{Notice, Tone};
use super::saving::Saving;

/// Props of [`BottomBar`].
#[derive(Properties, PartialEq)]
pub struct BottomBarProps {
    /// The primary action.
    pub children: Html,
    /// Other actions, before it.
    #[prop_or_default]
    pub others: Html,
    /// Why the primary action could not be done; announced when it changes.
    #[prop_or_default]
    pub hint: AttrValue,
    /// Tells a failed save.
    #[prop_or_default]
    pub saving: Saving,
}

/// The bar at the bottom.
#[component]
pub fn BottomBar(props: &BottomBarProps) -> Html {
    html! {
        <div class="bottom-bar">
            if let Saving::Failed { words } = &props.saving {
                <Notice tone={Tone::Fault}>{ words }</Notice>
            }
            <p class="bottom-bar__hint" role="status">{ &props.hint }</p>
            <div class="bottom-bar__actions">
                { props.others.clone() }
                <div class="bottom-bar__main">{ props.children.clone() }</div>
            </div>
        </div>
    }
}
