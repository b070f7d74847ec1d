//! Record bundles: refused by name, or judged; a bad signature is never credited.

#![no_main]

use enduring_core::measure::Timestamp;
use enduring_core::record::{
    Decision, Enrolment, Evidence, Handling, Integrity, PackTrust, SignatureCheck, VerifyPolicy, judge, open,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let report = match open(text) {
        Err(report) => *report,
        Ok(opened) => {
            let _ = opened.pack();
            let evidence = |signature| Evidence {
                signature,
                content: None,
                enrolment: Enrolment::Unknown,
                pack: PackTrust::Stranger,
                now: Timestamp(1_772_460_000_000),
                received: None,
                rehearsals: Handling::Review,
            };
            let policy = VerifyPolicy::default();
            let _ = judge(&opened, &evidence(SignatureCheck::Good), &policy);
            judge(&opened, &evidence(SignatureCheck::Bad), &policy)
        }
    };
    assert_eq!((report.integrity, report.decision), (Integrity::Invalid, Decision::Reject));
});
