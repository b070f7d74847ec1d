//! Settings of an activity. `docs/formats/policy.md` has a row for each, with its
//! default and the test that shows it.

use serde::{Deserialize, Serialize};

use crate::measure::{Credit, Millis, Minutes, Percent};

/// Settings for the whole activity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// A longer gap between two events counts as this much active time at most.
    pub idle_cutoff: Millis,
    /// Less active time than this leads to what [`MinimumTime`] says.
    pub minimum_time: MinimumTime,
    /// May more credit be claimed than the active time covers?
    pub over_active: OverActive,
}

/// What happens below a minimum of active time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MinimumTime {
    /// No minimum.
    None,
    /// The provider looks at it.
    Review(Minutes),
    /// The claim waits: only where an accreditor's rule demands it.
    Block(Minutes),
}

/// Claiming more than the active time covers (one credit for 60 minutes).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OverActive {
    /// Allowed after a confirmation, then reviewed by the provider's policy.
    Confirm,
    /// Not allowed.
    Refuse,
}

/// Settings of one test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TestPolicy {
    /// Needed to pass; `None` for a test that is not graded.
    pub threshold: Option<Percent>,
    /// How often it may be tried; `None` without limit.
    pub attempts: Option<u16>,
    /// Wait after a failed attempt.
    pub cool_down: Millis,
    /// What a further attempt draws and how it is shuffled.
    pub redraw: Redraw,
    /// Whether items come in an order of chance.
    pub shuffle_items: Order,
    /// Whether options come in an order of chance.
    pub shuffle_options: Order,
    /// When the key and the rationale are shown.
    pub reveal: Reveal,
    /// Whether one can go back and change.
    pub back: Back,
    /// Whether certainty is asked with each item.
    pub certainty: Certainty,
    /// Active time for each item.
    pub item_limit: Option<Millis>,
    /// Active time for each attempt.
    pub attempt_limit: Option<Millis>,
    /// Whether an attempt can be handed in with items unanswered.
    pub unanswered: Unanswered,
}

/// Whether the next attempt has the same items in the same order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Redraw {
    /// The same.
    Same,
    /// Drawn and shuffled anew.
    New,
}

/// In which order things come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// As written.
    Fixed,
    /// By the seed.
    Shuffled,
}

/// When key, rationale and references are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reveal {
    /// Only once the whole activity is completed.
    Never,
    /// After each answer, which is then final.
    AfterItem,
    /// After each attempt is handed in.
    AfterAttempt,
    /// After the test is passed, or no attempt is left.
    AfterPassing,
}

/// Whether answers can be revisited before the attempt is handed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Back {
    /// Any item, any time, unless its key was revealed.
    Free,
    /// Forward only; an answer is final.
    Locked,
}

/// Whether the learner says how certain an answer is (C1 to C3).
/// Source: Gardner-Medwin's certainty-based marking; for feedback and calibration only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Certainty {
    /// Not asked.
    Off,
    /// Asked.
    Optional,
    /// Asked, and needed for an answer.
    Required,
}

/// Whether an attempt can be handed in incomplete.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unanswered {
    /// Every item needs an answer, unless its time ran out.
    Refuse,
    /// Unanswered items earn nothing.
    Allow,
}

impl Default for TestPolicy {
    /// A graded test: 70 percent, no limit of attempts, no wait, explained after each attempt.
    fn default() -> Self {
        Self {
            threshold: Some(Percent(70)),
            attempts: None,
            cool_down: Millis(0),
            redraw: Redraw::New,
            shuffle_items: Order::Fixed,
            shuffle_options: Order::Shuffled,
            reveal: Reveal::AfterAttempt,
            back: Back::Free,
            certainty: Certainty::Off,
            item_limit: None,
            attempt_limit: None,
            unanswered: Unanswered::Refuse,
        }
    }
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            idle_cutoff: Millis(120_000),
            minimum_time: MinimumTime::None,
            over_active: OverActive::Confirm,
        }
    }
}

/// One credit of this size stands for 60 minutes.
pub const CREDIT_HOUR: Credit = Credit(100);
