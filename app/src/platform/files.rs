//! Files that the learner picks, read in slices.

use gloo_events::{EventListener, EventListenerOptions};
use js_sys::Promise;
use wasm_bindgen::{JsCast, JsValue, prelude::*};
use wasm_bindgen_futures::JsFuture;
use web_sys::{DragEvent, File, FileList, HtmlInputElement};

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

    /// The whole file as text; `None` where it is longer than `most`, gone, or no text.
    pub async fn text(&self, most: u64) -> Option<String> {
        if self.size() > most {
            return None;
        }
        String::from_utf8(self.slice(0, self.size()).await?).ok()
    }

    /// The bytes from `from` up to and without `to`; `None` when the file is gone or changed meanwhile.
    pub async fn slice(&self, from: u64, to: u64) -> Option<Vec<u8>> {
        let slice = self.0.slice_with_f64_and_f64(from as f64, to as f64).ok()?;
        bytes_of(&slice).await
    }
}

/// Lets the learner pick one file. Only from a click. `None` when they pick none.
pub async fn pick(accept: &str) -> Option<Picked> {
    choose(accept, Count::One).await?.into_iter().next()
}

/// Lets the learner pick files. Only from a click. None when they pick none.
pub async fn pick_all(accept: &str) -> Vec<Picked> {
    choose(accept, Count::Several).await.unwrap_or_default()
}

/// Calls with the files that are dropped anywhere on the page, until dropped itself.
#[must_use]
pub fn on_drop(dropped: impl Fn(Vec<Picked>) + 'static) -> Option<[EventListener; 2]> {
    let document = web_sys::window()?.document()?;
    // Without this the browser would open the file in the place of the page.
    let options = EventListenerOptions::enable_prevent_default();
    let over =
        EventListener::new_with_options(&document, "dragover", options, |event| event.prevent_default());
    let drop = EventListener::new_with_options(&document, "drop", options, move |event| {
        event.prevent_default();
        let event: &DragEvent = event.unchecked_ref();
        dropped(listed(event.data_transfer().and_then(|transfer| transfer.files())));
    });
    Some([over, drop])
}

fn listed(files: Option<FileList>) -> Vec<Picked> {
    let Some(files) = files else { return Vec::new() };
    (0..files.length()).filter_map(|place| files.get(place)).map(Picked).collect()
}

/// How many files can be picked at once.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Count {
    One,
    Several,
}

async fn choose(accept: &str, count: Count) -> Option<Vec<Picked>> {
    let input = web_sys::window()?.document()?.create_element("input").ok()?;
    let input: HtmlInputElement = input.dyn_into().ok()?;
    input.set_type("file");
    input.set_accept(accept);
    input.set_multiple(count == Count::Several);
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
    Some(listed(input.files()))
}
