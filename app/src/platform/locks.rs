//! One writer per session, by Web Locks. A courtesy between tabs: the head comparison is what protects the data.

use std::cell::Cell;
use std::rc::Rc;

use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::{JsValue, prelude::*};
use wasm_bindgen_futures::{JsFuture, spawn_local};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = ["navigator", "locks"], catch)]
    fn request(name: &str, options: &Object, granted: &Function) -> Result<Promise, JsValue>;
}

/// How to ask for a lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// Only if no other tab has it.
    IfFree,
    /// From whoever has it; that tab is told.
    Take,
}

/// A lock; dropping it gives it back.
#[derive(Debug)]
pub struct Lock {
    release: Function,
}

impl Drop for Lock {
    fn drop(&mut self) {
        let _ = self.release.call0(&JsValue::NULL);
    }
}

/// What came of asking.
#[derive(Debug)]
pub enum Asked {
    /// It is ours.
    Held(Lock),
    /// Another tab has it.
    Elsewhere,
    /// The browser has no locks here: an opaque frame, or no secure context.
    Unavailable,
}

/// Asks for the lock of this name. `lost` is called when another tab takes it.
pub async fn ask(name: &str, ask: Ask, lost: impl FnOnce() + 'static) -> Asked {
    let options = Object::new();
    let how = match ask {
        Ask::IfFree => "ifAvailable",
        Ask::Take => "steal",
    };
    let _ = Reflect::set(&options, &how.into(), &JsValue::TRUE);
    let mut over = None;
    let ours = Rc::new(Cell::new(false));
    let mark = Rc::clone(&ours);
    // Resolves with the function that releases, or with null where another tab has the lock.
    let granted = Promise::new(&mut |answer, refuse| {
        let mark = Rc::clone(&mark);
        let callback = Closure::once_into_js(move |lock: JsValue| -> JsValue {
            if lock.is_null() {
                let _ = answer.call1(&JsValue::NULL, &JsValue::NULL);
                return JsValue::UNDEFINED;
            }
            mark.set(true);
            // The browser holds the lock until this promise resolves.
            Promise::new(&mut |release, _| {
                let _ = answer.call1(&JsValue::NULL, &release);
            })
            .into()
        });
        match request(name, &options, callback.unchecked_ref()) {
            Ok(promise) => over = Some((promise, refuse)),
            Err(error) => {
                let _ = refuse.call1(&JsValue::NULL, &error);
            }
        }
    });
    if let Some((over, refuse)) = over {
        spawn_local(async move {
            // Rejected when it is stolen or was never granted; resolved when we release it.
            if let Err(error) = JsFuture::from(over).await {
                if ours.get() {
                    lost();
                } else {
                    let _ = refuse.call1(&JsValue::NULL, &error);
                }
            }
        });
    }
    match JsFuture::from(granted).await {
        Ok(release) => match release.dyn_into() {
            Ok(release) => Asked::Held(Lock { release }),
            Err(_) => Asked::Elsewhere,
        },
        Err(_) => Asked::Unavailable,
    }
}
