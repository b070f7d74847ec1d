//! The OpenAPI document. `docs/formats/openapi.json` is the same; a test compares them.

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::{Modify, OpenApi};

use super::wire::{
    DeviceKey, EnrolledBody, EnrolmentBody, KeySetBody, NoticesBody, OutcomeBody, ReasonBody, RecordName,
    RefusalBody, StandingName,
};
use super::{api, probe};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Enduring intake",
        version = "1",
        description = "How records are sent to a provider, and what comes back. docs/formats/intake.md says the same in words. A method that is not here is answered with 405, an Error, and the header Allow.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
    ),
    servers((url = "/", description = "The origin of the server.")),
    paths(
        api::submit, api::outcome, api::appeal, api::certificate_page, api::certificate_credential, api::status, api::enrol, api::notices, api::keys, answer, probe::health, probe::ready,
        probe::metrics
    ),
    components(schemas(
        OutcomeBody, RecordName, StandingName, ReasonBody, EnrolmentBody, DeviceKey, EnrolledBody, NoticesBody,
        KeySetBody, RefusalBody
    )),
    modifiers(&Tickets),
    tags(
        (name = "records", description = "Records and what became of them."),
        (name = "certificates", description = "Certificates, and which are revoked."),
        (name = "enrolments", description = "Tickets and device keys."),
        (name = "notices", description = "What a provider has to tell learners."),
        (name = "keys", description = "Public keys."),
        (name = "probes", description = "For those who run the server."),
    )
)]
struct Document;

struct Tickets;

impl Modify for Tickets {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let mut scheme = Http::new(HttpAuthScheme::Bearer);
        scheme.bearer_format = Some("enduring-ticket+jwt".to_owned());
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("ticket", SecurityScheme::Http(scheme));
    }
}

/// The text of the document.
#[must_use]
pub fn text() -> String {
    // Texts and lists only: it cannot fail.
    Document::openapi().to_pretty_json().unwrap_or_default() + "\n"
}

/// This document
#[utoipa::path(
    get, path = "/api/openapi.json", tag = "keys",
    responses((status = 200, description = "OpenAPI 3.1.", body = Object, content_type = "application/json"))
)]
pub async fn answer() -> Response {
    let headers = [(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "no-cache")];
    (headers, text()).into_response()
}
