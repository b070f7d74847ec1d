//! What an encounter is judged by. Points are thousandths, as everywhere.

use serde::{Deserialize, Serialize};

use super::{ActionAt, Guard, RouteAt};
use crate::content::{Document, Reference};
use crate::id::{LineId, ObjectiveId};
use crate::measure::{Amount, Percent, Points, Seconds};

/// A rubric.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rubric {
    /// Its lines.
    pub lines: Vec<RubricLine>,
    /// After a critical harm no more than this share of what is possible is earned,
    /// however thorough the rest was.
    pub cap_after_harm: Percent,
}

/// A line of a rubric.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RubricLine {
    /// Its name.
    pub id: LineId,
    /// What is expected, or what harms.
    pub title: String,
    /// The objectives that it measures.
    pub objectives: Vec<ObjectiveId>,
    /// What it can earn; what a harm costs.
    pub points: Points,
    /// How it is judged.
    pub measure: Measure,
    /// Why, told in the debrief.
    pub rationale: Document,
    /// Where that can be read.
    pub references: Vec<Reference>,
}

/// How a line is judged. Stored; never reorder.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// One of the deeds, soon after it could be known to be needed.
    Timely {
        /// Any of them will do.
        any: Vec<Deed>,
        /// The window opens in the first second in which this holds; before, a deed is in time.
        opens: Guard,
        /// The whole points for so long.
        within: Seconds,
        /// Half of the points for so long; the same as `within` for none.
        late: Seconds,
    },
    /// One thing before another; nothing where one of them was never done.
    Sequence {
        /// First one of these.
        first: Vec<Deed>,
        /// Then one of these.
        then: Vec<Deed>,
    },
    /// Something that must not happen.
    Harm {
        /// What: once it held, it happened.
        when: Guard,
        /// How bad it is.
        weight: HarmWeight,
    },
    /// Not more than needed.
    Economy {
        /// Of what.
        of: Economy,
        /// The whole points up to here.
        most: u32,
    },
    /// How it ended: the ending's share of the points.
    Outcome,
}

/// How bad a harm is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HarmWeight {
    /// It costs its points.
    Costs,
    /// It costs its points, and the whole is capped.
    Critical,
}

/// What is to be spared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Economy {
    /// Reports that were ordered.
    Orders,
    /// The sum of what was done, by its cost.
    Cost,
    /// Virtual minutes until the end.
    Minutes,
}

/// Something done, as a rubric looks for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deed {
    /// What.
    pub action: ActionAt,
    /// By which way; `None` for any.
    pub route: Option<RouteAt>,
    /// At least so much; `None` without a lower bound.
    pub least: Option<Amount>,
    /// At most so much; `None` without an upper bound.
    pub most: Option<Amount>,
}
