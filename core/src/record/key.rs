//! Public keys as they travel: JWK (RFC 7517), P-256 only.

use serde::{Deserialize, Serialize};

use super::jws::thumbprint_text;
use crate::encode::{base64url, unbase64url};
use crate::id::Digest;

/// A public key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PublicKey {
    /// First coordinate, big-endian.
    pub x: [u8; 32],
    /// Second coordinate, big-endian.
    pub y: [u8; 32],
}

/// A public key as JSON: exactly these members.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Jwk {
    /// `EC`.
    pub kty: String,
    /// `P-256`.
    pub crv: String,
    /// First coordinate.
    pub x: String,
    /// Second coordinate.
    pub y: String,
}

impl PublicKey {
    /// From its uncompressed point: 0x04 ‖ x ‖ y.
    #[must_use]
    pub fn from_point(point: &[u8]) -> Option<Self> {
        let (4, coordinates) = point.split_first()? else { return None };
        let (x, y) = coordinates.split_at_checked(32)?;
        Some(Self { x: x.try_into().ok()?, y: y.try_into().ok()? })
    }

    /// Its uncompressed point.
    #[must_use]
    pub fn point(&self) -> Vec<u8> {
        [&[4][..], &self.x, &self.y].concat()
    }

    /// As JSON.
    #[must_use]
    pub fn jwk(&self) -> Jwk {
        Jwk { kty: "EC".to_owned(), crv: "P-256".to_owned(), x: base64url(&self.x), y: base64url(&self.y) }
    }

    /// RFC 7638: the SHA-256 of its required members in alphabetical order.
    #[must_use]
    pub fn thumbprint(&self) -> Digest {
        let (x, y) = (base64url(&self.x), base64url(&self.y));
        Digest::of(&[
            br#"{"crv":"P-256","kty":"EC","x":""#,
            x.as_bytes(),
            br#"","y":""#,
            y.as_bytes(),
            br#""}"#,
        ])
    }

    /// The thumbprint as headers and key sets write it: 43 characters of base64url.
    #[must_use]
    pub fn kid(&self) -> String {
        thumbprint_text(self.thumbprint())
    }
}

impl Jwk {
    /// The key; `None` for another curve or coordinates that are not 32 bytes.
    #[must_use]
    pub fn key(&self) -> Option<PublicKey> {
        if self.kty != "EC" || self.crv != "P-256" {
            return None;
        }
        Some(PublicKey {
            x: unbase64url(&self.x)?.try_into().ok()?,
            y: unbase64url(&self.y)?.try_into().ok()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_survives_its_json() {
        let key = PublicKey { x: [1; 32], y: [2; 32] };
        assert_eq!(key.jwk().key(), Some(key));
        assert_eq!(PublicKey::from_point(&key.point()), Some(key));
        assert_eq!(key.kid().len(), 43);
        let other = Jwk { crv: "P-384".to_owned(), ..key.jwk() };
        assert_eq!(other.key(), None);
    }
}
