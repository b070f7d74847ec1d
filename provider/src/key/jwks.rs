//! Key sets (RFC 7517) as a provider publishes them.

use std::collections::BTreeMap;

use enduring_core::id::Digest;
use enduring_core::record::{Jwk, PublicKey};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Longest key set in bytes.
pub const KEY_SET_MAX: u64 = 256 * 1024;
/// Most keys in a set.
pub const KEYS_MAX: usize = 256;

/// Why a text is not a key set.
#[derive(Debug, Error)]
pub enum KeySetError {
    /// Not JSON of this shape.
    #[error("expected a JWKS, as {{\"keys\":[…]}}; {found}")]
    Malformed {
        /// What the parser says.
        found: String,
    },
    /// Too many.
    #[error("expected at most {most} keys, found {found}")]
    TooMany {
        /// How many there may be.
        most: usize,
        /// How many.
        found: usize,
    },
}

/// A key set as read: keys by thumbprint, and what was passed over.
#[derive(Clone, Debug, Default)]
pub struct KeySet {
    keys: BTreeMap<Digest, PublicKey>,
    /// Why some members of the set are not used, by their place from 1.
    pub warnings: Vec<String>,
}

#[derive(Deserialize)]
struct RawSet {
    keys: Vec<RawKey>,
}

/// A member of any kind; members unknown to us are allowed by RFC 7517.
#[derive(Deserialize)]
struct RawKey {
    kty: String,
    crv: Option<String>,
    x: Option<String>,
    y: Option<String>,
    d: Option<String>,
    kid: Option<String>,
    #[serde(rename = "use")]
    purpose: Option<String>,
    alg: Option<String>,
    key_ops: Option<Vec<String>>,
}

impl KeySet {
    /// Reads a key set. Members that are no P-256 verification keys are passed over
    /// with a warning.
    ///
    /// # Errors
    /// [`KeySetError`].
    pub fn parse(text: &str) -> Result<Self, KeySetError> {
        Self::parse_at_most(text, KEYS_MAX)
    }

    /// Reads a key set of at most so many keys: one of devices has more than a provider's.
    ///
    /// # Errors
    /// [`KeySetError`].
    pub fn parse_at_most(text: &str, most: usize) -> Result<Self, KeySetError> {
        let raw: RawSet = serde_json::from_str(text)
            .map_err(|error| KeySetError::Malformed { found: error.to_string() })?;
        if raw.keys.len() > most {
            return Err(KeySetError::TooMany { most, found: raw.keys.len() });
        }
        let mut set = Self::default();
        for (place, key) in raw.keys.into_iter().enumerate() {
            match key.check() {
                Ok(key) => {
                    set.keys.insert(key.thumbprint(), key);
                }
                Err(reason) => set.warnings.push(format!("key {} is not used: {reason}", place + 1)),
            }
        }
        Ok(set)
    }

    /// The key of that thumbprint.
    pub fn get(&self, thumbprint: Digest) -> Option<&PublicKey> {
        self.keys.get(&thumbprint)
    }

    /// The keys that can be used.
    pub fn keys(&self) -> impl Iterator<Item = &PublicKey> {
        self.keys.values()
    }

    /// How many keys can be used.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// True when no key can be used.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }
}

impl RawKey {
    fn check(self) -> Result<PublicKey, String> {
        if self.d.is_some() {
            return Err(
                "expected a public key, found a private one: it is known to others, retire it".to_owned()
            );
        }
        if self.kty != "EC" || self.crv.as_deref() != Some("P-256") {
            let found = self.crv.unwrap_or_default();
            return Err(format!("expected kty EC on P-256, found {} {found}", self.kty)
                .trim_end()
                .to_owned());
        }
        if self.purpose.is_some_and(|purpose| purpose != "sig")
            || self.alg.is_some_and(|alg| alg != "ES256")
            || self.key_ops.is_some_and(|ops| !ops.iter().any(|op| op == "verify"))
        {
            return Err("expected use sig, alg ES256 and key_ops with verify, where given".to_owned());
        }
        let jwk = Jwk {
            kty: self.kty,
            crv: self.crv.unwrap_or_default(),
            x: self.x.unwrap_or_default(),
            y: self.y.unwrap_or_default(),
        };
        let key = jwk.key().ok_or("expected x and y of 32 bytes in base64url")?;
        if self.kid.is_some_and(|kid| kid != key.kid()) {
            return Err(format!("expected kid to be its thumbprint, {}", key.kid()));
        }
        Ok(key)
    }
}

#[derive(Serialize)]
struct PublishedSet {
    keys: Vec<Published>,
}

#[derive(Serialize)]
struct Published {
    #[serde(flatten)]
    jwk: Jwk,
    kid: String,
    #[serde(rename = "use")]
    purpose: &'static str,
    alg: &'static str,
}

/// The key set to publish for these keys.
///
/// # Errors
/// None that can happen: a key is always JSON.
pub fn jwks(keys: &[PublicKey]) -> serde_json::Result<String> {
    let published =
        keys.iter().map(|key| Published { jwk: key.jwk(), kid: key.kid(), purpose: "sig", alg: "ES256" });
    serde_json::to_string_pretty(&PublishedSet { keys: published.collect() }).map(|text| text + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> PublicKey {
        // The example key of RFC 7515 appendix A.3.
        let jwk = Jwk {
            kty: "EC".to_owned(),
            crv: "P-256".to_owned(),
            x: "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU".to_owned(),
            y: "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0".to_owned(),
        };
        jwk.key().expect("a key")
    }

    #[test]
    fn what_is_published_is_read() {
        let set = KeySet::parse(&jwks(&[key()]).expect("JSON")).expect("a set");
        assert_eq!(set.get(key().thumbprint()), Some(&key()));
        assert_eq!((set.len(), set.warnings.len()), (1, 0));
    }

    #[test]
    fn what_cannot_be_used_is_passed_over_with_its_reason() {
        let good = jwks(&[key()]).expect("JSON");
        for (bad, reason) in [
            (good.replace("\"kid\"", "\"d\": \"AA\", \"kid\""), "found a private one"),
            (good.replace("\"EC\"", "\"RSA\""), "found RSA P-256"),
            (good.replace("P-256", "P-384"), "found EC P-384"),
            (good.replace("\"sig\"", "\"enc\""), "use sig"),
            (good.replace("ES256", "ES384"), "alg ES256"),
            (good.replace("\"kid\"", "\"key_ops\": [\"sign\"], \"kid\""), "key_ops with verify"),
            (good.replace("f83O", "f83"), "32 bytes"),
            (good.replace(&key().kid(), "key-1"), "its thumbprint"),
        ] {
            let set = KeySet::parse(&bad).expect("a set");
            assert!(set.is_empty(), "{bad}");
            assert!(set.warnings[0].contains(reason), "{reason}: {:?}", set.warnings);
        }
    }

    #[test]
    fn what_is_no_set_is_refused() {
        let doubled = jwks(&[key()]).expect("JSON").replace("\"kty\"", "\"kty\": \"EC\", \"kty\"");
        for bad in ["", "{}", "[]", "{\"keys\":[{}]}", &doubled] {
            assert!(matches!(KeySet::parse(bad), Err(KeySetError::Malformed { .. })), "{bad}");
        }
        let many = format!("{{\"keys\":[{}]}}", vec!["{\"kty\":\"oct\"}"; 257].join(","));
        assert!(matches!(KeySet::parse(&many), Err(KeySetError::TooMany { found: 257, .. })));
    }
}
