//! The record: signed, not yet credited. What was signed, where it is, what happens next.

use yew::prelude::*;

use super::button::Button;
use super::definitions::definitions;
use super::done_chain::{Chain, Link};
use super::icon::Icon;
use crate::markup::html;
use crate::strings::strings;

/// The record.
pub struct Done {
    /// The activity's title.
    pub title: AttrValue,
    /// What the record is.
    pub heading: AttrValue,
    /// What was signed, by name.
    pub facts: Vec<(AttrValue, Html)>,
    /// The provider by name.
    pub provider: AttrValue,
    /// How to reach the provider.
    pub contact: AttrValue,
    /// Where the record is.
    pub chain: Vec<Link>,
    /// The last day on which it counts, in words.
    pub by: AttrValue,
    /// Whether there is a share sheet for files.
    pub shareable: bool,
    /// Saves the record to a file.
    pub onsave: Callback<()>,
    /// Opens the share sheet.
    pub onshare: Callback<()>,
    /// Looking back: comparison, tests, case.
    pub children: Html,
}

impl Done {
    /// As elements.
    pub fn view(&self) -> Html {
        let s = &strings().frame.done;
        html! {
            <div class="page">
                <header class="page__head">
                    <p class="page__over">{ &self.title }</p>
                    <h1 tabindex="-1">{ &self.heading }</h1>
                    <p class="page__lead">{ (s.lead)(&self.provider) }</p>
                </header>
                <section class="page__section">
                    <h2>{ s.next }</h2>
                    <p>{ (s.next_text)(&self.provider, &self.contact, &self.by) }</p>
                    <div class="page__actions">
                        { Button::new(s.save).primary().icon(Icon::Down).on(self.onsave.clone()).view() }
                        if self.shareable {
                            { Button::new(s.share).on(self.onshare.clone()).view() }
                        }
                    </div>
                </section>
                <section class="page__section">
                    <h2>{ s.where_is_it }</h2>
                    { Chain { links: self.chain.clone() }.view() }
                </section>
                <section class="page__section">
                    <h2>{ s.what }</h2>
                    { definitions(&self.facts) }
                </section>
                { self.children.clone() }
            </div>
        }
    }
}
