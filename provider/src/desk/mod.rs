//! The desk: where people at the provider look at records and decide. Pages from the
//! server, forms and one stylesheet; no script. `docs/desk.md` says what each page is for.

mod fault;
mod form;
mod guard;
mod layout;
mod pages;
pub mod password;
mod says;
mod timeline;
mod when;

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::{HeaderValue, header};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use enduring_core::measure::Timestamp;
use tokio::sync::Semaphore;

use self::fault::Fault;
pub use self::pages::is_staff_name;
use crate::intake::Intake;
use crate::ledger::Entry;
use crate::time;

/// Largest form that is read.
const FORM_MAX: usize = 64 * 1024;
/// Passwords that are hashed at the same time: each takes 19 MiB.
const HASHES: usize = 2;

/// How the session's cookie is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cookie {
    /// `__Host-desk`, over TLS only.
    Secure,
    /// `desk-plain`, for trying it out by plain HTTP on one's own machine.
    Plain,
}

/// How a desk is served.
#[derive(Clone, Debug)]
pub struct DeskSettings {
    /// The cookie.
    pub cookie: Cookie,
    /// The origin that pages are seen at, such as `https://cme.example.org`; without it,
    /// the request's own host counts.
    pub origin: Option<String>,
    /// The address of the player, for the links of tickets; without it none are issued here.
    pub player: Option<String>,
}

/// What every page has at hand.
#[derive(Clone)]
struct Site {
    intake: Intake,
    settings: Arc<DeskSettings>,
    hashing: Arc<Semaphore>,
}

impl Site {
    /// Writes down what somebody did that no other row tells, and that writes nothing else.
    async fn acted(&self, by: &str, act: &str, about: &str) -> Result<(), Fault> {
        self.intake.ledger().add(&[Entry::acted(self.now(), by, act, about)]).await?;
        Ok(())
    }

    /// The title of an activity, or its name where no pack of it is at hand.
    fn title(&self, activity: &str) -> String {
        let packs = self.intake.packs();
        let known = packs.about().find(|about| about.activity.as_str() == activity);
        known.map_or_else(|| activity.to_owned(), |about| about.title.clone())
    }

    fn now(&self) -> Timestamp {
        time::now()
    }
}

/// The pages of a desk, all below `/desk`.
pub fn router(intake: Intake, settings: DeskSettings) -> Router {
    let site = Site { intake, settings: Arc::new(settings), hashing: Arc::new(Semaphore::new(HASHES)) };
    pages::routes().with_state(site).layer(DefaultBodyLimit::max(FORM_MAX)).layer(from_fn(headers))
}

/// Nothing runs on these pages, nothing is kept by a browser, and nobody frames them.
async fn headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in [
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; \
             frame-ancestors 'none'; base-uri 'none'",
        ),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        // Not `no-referrer`: forms would then come without their origin.
        (header::REFERRER_POLICY, "same-origin"),
        (header::CACHE_CONTROL, "no-store"),
    ] {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    headers.insert("cross-origin-opener-policy", HeaderValue::from_static("same-origin"));
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("same-origin"));
    headers.insert("x-robots-tag", HeaderValue::from_static("noindex"));
    response
}
