//! Where the address points, and the page that stands there.

use std::cell::Cell;

use yew::prelude::*;

use super::state::{use_effect_with, use_state_eq};
use crate::platform::{page, root, watch};
use crate::route::Route;
use crate::strings::strings;

thread_local! {
    /// Whether a page of this visit has stood already.
    static ARRIVED: Cell<bool> = const { Cell::new(false) };
}

/// The route of the address's hash, as it changes.
#[hook]
pub fn use_route() -> Route {
    let route = use_state_eq(|| Route::parse(&watch::hash()));
    {
        let route = route.setter();
        use_effect_with((), move |()| {
            let listener = watch::on_hash(move |hash| route.set(Route::parse(&hash)));
            move || drop(listener)
        });
    }
    (*route).clone()
}

/// Whether a page has shown what it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// Its data is still on the way.
    Waiting,
    /// It stands.
    Ready,
}

/// Names the document after the page. Once the page stands, says so on `<html data-ready>` and brings the focus to its
/// heading, unless it is the first of the visit, where the browser has put the focus itself.
#[hook]
pub fn use_page(route: &Route, title: &str, shown: Shown) {
    let s = &strings().frame.shell;
    use_effect_with((s.title)(title), |title| page::set_title(title));
    use_effect_with((route.clone(), shown), |(route, shown)| match shown {
        Shown::Waiting => root::mark("ready", None),
        Shown::Ready => {
            if ARRIVED.replace(true) {
                page::scroll_to_top();
                root::focus_heading();
                // What was said on the page before is not said of this one.
                page::announce("", page::Urgency::Polite);
            }
            root::mark("ready", Some(route.name()));
        }
    });
}
