//! Notes of where each log ended, in the Cache API.
//!
//! Apart from IndexedDB on purpose, and not in localStorage, which was seen to lose acknowledged writes when Chromium
//! and Firefox were killed. Written after the commit and never waited for; a note that comes late is only older.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use enduring_core::id::SessionId;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Cache, CacheStorage, Request, Response};

/// Stored; never reuse. The service worker leaves this name alone.
const CACHE: &str = "enduring-heads";
const FOLDER: &str = "heads/";

/// What is still to be written, by session: the latest alone. `None` is to be forgotten.
type Pending = Vec<(SessionId, Option<String>)>;

/// The notes of this origin.
#[derive(Default)]
pub struct Notes {
    pending: Rc<RefCell<Pending>>,
    busy: Rc<Cell<bool>>,
}

impl Notes {
    /// Keeps a note, in place of the one before.
    pub fn note(&self, session: SessionId, text: String) {
        self.put(session, Some(text));
    }

    /// Drops the note.
    pub fn forget(&self, session: SessionId) {
        self.put(session, None);
    }

    /// All notes; none where the browser has no Cache API for this page.
    pub async fn recall(&self) -> Vec<(SessionId, String)> {
        read().await.unwrap_or_default()
    }

    fn put(&self, session: SessionId, text: Option<String>) {
        let mut pending = self.pending.borrow_mut();
        pending.retain(|(of, _)| *of != session);
        pending.push((session, text));
        drop(pending);
        self.work();
    }

    /// One writer at a time; it goes on while there is something to write.
    fn work(&self) {
        let (pending, busy) = (Rc::clone(&self.pending), Rc::clone(&self.busy));
        if busy.replace(true) {
            return;
        }
        spawn_local(async move {
            loop {
                let next = pending.borrow_mut().pop();
                let Some((session, text)) = next else { break };
                // Best effort: a note that cannot be written leaves the older one.
                let _ = write(session, text).await;
            }
            busy.set(false);
        });
    }
}

fn storage() -> Result<CacheStorage, JsValue> {
    let window = web_sys::window().ok_or(JsValue::NULL)?;
    // Absent without a secure context, and in Firefox's private windows.
    if !js_sys::Reflect::has(&window, &"caches".into())? {
        return Err(JsValue::NULL);
    }
    window.caches()
}

async fn cache() -> Result<Cache, JsValue> {
    Ok(JsFuture::from(storage()?.open(CACHE)).await?.unchecked_into())
}

async fn write(session: SessionId, text: Option<String>) -> Result<(), JsValue> {
    let cache = cache().await?;
    let mut url = String::from(FOLDER);
    url.push_str(&session.to_string());
    match text {
        Some(text) => {
            JsFuture::from(cache.put_with_str(&url, &Response::new_with_opt_str(Some(&text))?)).await?
        }
        None => JsFuture::from(cache.delete_with_str(&url)).await?,
    };
    Ok(())
}

async fn read() -> Result<Vec<(SessionId, String)>, JsValue> {
    let cache = cache().await?;
    let requests: js_sys::Array = JsFuture::from(cache.keys()).await?.unchecked_into();
    let mut notes = Vec::new();
    for request in requests.iter() {
        let request: Request = request.unchecked_into();
        let url = request.url();
        let session = url.rsplit('/').next().and_then(SessionId::parse);
        let response: JsValue = JsFuture::from(cache.match_with_request(&request)).await?;
        if let (Some(session), Some(response)) = (session, response.dyn_ref::<Response>())
            && let Some(text) = JsFuture::from(response.text()?).await?.as_string()
        {
            notes.push((session, text));
        }
    }
    Ok(notes)
}
