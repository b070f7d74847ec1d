//! Base64url: what is read is what would be written.

#![no_main]

use enduring_core::encode::{base64url, unbase64url};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Some(bytes) = unbase64url(text) {
        assert_eq!(base64url(&bytes), text);
    }
});
