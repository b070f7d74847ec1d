//! The record: signed, not yet credited. What was signed, where it is, what happens next.

use yew::prelude::*;

use super::button::{Button, Weight};
use super::definitions::Definitions;
use super::done_chain::{Chain, Link};
use super::icon::Icon;
use crate::strings::use_strings;

/// Props of [`Done`].
#[derive(Properties, PartialEq)]
pub struct DoneProps {
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

/// The record.
#[component]
pub fn Done(props: &DoneProps) -> Html {
    let s = &use_strings().frame.done;
    html! {
        <div class="page">
            <header class="page__head">
                <p class="page__over">{ &props.title }</p>
                <h1 tabindex="-1">{ &props.heading }</h1>
                <p class="page__lead">{ (s.lead)(&props.provider) }</p>
            </header>
            <section class="page__section">
                <h2>{ s.next }</h2>
                <p>{ (s.next_text)(&props.provider, &props.contact, &props.by) }</p>
                <div class="page__actions">
                    <Button label={s.save} weight={Weight::Primary} icon={Icon::Down}
                        onclick={props.onsave.clone()} />
                    if props.shareable {
                        <Button label={s.share} onclick={props.onshare.clone()} />
                    }
                </div>
            </section>
            <section class="page__section">
                <h2>{ s.where_is_it }</h2>
                <Chain links={props.chain.clone()} />
            </section>
            <section class="page__section">
                <h2>{ s.what }</h2>
                <Definitions entries={props.facts.clone()} />
            </section>
            { props.children.clone() }
        </div>
    }
}
