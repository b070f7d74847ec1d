//! Requests: bounded in size and time, with progress, ended when nobody waits for them any more.

use js_sys::{Promise, Reflect, Uint8Array};
use thiserror::Error;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, Headers, ReadableStreamDefaultReader, Request, RequestCache, RequestCredentials,
    RequestInit, RequestRedirect, Response, Url,
};

use super::timer;

#[wasm_bindgen]
extern "C" {
    /// As the browser's own, and `boot.js` may have asked already.
    #[wasm_bindgen(js_namespace = enduring, js_name = fetch)]
    fn fetch_request(request: &Request) -> Promise;
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NetError {
    /// No connection, or it broke; trying again may help.
    #[error("no connection to {url}")]
    Unreachable {
        /// Where to.
        url: String,
    },
    /// Nothing came for too long; trying again may help.
    #[error("no answer from {url} for {seconds} seconds")]
    Silent {
        /// Where to.
        url: String,
        /// How long was waited.
        seconds: u32,
    },
    /// The server answered with something else than success.
    #[error("{url} answered with status {found}")]
    Status {
        /// Where to.
        url: String,
        /// The status.
        found: u16,
    },
    /// More bytes than were allowed for.
    #[error("expected at most {expected} bytes from {url}, found more")]
    TooLong {
        /// Where to.
        url: String,
        /// The limit.
        expected: u64,
    },
}

/// How much and how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// Most bytes of an answer.
    pub bytes: u64,
    /// Longest silence in seconds.
    pub seconds: u32,
}

/// Ends the request when it is dropped before its end, so that a future that is no longer awaited costs no network.
struct Guard(AbortController);

impl Drop for Guard {
    fn drop(&mut self) {
        self.0.abort();
    }
}

struct Exchange<'a> {
    url: &'a str,
    limit: Limit,
    guard: Guard,
}

impl Exchange<'_> {
    /// A promise of the request, given up after the limit's silence.
    async fn within(&self, promise: js_sys::Promise) -> Result<JsValue, NetError> {
        let controller = self.guard.0.clone();
        let timer = timer::after(self.limit.seconds.saturating_mul(1_000), move || controller.abort());
        let settled = JsFuture::from(promise).await;
        drop(timer);
        settled.map_err(|_| {
            let url = self.url.to_owned();
            if self.guard.0.signal().aborted() {
                NetError::Silent { url, seconds: self.limit.seconds }
            } else {
                NetError::Unreachable { url }
            }
        })
    }

    async fn send(&self, init: &RequestInit) -> Result<Response, NetError> {
        init.set_signal(Some(&self.guard.0.signal()));
        let unreachable = || NetError::Unreachable { url: self.url.to_owned() };
        let request = Request::new_with_str_and_init(self.url, init).map_err(|_| unreachable())?;
        let response = self.within(fetch_request(&request)).await?;
        response.dyn_into().map_err(|_| unreachable())
    }

    async fn read(&self, response: &Response, progress: impl Fn(u64)) -> Result<Vec<u8>, NetError> {
        let Some(body) = response.body() else { return Ok(Vec::new()) };
        let reader: ReadableStreamDefaultReader = body.get_reader().unchecked_into();
        let mut bytes = Vec::new();
        loop {
            let step = self.within(reader.read()).await?;
            let member = |name: &str| Reflect::get(&step, &name.into()).unwrap_or_default();
            if member("done").is_truthy() {
                return Ok(bytes);
            }
            let piece: Uint8Array = member("value").unchecked_into();
            let length = bytes.len() as u64 + u64::from(piece.length());
            if length > self.limit.bytes {
                return Err(NetError::TooLong { url: self.url.to_owned(), expected: self.limit.bytes });
            }
            bytes.extend_from_slice(&piece.to_vec());
            progress(length);
        }
    }
}

fn exchange(url: &str, limit: Limit) -> Result<Exchange<'_>, NetError> {
    let controller = AbortController::new().map_err(|_| NetError::Unreachable { url: url.to_owned() })?;
    Ok(Exchange { url, limit, guard: Guard(controller) })
}

/// Fetches bytes. `progress` gets how many have come so far.
///
/// # Errors
/// [`NetError`].
pub async fn get(url: &str, limit: Limit, progress: impl Fn(u64)) -> Result<Vec<u8>, NetError> {
    fetched(&RequestInit::new(), url, limit, progress).await
}

/// Fetches bytes past what the browser keeps: for what is not as it should be, since a
/// host may have said that it never changes.
///
/// # Errors
/// [`NetError`].
pub async fn get_anew(url: &str, limit: Limit, progress: impl Fn(u64)) -> Result<Vec<u8>, NetError> {
    let init = RequestInit::new();
    init.set_cache(RequestCache::Reload);
    fetched(&init, url, limit, progress).await
}

async fn fetched(
    init: &RequestInit,
    url: &str,
    limit: Limit,
    progress: impl Fn(u64),
) -> Result<Vec<u8>, NetError> {
    let exchange = exchange(url, limit)?;
    let response = exchange.send(init).await?;
    if !response.ok() {
        return Err(NetError::Status { url: url.to_owned(), found: response.status() });
    }
    exchange.read(&response, progress).await
}

/// What is asked of a server beyond an address.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asked<'a> {
    /// A text that is sent, as JSON; without one it is a `GET`.
    pub body: Option<&'a str>,
    /// A header by name.
    pub header: Option<(&'a str, &'a str)>,
}

/// A server's answer, whatever its status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Seconds after which to ask again, where the server says so.
    pub retry_after: Option<u32>,
    /// The body.
    pub bytes: Vec<u8>,
}

/// Asks exactly this address: nothing is kept by the browser, no cookie goes along, and
/// what is sent follows no redirection to another place.
///
/// # Errors
/// [`NetError`]; a status that is no success is an answer, not an error.
pub async fn ask(url: &str, asked: Asked<'_>, limit: Limit) -> Result<Answer, NetError> {
    let exchange = exchange(url, limit)?;
    let init = RequestInit::new();
    init.set_credentials(RequestCredentials::Omit);
    init.set_redirect(RequestRedirect::Error);
    init.set_cache(RequestCache::NoStore);
    if let Ok(headers) = Headers::new() {
        if let Some(body) = asked.body {
            init.set_method("POST");
            init.set_body(&JsValue::from_str(body));
            let _ = headers.set("content-type", "application/json");
        }
        if let Some((name, value)) = asked.header {
            let _ = headers.set(name, value);
        }
        init.set_headers(&headers);
    }
    let response = exchange.send(&init).await?;
    let status = response.status();
    let retry_after = response.headers().get("retry-after").ok().flatten();
    let retry_after = retry_after.and_then(|seconds| seconds.parse().ok());
    Ok(Answer { status, retry_after, bytes: exchange.read(&response, |_| {}).await? })
}

/// An address of the deployment as a whole one, from the page's own; only of this very
/// origin or over HTTPS.
#[must_use]
pub fn resolve(address: &str) -> Option<String> {
    let page = Url::new(&web_sys::window()?.location().href().ok()?).ok()?;
    let url = Url::new_with_base(address, &page.href()).ok()?;
    (url.protocol() == "https:" || url.origin() == page.origin()).then(|| url.href())
}
