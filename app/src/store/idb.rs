//! IndexedDB, as thin as it can be: strict transactions, results as futures, errors by name.

use std::pin::Pin;
use std::task::{Context, Poll};

use js_sys::{Array, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue, prelude::*};
use wasm_bindgen_futures::JsFuture;
use web_sys::{DomException, IdbDatabase, IdbFactory, IdbOpenDbRequest, IdbRequest, IdbTransaction};

use super::StoreError;

#[wasm_bindgen]
extern "C" {
    /// A database that can be asked for a durability; web-sys has that only among its unstable interfaces.
    #[wasm_bindgen(extends = IdbDatabase)]
    #[derive(Clone, Debug)]
    pub type Db;
    #[wasm_bindgen(method, catch, js_name = transaction)]
    fn transaction_with(
        this: &Db,
        names: &JsValue,
        mode: &str,
        options: &JsValue,
    ) -> Result<IdbTransaction, JsValue>;
}

/// The browser's IndexedDB.
///
/// # Errors
/// [`StoreError::Denied`] in an opaque origin, [`StoreError::Unsupported`] without it.
pub fn factory() -> Result<IdbFactory, StoreError> {
    let window = web_sys::window().ok_or(StoreError::Unsupported)?;
    window.indexed_db().map_err(error)?.ok_or(StoreError::Unsupported)
}

/// A transaction that reads.
///
/// # Errors
/// [`StoreError::ConnectionLost`] when the handle is dead.
pub fn reading(db: &Db, store: &str) -> Result<IdbTransaction, StoreError> {
    db.transaction_with(&store.into(), "readonly", &JsValue::UNDEFINED).map_err(error)
}

/// A transaction that writes, and is complete only when the device has it.
///
/// # Errors
/// [`StoreError::ConnectionLost`] when the handle is dead.
pub fn writing(db: &Db, stores: &[&str]) -> Result<IdbTransaction, StoreError> {
    let names: Array = stores.iter().map(|name| JsValue::from_str(name)).collect();
    let options = Object::new();
    let _ = Reflect::set(&options, &"durability".into(), &"strict".into());
    db.transaction_with(&names, "readwrite", &options).map_err(error)
}

/// The result of a request, watched for from the call on.
/// Awaiting it inside a transaction is safe in Chromium, Firefox and WebKit, since it goes on in a microtask;
/// awaiting anything but a request is not: Firefox and WebKit then end the transaction.
///
/// # Errors
/// What the request failed with.
pub fn result(request: &IdbRequest) -> Asked {
    let promise = Promise::new(&mut |resolve, reject| {
        let (of_success, of_failure) = (request.clone(), request.clone());
        let success = Closure::once_into_js(move || {
            let _ = resolve.call1(&JsValue::NULL, &of_success.result().unwrap_or(JsValue::UNDEFINED));
        });
        let failure = Closure::once_into_js(move || {
            let failed = of_failure.error().ok().flatten().map_or(JsValue::NULL, JsValue::from);
            let _ = reject.call1(&JsValue::NULL, &failed);
        });
        request.set_onsuccess(Some(success.unchecked_ref()));
        request.set_onerror(Some(failure.unchecked_ref()));
    });
    Asked(JsFuture::from(promise))
}

/// What a request will bring.
pub struct Asked(JsFuture);

impl Future for Asked {
    type Output = Result<JsValue, StoreError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.0).poll(context).map_err(error)
    }
}

/// The end of a transaction, to be asked for before its first request.
pub struct End(JsFuture);

/// Watches for the end of a transaction.
#[must_use]
pub fn end(transaction: &IdbTransaction) -> End {
    // Resolved in both cases, so that nobody has to hear of a rejection.
    End(JsFuture::from(Promise::new(&mut |resolve, _| {
        let (of_abort, transaction_of_abort) = (resolve.clone(), transaction.clone());
        let complete = Closure::once_into_js(move || {
            let _ = resolve.call1(&JsValue::NULL, &JsValue::TRUE);
        });
        let abort = Closure::once_into_js(move || {
            let reason = transaction_of_abort.error().map_or(JsValue::NULL, JsValue::from);
            let _ = of_abort.call1(&JsValue::NULL, &reason);
        });
        transaction.set_oncomplete(Some(complete.unchecked_ref()));
        transaction.set_onabort(Some(abort.unchecked_ref()));
    })))
}

impl End {
    /// Resolves when the transaction is on the device.
    /// A request's own success says nothing: Chromium lets it succeed and then aborts for want of room.
    ///
    /// # Errors
    /// Why it was aborted.
    pub async fn committed(self) -> Result<(), StoreError> {
        match self.0.await {
            Ok(value) if value.is_truthy() && !value.is_object() => Ok(()),
            Ok(reason) | Err(reason) => Err(error(reason)),
        }
    }
}

/// Opens a database; at a version where one is given.
///
/// # Errors
/// As the browser says; its `VersionError` as [`StoreError::Newer`] with 0 for what was found.
pub async fn open(
    name: &str,
    version: Option<u32>,
    upgrade: impl FnOnce(&IdbDatabase) + 'static,
    blocked: impl FnOnce() + 'static,
) -> Result<Db, StoreError> {
    let factory = factory()?;
    let request: IdbOpenDbRequest = match version {
        Some(version) => factory.open_with_u32(name, version),
        None => factory.open(name),
    }
    .map_err(error)?;
    let opened = request.clone();
    let upgrade = Closure::once_into_js(move || {
        if let Ok(db) = opened.result() {
            upgrade(db.unchecked_ref());
        }
    });
    request.set_onupgradeneeded(Some(upgrade.unchecked_ref()));
    request.set_onblocked(Some(Closure::once_into_js(blocked).unchecked_ref()));
    match result(&request).await {
        Err(StoreError::Newer { expected: _, found }) => {
            Err(StoreError::Newer { expected: version.unwrap_or(0), found })
        }
        other => other.map(JsCast::unchecked_into),
    }
}

/// What a failure means for us, by the name that the browser gave it.
#[must_use]
pub fn error(thrown: JsValue) -> StoreError {
    let Some(exception) = thrown.dyn_ref::<DomException>() else {
        // A transaction that ends without an error was cut off with its connection (seen in Firefox and WebKit).
        return if thrown.is_null() {
            StoreError::ConnectionLost
        } else {
            let name = Reflect::get(&thrown, &"name".into()).ok().and_then(|name| name.as_string());
            StoreError::Disk { name: name.unwrap_or_default() }
        };
    };
    let name = exception.name();
    match name.as_str() {
        "QuotaExceededError" => StoreError::Quota,
        "VersionError" => StoreError::Newer { expected: 0, found: 0 },
        "SecurityError" => StoreError::Denied,
        "InvalidStateError" => StoreError::ConnectionLost,
        // WebKit: "Connection to Indexed Database server lost"; Chromium: "Connection is closing".
        "UnknownError" | "AbortError" if exception.message().contains("onnection") => {
            StoreError::ConnectionLost
        }
        _ => StoreError::Disk { name },
    }
}
