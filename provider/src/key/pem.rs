//! PEM (RFC 7468) of one kind: `PRIVATE KEY`.

use enduring_core::encode::{base64url, unbase64url};

const BEGIN: &str = "-----BEGIN PRIVATE KEY-----";
const END: &str = "-----END PRIVATE KEY-----";

/// Wraps PKCS#8 bytes.
pub fn encode(der: &[u8]) -> String {
    // Base64 is base64url with two other letters and padding.
    let mut text = base64url(der).replace('-', "+").replace('_', "/");
    while !text.len().is_multiple_of(4) {
        text.push('=');
    }
    let mut pem = format!("{BEGIN}\n");
    for line in text.as_bytes().chunks(64) {
        pem.push_str(&String::from_utf8_lossy(line));
        pem.push('\n');
    }
    pem + END + "\n"
}

/// Unwraps PKCS#8 bytes; `None` for anything but one private key.
pub fn decode(pem: &str) -> Option<Vec<u8>> {
    let body = pem.trim().strip_prefix(BEGIN)?.strip_suffix(END)?;
    let text: String = body.split_whitespace().collect();
    if text.contains(['-', '_']) {
        return None;
    }
    unbase64url(&text.trim_end_matches('=').replace('+', "-").replace('/', "_"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrapped_is_unwrapped() {
        for length in [0, 1, 2, 3, 47, 48, 49, 138] {
            let der: Vec<u8> = (0..length).collect();
            let pem = encode(&der);
            assert_eq!(decode(&pem).as_deref(), Some(der.as_slice()));
            assert!(pem.lines().all(|line| line.len() <= 64));
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for bad in [
            "",
            "-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----",
            "-----BEGIN PRIVATE KEY-----\nA-_A\n-----END PRIVATE KEY-----",
            "-----BEGIN PRIVATE KEY-----\nAAAA\n",
        ] {
            assert_eq!(decode(bad), None, "{bad}");
        }
    }
}
