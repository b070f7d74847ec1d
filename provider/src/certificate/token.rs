//! Tokens as others may write them: compact JWS with the header members that VC-JOSE-COSE
//! allows. Our own have exactly `alg`, `typ` and `kid`.

use enduring_core::encode::unbase64url;
use enduring_core::id::Digest;
use enduring_core::json;
use serde::Deserialize;
use serde_json::Value;

use super::credential::CREDENTIAL_TYP;
use super::verify::{Code, Refusal, refuse};
use crate::key::{KeySet, verifies_bytes};

#[derive(Deserialize)]
struct Header {
    #[serde(default)]
    alg: Option<String>,
    #[serde(default)]
    typ: Option<String>,
    #[serde(default)]
    cty: Option<String>,
    #[serde(default)]
    kid: Option<String>,
    #[serde(default)]
    crit: Option<Vec<String>>,
}

/// A token whose signature was found good.
pub struct Token {
    /// The key that signed.
    pub kid: Digest,
    /// What it says.
    pub payload: Value,
}

/// Checks header and signature, in that order, and reads the payload last.
pub fn open(text: &str, issuers: &KeySet) -> Result<Token, Refusal> {
    let three = || refuse(Code::Shape, "expected three parts of base64url with dots between");
    let (signing_input, signature) = text.rsplit_once('.').ok_or_else(three)?;
    let (header, payload) = signing_input.split_once('.').ok_or_else(three)?;
    let [header, payload, signature] = [header, payload, signature].map(unbase64url);
    let (header, payload, signature) =
        (header.ok_or_else(three)?, payload.ok_or_else(three)?, signature.ok_or_else(three)?);
    let header = std::str::from_utf8(&header)
        .map_err(|error| error.to_string())
        .and_then(|text| json::read_part::<Header>(text).map_err(|error| error.to_string()))
        .map_err(|found| refuse(Code::Shape, format!("header: {found}")))?;
    let kid = header.check()?;
    let key = issuers.get(kid).ok_or_else(|| {
        refuse(Code::Key, format!("expected a key of the issuers, found {}", header.kid.unwrap_or_default()))
    })?;
    let length = signature.len();
    let signature: [u8; 64] = signature
        .try_into()
        .map_err(|_| refuse(Code::Signature, format!("expected 64 bytes, found {length}")))?;
    if !verifies_bytes(key, signing_input.as_bytes(), &signature) {
        return Err(refuse(Code::Signature, "expected the signature of the key that the header names"));
    }
    let payload =
        serde_json::from_slice(&payload).map_err(|error| refuse(Code::Shape, format!("payload: {error}")))?;
    Ok(Token { kid, payload })
}

impl Header {
    /// What must hold before any key is looked at.
    fn check(&self) -> Result<Digest, Refusal> {
        let found = |member: &Option<String>| member.as_deref().unwrap_or("none").to_owned();
        if self.alg.as_deref() != Some("ES256") {
            return Err(refuse(Code::Alg, format!("header: expected alg ES256, found {}", found(&self.alg))));
        }
        if self.typ.as_deref() != Some(CREDENTIAL_TYP) {
            let detail = format!("header: expected typ {CREDENTIAL_TYP}, found {}", found(&self.typ));
            return Err(refuse(Code::Typ, detail));
        }
        if self.cty.as_deref().is_some_and(|cty| cty != "vc") {
            let detail = format!("header: expected cty vc or none, found {}", found(&self.cty));
            return Err(refuse(Code::Typ, detail));
        }
        if let Some(crit) = &self.crit {
            let detail = format!("header: expected no critical extension, found {}", crit.join(", "));
            return Err(refuse(Code::Shape, detail));
        }
        let kid = self.kid.as_deref().and_then(unbase64url).and_then(|kid| kid.try_into().ok());
        kid.map(Digest).ok_or_else(|| {
            refuse(Code::Key, format!("header: expected kid to be a thumbprint, found {}", found(&self.kid)))
        })
    }
}
