//! The credential: an Open Badges 3.0 `AchievementCredential` as VC-JWT.
//!
//! Its members are those of the two contexts it names; it has none of our own.

use enduring_core::id::Digest;
use enduring_core::record::{PublicKey, RecordRef};
use serde_json::{Map, Value, json};

use super::{CertificateError, Facts, Settings, StatusEntry};
use crate::time;
use enduring_core::measure::Timestamp;

/// The header type of credentials, that of VC-JOSE-COSE. Stored; never reuse.
pub const CREDENTIAL_TYP: &str = "vc+jwt";
/// The context of W3C credentials, always first.
pub const VC_CONTEXT: &str = "https://www.w3.org/ns/credentials/v2";
/// The context of Open Badges 3.0, always second.
const OB_CONTEXT: &str = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json";
/// What names a key by its thumbprint (RFC 9278).
pub const KEY_URN: &str = "urn:ietf:params:oauth:jwk-thumbprint:sha-256:";
/// How the id of the result that is the date of completion ends. Stored; never reuse.
pub const COMPLETED: &str = "#completed";
/// How the ids of the results that are credits go on, before the credit's name. Stored;
/// never reuse.
pub const CREDIT: &str = "#credit-";

/// The id of the certificate of a record: a UUID (version 8) of the record's names, so
/// that the same record has the same certificate.
#[must_use]
pub fn certificate_id(record: &RecordRef) -> String {
    let Digest(digest) = Digest::of(&[b"enduring-certificate/1", &record.kid.0, &record.id.0]);
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(digest).for_each(|(byte, from)| *byte = from);
    let mut number = u128::from_be_bytes(bytes);
    number = number & !(0xf << 76) | 8 << 76;
    number = number & !(0b11 << 62) | 0b10 << 62;
    format!(
        "urn:uuid:{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        number >> 96,
        number >> 80 & 0xffff,
        number >> 64 & 0xffff,
        number >> 48 & 0xffff,
        number & 0xffff_ffff_ffff
    )
}

/// The issuer's id: the provider's address of the settings, else the name of its key.
#[must_use]
pub fn issuer_id(settings: &Settings, key: &PublicKey) -> String {
    settings.id.clone().unwrap_or_else(|| format!("{KEY_URN}{}", key.kid()))
}

/// The payload to sign, which is the credential.
///
/// # Errors
/// [`CertificateError`] when the facts are none that a certificate can say.
pub fn credential(
    facts: &Facts,
    settings: &Settings,
    key: &PublicKey,
    status: Option<&StatusEntry>,
) -> Result<String, CertificateError> {
    facts.check()?;
    let issuer = issuer_id(settings, key);
    let id = certificate_id(&facts.receipt.record);
    let holder = format!("{KEY_URN}{}", enduring_core::encode::base64url(&facts.receipt.record.kid.0));
    // Whole seconds, so that `nbf` says the same.
    let seconds = facts.receipt.decided.0.div_euclid(1_000);
    let mut credential = json!({
        "@context": [VC_CONTEXT, OB_CONTEXT],
        "id": id,
        "type": ["VerifiableCredential", "AchievementCredential"],
        "name": facts.name(),
        "issuer": { "id": issuer, "type": ["Profile"], "name": settings.provider(facts) },
        "validFrom": time::text(Timestamp(seconds * 1_000)),
        "credentialSubject": subject(facts, &issuer, &holder),
        "iss": issuer,
        "jti": id,
        "nbf": seconds,
        "sub": holder,
    });
    if let Some(status) = status {
        credential["credentialStatus"] = status.json();
    }
    Ok(credential.to_string())
}

fn subject(facts: &Facts, issuer: &str, holder: &str) -> Value {
    let activity = &facts.receipt.activity;
    let separator = if issuer.starts_with("https:") { '/' } else { '#' };
    let issuer = issuer.trim_end_matches('/');
    let achievement = format!("{issuer}{separator}activities/{}/{}", activity.id, activity.version);
    let mut descriptions = vec![described(&format!("{achievement}{COMPLETED}"), "Date of completion")];
    let mut results = vec![result(&format!("{achievement}{COMPLETED}"), &facts.receipt.completed)];
    for credit in &facts.receipt.credits {
        let id = format!("{achievement}{CREDIT}{}", credit.credit);
        let name = format!("{} ({}, {})", credit.name, credit.accreditor, credit.accreditor_activity);
        descriptions.push(described(&id, &name));
        results.push(result(&id, &credit.amount.to_string()));
    }
    let mut subject = Map::from_iter([
        ("id".to_owned(), json!(holder)),
        ("type".to_owned(), json!(["AchievementSubject"])),
        ("result".to_owned(), json!(results)),
        (
            "achievement".to_owned(),
            json!({
                "id": achievement,
                "type": ["Achievement"],
                "achievementType": "CertificateOfCompletion",
                "name": facts.title,
                "description": facts.format,
                "version": activity.version,
                "criteria": { "narrative": "Every requirement of the activity was met." },
                "resultDescription": descriptions,
            }),
        ),
    ]);
    if let [credit] = facts.receipt.credits.as_slice() {
        // Open Badges has a number here; the exact amount is the result's text.
        let number: Option<f64> = credit.amount.to_string().parse().ok();
        subject.insert("creditsEarned".to_owned(), json!(number));
    }
    if let Some(name) = &facts.learner {
        let identity = json!({ "type": "IdentityObject", "hashed": false, "identityHash": name, "identityType": "name" });
        subject.insert("identifier".to_owned(), json!([identity]));
    }
    if let Some(profession) = &facts.profession {
        subject.insert("role".to_owned(), json!(profession));
    }
    Value::Object(subject)
}

fn described(id: &str, name: &str) -> Value {
    json!({ "id": id, "type": ["ResultDescription"], "name": name, "resultType": "Result" })
}

fn result(description: &str, value: &str) -> Value {
    json!({ "type": ["Result"], "resultDescription": description, "value": value })
}
