//! The journal as the text of a file. `public/rescue.js` writes it, the same for a live page and for a dead one.

use wasm_bindgen::{JsValue, prelude::*};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = enduring, js_name = journalText, catch)]
    async fn journal_text(session: Option<String>) -> Result<JsValue, JsValue>;
}

/// Everything, or one session; `None` where the browser cannot read it.
pub async fn text(session: Option<String>) -> Option<String> {
    journal_text(session).await.ok()?.as_string()
}
