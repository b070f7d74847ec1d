//! The library: what can be played, and what is on the device already.

use enduring_core::content::Summary;
use yew::prelude::*;

use crate::markup::html;
use crate::route::Route;
use crate::strings::strings;

/// Where a pack is.
#[derive(Clone, Debug, PartialEq)]
pub enum Presence {
    /// On this device, for offline use.
    Here,
    /// Still to be fetched: its size in words.
    There(AttrValue),
}

/// An activity of the library.
#[derive(Clone, Debug, PartialEq)]
pub struct Shelved {
    /// Where its page is.
    pub route: Route,
    /// What a first page shows.
    pub summary: Summary,
    /// Where it is.
    pub presence: Presence,
    /// Set when it gives no credit, with the reason.
    pub no_credit: Option<AttrValue>,
}

/// The list.
pub struct LibraryList {
    /// The activities, by title.
    pub activities: Vec<Shelved>,
}

impl LibraryList {
    /// As elements.
    pub fn view(&self) -> Html {
        let s = &strings().frame.library;
        let entry = |shelved: &Shelved| {
            let summary = &shelved.summary;
            let presence = match &shelved.presence {
                Presence::Here => s.here.to_owned(),
                Presence::There(size) => (s.there)(size),
            };
            html! {
                <li class="library__entry">
                    <h2 lang={summary.language.clone()}>
                        <a href={shelved.route.hash()}>{ &summary.title }</a>
                    </h2>
                    <p lang={summary.language.clone()}>{ &summary.summary }</p>
                    <p class="library__facts">
                        <span>{ (s.minutes)(summary.minutes.0) }</span>
                        if shelved.no_credit.is_none() {
                            { for summary.credits.iter().map(|credit| html! {
                                <span>{ (s.at_most)(credit.maximum, &credit.name) }</span>
                            }) }
                        }
                        <span>{ &summary.provider }</span>
                        <span>{ presence }</span>
                    </p>
                    if let Some(sample) = &summary.sample { <p class="library__flag">{ sample }</p> }
                    if let Some(reason) = &shelved.no_credit { <p class="library__flag">{ reason }</p> }
                </li>
            }
        };
        html! { <ul class="library">{ for self.activities.iter().map(entry) }</ul> }
    }
}
