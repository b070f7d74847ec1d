//! Identities, each its own type, parsed once at the door.

use std::borrow::Borrow;
use std::fmt;

use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;

use crate::encode::{self, hex};
use crate::wire::{Reader, Wire};

/// Longest name in bytes.
pub const NAME_MAX: usize = 64;

/// Why a text is not a name.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "expected 1 to {NAME_MAX} characters from a-z, 0-9, '.', '_' and '-', beginning with a letter or digit; found {found:?}"
)]
pub struct BadName {
    /// The text that was given.
    pub found: String,
}

/// True for `[a-z0-9][a-z0-9._-]{0,63}`, the only shape of a name in a pack.
#[must_use]
pub fn is_name(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes.next().is_some_and(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        && text.len() <= NAME_MAX
        && bytes.all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'_' | b'-'))
}

macro_rules! names {
    ($($(#[$doc:meta])* $name:ident)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        pub struct $name(String);

        impl $name {
            /// Parses a name.
            ///
            /// # Errors
            /// [`BadName`] when the text has another shape.
            pub fn new(text: impl Into<String>) -> Result<Self, BadName> {
                let text = text.into();
                if is_name(&text) { Ok(Self(text)) } else { Err(BadName { found: text }) }
            }

            /// The name as written.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                if is_name(&text) { Ok(Self(text)) } else { Err(serde::de::Error::custom("not a name")) }
            }
        }

        impl Wire for $name {
            fn read(from: &mut Reader<'_>) -> Self {
                Self(from.name())
            }
        }
    )+};
}

names! {
    /// An activity, the same over all of its versions.
    ActivityId
    /// A learning objective of an activity.
    ObjectiveId
    /// A professional practice gap.
    GapId
    /// A part of an activity's flow: a reading, test, case, patient or evaluation.
    PartId
    /// An item of a test or a question of an evaluation.
    ItemId
    /// An option of an item, a statement of a true/false set, a stem of extended matching.
    OptionId
    /// A set of parallel forms.
    FormsId
    /// A bank of items to draw from.
    BankId
    /// A node of a case.
    NodeId
    /// A decision in a case.
    DecisionId
    /// A link out of a case node.
    LinkId
    /// A counter of a case.
    CounterId
    /// A rule of a case.
    RuleId
    /// An entry of a case's chart.
    EntryId
    /// An ending of a case.
    EndingId
    /// A variable of a simulated patient.
    VariableId
    /// An action on a simulated patient.
    ActionId
    /// A way to give something to a simulated patient.
    RouteId
    /// A stage in the course of a simulated patient.
    StageId
    /// A line of the rubric of a simulated patient.
    LineId
    /// A kind of credit that an activity offers.
    CreditId
    /// A profession of a learner, such as `physician` or `nurse`.
    ProfessionId
    /// A statement whose wording is versioned: attestation, consent.
    StatementId
    /// An identifier that an activity asks of a learner, such as `npi`.
    IdentifierId
}

macro_rules! bytes {
    ($($(#[$doc:meta])* $name:ident: $len:literal)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub [u8; $len]);

        impl $name {
            /// Parses lowercase hexadecimal of exactly the right length.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                let mut bytes = [0; $len];
                encode::unhex(text, &mut bytes).then_some(Self(bytes))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&hex(&self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&hex(&self.0))
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&hex(&self.0))
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_str(Hexadecimal).map(Self)
            }
        }
    )+};
}

/// Reads bytes where their digits lie, without a copy of them.
struct Hexadecimal<const LEN: usize>;

impl<const LEN: usize> Visitor<'_> for Hexadecimal<LEN> {
    type Value = [u8; LEN];

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<[u8; LEN], E> {
        let mut bytes = [0; LEN];
        let right = encode::unhex(text, &mut bytes);
        right.then_some(bytes).ok_or_else(|| E::custom("not lowercase hexadecimal of the right length"))
    }
}

bytes! {
    /// A SHA-256, written as 64 lowercase hexadecimal digits.
    Digest: 32
    /// The random identity of a session and of its record, written as 32 lowercase hexadecimal digits.
    SessionId: 16
    /// A learner in a provider's ledger: random, and nothing about the person, written as 32 lowercase hexadecimal digits.
    LearnerRef: 16
    /// The number of a ticket, random, written as 32 lowercase hexadecimal digits.
    TicketId: 16
    /// The number of a notice, random, written as 32 lowercase hexadecimal digits.
    NoticeId: 16
}

impl Digest {
    /// The SHA-256 of the parts, one after the other.
    #[must_use]
    pub fn of(parts: &[&[u8]]) -> Self {
        use sha2::Digest as _;
        let mut hash = sha2::Sha256::new();
        for part in parts {
            hash.update(part);
        }
        Self(hash.finalize().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_one_shape() {
        for good in ["a", "0", "cap-2026.1_x", &"a".repeat(64)] {
            assert!(is_name(good), "{good}");
        }
        for bad in ["", "-a", ".a", "A", "a b", "é", "a/b", &"a".repeat(65)] {
            assert!(!is_name(bad), "{bad}");
        }
    }

    #[test]
    fn a_digest_is_written_as_sha256sum_writes_it() {
        let abc = Digest::of(&[b"a", b"bc"]);
        assert_eq!(abc.to_string(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(Digest::parse(&abc.to_string()), Some(abc));
        assert_eq!(Digest::parse("BA78"), None);
    }
}
