//! The document: elements, title, focus, announcements.

use web_sys::Element;

/// The element with this id.
#[must_use]
pub fn element(id: &str) -> Option<Element> {
    web_sys::window()?.document()?.get_element_by_id(id)
}
