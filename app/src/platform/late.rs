//! The part of the wasm that comes later (`app/late.txt`): `boot.js` fetches it and gives it its place.

use std::sync::atomic::{AtomicBool, Ordering};

use js_sys::Promise;
use thiserror::Error;
use wasm_bindgen::{JsValue, prelude::*};
use wasm_bindgen_futures::JsFuture;

/// It could not be fetched; trying again may help.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a part of the player could not be fetched")]
pub struct Away;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = enduring)]
    fn late(first: &JsValue) -> Promise;
    #[wasm_bindgen(js_namespace = enduring)]
    fn came() -> Promise;
    #[wasm_bindgen(js_namespace = enduring, js_name = lateNow)]
    fn late_now(first: &JsValue);
}

/// Whether it is here.
static HERE: AtomicBool = AtomicBool::new(false);

/// Whether it is here, without waiting.
#[must_use]
pub fn is_here() -> bool {
    HERE.load(Ordering::Relaxed)
}

/// Brings it; at once where it is here.
///
/// # Errors
/// [`Away`].
pub async fn here() -> Result<(), Away> {
    if is_here() {
        return Ok(());
    }
    JsFuture::from(late(&wasm_bindgen::exports())).await.map_err(|_| Away)?;
    HERE.store(true, Ordering::Relaxed);
    Ok(())
}

/// Waits until it was brought, and brings it not.
pub async fn brought() {
    if !is_here() {
        let _ = JsFuture::from(came()).await;
        HERE.store(true, Ordering::Relaxed);
    }
}

/// Brings it with everything standing still meanwhile: for a call of what nobody waited for.
#[wasm_bindgen(js_name = bringLate)]
pub fn bring() {
    late_now(&wasm_bindgen::exports());
}
