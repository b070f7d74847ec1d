//! PEM (RFC 7468) of one kind: `PRIVATE KEY`.

use enduring_core::encode::{base64url, unbase64url};

const LABEL: &str = "PRIVATE KEY";

/// Wraps PKCS#8 bytes.
pub fn encode(der: &[u8]) -> String {
    // Base64 is base64url with two other letters and padding.
    let mut text = base64url(der).replace('-', "+").replace('_', "/");
    while !text.len().is_multiple_of(4) {
        text.push('=');
    }
    let mut pem = format!("-----BEGIN {LABEL}-----\n");
    for line in text.as_bytes().chunks(64) {
        pem.push_str(&String::from_utf8_lossy(line));
        pem.push('\n');
    }
    pem + &format!("-----END {LABEL}-----\n")
}

/// Unwraps PKCS#8 bytes; `None` for anything but one private key.
pub fn decode(pem: &str) -> Option<Vec<u8>> {
    let body = pem.trim().strip_prefix("-----BEGIN ")?.strip_prefix(LABEL)?.strip_prefix("-----")?;
    let text: String = body
        .strip_suffix("-----")?
        .strip_suffix(LABEL)?
        .strip_suffix("-----END ")?
        .split_whitespace()
        .collect();
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
        let good = encode(b"abcdef");
        let label = |other: &str| good.replace(LABEL, other);
        for bad in [
            label("EC PRIVATE KEY"),
            label("PUBLIC KEY"),
            good.replace("YWJj", "-_Jj"),
            good[..50].to_owned(),
        ] {
            assert_eq!(decode(&bad), None, "{bad}");
        }
    }
}
