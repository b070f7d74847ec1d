//! For those who run the server: is it there, can it work, what does it do.

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use super::Server;
use super::metrics::METRICS_TYPE;
use super::wire::{Refusal, RefusalBody};

const PLAIN: &str = "text/plain; charset=utf-8";

/// Whether the process answers
#[utoipa::path(
    get, path = "/health", tag = "probes",
    responses((status = 200, description = "It does.", body = String, content_type = "text/plain"))
)]
pub async fn health() -> Response {
    text(PLAIN, "ok\n".to_owned())
}

/// Whether the database answers too, and which packs cannot be used
#[utoipa::path(
    get, path = "/ready", tag = "probes",
    responses(
        (status = 200, description = "It does; a line for each pack that is not used.", body = String,
            content_type = "text/plain"),
        (status = 503, description = "It does not.", body = RefusalBody,
            headers(("Retry-After" = u64, description = "Seconds to wait."))),
    )
)]
pub async fn ready(State(server): State<Server>) -> Result<Response, Refusal> {
    server.intake.ready().await?;
    let packs = server.intake.packs();
    let problems = packs.unlisted().chain(packs.problems());
    let problems = problems.map(|problem| format!("pack not used: {problem}\n"));
    Ok(text(PLAIN, "ready\n".to_owned() + &problems.collect::<String>()))
}

/// What was counted, as Prometheus reads it
#[utoipa::path(
    get, path = "/metrics", tag = "probes",
    responses((status = 200, description = "OpenMetrics 1.0.", body = String,
        content_type = "application/openmetrics-text"))
)]
pub async fn metrics(State(server): State<Server>) -> Result<Response, Refusal> {
    // A ledger that does not answer is what `/ready` tells; the rest is told all the same.
    let behind = server.intake.ledger().behind().await.ok();
    let packs = server.intake.packs();
    server.metrics.at_hand(packs.len(), packs.broken());
    let counted = server.metrics.text(server.limits.seated(), behind);
    counted.map(|counted| text(METRICS_TYPE, counted)).map_err(|_| Refusal::fault())
}

fn text(kind: &'static str, text: String) -> Response {
    ([(CONTENT_TYPE, kind), (CACHE_CONTROL, "no-store")], text).into_response()
}
