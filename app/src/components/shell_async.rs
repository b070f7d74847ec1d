//! The states of data that comes later: on its way, nothing there, not to be had.

use yew::prelude::*;

use super::button::Button;
use super::notice::{Notice, Tone};
use crate::strings::use_strings;

/// Props of [`Waiting`].
#[derive(Properties, PartialEq)]
pub struct WaitingProps {
    /// What is on its way.
    pub what: AttrValue,
}

/// On its way.
#[component]
pub fn Waiting(props: &WaitingProps) -> Html {
    html! { <p class="async async--waiting" role="status">{ &props.what }</p> }
}

/// Props of [`Empty`].
#[derive(Properties, PartialEq)]
pub struct EmptyProps {
    /// What belongs here, and how to get it.
    pub children: Html,
}

/// Nothing there.
#[component]
pub fn Empty(props: &EmptyProps) -> Html {
    html! { <div class="async async--empty">{ props.children.clone() }</div> }
}

/// Props of [`Failed`].
#[derive(Properties, PartialEq)]
pub struct FailedProps {
    /// What happened, what is safe, what to do.
    pub children: Html,
    /// Tries again.
    #[prop_or_default]
    pub onretry: Option<Callback<()>>,
}

/// Not to be had.
#[component]
pub fn Failed(props: &FailedProps) -> Html {
    let s = &use_strings().frame.shell;
    html! {
        <Notice tone={Tone::Fault}>
            { props.children.clone() }
            if let Some(onretry) = &props.onretry { <Button label={s.retry} onclick={onretry.clone()} /> }
        </Notice>
    }
}
