//! Files that the learner picks, read in slices.

use js_sys::Promise;
use wasm_bindgen::{JsCast, JsValue, prelude::*};
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, HtmlInputElement};

use super::share::bytes_of;

/// A picked file; nothing of it is read before it is asked for.
#[derive(Clone, Debug)]
pub struct Picked(File);

impl From<File> for Picked {
    fn from(file: File) -> Self {
        Self(file)
    }
}

impl Picked {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> String {
        self.0.name()
    }

    /// Its size in bytes.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.0.size() as u64
    }

    /// The bytes from `from` up to and without `to`; `None` when the file is gone or changed meanwhile.
    pub async fn slice(&self, from: u64, to: u64) -> Option<Vec<u8>> {
        let slice = self.0.slice_with_f64_and_f64(from as f64, to as f64).ok()?;
        bytes_of(&slice).await
    }
}

/// Lets the learner pick one file. Only from a click. `None` when they pick none.
pub async fn pick(accept: &str) -> Option<Picked> {
    let input = web_sys::window()?.document()?.create_element("input").ok()?;
    let input: HtmlInputElement = input.dyn_into().ok()?;
    input.set_type("file");
    input.set_accept(accept);
    let done = Promise::new(&mut |resolve, _| {
        let done = Closure::once_into_js(move || {
            let _ = resolve.call0(&JsValue::NULL);
        });
        for event in ["change", "cancel"] {
            let _ = input.add_event_listener_with_callback(event, done.unchecked_ref());
        }
    });
    input.click();
    JsFuture::from(done).await.ok()?;
    input.files()?.get(0).map(Picked)
}
