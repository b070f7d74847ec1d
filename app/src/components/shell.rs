//! The frame of every page but the play page: the name, the ways to the other pages, the page itself.

use yew::prelude::*;

use super::button::{Button, Weight};
use super::notice::{Notice, Tone};
use crate::markup::html;
use crate::platform::page;
use crate::route::Route;
use crate::strings::strings;

/// The frame.
pub struct Shell {
    /// Where we are.
    pub route: Route,
    /// Said above every page: losses, a journal that is newer than the player.
    pub warnings: Html,
    /// A new version waits; taking it loads the page again.
    pub onupdate: Option<Callback<()>>,
    /// The page.
    pub children: Html,
}

impl Shell {
    /// As elements.
    pub fn view(&self) -> Html {
        let s = &strings().frame.shell;
        let places = [
            (Route::Home, s.home),
            (Route::Library, s.library),
            (Route::Transcript, s.transcript),
            (Route::Data, s.data),
        ];
        let link = |(route, name): (Route, &'static str)| {
            let here = (route == self.route).then_some("page");
            html! { <li><a class="shell__link" href={route.hash()} aria-current={here}>{ name }</a></li> }
        };
        html! {
            <div class="shell">
                { SkipLink.view() }
                <header class="shell__bar">
                    <a class="shell__mark" href={Route::Home.hash()}>{ s.product }</a>
                    <nav class="shell__nav" aria-label={s.pages}><ul>{ for places.map(link) }</ul></nav>
                </header>
                if let Some(onupdate) = &self.onupdate {
                    <div class="shell__said" role="status">
                        { Notice::new(Tone::Info, html! { <><p>{ s.update }</p>
                            { Button::new(s.update_now).on(onupdate.clone()).view() }</> }).titled(s.update_title).view() }
                    </div>
                }
                { self.warnings.clone() }
                <main id="main" class="shell__page" tabindex="-1">{ self.children.clone() }</main>
            </div>
        }
    }
}

/// The first stop of the keyboard: past everything, to the page.
pub struct SkipLink;

impl SkipLink {
    /// As elements.
    pub fn view(&self) -> Html {
        let s = &strings().frame.shell;
        let skip = Callback::from(|()| page::focus_id("main"));
        html! {
            <div class="shell__skip">
                { Button::new(s.skip).weight(Weight::Secondary).on(skip).view() }
            </div>
        }
    }
}

/// Something that every page has to say.
#[derive(Default)]
pub struct Warning {
    /// What happened, what is safe, what to do.
    pub children: Html,
    /// What it is, where that is not just a fault.
    pub title: Option<&'static str>,
    /// It was read.
    pub onread: Option<Callback<()>>,
}

impl Warning {
    /// As elements.
    pub fn view(&self) -> Html {
        let s = &strings().frame.shell;
        let notice = Notice::new(
            Tone::Fault,
            html! { <>{ self.children.clone() }
            if let Some(onread) = &self.onread {
                { Button::new(s.understood).on(onread.clone()).view() }
            }</> },
        );
        let notice = match self.title {
            Some(title) => notice.titled(title),
            None => notice,
        };
        html! { <div class="shell__said">{ notice.view() }</div> }
    }
}
