//! Your data: what is stored, and how it leaves.

use enduring_core::id::SessionId;
use yew::prelude::*;

use super::button::Button;
use crate::markup::html;
use crate::strings::strings;

/// Something on this device.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored {
    /// Which session.
    pub session: SessionId,
    /// The activity's title.
    pub title: AttrValue,
    /// What it is and since when, in words.
    pub note: AttrValue,
}

/// Every session with what can be done with it.
pub struct StoredSessions {
    /// The sessions.
    pub sessions: Vec<Stored>,
    /// Saves one to a file.
    pub onsave: Callback<SessionId>,
    /// Asks to erase one.
    pub onerase: Callback<SessionId>,
}

impl StoredSessions {
    /// As elements.
    pub fn view(&self) -> Html {
        let s = &strings().frame.data;
        if self.sessions.is_empty() {
            return html! { <p>{ s.no_sessions }</p> };
        }
        let entry = |stored: &Stored| {
            let session = stored.session;
            let named = |action: &str| AttrValue::from(format!("{action}: {}", stored.title));
            html! {
                <li class="data__entry">
                    <div><h3>{ &stored.title }</h3><p class="data__note">{ &stored.note }</p></div>
                    <div class="page__actions">
                        {
                            Button::new(s.save_one)
                                .named(named(s.save_one))
                                .on(self.onsave.reform(move |()| session))
                                .view()
                        }
                        {
                            Button::new(s.erase)
                                .quiet()
                                .named(named(s.erase))
                                .on(self.onerase.reform(move |()| session))
                                .view()
                        }
                    </div>
                </li>
            }
        };
        html! { <ul class="data__list">{ for self.sessions.iter().map(entry) }</ul> }
    }
}

/// A pack on this device.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredPack {
    /// Its place in the list of the page.
    pub place: usize,
    /// The activity's title.
    pub title: AttrValue,
    /// Version and size, in words.
    pub note: AttrValue,
}

/// Every pack with its size; they can be fetched again.
pub struct StoredPacks {
    /// The packs.
    pub packs: Vec<StoredPack>,
    /// Asks to remove one.
    pub onremove: Callback<usize>,
}

impl StoredPacks {
    /// As elements.
    pub fn view(&self) -> Html {
        let s = &strings().frame.data;
        if self.packs.is_empty() {
            return html! { <p>{ s.no_packs }</p> };
        }
        let entry = |pack: &StoredPack| {
            let place = pack.place;
            let name = AttrValue::from(format!("{}: {}", s.remove, pack.title));
            html! {
                <li class="data__entry">
                    <div><h3>{ &pack.title }</h3><p class="data__note">{ &pack.note }</p></div>
                    <div class="page__actions">
                        {
                            Button::new(s.remove)
                                .quiet()
                                .named(name)
                                .on(self.onremove.reform(move |()| place))
                                .view()
                        }
                    </div>
                </li>
            }
        };
        html! { <ul class="data__list">{ for self.packs.iter().map(entry) }</ul> }
    }
}

/// Every enrolment, by its provider, with what can be done with it.
pub struct StoredTickets {
    /// Provider and what else is known, in words.
    pub tickets: Vec<(AttrValue, AttrValue)>,
    /// Removes the one at that place.
    pub onremove: Callback<usize>,
}

impl StoredTickets {
    /// As elements.
    pub fn view(&self) -> Html {
        let all = strings();
        if self.tickets.is_empty() {
            return html! { <p>{ all.intake.no_enrolments }</p> };
        }
        let remove = all.frame.data.remove;
        let entry = |(place, (title, note)): (usize, &(AttrValue, AttrValue))| {
            let name = AttrValue::from(format!("{remove}: {title}"));
            html! {
                <li class="data__entry">
                    <div><h3>{ title }</h3><p class="data__note">{ note }</p></div>
                    <div class="page__actions">
                        {
                            Button::new(remove)
                                .quiet()
                                .named(name)
                                .on(self.onremove.reform(move |()| place))
                                .view()
                        }
                    </div>
                </li>
            }
        };
        html! { <ul class="data__list">{ for self.tickets.iter().enumerate().map(entry) }</ul> }
    }
}
