//! A pack whose signer is not known here: named, fingerprinted, and never for credit.

use yew::prelude::*;

use super::button::Button;
use super::dialog::Dialog;
use crate::components::part::Part;
use crate::markup::html;
use crate::strings::strings;

/// Asks what to do with it.
pub struct Stranger {
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

impl Stranger {
    /// As elements.
    pub fn view(&self) -> Html {
        let s = &strings().frame.library;
        let actions = html! {
            <>
                { Button::new(s.stranger_refuse).primary().on(self.onrefuse.clone()).view() }
                { Button::new(s.stranger_accept).on(self.onaccept.clone()).view() }
            </>
        };
        Dialog {
            id: AttrValue::Static("stranger"),
            title: AttrValue::Static(s.stranger_title),
            actions,
            onclose: self.onrefuse.clone(),
            children: html! { <><p>{ (s.stranger)(&self.title, &self.provider) }</p>
            <p>{ s.fingerprint }<br /><code class="library__fingerprint">{ &self.fingerprint }</code></p>
            <p>{ s.stranger_what }</p></> },
            ..Dialog::default()
        }
        .view()
    }
}
