//! The intake's addresses: `docs/formats/intake.md` in routes.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router, middleware};
use enduring_core::encode::unbase64url;
use enduring_core::id::Digest;
use enduring_core::record::BUNDLE_MAX;
use tower_http::cors::{AllowOrigin, CorsLayer};

use super::wire::{
    ENROLMENT_FORMAT, EnrolledBody, EnrolmentBody, KeySetBody, NoticesBody, OutcomeBody, Refusal,
    RefusalBody, StandingName, record,
};
use super::{Server, body, document, limits};
use crate::intake::{Answer, Intake};

/// Who has a record shows it by this header.
const PROOF: HeaderName = HeaderName::from_static("enduring-proof");
/// Longest enrolment: a ticket and a key.
const ENROLMENT_MAX: usize = 16 * 1024;
/// For how long a browser remembers what an origin may do.
const REMEMBERED: std::time::Duration = std::time::Duration::from_secs(3_600);

/// The routes below `/api`.
pub fn routes(server: &Server) -> Router<Server> {
    Router::new()
        .route("/records", post(submit))
        .route("/records/{kid}/{id}", get(outcome))
        .route("/records/{kid}/{id}/appeal", post(appeal))
        .route("/records/{kid}/{id}/certificate.pdf", get(certificate_page))
        .route("/records/{kid}/{id}/certificate.jwt", get(certificate_credential))
        .route("/status/{list}", get(status))
        .route("/enrolments", post(enrol))
        .route("/notices", get(notices))
        .route("/keys", get(keys))
        .route("/openapi.json", get(document::answer))
        .fallback(async || Refusal::not_found())
        .method_not_allowed_fallback(async || Refusal::method())
        .layer(middleware::from_fn_with_state(server.clone(), limits::per_address))
        .layer(cors(&server.origins))
}

/// Other origins: none but those of the list, and no cookie ever.
fn cors(origins: &[HeaderValue]) -> CorsLayer {
    CorsLayer::new()
        .allow_origin(AllowOrigin::list(origins.iter().cloned()))
        .allow_methods([Method::GET, Method::POST])
        .allow_headers([AUTHORIZATION, CONTENT_TYPE, PROOF])
        .expose_headers([RETRY_AFTER])
        .max_age(REMEMBERED)
}

/// Takes a record
///
/// Sending the same record again changes nothing and answers the same.
/// A record that is refused is answered with 200 and its standing.
#[utoipa::path(
    post, path = "/api/records", tag = "records",
    request_body(
        content = Object, content_type = "application/json",
        description = "The bundle of docs/formats/record.md, at most 1,048,576 bytes."
    ),
    security((), ("ticket" = [])),
    responses(
        (status = 200, description = "What became of it.", body = OutcomeBody),
        (status = 400, description = "Not a request of this interface.", body = RefusalBody),
        (status = 401, description = "The ticket is expired, revoked or not of this provider.", body = RefusalBody),
        (status = 408, description = "The body came too slowly.", body = RefusalBody),
        (status = 413, description = "Too large.", body = RefusalBody),
        (status = 415, description = "Not application/json.", body = RefusalBody),
        (status = 429, description = "Too many requests.", body = RefusalBody,
            headers(("Retry-After" = u64, description = "Seconds to wait."))),
        (status = 503, description = "Nothing was taken.", body = RefusalBody,
            headers(("Retry-After" = u64, description = "Seconds to wait."))),
    )
)]
pub async fn submit(
    State(server): State<Server>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<OutcomeBody>, Refusal> {
    let ticket = bearer(&headers)?;
    let seat = server.limits.sit()?;
    let bundle = body::json(&headers, body, BUNDLE_MAX).await?;
    let desk = server.clone();
    // A task of its own: who hangs up frees no place while the work still goes on.
    let judged = tokio::spawn(async move {
        let _seat = seat;
        let _turn = desk.limits.desk().await?;
        let opened = match Intake::opened(bundle) {
            Ok(opened) => opened,
            Err(answer) => return Ok(*answer),
        };
        // A key is named by anybody: only what it signed counts against its limit.
        if opened.is_good() {
            desk.limits.submit_by(opened.compact.kid)?;
        }
        Ok::<Answer, Refusal>(desk.intake.submit_opened(opened, ticket.as_deref()).await?)
    });
    let answer = judged.await.map_err(|_| Refusal::fault())??;
    server.metrics.came_to(StandingName::from(answer.standing));
    Ok(Json(answer.into()))
}

/// What became of a record
#[utoipa::path(
    get, path = "/api/records/{kid}/{id}", tag = "records",
    params(
        ("kid" = String, Path, description = "Thumbprint of the device key, 64 hexadecimal digits."),
        ("id" = String, Path, description = "The record's id, 32 hexadecimal digits."),
        ("Enduring-Proof" = String, Header,
            description = "SHA-256 of the text of the signed record, 64 hexadecimal digits."),
    ),
    responses(
        (status = 200, description = "What became of it.", body = OutcomeBody),
        (status = 400, description = "Not a request of this interface.", body = RefusalBody),
        (status = 403, description = "The proof does not match.", body = RefusalBody),
        (status = 404, description = "No such record.", body = RefusalBody),
        (status = 429, description = "Too many requests.", body = RefusalBody,
            headers(("Retry-After" = u64, description = "Seconds to wait."))),
        (status = 503, description = "Not now.", body = RefusalBody,
            headers(("Retry-After" = u64, description = "Seconds to wait."))),
    )
)]
pub async fn outcome(
    State(server): State<Server>,
    Path((kid, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Json<OutcomeBody>, Refusal> {
    let answer = server.intake.outcome(record(&kid, &id)?, proof(&headers)?).await?;
    Ok(Json(answer.ok_or_else(Refusal::not_found)?.into()))
}

/// What shows that somebody has a record.
fn proof(headers: &HeaderMap) -> Result<Digest, Refusal> {
    let proof = headers.get(PROOF).and_then(|proof| Digest::parse(proof.to_str().ok()?));
    proof.ok_or_else(|| {
        Refusal::malformed(
            "expected a header enduring-proof: the SHA-256 of the record, 64 hexadecimal digits",
        )
    })
}

/// Has a person look again at a record that was rejected or reversed
///
/// Asking once more changes nothing and answers the same, until somebody decides again.
#[utoipa::path(
    post, path = "/api/records/{kid}/{id}/appeal", tag = "records",
    params(
        ("kid" = String, Path, description = "Thumbprint of the device key, 64 hexadecimal digits."),
        ("id" = String, Path, description = "The record's id, 32 hexadecimal digits."),
        ("Enduring-Proof" = String, Header,
            description = "SHA-256 of the text of the signed record, 64 hexadecimal digits."),
    ),
    responses(
        (status = 200, description = "What became of it: it is in review.", body = OutcomeBody),
        (status = 400, description = "Not a request of this interface.", body = RefusalBody),
        (status = 403, description = "The proof does not match.", body = RefusalBody),
        (status = 404, description = "No such record.", body = RefusalBody),
        (status = 409, description = "It is credited, or in review.", body = RefusalBody),
        (status = 429, description = "Too many requests.", body = RefusalBody,
            headers(("Retry-After" = u64, description = "Seconds to wait."))),
        (status = 503, description = "Nothing was taken.", body = RefusalBody,
            headers(("Retry-After" = u64, description = "Seconds to wait."))),
    )
)]
pub async fn appeal(
    State(server): State<Server>,
    Path((kid, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Json<OutcomeBody>, Refusal> {
    let record = record(&kid, &id)?;
    server.intake.outcome(record, proof(&headers)?).await?.ok_or_else(Refusal::not_found)?;
    // A key is named by anybody: only who has the record counts against its limit.
    server.limits.submit_by(record.kid)?;
    Ok(Json(server.intake.appeal(&record).await?.answer().into()))
}

/// The certificate of a record as a page
#[utoipa::path(
    get, path = "/api/records/{kid}/{id}/certificate.pdf", tag = "certificates",
    params(
        ("kid" = String, Path, description = "Thumbprint of the device key, 64 hexadecimal digits."),
        ("id" = String, Path, description = "The record's id, 32 hexadecimal digits."),
        ("Enduring-Proof" = String, Header,
            description = "SHA-256 of the text of the signed record, 64 hexadecimal digits."),
    ),
    responses(
        (status = 200, description = "A PDF.", body = Vec<u8>, content_type = "application/pdf"),
        (status = 400, description = "Not a request of this interface.", body = RefusalBody),
        (status = 403, description = "The proof does not match.", body = RefusalBody),
        (status = 404, description = "No such record, or it is not credited.", body = RefusalBody),
        (status = 429, description = "Too many requests.", body = RefusalBody,
            headers(("Retry-After" = u64, description = "Seconds to wait."))),
        (status = 500, description = "It cannot be made of these facts.", body = RefusalBody),
        (status = 503, description = "Not now.", body = RefusalBody,
            headers(("Retry-After" = u64, description = "Seconds to wait."))),
    )
)]
pub async fn certificate_page(
    State(server): State<Server>,
    Path((kid, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let issued = server.intake.certificate(record(&kid, &id)?, proof(&headers)?).await?;
    let issued = issued.ok_or_else(Refusal::not_found)?;
    Ok(([(CONTENT_TYPE, "application/pdf")], issued.pdf).into_response())
}

/// The certificate of a record as an Open Badges 3.0 credential
#[utoipa::path(
    get, path = "/api/records/{kid}/{id}/certificate.jwt", tag = "certificates",
    params(
        ("kid" = String, Path, description = "Thumbprint of the device key, 64 hexadecimal digits."),
        ("id" = String, Path, description = "The record's id, 32 hexadecimal digits."),
        ("Enduring-Proof" = String, Header,
            description = "SHA-256 of the text of the signed record, 64 hexadecimal digits."),
    ),
    responses(
        (status = 200, description = "A VC-JWT.", body = String, content_type = "application/vc+jwt"),
        (status = 400, description = "Not a request of this interface.", body = RefusalBody),
        (status = 403, description = "The proof does not match.", body = RefusalBody),
        (status = 404, description = "No such record, or it is not credited.", body = RefusalBody),
        (status = 429, description = "Too many requests.", body = RefusalBody,
            headers(("Retry-After" = u64, description = "Seconds to wait."))),
        (status = 500, description = "It cannot be made of these facts.", body = RefusalBody),
        (status = 503, description = "Not now.", body = RefusalBody,
            headers(("Retry-After" = u64, description = "Seconds to wait."))),
    )
)]
pub async fn certificate_credential(
    State(server): State<Server>,
    Path((kid, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let jwt = server.intake.credential(record(&kid, &id)?, proof(&headers)?).await?;
    let jwt = jwt.ok_or_else(Refusal::not_found)?;
    Ok(([(CONTENT_TYPE, "application/vc+jwt")], jwt).into_response())
}

/// Which certificates are revoked
#[utoipa::path(
    get, path = "/api/status/{list}", tag = "certificates",
    params(("list" = u64, Path, description = "The list, as certificates name it.")),
    responses(
        (status = 200, description = "A Bitstring Status List as VC-JWT.", body = String, content_type = "application/vc+jwt"),
        (status = 400, description = "Not a request of this interface.", body = RefusalBody),
        (status = 404, description = "No such list.", body = RefusalBody),
        (status = 429, description = "Too many requests.", body = RefusalBody,
            headers(("Retry-After" = u64, description = "Seconds to wait."))),
        (status = 503, description = "Not now.", body = RefusalBody,
            headers(("Retry-After" = u64, description = "Seconds to wait."))),
    )
)]
pub async fn status(State(server): State<Server>, Path(list): Path<String>) -> Result<Response, Refusal> {
    let list = list.parse().map_err(|_| Refusal::malformed("expected the number of a list"))?;
    let signed = server.intake.status_list(list).await?.ok_or_else(Refusal::not_found)?;
    let headers = [(CONTENT_TYPE, "application/vc+jwt"), (CACHE_CONTROL, "max-age=300")];
    Ok((headers, signed).into_response())
}

/// Binds a ticket to a device key
#[utoipa::path(
    post, path = "/api/enrolments", tag = "enrolments",
    request_body(content = EnrolmentBody, content_type = "application/json"),
    responses(
        (status = 200, description = "It is bound.", body = EnrolledBody),
        (status = 400, description = "Not a request of this interface.", body = RefusalBody),
        (status = 401, description = "The ticket is expired, revoked or not of this provider.", body = RefusalBody),
        (status = 403, description = "The key did not sign this.", body = RefusalBody),
        (status = 408, description = "The body came too slowly.", body = RefusalBody),
        (status = 409, description = "It is bound to another key.", body = RefusalBody),
        (status = 413, description = "Too large.", body = RefusalBody),
        (status = 415, description = "Not application/json.", body = RefusalBody),
        (status = 429, description = "Too many requests.", body = RefusalBody,
            headers(("Retry-After" = u64, description = "Seconds to wait."))),
        (status = 503, description = "Nothing was taken.", body = RefusalBody,
            headers(("Retry-After" = u64, description = "Seconds to wait."))),
    )
)]
pub async fn enrol(
    State(server): State<Server>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<EnrolledBody>, Refusal> {
    let _seat = server.limits.sit()?;
    let text = body::json(&headers, body, ENROLMENT_MAX).await?;
    let enrolment: EnrolmentBody = enduring_core::json::read(&text)
        .map_err(|error| Refusal::malformed(format!("expected an enrolment; {error}")))?;
    if enrolment.format != ENROLMENT_FORMAT {
        return Err(Refusal::malformed(format!("expected the format {ENROLMENT_FORMAT}")));
    }
    let key = enrolment.key.key().ok_or_else(|| Refusal::malformed("expected a public key on P-256"))?;
    let signature = unbase64url(&enrolment.signature).and_then(|bytes| <[u8; 64]>::try_from(bytes).ok());
    let signature =
        signature.ok_or_else(|| Refusal::malformed("expected a signature of 64 bytes in base64url"))?;
    server.limits.submit_by(key.thumbprint())?;
    let enrolled = server.intake.enrol(&enrolment.ticket, &key, &signature).await?;
    Ok(Json(EnrolledBody { learner: enrolled.learner.to_string(), bound: enrolled.bound }))
}

/// The provider's notices, withdrawals among them
#[utoipa::path(
    get, path = "/api/notices", tag = "notices",
    responses(
        (status = 200, description = "Each signed, the latest first: at most 64, and 262,144 bytes.", body = NoticesBody),
        (status = 429, description = "Too many requests.", body = RefusalBody,
            headers(("Retry-After" = u64, description = "Seconds to wait."))),
        (status = 503, description = "Not now.", body = RefusalBody,
            headers(("Retry-After" = u64, description = "Seconds to wait."))),
    )
)]
pub async fn notices(State(server): State<Server>) -> Result<Response, Refusal> {
    let notices = server.intake.notices().await?;
    Ok(([(CACHE_CONTROL, HeaderValue::from_static("no-cache"))], Json(NoticesBody { notices }))
        .into_response())
}

/// The provider's public keys
#[utoipa::path(
    get, path = "/api/keys", tag = "keys",
    responses(
        (status = 200, description = "A key set (RFC 7517).", body = KeySetBody, content_type = "application/jwk-set+json"),
        (status = 429, description = "Too many requests.", body = RefusalBody,
            headers(("Retry-After" = u64, description = "Seconds to wait."))),
    )
)]
pub async fn keys(State(server): State<Server>) -> Response {
    let headers = [(CONTENT_TYPE, "application/jwk-set+json"), (CACHE_CONTROL, "no-cache")];
    (headers, server.intake.keys()).into_response()
}

/// The ticket that a request brings.
fn bearer(headers: &HeaderMap) -> Result<Option<String>, Refusal> {
    let Some(header) = headers.get(AUTHORIZATION) else { return Ok(None) };
    let expected = || Refusal::malformed("expected authorization to be Bearer and a ticket");
    let (scheme, ticket) = header.to_str().ok().and_then(|text| text.split_once(' ')).ok_or_else(expected)?;
    let ticket = ticket.trim();
    if !scheme.eq_ignore_ascii_case("bearer") || ticket.is_empty() {
        return Err(expected());
    }
    Ok(Some(ticket.to_owned()))
}
