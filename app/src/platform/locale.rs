//! Dates, numbers and sizes as a language writes them, by the browser's own tables.

use enduring_core::measure::Timestamp;
use js_sys::{Array, Date, Intl, JsString, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue, prelude::*};

const MINUTE: f64 = 60_000.0;
const HOUR: f64 = 60.0 * MINUTE;
const DAY: f64 = 24.0 * HOUR;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = Intl, js_name = NumberFormat)]
    type Numbers;
    #[wasm_bindgen(constructor, js_namespace = Intl, js_class = "NumberFormat")]
    fn new(locales: &Array, options: &Object) -> Numbers;
    #[wasm_bindgen(method, js_name = format)]
    fn write(this: &Numbers, value: f64) -> String;
}

/// The languages that the device prefers, best first.
#[must_use]
pub fn preferred() -> Vec<String> {
    let languages = web_sys::window().map(|window| window.navigator().languages());
    languages.iter().flat_map(Array::iter).filter_map(|language| language.as_string()).collect()
}

/// In small letters, of any script, as they are compared in a search.
#[must_use]
pub fn lowercase(text: &str) -> String {
    JsString::from(text).to_lower_case().into()
}

fn options(members: &[(&str, JsValue)]) -> Object {
    let object = Object::new();
    for (name, value) in members {
        let _ = Reflect::set(&object, &JsValue::from_str(name), value);
    }
    object
}

fn locales(language: &str) -> Array {
    Array::of1(&JsValue::from_str(language))
}

fn format_date(language: &str, at: f64, members: &[(&str, JsValue)]) -> String {
    let format = Intl::DateTimeFormat::new(&locales(language), &options(members)).format();
    let date = Date::new(&JsValue::from_f64(at));
    format.call1(&JsValue::NULL, &date).ok().and_then(|text| text.as_string()).unwrap_or_default()
}

/// A day written out: "22 November 2026".
#[must_use]
pub fn date(language: &str, at: Timestamp) -> String {
    format_date(language, at.0 as f64, &[("dateStyle", "long".into())])
}

/// A calendar date, the same in every zone, from days since 1970-01-01.
#[must_use]
pub fn calendar_date(language: &str, days: i32) -> String {
    format_date(language, f64::from(days) * DAY, &[("dateStyle", "long".into()), ("timeZone", "UTC".into())])
}

/// A day and a time of day.
#[must_use]
pub fn moment(language: &str, at: Timestamp) -> String {
    format_date(language, at.0 as f64, &[("dateStyle", "long".into()), ("timeStyle", "short".into())])
}

/// How far from now: "in 3 days", "yesterday". To be shown beside the date itself where it matters.
#[must_use]
pub fn relative(language: &str, at: Timestamp, now: Timestamp) -> String {
    let span = at.0.saturating_sub(now.0) as f64;
    let (value, unit) = match span.abs() {
        near if near < HOUR => (span / MINUTE, "minute"),
        near if near < DAY => (span / HOUR, "hour"),
        near if near < 60.0 * DAY => (span / DAY, "day"),
        _ => (span / (30.0 * DAY), "month"),
    };
    let format = Intl::RelativeTimeFormat::new(&locales(language), &options(&[("numeric", "auto".into())]));
    format.format(value.round(), unit).into()
}

/// A number with at most so many decimals.
#[must_use]
pub fn number(language: &str, value: f64, decimals: u8) -> String {
    Numbers::new(&locales(language), &options(&[("maximumFractionDigits", decimals.into())])).write(value)
}

/// A size in the unit that fits: "412 kB", "3.1 MB".
#[must_use]
pub fn size(language: &str, bytes: u64) -> String {
    let bytes = bytes as f64;
    let (value, unit) =
        if bytes < 1e6 { ((bytes / 1e3).ceil(), "kilobyte") } else { (bytes / 1e6, "megabyte") };
    let members = [
        ("style", "unit".into()),
        ("unit", unit.into()),
        ("maximumFractionDigits", JsValue::from(u8::from(value < 10.0))),
    ];
    Numbers::new(&locales(language), &options(&members)).write(value)
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
