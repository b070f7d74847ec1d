//! Reasons that only the ledger can see, each with its stable code.

use enduring_core::record::{Code, Outcome, Report};
use serde::Serialize;

/// Why a record is not credited at once, or what else is to be told of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// Stable code.
    pub code: String,
    /// In words.
    pub words: String,
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $text:literal;)+) => {
        /// What only the ledger can see. Stored; never reuse a code.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum LedgerCode {$($(#[$doc])* $name,)+}

        impl LedgerCode {
            /// Every code there is.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The stable code.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self {$(Self::$name => $code),+}
            }

            /// In words.
            #[must_use]
            pub fn words(self) -> &'static str {
                match self {$(Self::$name => $text),+}
            }
        }
    };
}

codes! {
    /// The learner.
    LearnerUnsure = "ledger.learner_unsure", "it is not sure which learner this is";
    /// The learner.
    NotOnRoster = "ledger.not_on_roster", "the learner is not on the roster";
    /// The device.
    SecondKey = "ledger.second_key", "the ticket was used on another device before";
    /// The device.
    KeyRevoked = "ledger.key_revoked", "the device was reported lost before this was signed";
    /// The device.
    LearnersOnKey = "ledger.learners_on_key", "several learners use this device, and it is not said to be shared";
    /// The learner.
    KeysOfLearner = "ledger.keys_of_learner", "the learner uses more devices than usual";
    /// The session.
    SamePace = "ledger.same_pace", "another session went on at the very same pace";
    /// Dates.
    NearTermination = "ledger.near_termination", "completed shortly before the activity ended";
    /// The activity.
    Withdrawn = "ledger.withdrawn", "the activity was withdrawn before this was completed";
    /// The record; it was credited or decided before.
    Conflict = "ledger.conflict", "the same session was continued in two places; what came first stands";
    /// The credit.
    CreditedBefore = "ledger.credited_before", "credit for this activity was given before, and is given once";
    /// The learner.
    Appealed = "desk.appealed", "the learner asked that a person look at the decision again";
    /// A person.
    Person = "desk.person", "a person at the provider decided so";
}

impl Reason {
    /// A reason of the ledger.
    #[must_use]
    pub fn of(code: LedgerCode) -> Self {
        Self { code: code.code().to_owned(), words: code.words().to_owned() }
    }

    /// A reason by its code; a code of another version has no words.
    #[must_use]
    pub fn named(code: &str) -> Self {
        let of_record = Code::ALL.iter().find(|known| known.code() == code).map(|known| unmet(known.words()));
        let of_ledger = || LedgerCode::ALL.iter().find(|known| known.code() == code);
        let words = of_record.or_else(|| of_ledger().map(|known| known.words().to_owned()));
        Self { code: code.to_owned(), words: words.unwrap_or_default() }
    }
}

/// What a check wants, as a reason why it did not pass.
fn unmet(wanted: &str) -> String {
    format!("expected that {wanted}")
}

/// The checks of a verdict that did not pass.
#[must_use]
pub fn reasons(report: &Report) -> Vec<Reason> {
    let unmet =
        report.checks.iter().filter(|check| matches!(check.outcome, Outcome::Failed | Outcome::Flagged));
    unmet.map(|check| Reason::named(check.code.code())).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn codes_are_unique_and_found_again() {
        let codes: BTreeSet<_> = LedgerCode::ALL.iter().map(|code| code.code()).collect();
        assert_eq!(codes.len(), LedgerCode::ALL.len());
        for code in LedgerCode::ALL {
            assert_eq!(Reason::named(code.code()), Reason::of(*code));
        }
        assert!(Reason::named("policy.clock").words.contains("clock"));
    }
}
