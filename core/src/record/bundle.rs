//! The bundle: a record with everything that proves it, in one file.

use serde::{Deserialize, Serialize};

use super::key::Jwk;
use super::payload::RECORD_FORMAT;

/// Largest bundle in bytes.
pub const BUNDLE_MAX: usize = 1024 * 1024;

/// A bundle. The separate parts may be absent: withheld, kept apart or erased.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bundle {
    /// [`RECORD_FORMAT`].
    pub format: String,
    /// Compact JWS.
    pub record: String,
    /// JSON Lines, each with its LF.
    pub log: String,
    /// The device's public key; counts only if its thumbprint is the header's `kid`.
    pub key: Jwk,
    /// Text of a [`LearnerSheet`](super::LearnerSheet).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub learner: Option<String>,
    /// Text of a [`ConsentSheet`](super::ConsentSheet).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent: Option<String>,
    /// Text of an [`EvaluationSheet`](super::EvaluationSheet).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evaluation: Option<String>,
}

impl Bundle {
    /// A bundle of a record, its log and its key, without the separate parts.
    #[must_use]
    pub fn new(record: String, log: String, key: Jwk) -> Self {
        Self {
            format: RECORD_FORMAT.to_owned(),
            record,
            log,
            key,
            learner: None,
            consent: None,
            evaluation: None,
        }
    }

    /// As a file.
    #[must_use]
    pub fn encode(&self) -> String {
        crate::json::write(self)
    }
}
