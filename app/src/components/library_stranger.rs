//! A pack whose signer is not known here: named, fingerprinted, and never for credit.

use yew::prelude::*;

use super::button::{Button, Weight};
use super::dialog::Dialog;
use crate::strings::use_strings;

/// Props of [`Stranger`].
#[derive(Properties, PartialEq)]
pub struct StrangerProps {
    /// The title of the activity.
    pub title: AttrValue,
    /// The provider that the pack names.
    pub provider: AttrValue,
    /// The fingerprint of the signing key.
    pub fingerprint: AttrValue,
    /// Keep it, not for credit.
    pub onaccept: Callback<()>,
    /// Leave it.
    pub onrefuse: Callback<()>,
}

/// Asks what to do with it.
#[component]
pub fn Stranger(props: &StrangerProps) -> Html {
    let s = &use_strings().frame.library;
    let actions = html! {
        <>
            <Button label={s.stranger_refuse} weight={Weight::Primary} onclick={props.onrefuse.clone()} />
            <Button label={s.stranger_accept} onclick={props.onaccept.clone()} />
        </>
    };
    html! {
        <Dialog id="stranger" title={s.stranger_title} {actions} onclose={props.onrefuse.clone()}>
            <p>{ (s.stranger)(&props.title, &props.provider) }</p>
            <p>{ s.fingerprint }<br /><code class="library__fingerprint">{ &props.fingerprint }</code></p>
            <p>{ s.stranger_what }</p>
        </Dialog>
    }
}
