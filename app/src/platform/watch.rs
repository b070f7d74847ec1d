//! Whether the page is seen, and whether there seems to be a network.

use enduring_core::session::Visibility;
use gloo_events::EventListener;

/// Whether the page is visible now.
#[must_use]
pub fn visibility() -> Visibility {
    match web_sys::window().and_then(|window| window.document()) {
        Some(document) if document.hidden() => Visibility::Hidden,
        _ => Visibility::Visible,
    }
}

/// Calls on every change of visibility, until dropped.
#[must_use]
pub fn on_visibility(changed: impl Fn(Visibility) + 'static) -> Option<EventListener> {
    let document = web_sys::window()?.document()?;
    Some(EventListener::new(&document, "visibilitychange", move |_| changed(visibility())))
}

/// What the browser says of the network. `Online` is only a hope; `Offline` is reliable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Network {
    /// There is an interface.
    Online,
    /// There is none.
    Offline,
}

/// What the browser says now.
#[must_use]
pub fn network() -> Network {
    match web_sys::window() {
        Some(window) if !window.navigator().on_line() => Network::Offline,
        _ => Network::Online,
    }
}

/// Calls on every change of the network, until dropped.
#[must_use]
pub fn on_network(changed: impl Fn(Network) + Clone + 'static) -> Option<[EventListener; 2]> {
    let window = web_sys::window()?;
    let on_line = changed.clone();
    Some([
        EventListener::new(&window, "online", move |_| on_line(Network::Online)),
        EventListener::new(&window, "offline", move |_| changed(Network::Offline)),
    ])
}

/// Calls on every change of the address's hash, with the new one, until dropped.
#[must_use]
pub fn on_hash(changed: impl Fn(String) + 'static) -> Option<EventListener> {
    let window = web_sys::window()?;
    Some(EventListener::new(&window, "hashchange", move |_| changed(hash())))
}

/// The address's hash with its `#`; empty without one.
#[must_use]
pub fn hash() -> String {
    web_sys::window().and_then(|window| window.location().hash().ok()).unwrap_or_default()
}
