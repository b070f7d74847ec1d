//! What goes over the wire beyond signed documents: outcomes, enrolments, refusals.
//! `docs/formats/intake.md` has the contract; the schemas of `openapi.json` are made here.

use axum::Json;
use axum::http::header::{CACHE_CONTROL, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use enduring_core::id::{Digest, SessionId};
use enduring_core::record::{Jwk, RecordRef};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::certificate::CertificateError;
use crate::intake::{Answer, AnswerStanding, DecideError, IntakeError};

/// The format of an enrolment. Stored; never reuse.
pub const ENROLMENT_FORMAT: &str = "enduring-enrolment/1";

/// What became of a record.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Outcome)]
pub struct OutcomeBody {
    /// `enduring-outcome/1`.
    #[schema(example = "enduring-outcome/1")]
    format: String,
    /// Which; none where the body has none that can be read.
    record: Option<RecordName>,
    /// What it came to.
    standing: StandingName,
    /// Why it is not credited.
    reasons: Vec<ReasonBody>,
    /// The signed receipt for `credited` and `reversed`.
    receipt: Option<String>,
    /// Whether a certificate can be fetched.
    certificate: bool,
}

/// A record by its names.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Record)]
pub struct RecordName {
    /// The thumbprint of the device key.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    kid: String,
    /// The record's id.
    #[schema(pattern = "^[0-9a-f]{32}$")]
    id: String,
}

/// What a record came to.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = Standing)]
pub enum StandingName {
    /// It is credited.
    Credited,
    /// A person will look at it.
    Review,
    /// It is not credited.
    Rejected,
    /// It was credited, and is no longer.
    Reversed,
}

impl StandingName {
    /// As it is written.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Credited => "credited",
            Self::Review => "review",
            Self::Rejected => "rejected",
            Self::Reversed => "reversed",
        }
    }
}

/// Why a record is not credited.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Reason)]
pub struct ReasonBody {
    /// For programs.
    code: String,
    /// For people.
    words: String,
}

impl From<AnswerStanding> for StandingName {
    fn from(standing: AnswerStanding) -> Self {
        match standing {
            AnswerStanding::Credited => Self::Credited,
            AnswerStanding::Review => Self::Review,
            AnswerStanding::Rejected => Self::Rejected,
            AnswerStanding::Reversed => Self::Reversed,
        }
    }
}

impl From<Answer> for OutcomeBody {
    fn from(answer: Answer) -> Self {
        let name = |record: RecordRef| RecordName { kid: record.kid.to_string(), id: record.id.to_string() };
        let reason = |code: String, words: String| ReasonBody { code, words };
        Self {
            format: answer.format.to_owned(),
            record: answer.record.map(name),
            standing: answer.standing.into(),
            reasons: answer.reasons.into_iter().map(|why| reason(why.code, why.words)).collect(),
            receipt: answer.receipt,
            certificate: answer.certificate,
        }
    }
}

/// What binds a ticket to a device key.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Enrolment)]
pub struct EnrolmentBody {
    /// `enduring-enrolment/1`.
    pub format: String,
    /// The signed ticket.
    pub ticket: String,
    /// The public key of the device.
    #[schema(value_type = DeviceKey)]
    pub key: Jwk,
    /// The key's signature of `enduring-enrolment/1.` and the ticket: ES256, r ‖ s, base64url.
    pub signature: String,
}

/// A public key on P-256 as RFC 7517 writes it.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it is the schema of a type of core, which knows no web")]
pub struct DeviceKey {
    /// `EC`.
    kty: String,
    /// `P-256`.
    crv: String,
    /// 32 bytes in base64url.
    x: String,
    /// 32 bytes in base64url.
    y: String,
}

/// That a ticket is bound.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Enrolled)]
pub struct EnrolledBody {
    /// The learner, as the provider's ledger knows them.
    pub learner: String,
    /// That it is.
    pub bound: bool,
}

/// The provider's notices, each signed.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Notices)]
pub struct NoticesBody {
    /// Compact JWS, `enduring-notice+jwt`.
    pub notices: Vec<String>,
}

/// The provider's keys (RFC 7517).
#[derive(ToSchema)]
#[expect(dead_code, reason = "the text comes as it is published")]
pub struct KeySetBody {
    keys: Vec<DeviceKey>,
}

/// Anything but an outcome.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Error)]
pub struct RefusalBody {
    error: ReasonBody,
}

/// Why a request is not answered as it asks.
#[derive(Clone, Debug)]
pub struct Refusal {
    status: StatusCode,
    code: &'static str,
    words: String,
    /// After how many seconds to ask again.
    after: Option<u64>,
}

impl Refusal {
    fn new(status: StatusCode, code: &'static str, words: impl Into<String>) -> Self {
        Self { status, code, words: words.into(), after: None }
    }

    fn later(self, seconds: u64) -> Self {
        Self { after: Some(seconds), ..self }
    }

    /// 400: not a request of this interface.
    pub fn malformed(words: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "request", words)
    }

    /// 404.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", "there is nothing at this address")
    }

    /// 405.
    #[must_use]
    pub fn method() -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "method", "expected a method that `allow` names")
    }

    /// 408: the body came too slowly.
    #[must_use]
    pub fn slow() -> Self {
        Self::new(StatusCode::REQUEST_TIMEOUT, "slow", "the request took too long to arrive")
    }

    /// 413.
    #[must_use]
    pub fn too_large(most: usize) -> Self {
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "too-large",
            format!("expected at most {most} bytes, found more"),
        )
    }

    /// 415.
    #[must_use]
    pub fn media_type() -> Self {
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "media-type", "expected application/json")
    }

    /// 416.
    #[must_use]
    pub fn range() -> Self {
        Self::new(StatusCode::RANGE_NOT_SATISFIABLE, "range", "expected a range within the file")
    }

    /// 429.
    #[must_use]
    pub fn too_many(seconds: u64) -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, "too-many", "too many requests; send again later")
            .later(seconds)
    }

    /// 500: a fault of this program.
    #[must_use]
    pub fn fault() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "fault", "the server made a mistake; send again later")
    }

    /// 503: nothing was taken.
    #[must_use]
    pub fn not_now() -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy", "not now; nothing was taken; send again later")
            .later(5)
    }
}

impl From<IntakeError> for Refusal {
    fn from(error: IntakeError) -> Self {
        match error {
            IntakeError::Ticket { code, words } => Self::new(StatusCode::UNAUTHORIZED, code, words),
            IntakeError::Proof => Self::new(StatusCode::FORBIDDEN, "proof", "the proof does not match"),
            IntakeError::Bound => {
                Self::new(StatusCode::CONFLICT, "bound", "the ticket is bound to another key")
            }
            IntakeError::Busy | IntakeError::Waiting { .. } => Self::not_now(),
            IntakeError::Ledger(error) => {
                tracing::error!(error = %error, "the ledger does not answer");
                Self::not_now()
            }
            IntakeError::Certificate(error @ CertificateError::Uncovered { .. }) => {
                tracing::error!(error = error.for_log(), "a certificate cannot be printed");
                let words = "no font here has the letters of the certificate, so it cannot be printed now; ask the provider";
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "certificate.letters", words).later(3_600)
            }
            IntakeError::Certificate(error) => {
                tracing::error!(error = error.for_log(), "a certificate cannot be made");
                let words = "the certificate cannot be made; ask the provider";
                Self::new(StatusCode::INTERNAL_SERVER_ERROR, "certificate", words)
            }
            IntakeError::PackAway => {
                let words = "the pack of the activity is not at hand, so the certificate cannot be made now; ask again later";
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "pack", words).later(60)
            }
            IntakeError::Status(error) => {
                tracing::error!(error = %error, "a list of certificates cannot be made");
                Self::fault()
            }
            IntakeError::Key(error) => {
                tracing::error!(error = %error, "nothing can be signed");
                Self::not_now()
            }
        }
    }
}

impl From<DecideError> for Refusal {
    fn from(error: DecideError) -> Self {
        match error {
            DecideError::Unknown => Self::not_found(),
            DecideError::Standing { .. } => Self::new(StatusCode::CONFLICT, "standing", error.to_string()),
            DecideError::NoReason => Self::malformed(error.to_string()),
            DecideError::Intake(error) => error.into(),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let error = ReasonBody { code: self.code.to_owned(), words: self.words };
        let mut response = (self.status, Json(RefusalBody { error })).into_response();
        response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(after) = self.after {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(after));
        }
        response
    }
}

/// A record and its proof, as a request names them.
///
/// # Errors
/// [`Refusal`] names what is wrong.
pub fn record(kid: &str, id: &str) -> Result<RecordRef, Refusal> {
    let kid = Digest::parse(kid);
    let kid =
        kid.ok_or_else(|| Refusal::malformed("expected the key's thumbprint: 64 hexadecimal digits"))?;
    let id = SessionId::parse(id);
    let id = id.ok_or_else(|| Refusal::malformed("expected the record's id: 32 hexadecimal digits"))?;
    Ok(RecordRef { kid, id })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_without_a_font_can_be_asked_for_again() {
        let what = "the learner's name";
        let uncovered = CertificateError::Uncovered { what, found: "李".to_owned(), letters: 1 };
        let answer = Refusal::from(IntakeError::Certificate(uncovered)).into_response();
        assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(answer.headers().get(RETRY_AFTER), Some(&HeaderValue::from_static("3600")));
        let answer = Refusal::from(IntakeError::Certificate(CertificateError::Reversed)).into_response();
        assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
    }
}
