//! Compact JWS: an error, or a document whose text is the only one for what it holds.

#![no_main]

use enduring_core::record::{Compact, RECORD_TYP, signing_input};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(compact) = Compact::parse(text, RECORD_TYP) {
        assert_eq!(Compact::join(&compact.signing_input, &compact.signature), text);
        let own = signing_input(RECORD_TYP, compact.kid, &compact.payload);
        assert!(Compact::parse(&Compact::join(&own, &compact.signature), RECORD_TYP).is_ok());
    }
});
