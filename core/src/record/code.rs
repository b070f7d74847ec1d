//! The checks of a record, each with its stable code.

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $text:literal;)+) => {
        /// What is checked, in the order of checking. Stored; never reuse a code.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Code {$($(#[$doc])* $name,)+}

        impl Code {
            /// Every check there is.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The stable code.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self {$(Self::$name => $code),+}
            }

            /// What is checked, in words.
            #[must_use]
            pub fn words(self) -> &'static str {
                match self {$(Self::$name => $text),+}
            }
        }
    };
}

codes! {
    /// Integrity: the file.
    BundleSize = "bundle.size", "the file is at most 1 MiB";
    /// Integrity: the file.
    BundleShape = "bundle.shape", "the file is a record bundle of version 1";
    /// Integrity: the signed document.
    RecordShape = "record.shape", "the record is a signed document of its kind";
    /// Integrity: the key.
    KeyMatch = "key.match", "the key that came along is the one that signed";
    /// Integrity: the signature.
    Signature = "record.signature", "the signature is that of the key";
    /// Integrity: the payload.
    PayloadShape = "record.payload", "the payload is a record of version 1";
    /// Integrity: the log.
    LogShape = "log.shape", "the log is as long as it says and at most 4,096 events";
    /// Integrity: the log.
    LogChain = "log.chain", "the log is the one that was signed";
    /// Integrity: the pack.
    PackKnown = "pack.known", "the pack is at hand";
    /// Integrity: the replay.
    Replay = "log.replay", "every event was possible when it happened";
    /// Integrity: the replay.
    Complete = "log.complete", "the session is complete";
    /// Integrity: the payload.
    Facts = "record.facts", "what the record says of pack, times and front matter is what the log shows";
    /// Integrity: the payload.
    ScoreMatch = "record.score", "the score is the one that the replay computes";
    /// Integrity: the payload.
    ClaimsMatch = "record.claims", "the claims are those of the log";
    /// Integrity: the separate parts.
    LearnerPart = "part.learner", "the learner sheet is the one that was signed";
    /// Integrity: the separate parts.
    ConsentPart = "part.consent", "the consent sheet is the one that was signed";
    /// Integrity: the separate parts.
    EvaluationPart = "part.evaluation", "the evaluation is the one that was signed";
    /// Decision: the key.
    Enrolled = "policy.enrolled", "the key is enrolled";
    /// Decision: the pack.
    PackTrust = "policy.pack_trust", "the pack was signed by a provider that is trusted";
    /// Decision: the key.
    KeyAssurance = "policy.assurance", "the device could store its key";
    /// Decision: the session.
    Rehearsal = "policy.rehearsal", "the session is a learner's, not a rehearsal";
    /// Decision: the session.
    ForCredit = "policy.for_credit", "the session was for credit";
    /// Decision: dates.
    Dates = "policy.dates", "the requirements were met between release and termination";
    /// Decision: dates.
    Future = "policy.future", "nothing lies in the future";
    /// Decision: dates.
    Received = "policy.received", "the record was received by termination";
    /// Decision: the clock.
    Clock = "policy.clock", "the clock went forward";
    /// Decision: effort.
    LeastTime = "policy.least_time", "the active time is plausible";
    /// Decision: effort.
    FastAnswers = "policy.fast_answers", "answers took time to read";
    /// Decision: the claim.
    OverActive = "policy.over_active", "the claim is within the active time";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique() {
        let codes: std::collections::BTreeSet<_> = Code::ALL.iter().map(|code| code.code()).collect();
        assert_eq!(codes.len(), Code::ALL.len());
    }
}
