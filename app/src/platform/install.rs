//! Installing on the home screen: where the browser offers it, and where only the learner can.

use std::cell::RefCell;

use gloo_events::EventListener;
use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

thread_local! {
    /// The browser's offer, which comes once and early.
    static PROMPT: RefCell<Option<JsValue>> = const { RefCell::new(None) };
}

/// How this site can be installed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offer {
    /// Not, or it is.
    None,
    /// The browser asks when it is told to.
    Prompt,
    /// By the share menu of iOS, where the installed app does not share what the browser has stored.
    ByHand,
}

/// Keeps the browser's offer for later. To be called as early as possible, once.
pub fn listen() {
    let Some(window) = web_sys::window() else { return };
    let options = gloo_events::EventListenerOptions::enable_prevent_default();
    EventListener::new_with_options(&window, "beforeinstallprompt", options, |event| {
        event.prevent_default();
        PROMPT.with_borrow_mut(|prompt| *prompt = Some(event.into()));
    })
    .forget();
}

/// Calls when the browser makes its offer, until dropped.
#[must_use]
pub fn on_offer(offered: impl Fn() + 'static) -> Option<EventListener> {
    let window = web_sys::window()?;
    Some(EventListener::new(&window, "beforeinstallprompt", move |_| offered()))
}

/// What there is now.
#[must_use]
pub fn offer() -> Offer {
    if PROMPT.with_borrow(Option::is_some) {
        return Offer::Prompt;
    }
    // Only Safari on iOS and iPadOS has this member: true once installed.
    let standalone = web_sys::window()
        .and_then(|window| Reflect::get(&window.navigator(), &"standalone".into()).ok())
        .and_then(|standalone| standalone.as_bool());
    if standalone == Some(false) { Offer::ByHand } else { Offer::None }
}

/// Lets the browser ask. Only from a click.
pub async fn accept() {
    let Some(prompt) = PROMPT.with_borrow_mut(Option::take) else { return };
    let method = Reflect::get(&prompt, &"prompt".into()).and_then(JsCast::dyn_into::<Function>);
    let asked = method.and_then(|method| method.call0(&prompt)).and_then(JsCast::dyn_into::<Promise>);
    if let Ok(asked) = asked {
        // Whatever was chosen is in order.
        let _ = JsFuture::from(asked).await;
    }
}
