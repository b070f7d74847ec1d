//! `deployment.json`: whose packs this place trusts, where they are listed, where a record may be sent.

use enduring_core::id::Digest;
use enduring_core::json;
use enduring_core::record::{Jwk, PublicKey};
use serde::Deserialize;
use thiserror::Error;

/// The format. Stored; never reuse.
pub const DEPLOYMENT_FORMAT: &str = "enduring-deployment/1";
/// Where it is, from the page.
pub const DEPLOYMENT_FILE: &str = "deployment.json";

/// What a provider says of the place where the player is served.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Deployment {
    format: String,
    /// The keys of trusted providers.
    issuers: Issuers,
    /// Addresses of signed catalogues, relative to the page.
    #[serde(default)]
    pub catalogues: Vec<String>,
    /// Addresses that take records.
    #[serde(default)]
    pub intakes: Vec<String>,
    /// Origins that may embed the player.
    #[serde(default)]
    pub origins: Vec<String>,
    /// Languages of the interface, the preferred one first.
    #[serde(default)]
    pub languages: Vec<String>,
}

/// A JWK set (RFC 7517), whose keys may say more than is needed here.
#[derive(Clone, Debug, PartialEq, Deserialize)]
struct Issuers {
    keys: Vec<Issuer>,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
struct Issuer {
    kty: String,
    crv: String,
    x: String,
    y: String,
}

/// Why a deployment is not taken.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum DeploymentError {
    /// Not its JSON.
    #[error("{DEPLOYMENT_FILE}: {0}")]
    Malformed(String),
    /// Another format.
    #[error("{DEPLOYMENT_FILE}: expected the format {DEPLOYMENT_FORMAT}, found {0:?}")]
    Format(String),
    /// A key that is not one.
    #[error("{DEPLOYMENT_FILE}: key {0} of the issuers is not a P-256 public key")]
    Key(usize),
}

impl Deployment {
    /// Reads the text of the file.
    ///
    /// # Errors
    /// [`DeploymentError`] names what is wrong; nothing is trusted then.
    pub fn parse(text: &str) -> Result<Self, DeploymentError> {
        let deployment: Self =
            json::read_part(text).map_err(|error| DeploymentError::Malformed(error.to_string()))?;
        if deployment.format != DEPLOYMENT_FORMAT {
            return Err(DeploymentError::Format(deployment.format));
        }
        if let Some(place) = deployment.issuers.keys.iter().position(|issuer| issuer.key().is_none()) {
            return Err(DeploymentError::Key(place + 1));
        }
        Ok(deployment)
    }

    /// The trusted key of that thumbprint.
    #[must_use]
    pub fn issuer(&self, kid: Digest) -> Option<PublicKey> {
        self.issuers.keys.iter().filter_map(Issuer::key).find(|key| key.thumbprint() == kid)
    }
}

impl Issuer {
    fn key(&self) -> Option<PublicKey> {
        let Self { kty, crv, x, y } = self.clone();
        Jwk { kty, crv, x, y }.key()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(format: &str, crv: &str) -> String {
        let key = PublicKey { x: [1; 32], y: [2; 32] }.jwk();
        let (x, y) = (key.x, key.y);
        format!(
            r#"{{"format":"{format}","catalogues":["catalogue.jws"],
               "issuers":{{"keys":[{{"kty":"EC","crv":"{crv}","x":"{x}","y":"{y}","use":"sig"}}]}}}}"#
        )
    }

    #[test]
    fn an_issuer_is_found_by_thumbprint() {
        let deployment = Deployment::parse(&text(DEPLOYMENT_FORMAT, "P-256")).expect("sound");
        let key = PublicKey { x: [1; 32], y: [2; 32] };
        assert_eq!(deployment.issuer(key.thumbprint()), Some(key));
        assert_eq!(deployment.issuer(Digest([0; 32])), None);
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (bad, expected) in [
            ("{".to_owned(), "deployment.json: "),
            (text("enduring-deployment/2", "P-256"), "found \"enduring-deployment/2\""),
            (text(DEPLOYMENT_FORMAT, "P-384"), "key 1 of the issuers"),
        ] {
            let error = Deployment::parse(&bad).expect_err(&bad).to_string();
            assert!(error.contains(expected), "{error}");
        }
    }
}
