//! Your data: what is stored, and how it leaves.

use enduring_core::id::SessionId;
use yew::prelude::*;

use super::button::{Button, Weight};
use crate::strings::use_strings;

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

/// Props of [`StoredSessions`].
#[derive(Properties, PartialEq)]
pub struct StoredSessionsProps {
    /// The sessions.
    pub sessions: Vec<Stored>,
    /// Saves one to a file.
    pub onsave: Callback<SessionId>,
    /// Asks to erase one.
    pub onerase: Callback<SessionId>,
}

/// Every session with what can be done with it.
#[component]
pub fn StoredSessions(props: &StoredSessionsProps) -> Html {
    let s = &use_strings().frame.data;
    if props.sessions.is_empty() {
        return html! { <p>{ s.no_sessions }</p> };
    }
    let entry = |stored: &Stored| {
        let session = stored.session;
        let named = |action: &str| AttrValue::from(format!("{action}: {}", stored.title));
        html! {
            <li class="data__entry">
                <div><h3>{ &stored.title }</h3><p class="data__note">{ &stored.note }</p></div>
                <div class="page__actions">
                    <Button label={s.save_one} name={named(s.save_one)}
                        onclick={props.onsave.reform(move |()| session)} />
                    <Button label={s.erase} name={named(s.erase)} weight={Weight::Quiet}
                        onclick={props.onerase.reform(move |()| session)} />
                </div>
            </li>
        }
    };
    html! { <ul class="data__list">{ for props.sessions.iter().map(entry) }</ul> }
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

/// Props of [`StoredPacks`].
#[derive(Properties, PartialEq)]
pub struct StoredPacksProps {
    /// The packs.
    pub packs: Vec<StoredPack>,
    /// Asks to remove one.
    pub onremove: Callback<usize>,
}

/// Every pack with its size; they can be fetched again.
#[component]
pub fn StoredPacks(props: &StoredPacksProps) -> Html {
    let s = &use_strings().frame.data;
    if props.packs.is_empty() {
        return html! { <p>{ s.no_packs }</p> };
    }
    let entry = |pack: &StoredPack| {
        let place = pack.place;
        let name = AttrValue::from(format!("{}: {}", s.remove, pack.title));
        html! {
            <li class="data__entry">
                <div><h3>{ &pack.title }</h3><p class="data__note">{ &pack.note }</p></div>
                <div class="page__actions">
                    <Button label={s.remove} {name} weight={Weight::Quiet}
                        onclick={props.onremove.reform(move |()| place)} />
                </div>
            </li>
        }
    };
    html! { <ul class="data__list">{ for props.packs.iter().map(entry) }</ul> }
}
