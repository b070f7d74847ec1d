//! The text of the QR code: the credential, deflated.
//!
//! Base64url hides repetition from deflate, so the parts of the token are deflated as
//! they were before they were encoded. Each byte string has one spelling in base64url,
//! so that the very same token comes back.

use std::io::{Read, Write};

use enduring_core::encode::{base64url, unbase64url};
use fast_qr::{ECL, Mode, QRBuilder, QRCode};
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;

use super::verify::CREDENTIAL_MAX;
use super::{CertificateError, base45};

/// How the text begins. Stored; never reuse.
pub const QR_PREFIX: &str = "ENDURING1:";

/// Light modules that a reader needs around the code.
pub const QUIET: usize = 4;

/// The text for a token. `None` for what is no token of three parts with 64 bytes of
/// signature.
#[must_use]
pub fn to_qr(token: &str) -> Option<String> {
    let mut parts = token.split('.').map(unbase64url);
    let (header, payload, signature) = (parts.next()??, parts.next()??, parts.next()??);
    if parts.next().is_some() || signature.len() != 64 || header.contains(&0) {
        return None;
    }
    let mut deflater = DeflateEncoder::new(Vec::new(), Compression::best());
    for part in [&signature[..], &header, &[0], &payload] {
        deflater.write_all(part).ok()?;
    }
    Some(format!("{QR_PREFIX}{}", base45::encode(&deflater.finish().ok()?)))
}

/// The token of a text. `None` for anything but what [`to_qr`] writes.
#[must_use]
pub fn from_qr(text: &str) -> Option<String> {
    let deflated = base45::decode(text.strip_prefix(QR_PREFIX)?)?;
    let limit = u64::try_from(CREDENTIAL_MAX).ok()?;
    let mut bytes = Vec::new();
    DeflateDecoder::new(deflated.as_slice()).take(limit + 1).read_to_end(&mut bytes).ok()?;
    if bytes.len() > CREDENTIAL_MAX {
        return None;
    }
    let (signature, rest) = bytes.split_at_checked(64)?;
    let end = rest.iter().position(|byte| *byte == 0)?;
    let (header, payload) = rest.split_at_checked(end)?;
    let payload = payload.get(1..)?;
    Some([header, payload, signature].map(base64url).join("."))
}

/// The code of a text.
pub fn code(text: &str) -> Result<QRCode, CertificateError> {
    let mut builder = QRBuilder::new(text);
    builder.mode(Mode::Alphanumeric);
    // Print is clean: 15 % of redundancy where there is room, 7 % where there is not.
    let code = builder.ecl(ECL::M).build().or_else(|_| builder.ecl(ECL::L).build());
    code.map_err(|_| CertificateError::Qr { bytes: text.len() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(payload: &[u8]) -> String {
        [&b"{\"alg\":\"ES256\"}"[..], payload, &[9; 64]].map(base64url).join(".")
    }

    #[test]
    fn a_token_comes_back_byte_for_byte() {
        for payload in [&b"{}"[..], b"", b"a\0b", &[0; 20_000]] {
            let text = to_qr(&token(payload)).expect("a text");
            assert!(text.starts_with("ENDURING1:"));
            assert_eq!(from_qr(&text), Some(token(payload)));
        }
    }

    #[test]
    fn what_is_no_token_has_no_text() {
        for bad in
            ["", "a.b", "e30.e30.e30", &format!("{}.e30", token(b"{}")), &token(b"{}").replace('.', "=.")]
        {
            assert_eq!(to_qr(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_text_that_swells_is_refused() {
        let swollen = to_qr(&token(&vec![b' '; CREDENTIAL_MAX])).expect("a text");
        assert!(swollen.len() < 1_000);
        assert_eq!(from_qr(&swollen), None);
        for bad in ["", "ENDURING1:", "ENDURING1:BB8", "ENDURING2:BB8", "enduring1:BB8"] {
            assert_eq!(from_qr(bad), None, "{bad}");
        }
    }
}
