//! One line per answer, as JSON on standard error. The route is told, never the path,
//! which has ids in it; no body, no header, and the address only where it was asked for.

use std::io;

use axum::body::HttpBody;
use axum::extract::{MatchedPath, Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::Response;
use tokio::time::Instant;

use super::{Addresses, Client, Server};

/// The route of what is no route: files of the site.
const SITE: &str = "site";

/// Sends what the program tells to standard error from now on.
pub fn start() {
    let lines = tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_span_list(false)
        .with_target(false)
        .with_max_level(tracing::Level::INFO)
        // Where nobody reads them, nothing is left to tell; it would panic trying.
        .log_internal_errors(false)
        .with_writer(io::stderr)
        .finish();
    // Another one is there already where a test runs two servers in a process.
    let _ = tracing::subscriber::set_global_default(lines);
}

/// Tells and counts what is answered.
pub(super) async fn tell(State(server): State<Server>, request: Request, next: Next) -> Response {
    let began = Instant::now();
    let method = known(request.method());
    let route = request.extensions().get::<MatchedPath>().cloned();
    let client = request.extensions().get::<Client>().copied();
    let response = next.run(request).await;
    let (status, took) = (response.status().as_u16(), began.elapsed());
    let bytes = response.body().size_hint().exact().unwrap_or(0);
    let route = route.as_ref().map_or(SITE, MatchedPath::as_str);
    server.metrics.answered(method, route, status, took, bytes);
    let milliseconds = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    match (server.log, client) {
        (Addresses::Told, Some(Client(address))) => {
            tracing::info!(method, route, status, milliseconds, bytes, %address, "answered");
        }
        (Addresses::Told, None) | (Addresses::Untold, _) => {
            tracing::info!(method, route, status, milliseconds, bytes, "answered");
        }
    }
    response
}

/// A method that anybody may make up is no label.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}
