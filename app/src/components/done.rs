//! The record: what it is, what happens next, where it is, what was signed.

use yew::prelude::*;

use super::definitions::definitions;
use super::done_chain::{Chain, Link};
use crate::markup::html;
use crate::strings::strings;

/// The id of the heading over what happens next.
pub const NEXT: &str = "next";

/// The record.
pub struct Done {
    /// The activity's title.
    pub title: AttrValue,
    /// What the record is.
    pub heading: AttrValue,
    /// What that means, in a sentence.
    pub lead: AttrValue,
    /// What happens next, with what can be done.
    pub next: Html,
    /// What was signed, by name.
    pub facts: Vec<(AttrValue, Html)>,
    /// Where the record is.
    pub chain: Vec<Link>,
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
                    <p class="page__lead">{ &self.lead }</p>
                </header>
                <section class="page__section">
                    <h2 id={NEXT} tabindex="-1">{ s.next }</h2>
                    { self.next.clone() }
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
