//! The document: elements, title, focus, announcements.

use wasm_bindgen::JsCast;
use web_sys::{Document, Element, HtmlElement};

use super::timer;

/// How long a live region stays empty before a new text, in milliseconds: without a gap the same text is not read twice.
const GAP: u32 = 60;

/// How an announcement treats what is being read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Urgency {
    /// It waits.
    Polite,
    /// It interrupts: alarms and refusals alone.
    Assertive,
}

/// Light or dark, by the learner's choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// As the device has it.
    Device,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

fn document() -> Option<Document> {
    web_sys::window()?.document()
}

/// The element with this id.
#[must_use]
pub fn element(id: &str) -> Option<Element> {
    document()?.get_element_by_id(id)
}

/// Names the page, for the tab and the screen reader.
pub fn set_title(title: &str) {
    if let Some(document) = document() {
        document.set_title(title);
    }
}

/// Moves the focus to an element. One that does not take focus by itself needs `tabindex="-1"`.
pub fn focus(element: &Element) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        let _ = element.focus();
    }
}

/// Moves the focus to the element with this id.
pub fn focus_id(id: &str) {
    if let Some(element) = element(id) {
        focus(&element);
    }
}

/// To the top of the page, as after a change of route.
pub fn scroll_to_top() {
    if let Some(window) = web_sys::window() {
        window.scroll_to_with_x_and_y(0.0, 0.0);
    }
}

/// Tells a screen reader something that is not focused. The regions stand in index.html, outside the Yew root.
pub fn announce(text: &str, urgency: Urgency) {
    let id = match urgency {
        Urgency::Polite => "announce-polite",
        Urgency::Assertive => "announce-assertive",
    };
    let Some(region) = element(id) else { return };
    region.set_text_content(None);
    let text = text.to_owned();
    timer::later(GAP, move || region.set_text_content(Some(&text)));
}

/// Sets `data-theme` on the root, which the style sheet reads.
pub fn set_theme(theme: Theme) {
    let Some(root) = document().and_then(|document| document.document_element()) else { return };
    let _ = match theme {
        Theme::Device => root.remove_attribute("data-theme"),
        Theme::Light => root.set_attribute("data-theme", "light"),
        Theme::Dark => root.set_attribute("data-theme", "dark"),
    };
}

/// Goes to another hash of this page.
pub fn go(hash: &str) {
    if let Some(window) = web_sys::window() {
        let _ = window.location().set_hash(hash);
    }
}

/// Loads the page again.
pub fn reload() {
    if let Some(window) = web_sys::window() {
        let _ = window.location().reload();
    }
}
