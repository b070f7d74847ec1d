//! The language of the page, and letters by the browser's own tables.

use js_sys::JsString;
use wasm_bindgen::JsCast;

/// In small letters, of any script, as they are compared in a search.
#[must_use]
pub fn lowercase(text: &str) -> String {
    JsString::from(text).to_lower_case().into()
}

/// The direction in which a language is written: `ltr` or `rtl`.
#[must_use]
pub fn direction(language: &str) -> &'static str {
    match language.split('-').next().unwrap_or_default() {
        "ar" | "ckb" | "dv" | "fa" | "he" | "ps" | "sd" | "ug" | "ur" | "yi" => "rtl",
        _ => "ltr",
    }
}

/// Makes a language that of the page.
pub fn apply(language: &str) {
    let document = web_sys::window().and_then(|window| window.document());
    if let Some(root) = document.and_then(|document| document.document_element())
        && let Some(root) = root.dyn_ref::<web_sys::HtmlElement>()
    {
        root.set_lang(language);
        root.set_dir(direction(language));
    }
}
