//! Which certificates are revoked: a Bitstring Status List (W3C), signed as VC-JWT.

use std::collections::BTreeSet;
use std::io::{Read, Write};

use enduring_core::encode::{base64url, unbase64url};
use enduring_core::measure::Timestamp;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use thiserror::Error;

use super::Settings;
use super::credential::{CREDENTIAL_TYP, VC_CONTEXT, issuer_id};
use crate::key::{KeyError, Signer};
use crate::time;

/// The least number of entries of a list, so that nobody tells a learner by a short one.
pub const STATUS_LIST_LEAST: u32 = 131_072;
/// The greatest number of entries of a list.
pub const STATUS_LIST_MOST: u32 = 16_777_216;
/// The type of lists.
pub const LIST_TYPE: &str = "BitstringStatusListCredential";
const ENTRY_TYPE: &str = "BitstringStatusListEntry";

/// Where a certificate's bit is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusEntry {
    /// Its place, counted from 0.
    pub index: u32,
    /// The address of the list, which is the list's id too.
    pub list: String,
}

/// Why there is no list.
#[derive(Debug, Error)]
pub enum StatusError {
    /// A place that no list has.
    #[error("expected places below {STATUS_LIST_MOST}, found {found}")]
    Index {
        /// Which.
        found: u32,
    },
    /// It cannot be signed.
    #[error(transparent)]
    Key(#[from] KeyError),
}

impl StatusEntry {
    /// As in a credential.
    pub(super) fn json(&self) -> Value {
        json!({
            "type": ENTRY_TYPE,
            "statusPurpose": "revocation",
            "statusListIndex": self.index.to_string(),
            "statusListCredential": self.list,
        })
    }

    /// As a credential has it; `None` for another kind of status.
    pub(super) fn read(entry: &Value) -> Option<Self> {
        let text = |member: &str| entry.get(member).and_then(Value::as_str);
        let single = entry.get("statusSize").is_none_or(|size| *size == json!(1));
        (text("type") == Some(ENTRY_TYPE) && text("statusPurpose") == Some("revocation") && single)
            .then_some(())?;
        let index = text("statusListIndex")?.parse().ok()?;
        Some(Self { index, list: text("statusListCredential")?.to_owned() })
    }
}

/// The signed list of an address, with these places revoked.
///
/// # Errors
/// [`StatusError`].
pub fn status_list(
    address: &str,
    revoked: &BTreeSet<u32>,
    settings: &Settings,
    signer: &Signer,
    issued: Timestamp,
) -> Result<String, StatusError> {
    let last = revoked.last().copied().unwrap_or(0);
    if last >= STATUS_LIST_MOST {
        return Err(StatusError::Index { found: last });
    }
    let length = STATUS_LIST_LEAST.max((last + 1).next_power_of_two());
    let mut bits = vec![0u8; (length / 8) as usize];
    for index in revoked {
        if let Some(byte) = bits.get_mut((index / 8) as usize) {
            // The first entry is the highest bit of the first byte.
            *byte |= 0x80 >> (index % 8);
        }
    }
    let issuer = issuer_id(settings, &signer.public());
    let payload = json!({
        "@context": [VC_CONTEXT],
        "id": address,
        "type": ["VerifiableCredential", LIST_TYPE],
        "issuer": issuer,
        "validFrom": time::text(issued),
        "credentialSubject": {
            "id": format!("{address}#list"),
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": encoded(&bits),
        },
        "iss": issuer,
        "jti": address,
        "sub": format!("{address}#list"),
    });
    Ok(signer.sign(CREDENTIAL_TYP, payload.to_string().as_bytes())?)
}

fn encoded(bits: &[u8]) -> String {
    let mut zipped = GzEncoder::new(Vec::new(), Compression::best());
    // Writing to memory cannot fail.
    let done = zipped.write_all(bits).and_then(|()| zipped.finish()).unwrap_or_default();
    format!("u{}", base64url(&done))
}

/// Whether a place of a list is set; the list's payload was checked to be signed.
pub(super) fn is_set(list: &Value, index: u32) -> Result<bool, String> {
    let subject = list.get("credentialSubject").ok_or("expected a credentialSubject, found none")?;
    let text = |member: &str| subject.get(member).and_then(Value::as_str).unwrap_or("none");
    if (text("type"), text("statusPurpose")) != ("BitstringStatusList", "revocation") {
        return Err(format!(
            "expected a BitstringStatusList for revocation, found {} for {}",
            text("type"),
            text("statusPurpose")
        ));
    }
    let zipped = text("encodedList").strip_prefix('u').and_then(unbase64url);
    let zipped = zipped.ok_or("encodedList: expected u and base64url")?;
    let most = u64::from(STATUS_LIST_MOST / 8);
    let mut bits = Vec::new();
    GzDecoder::new(zipped.as_slice())
        .take(most + 1)
        .read_to_end(&mut bits)
        .map_err(|error| format!("encodedList: expected GZIP: {error}"))?;
    let entries = bits.len().saturating_mul(8);
    if entries < STATUS_LIST_LEAST as usize || entries > STATUS_LIST_MOST as usize {
        return Err(format!("expected {STATUS_LIST_LEAST} to {STATUS_LIST_MOST} entries, found {entries}"));
    }
    let byte = bits.get((index / 8) as usize);
    let byte = byte.ok_or_else(|| format!("expected more than {index} entries, found {entries}"))?;
    Ok(byte & (0x80 >> (index % 8)) != 0)
}
