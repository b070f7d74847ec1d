//! Compact JWS (RFC 7515) with one algorithm, one spelling and no options.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::encode::{base64url, unbase64url};
use crate::id::Digest;
use crate::json;

/// The only algorithm: ECDSA on P-256 with SHA-256 (RFC 7518).
const ALG: &str = "ES256";

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    alg: String,
    typ: String,
    kid: String,
}

/// A signed document, taken apart. Nothing of its payload was looked at yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compact {
    /// The RFC 7638 thumbprint of the key that signed, as the header has it.
    pub kid: Digest,
    /// The bytes that were signed.
    pub signing_input: String,
    /// r ‖ s.
    pub signature: [u8; 64],
    /// The payload's bytes, not to be read before the signature was checked.
    pub payload: Vec<u8>,
}

/// Why a text is not a signed document of the kind wanted.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum JwsError {
    /// Not three parts of base64url.
    #[error("expected three parts of base64url with dots between")]
    Compact,
    /// The header has other members, or lacks one.
    #[error("header: expected alg, typ and kid and nothing else; {found}")]
    Header {
        /// What the parser says.
        found: String,
    },
    /// Another algorithm.
    #[error("header: expected alg ES256, found {found:?}")]
    Algorithm {
        /// As in the header.
        found: String,
    },
    /// Another kind of document.
    #[error("header: expected typ {expected}, found {found:?}")]
    Type {
        /// The kind wanted.
        expected: &'static str,
        /// As in the header.
        found: String,
    },
    /// The key is not named by its thumbprint.
    #[error("header: expected kid to be a thumbprint of 43 base64url characters")]
    KeyId,
    /// Not 64 bytes.
    #[error("signature: expected 64 bytes, found {found}")]
    Signature {
        /// How many.
        found: usize,
    },
}

/// A thumbprint as headers write it.
#[must_use]
pub(super) fn thumbprint_text(kid: Digest) -> String {
    base64url(&kid.0)
}

/// The header of a document, encoded.
#[must_use]
pub fn header(typ: &str, kid: Digest) -> String {
    let header = Header { alg: ALG.to_owned(), typ: typ.to_owned(), kid: thumbprint_text(kid) };
    base64url(json::write(&header).as_bytes())
}

/// The bytes to sign for a payload. The document is these, a dot, and the signature
/// in base64url.
#[must_use]
pub fn signing_input(typ: &str, kid: Digest, payload: &[u8]) -> String {
    let mut input = header(typ, kid);
    input.push('.');
    input.push_str(&base64url(payload));
    input
}

impl Compact {
    /// Takes a document apart.
    ///
    /// # Errors
    /// [`JwsError`], by the first thing that is wrong.
    pub fn parse(text: &str, typ: &'static str) -> Result<Self, JwsError> {
        let (signing_input, signature) = text.rsplit_once('.').ok_or(JwsError::Compact)?;
        let (header, payload) = signing_input.split_once('.').ok_or(JwsError::Compact)?;
        let header = unbase64url(header).ok_or(JwsError::Compact)?;
        let payload = unbase64url(payload).ok_or(JwsError::Compact)?;
        let signature = unbase64url(signature).ok_or(JwsError::Compact)?;
        let header: Header =
            json::read_bytes(&header).map_err(|error| JwsError::Header { found: error.to_string() })?;
        if header.alg != ALG {
            return Err(JwsError::Algorithm { found: header.alg });
        }
        if header.typ != typ {
            return Err(JwsError::Type { expected: typ, found: header.typ });
        }
        let kid = unbase64url(&header.kid)
            .and_then(|kid| kid.try_into().ok())
            .map(Digest)
            .ok_or(JwsError::KeyId)?;
        let signature =
            signature.try_into().map_err(|found: Vec<u8>| JwsError::Signature { found: found.len() })?;
        Ok(Self { kid, signing_input: signing_input.to_owned(), signature, payload })
    }

    /// Puts a signature under what was signed.
    #[must_use]
    pub fn join(signing_input: &str, signature: &[u8; 64]) -> String {
        let mut text = signing_input.to_owned();
        text.push('.');
        text.push_str(&base64url(signature));
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(header: &str) -> String {
        format!("{}.{}.{}", base64url(header.as_bytes()), base64url(b"{}"), base64url(&[0; 64]))
    }

    #[test]
    fn what_is_written_is_read() {
        let kid = Digest::of(&[b"key"]);
        let input = signing_input("t", kid, b"{}");
        let compact = Compact::parse(&Compact::join(&input, &[7; 64]), "t").expect("a document");
        assert_eq!((compact.kid, compact.payload.as_slice(), compact.signature), (kid, &b"{}"[..], [7; 64]));
        assert_eq!(compact.signing_input, input);
    }

    #[test]
    fn headers_have_no_options() {
        let kid = thumbprint_text(Digest([1; 32]));
        let good = format!(r#"{{"alg":"ES256","typ":"t","kid":"{kid}"}}"#);
        assert!(Compact::parse(&document(&good), "t").is_ok());
        for (bad, expected) in [
            (good.replace("ES256", "none"), "alg ES256"),
            (good.replace("ES256", "HS256"), "alg ES256"),
            (good.replace("\"t\"", "\"u\""), "typ t"),
            (good.replace(&kid, "../keys"), "thumbprint"),
            (good.replace('}', r#","jku":"https://x"}"#), "nothing else"),
            (good.replace('}', r#","crit":["b64"]}"#), "nothing else"),
            (good.replace('}', r#","alg":"none"}"#), "nothing else"),
            (r#"{"alg":"ES256","typ":"t"}"#.to_owned(), "nothing else"),
        ] {
            let error = Compact::parse(&document(&bad), "t").expect_err(&bad);
            assert!(error.to_string().contains(expected), "{bad}: {error}");
        }
    }

    #[test]
    fn other_shapes_are_refused() {
        let good = signing_input("t", Digest([1; 32]), b"{}");
        let signature = "A".repeat(86);
        assert!(Compact::parse(&format!("{good}.{signature}"), "t").is_ok());
        for bad in [
            "",
            ".",
            "a.b",
            "a.b.c.d",
            &good,
            &format!("{good}.{signature}=="),
            &format!("{good}=.{signature}"),
            &format!(" {good}.{signature}"),
            &format!("{good}.{signature}\n"),
        ] {
            assert_eq!(Compact::parse(bad, "t"), Err(JwsError::Compact), "{bad}");
        }
        assert!(Compact::parse("..", "t").is_err());
        assert_eq!(Compact::parse(&format!("{good}."), "t"), Err(JwsError::Signature { found: 0 }));
        assert_eq!(Compact::parse(&format!("{good}.AAAA"), "t"), Err(JwsError::Signature { found: 3 }));
    }
}
