//! The document as a whole: marks on its root, its first heading, signs of the learner, who embeds it.

use gloo_events::EventListener;
use wasm_bindgen::JsCast;
use web_sys::{Document, HtmlElement};

/// Listens until it is dropped.
pub type Listener = EventListener;

/// The mark of a page with something on its way to the device: nothing says "Saved" then.
pub const SAVING: &str = "saving";

fn document() -> Option<Document> {
    web_sys::window()?.document()
}

/// Sets `data-NAME` on `<html>`, or takes it away.
pub fn mark(name: &str, value: Option<&str>) {
    let Some(root) = document().and_then(|document| document.document_element()) else { return };
    let name = format!("data-{name}");
    let _ = match value {
        Some(value) => root.set_attribute(&name, value),
        None => root.remove_attribute(&name),
    };
}

/// Moves the focus to the page's heading, which has `tabindex="-1"`.
pub fn focus_heading() {
    let heading = document().and_then(|document| document.query_selector("main h1").ok().flatten());
    if let Some(heading) = heading.as_ref().and_then(|heading| heading.dyn_ref::<HtmlElement>()) {
        let _ = heading.focus();
    }
}

/// Opens the browser's print dialog.
pub fn print() {
    if let Some(window) = web_sys::window() {
        let _ = window.print();
    }
}

/// Calls on every key, tap and scroll, until dropped.
#[must_use]
pub fn on_sign_of_life(sign: impl Fn() + Clone + 'static) -> Vec<EventListener> {
    let Some(window) = web_sys::window() else { return Vec::new() };
    let listen = |event: &'static str| {
        let sign = sign.clone();
        EventListener::new(&window, event, move |_| sign())
    };
    ["keydown", "pointerdown", "scroll"].map(listen).into()
}

/// The origin of the page that embeds this one; `None` in a page of its own.
/// Where the browser hides it, the place of the frame's own page is told.
#[must_use]
pub fn embedder() -> Option<String> {
    let window = web_sys::window()?;
    let parent = window.parent().ok().flatten()?;
    if js_sys::Object::is(&parent, &window) {
        return None;
    }
    let ancestors = js_sys::Reflect::get(&window.location(), &"ancestorOrigins".into()).ok();
    let nearest = ancestors.and_then(|ancestors| js_sys::Reflect::get_u32(&ancestors, 0).ok());
    nearest.and_then(|origin| origin.as_string()).or_else(|| window.location().origin().ok())
}
