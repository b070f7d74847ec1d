//! Verifying a certificate: its signature, its time and its status, without a network.

use std::fmt;

use enduring_core::encode::base64url;
use enduring_core::measure::Timestamp;
use serde::{Serialize, Serializer};
use serde_json::Value;

use super::credential::KEY_URN;
use super::qr::{QR_PREFIX, from_qr};
use super::shown::{Shown, instant};
use super::status::{LIST_TYPE, StatusEntry, is_set};
use super::token::{self, Token};
use crate::key::KeySet;

/// Largest credential in bytes.
pub const CREDENTIAL_MAX: usize = 64 * 1024;
/// Largest status list in bytes.
pub const STATUS_MAX: usize = 4 * 1024 * 1024;
/// How far the clock of the issuer may be ahead, in milliseconds.
const AHEAD: i64 = 5 * 60 * 1_000;

/// What a certificate is verified by.
pub struct Trust<'a> {
    /// The keys of the providers that are trusted.
    pub issuers: &'a KeySet,
    /// The signed status list, where it is at hand.
    pub status: Option<&'a str>,
    /// Now.
    pub now: Timestamp,
}

/// Why a certificate is refused. Stored; never reuse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// More bytes than a credential has.
    Size,
    /// A QR text that holds no credential.
    Qr,
    /// Not a token, or its payload is no credential of VC 2.0.
    Shape,
    /// Another algorithm than ES256.
    Alg,
    /// Another header type or content type.
    Typ,
    /// The key is not among the issuers', or not the one that the issuer's id names.
    Key,
    /// It is not that key's signature.
    Signature,
    /// Claims that must not be there, or that say something else than the credential.
    Claims,
    /// A status list in place of a certificate.
    Kind,
    /// It is valid later only.
    Early,
    /// It is no longer valid.
    Expired,
    /// Whether it is revoked cannot be told from the status list given.
    Status,
    /// It is revoked.
    Revoked,
}

impl Code {
    /// Its name in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Size => "certificate.size",
            Self::Qr => "certificate.qr",
            Self::Shape => "certificate.shape",
            Self::Alg => "certificate.alg",
            Self::Typ => "certificate.typ",
            Self::Key => "certificate.key",
            Self::Signature => "certificate.signature",
            Self::Claims => "certificate.claims",
            Self::Kind => "certificate.kind",
            Self::Early => "certificate.early",
            Self::Expired => "certificate.expired",
            Self::Status => "certificate.status",
            Self::Revoked => "certificate.revoked",
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// A certificate that is refused, by the first thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{code}: {detail}")]
pub struct Refusal {
    /// By which rule.
    pub code: Code,
    /// What was expected and found.
    pub detail: String,
}

pub(super) fn refuse(code: Code, detail: impl Into<String>) -> Refusal {
    Refusal { code, detail: detail.into() }
}

/// What is known of revocation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum StatusCheck {
    /// It names no status list: it cannot be revoked.
    None,
    /// It names a list, and none was given.
    NotChecked {
        /// The list's address.
        list: String,
    },
    /// It is not revoked.
    Valid {
        /// The list's address.
        list: String,
        /// From when the list is.
        issued: Option<String>,
    },
}

/// A certificate that is good.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Verified {
    /// Thumbprint of the key that signed.
    pub kid: String,
    /// What it says.
    pub credential: Shown,
    /// What is known of revocation.
    pub status: StatusCheck,
}

/// Verifies the text of a credential or of its QR code.
///
/// # Errors
/// [`Refusal`].
pub fn verify(text: &str, trust: &Trust<'_>) -> Result<Verified, Refusal> {
    if text.len() > CREDENTIAL_MAX {
        return Err(refuse(Code::Size, format!("expected at most {CREDENTIAL_MAX} bytes, found more")));
    }
    let text = text.trim();
    let unfolded;
    let token = if text.starts_with(QR_PREFIX) {
        let broken = "expected base45 of a deflated credential; was the whole code scanned?";
        unfolded = from_qr(text).ok_or_else(|| refuse(Code::Qr, broken))?;
        &unfolded
    } else {
        text
    };
    let Token { kid, payload } = token::open(token, trust.issuers)?;
    let credential = Shown::read(&payload)?;
    if credential.types.iter().any(|kind| kind == LIST_TYPE) {
        return Err(refuse(Code::Kind, "expected a certificate, found a status list"));
    }
    let kid = base64url(&kid.0);
    // An issuer that is named by its key speaks with no other.
    if credential.issuer.strip_prefix(KEY_URN).is_some_and(|named| named != kid) {
        let detail = format!("expected the key that the issuer names, found {kid}");
        return Err(refuse(Code::Key, detail));
    }
    in_time(&payload, trust.now)?;
    let status = status(&payload, &credential, trust)?;
    Ok(Verified { kid, credential, status })
}

fn in_time(payload: &Value, now: Timestamp) -> Result<(), Refusal> {
    let claim = |member: &str| {
        payload.get(member).and_then(Value::as_i64).and_then(|at| at.checked_mul(1_000)).map(Timestamp)
    };
    let starts = instant(payload, "validFrom")?.max(claim("nbf"));
    if let Some(starts) = starts.filter(|starts| starts.0.saturating_sub(AHEAD) > now.0) {
        return Err(refuse(Code::Early, format!("valid from {}", crate::time::text(starts))));
    }
    let ends = [instant(payload, "validUntil")?, claim("exp")].into_iter().flatten().min();
    match ends.filter(|ends| *ends < now) {
        Some(ends) => Err(refuse(Code::Expired, format!("valid until {}", crate::time::text(ends)))),
        None => Ok(()),
    }
}

fn status(payload: &Value, credential: &Shown, trust: &Trust<'_>) -> Result<StatusCheck, Refusal> {
    let Some(named) = payload.get("credentialStatus") else { return Ok(StatusCheck::None) };
    let Some(entry) = StatusEntry::read(named) else {
        let detail = "credentialStatus: expected one BitstringStatusListEntry for revocation";
        return Err(refuse(Code::Status, detail));
    };
    let Some(text) = trust.status else { return Ok(StatusCheck::NotChecked { list: entry.list }) };
    let failed = |detail: String| refuse(Code::Status, format!("status list: {detail}"));
    let Token { payload: list, .. } =
        token::open(text.trim(), trust.issuers).map_err(|refusal| failed(refusal.detail))?;
    let shown = Shown::read(&list).map_err(|refusal| failed(refusal.detail))?;
    if shown.id.as_deref() != Some(&entry.list) {
        let found = shown.id.unwrap_or_default();
        return Err(failed(format!("expected {}, found {found}", entry.list)));
    }
    if !shown.types.iter().any(|kind| kind == LIST_TYPE) {
        return Err(failed(format!("expected a {LIST_TYPE}, found {}", shown.types.join(", "))));
    }
    if shown.issuer != credential.issuer {
        return Err(failed(format!("expected the issuer {}, found {}", credential.issuer, shown.issuer)));
    }
    in_time(&list, trust.now).map_err(|refusal| failed(refusal.detail))?;
    if is_set(&list, entry.index).map_err(failed)? {
        return Err(refuse(Code::Revoked, format!("revoked by {} at {}", entry.list, entry.index)));
    }
    Ok(StatusCheck::Valid { list: entry.list, issued: shown.valid_from })
}
