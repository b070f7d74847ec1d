//! The response headers of every deployment, in one place.
//!
//! The server of `start` and of the browser tests, the `_headers` file and the
//! nginx and Caddy configurations in `docs/hosting/` all come from here.

/// What the page may do. No inline script or style, no other origin, and text
/// never becomes script: the only Trusted Types policy is the one that names
/// `sw.js` (see `app/boot.js`). A provider that embeds the player adds its
/// origins to `frame-ancestors`.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; \
    script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob:; \
    media-src 'self' blob:; connect-src 'self'; worker-src 'self'; manifest-src 'self'; \
    base-uri 'none'; form-action 'none'; object-src 'none'; frame-ancestors 'self'; \
    require-trusted-types-for 'script'; trusted-types sw";

/// Sent with every response.
pub const EVERYWHERE: &[(&str, &str)] = &[
    ("content-security-policy", CONTENT_SECURITY_POLICY),
    ("cross-origin-opener-policy", "same-origin"),
    (
        "permissions-policy",
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), \
         microphone=(), midi=(), payment=(), usb=()",
    ),
    ("referrer-policy", "no-referrer"),
    ("x-content-type-options", "nosniff"),
];

/// For files whose name holds the digest of their bytes.
pub const IMMUTABLE: &str = "public, max-age=31536000, immutable";

/// For everything else: kept, but asked for again each time, so that a new
/// build, a new pack and a withdrawn pack are seen at once.
pub const REVALIDATE: &str = "no-cache";

/// Media types that hosts do not all know.
pub const MEDIA_TYPES: &[(&str, &str)] = &[
    ("enduring", "application/octet-stream"),
    ("jws", "application/jose"),
    ("wasm", "application/wasm"),
    ("webmanifest", "application/manifest+json"),
];

/// [`is_hashed`] for hosts that take regular expressions.
pub const HASHED_PATTERN: &str = r"^/[a-z_-]+-[0-9a-f]{12,16}(_bg)?\.(css|js|wasm)$";

/// Whether Trunk put the digest of the bytes into the name of this path:
/// `/enduring-app-e215bc21a9ee0e85_bg.wasm`. It writes the number without leading zeros.
pub fn is_hashed(path: &str) -> bool {
    let Some((stem, extension)) = path.strip_prefix('/').and_then(|name| name.rsplit_once('.')) else {
        return false;
    };
    let stem = stem.strip_suffix("_bg").unwrap_or(stem);
    let Some((name, hash)) = stem.rsplit_once('-') else { return false };
    matches!(extension, "css" | "js" | "wasm")
        && !name.is_empty()
        && name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'_' | b'-'))
        && (12..=16).contains(&hash.len())
        && hash.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

pub fn cache_control(path: &str) -> &'static str {
    if is_hashed(path) { IMMUTABLE } else { REVALIDATE }
}

/// The media type of a path, where it is one of [`MEDIA_TYPES`].
pub fn media_type(path: &str) -> Option<&'static str> {
    let (_, extension) = path.rsplit_once('.')?;
    MEDIA_TYPES.iter().find(|(known, _)| *known == extension).map(|(_, kind)| *kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_with_the_digest_are_kept_for_good() {
        let hashed = [
            "/enduring-app-e215bc21a9ee0e85_bg.wasm",
            "/enduring-app-c16d2c87518e968_bg.wasm",
            "/enduring-app-late-c16d2c87518e9680.wasm",
            "/styles-00000000000000ff.css",
        ];
        let other = [
            "/",
            "/index.html",
            "/sw.js",
            "/boot.js",
            "/deployment.json",
            "/-e215bc21a9ee0e85.js",
            "/packs/a-e215bc21a9ee0e85/1.0.0/activity.bin",
            "/app-E215BC21A9EE0E85.js",
            "/app-e215bc21a9e.js",
            "/app-e215bc21a9ee0e850.js",
            "/packs/app-e215bc21a9ee0e85.js",
        ];
        assert!(hashed.iter().all(|path| cache_control(path) == IMMUTABLE));
        for path in other {
            assert_eq!(cache_control(path), REVALIDATE, "{path}");
        }
    }

    #[test]
    fn the_policy_has_no_hole() {
        for hole in ["unsafe-inline", "'unsafe-eval'", "http:", "https:", "data:", "*"] {
            assert!(!CONTENT_SECURITY_POLICY.contains(hole), "{hole}");
        }
        assert!(!CONTENT_SECURITY_POLICY.contains("  "), "{CONTENT_SECURITY_POLICY}");
    }
}
