//! The desk's policy: what is credited at once, and what goes to a person.

use std::path::Path;

use enduring_core::record::{Handling, VerifyPolicy};
use serde::Deserialize;

use crate::verify::{VerifyError, policy};

/// The policy file of a desk: what one record shows by itself, and what only the ledger
/// can see.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DeskPolicy {
    /// The settings of `enduring verify --policy`.
    pub verify: VerifyPolicy,
    /// What several records show together.
    pub ledger: LedgerPolicy,
}

/// What several records show together. Nothing here rejects.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LedgerPolicy {
    /// A learner may have so many devices.
    pub keys_of_learner: u32,
    /// A device that is not said to be shared may have so many learners.
    pub learners_on_key: u32,
    /// Sessions of different learners or devices that went on at the very same pace.
    pub same_pace: Handling,
    /// Completed within so many hours before termination…
    pub near_termination_hours: u32,
    /// …and what to do then.
    pub near_termination: Handling,
    /// A learner who is not on the roster.
    pub not_on_roster: Handling,
    /// So many records may wait for packs that are not at hand; more are asked to come again.
    pub waiting_for_pack: u32,
}

impl Default for LedgerPolicy {
    /// Three devices, one learner on each, two hours before termination, a thousand that wait.
    fn default() -> Self {
        Self {
            keys_of_learner: 3,
            learners_on_key: 1,
            same_pace: Handling::Review,
            near_termination_hours: 2,
            near_termination: Handling::Review,
            not_on_roster: Handling::Accept,
            waiting_for_pack: 1_000,
        }
    }
}

/// Reads a policy file.
///
/// # Errors
/// [`VerifyError`] with the place of an unknown key or a value of another kind.
pub fn read(path: &Path) -> Result<DeskPolicy, VerifyError> {
    policy::read_as(path, parse)
}

fn parse(text: &str) -> Result<DeskPolicy, String> {
    let desk: DeskPolicy = toml::from_str(text).map_err(|error| error.to_string())?;
    policy::within(&desk.verify)?;
    Ok(desk)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_has_its_default() {
        assert_eq!(parse("").as_ref(), Ok(&DeskPolicy::default()));
        let desk = parse("[verify]\nleast_time = 50\n[ledger]\nkeys_of_learner = 5").expect("a policy");
        assert_eq!((desk.verify.least_time.0, desk.ledger.keys_of_learner), (50, 5));
    }

    #[test]
    fn errors_name_the_place() {
        for (text, expected) in [
            ("[ledger]\nkeys = 5", "line 2, column 1"),
            ("[ledger]\nsame_pace = \"reject\"", "line 2, column 13"),
            ("[verify]\nleast_time = 101", "least_time: expected 0 to 100"),
        ] {
            let error = parse(text).expect_err(text);
            assert!(error.contains(expected), "{text}: {error}");
        }
    }
}
