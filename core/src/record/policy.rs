//! A provider's policy for records: what is credited at once, what a person sees.

use serde::{Deserialize, Serialize};

use crate::measure::{Millis, Percent};

/// What to do with something noticed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Handling {
    /// Nothing.
    Accept,
    /// A person looks at it.
    Review,
}

/// The policy. Heuristics lead to review at most; only broken integrity and unmet
/// gates reject.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct VerifyPolicy {
    /// A valid record whose key is not enrolled.
    pub self_identified: Handling,
    /// A key that the device could not store.
    pub session_only_key: Handling,
    /// A clock that went backwards, or visible time beyond the wall's.
    pub clock_anomaly: Handling,
    /// Less active time than this share of the estimated time.
    pub least_time: Percent,
    /// What to do below it.
    pub short: Handling,
    /// Answers faster than this count as fast.
    pub fast_answer: Millis,
    /// From this share of fast answers on, what [`fast`](Self::fast) says.
    pub fast_share: Percent,
    /// What to do with many fast answers.
    pub fast: Handling,
    /// More claimed than the active time covers.
    pub over_active: Handling,
    /// Signed before termination but received after.
    pub received_late: Handling,
    /// A separate part that was withheld.
    pub withheld: Handling,
}

impl Default for VerifyPolicy {
    /// Credits valid self-identified records; everything odd goes to a person.
    fn default() -> Self {
        Self {
            self_identified: Handling::Accept,
            session_only_key: Handling::Accept,
            clock_anomaly: Handling::Review,
            least_time: Percent(25),
            short: Handling::Review,
            fast_answer: Millis(2_000),
            fast_share: Percent(50),
            fast: Handling::Review,
            over_active: Handling::Review,
            received_late: Handling::Review,
            withheld: Handling::Review,
        }
    }
}
