//! Items: stem, options, key, rationale.

use serde::{Deserialize, Serialize};

use super::{Document, Image, Reference};
use crate::id::{ItemId, ObjectiveId, OptionId};
use crate::measure::Decimal;

/// A scored item.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Its name, unique in the activity.
    pub id: ItemId,
    /// The objectives that it measures.
    pub objectives: Vec<ObjectiveId>,
    /// The question.
    pub stem: Document,
    /// An image to the stem.
    pub image: Option<Image>,
    /// What is asked and what is right.
    pub body: ItemBody,
    /// Why the key is right.
    pub rationale: Document,
    /// Where that can be read.
    pub references: Vec<Reference>,
    /// The author's note on how hard it is meant to be; may be empty.
    pub difficulty: String,
}

/// The kinds of scored item. Stored; never reorder. Hotspot and short text take
/// the next places.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemBody {
    /// One best answer.
    SingleBest {
        /// What can be chosen.
        options: Vec<Choice>,
        /// The best of them.
        key: OptionId,
    },
    /// Any number of right answers.
    MultipleResponse {
        /// What can be chosen.
        options: Vec<Choice>,
        /// All that are right.
        key: Vec<OptionId>,
        /// How it is scored.
        scoring: PartScoring,
        /// At most so many may be picked.
        max_picks: Option<u16>,
    },
    /// Statements, each true or false.
    TrueFalse {
        /// The statements.
        statements: Vec<TruthStatement>,
        /// How it is scored.
        scoring: PartScoring,
    },
    /// One list of options for several stems.
    ExtendedMatching {
        /// What can be chosen for each stem, also more than once.
        options: Vec<Choice>,
        /// The stems.
        stems: Vec<MatchStem>,
        /// How it is scored.
        scoring: PartScoring,
    },
    /// Steps to put in order.
    Ordering {
        /// The steps, in the right order.
        steps: Vec<Choice>,
        /// How it is scored.
        scoring: PartScoring,
    },
    /// A number with a unit.
    Numeric {
        /// The unit, shown behind the field; may be empty.
        unit: String,
        /// The right number.
        key: Decimal,
        /// How far off is still right, inclusive.
        tolerance: Decimal,
    },
    /// Script concordance: does new information make a hypothesis more or less likely?
    /// Source: Charlin et al., Teach Learn Med 2000;12(4):189-195.
    ScriptConcordance {
        /// "If you were thinking of…"
        hypothesis: Document,
        /// "…and then you find…"
        finding: Document,
        /// The scale, from least to most, with the panel's votes.
        scale: Vec<PanelOption>,
    },
    /// A short menu of decisive steps, with a stated maximum of picks.
    /// Source: Page, Bordage, Allen, Acad Med 1995;70(3):194-201.
    KeyFeature {
        /// What can be chosen.
        options: Vec<Choice>,
        /// The decisive ones.
        key: Vec<OptionId>,
        /// More picks than this and the item earns nothing.
        max_picks: u16,
    },
}

/// How an item with several decisions is scored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartScoring {
    /// All right, or nothing.
    AllOrNothing,
    /// The share of decisions that are right, rounded half up once.
    PerPart,
}

/// Something to choose.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Choice {
    /// Its name.
    pub id: OptionId,
    /// The words.
    pub text: Document,
    /// Why it is right or not; may be empty.
    pub feedback: Document,
}

/// A statement to judge.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TruthStatement {
    /// Its name.
    pub id: OptionId,
    /// The words.
    pub text: Document,
    /// Whether it is true.
    pub truth: Truth,
    /// Why; may be empty.
    pub feedback: Document,
}

/// A judgement on a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Truth {
    /// It is true.
    True,
    /// It is false.
    False,
}

/// A stem of extended matching.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MatchStem {
    /// Its name.
    pub id: OptionId,
    /// The vignette.
    pub text: Document,
    /// The right option.
    pub key: OptionId,
    /// Why; may be empty.
    pub feedback: Document,
}

/// A point on a script concordance scale.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PanelOption {
    /// Its name.
    pub id: OptionId,
    /// The words, such as `less likely`.
    pub text: Document,
    /// How many of the panel chose it.
    pub votes: u16,
}

impl ItemBody {
    /// The options that chance may reorder, by name, as written.
    pub fn shuffled(&self) -> Vec<&OptionId> {
        match self {
            Self::SingleBest { options, .. }
            | Self::MultipleResponse { options, .. }
            | Self::KeyFeature { options, .. } => options.iter().map(|option| &option.id).collect(),
            Self::Ordering { steps, .. } => steps.iter().map(|step| &step.id).collect(),
            Self::TrueFalse { statements, .. } => statements.iter().map(|s| &s.id).collect(),
            Self::ExtendedMatching { .. } | Self::Numeric { .. } | Self::ScriptConcordance { .. } => {
                Vec::new()
            }
        }
    }
}
