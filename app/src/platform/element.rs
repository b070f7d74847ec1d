//! What components do to their own elements: focus, dialogs, values, sizes.

use gloo_events::EventListener;
use wasm_bindgen::prelude::*;
use web_sys::{HtmlDialogElement, HtmlElement, KeyboardEvent, Node, ResizeObserver};

#[wasm_bindgen]
extern "C" {
    /// An input, select or text area.
    type Field;
    #[wasm_bindgen(method, getter)]
    fn value(this: &Field) -> String;

    /// An element with a style object: a policy without inline styles allows no other way.
    type Styled;
    #[wasm_bindgen(method, getter)]
    fn style(this: &Styled) -> Style;
    type Style;
    #[wasm_bindgen(method, js_name = setProperty)]
    fn set_property(this: &Style, name: &str, value: &str);
}

fn html(node: Option<Node>) -> Option<HtmlElement> {
    node?.dyn_into().ok()
}

fn dialog(node: Option<Node>) -> Option<HtmlDialogElement> {
    node?.dyn_into().ok()
}

/// Moves the focus there and brings it into view.
pub fn focus(node: Option<Node>) {
    if let Some(element) = html(node) {
        // An element that went away takes no focus; there is nothing to tell.
        let _ = element.focus();
    }
}

/// Sets a custom property that the style sheet reads.
pub fn set_property(node: Option<Node>, name: &str, value: &str) {
    if let Some(node) = node {
        node.unchecked_into::<Styled>().style().set_property(name, value);
    }
}

/// Moves the focus to the `place`th element with `selector` inside.
pub fn focus_nth(node: Option<Node>, selector: &str, place: u32) {
    let found = html(node)
        .and_then(|element| element.query_selector_all(selector).ok())
        .and_then(|all| all.item(place))
        .and_then(|found| found.dyn_into::<HtmlElement>().ok());
    if let Some(element) = found {
        let _ = element.focus();
    }
}

/// What stands in the field that the event came from.
#[must_use]
pub fn value(event: &web_sys::Event) -> String {
    event.target().map(|target| target.unchecked_into::<Field>().value()).unwrap_or_default()
}

/// Opens a dialog over the page; an open one stays open.
pub fn show_modal(node: Option<Node>) {
    if let Some(dialog) = dialog(node)
        && !dialog.open()
    {
        let _ = dialog.show_modal();
    }
}

/// Closes a dialog; the focus returns to where it was.
pub fn close(node: Option<Node>) {
    if let Some(dialog) = dialog(node) {
        dialog.close();
    }
}

/// The character of a key that is pressed alone, outside of fields for text.
#[must_use]
pub fn plain_key(event: &KeyboardEvent) -> Option<char> {
    let typing = || {
        let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        target.is_some_and(|element| {
            element.matches("select, textarea, input:not([type=radio], [type=checkbox])").unwrap_or(false)
        })
    };
    if event.ctrl_key() || event.alt_key() || event.meta_key() || typing() {
        return None;
    }
    let key = event.key();
    let mut characters = key.chars();
    characters.next().filter(|_| characters.next().is_none())
}

/// The place that a key stands for: 0 for `a` or `1`.
#[must_use]
pub fn place_of_key(key: char) -> Option<usize> {
    let from = match key {
        'a'..='z' => 'a',
        'A'..='Z' => 'A',
        '1'..='9' => '1',
        _ => return None,
    };
    usize::try_from(u32::from(key) - u32::from(from)).ok()
}

/// Watches whether the content is wider than its box, until dropped.
pub struct WidthWatch {
    observer: ResizeObserver,
    _changed: Closure<dyn FnMut()>,
}

impl WidthWatch {
    /// Tells at once and after each change; `None` when there is no element.
    #[must_use]
    pub fn new(node: Option<Node>, overflows: impl Fn(bool) + 'static) -> Option<Self> {
        let element = html(node)?;
        let watched = element.clone();
        let changed = Closure::<dyn FnMut()>::new(move || {
            overflows(watched.scroll_width() > watched.client_width());
        });
        let observer = ResizeObserver::new(changed.as_ref().unchecked_ref()).ok()?;
        observer.observe(&element);
        Some(Self { observer, _changed: changed })
    }
}

impl Drop for WidthWatch {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

/// Whether a media query holds, told at once and after each change, until dropped.
pub struct MediaWatch {
    _listener: EventListener,
}

impl MediaWatch {
    /// `None` where the browser cannot tell.
    #[must_use]
    pub fn new(query: &str, holds: impl Fn(bool) + 'static) -> Option<Self> {
        let list = web_sys::window()?.match_media(query).ok()??;
        holds(list.matches());
        let watched = list.clone();
        let listener = EventListener::new(&list, "change", move |_| holds(watched.matches()));
        Some(Self { _listener: listener })
    }
}
