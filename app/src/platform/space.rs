//! How much room there is, and whether the browser may take it back.

use js_sys::{Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};

/// What the browser says of the room for this site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// Bytes used, roughly.
    pub used: u64,
    /// Bytes allowed; `None` where it does not tell, as WebKitGTK.
    pub allowed: Option<u64>,
}

/// Calls a method of `navigator.storage`, which WebKitGTK lacks altogether and web-sys then trips over.
async fn ask(method: &str) -> Option<JsValue> {
    let navigator = web_sys::window()?.navigator();
    let storage = Reflect::get(&navigator, &"storage".into()).ok()?;
    let method: js_sys::Function = Reflect::get(&storage, &method.into()).ok()?.dyn_into().ok()?;
    let promise: Promise = method.call0(&storage).ok()?.dyn_into().ok()?;
    JsFuture::from(promise).await.ok()
}

/// Asks that nothing here be evicted. Nobody waits for the answer: Firefox gives it after a prompt, if ever.
pub fn request_persistence() {
    spawn_local(async {
        let _ = ask("persist").await;
    });
}

/// Whether the browser has promised not to evict; `None` where it does not tell.
pub async fn is_persistent() -> Option<bool> {
    ask("persisted").await?.as_bool()
}

/// The room; `None` where the browser does not tell.
pub async fn room() -> Option<Room> {
    let estimate = ask("estimate").await?;
    let member = |name: &str| Reflect::get(&estimate, &name.into()).ok()?.as_f64().map(|bytes| bytes as u64);
    Some(Room { used: member("usage")?, allowed: member("quota").filter(|quota| *quota > 0) })
}
