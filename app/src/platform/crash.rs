//! The one panic path: the hook hands a report to `boot.js`, whose overlay covers the page in plain DOM.
//! `#/debug/panic` as the address's hash panics on purpose, to show it.

use std::panic::PanicHookInfo;

use wasm_bindgen::JsValue;

use super::watch;

/// The hidden command.
const COMMAND: &str = "#/debug/panic";

/// Called by the panic hook, inside the dying instance: allocates little and calls nothing of ours.
pub fn report(info: &PanicHookInfo<'_>) {
    let mut text = String::from(concat!("enduring ", env!("CARGO_PKG_VERSION"), "\n"));
    if let Some(place) = info.location() {
        text.push_str(place.file());
        text.push(':');
        text.push_str(&place.line().to_string());
        text.push('\n');
    }
    text.push_str(info.payload_as_str().unwrap_or_default());
    let detail = web_sys::CustomEventInit::new();
    detail.set_detail(&JsValue::from_str(&text));
    if let (Some(window), Ok(event)) =
        (web_sys::window(), web_sys::CustomEvent::new_with_event_init_dict("enduring-panic", &detail))
    {
        let _ = window.dispatch_event(&event);
    }
}

/// Obeys the hidden command, now and whenever the hash changes.
pub fn obey_debug_command() {
    let obey = |hash: String| assert!(hash != COMMAND, "asked for by {COMMAND}");
    if let Some(listener) = watch::on_hash(obey) {
        listener.forget();
    }
    obey(watch::hash());
}
