//! What a bedside is in one second: values, work, reports, rules, the rubric so far.
//! Stored only as a digest, in the corpus; what is stored of an encounter is its log.

use serde::{Deserialize, Serialize};

use super::doses::Acting;
use crate::content::patient::{ActionAt, EndingAt, Given, Pace, RuleAt, ScriptStep, StageAt};
use crate::measure::{Amount, Seconds};

/// The state of a simulated patient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bedside {
    /// Since the beginning.
    pub time: Seconds,
    /// The variables, in the order of the patient.
    pub levels: Vec<Level>,
    /// The stage.
    pub stage: StageAt,
    /// What was done of each action, in the order of the patient.
    pub tallies: Vec<Tally>,
    /// What is under way, in the order in which it was asked for.
    pub jobs: Vec<Job>,
    /// What acts, in the order in which it was given.
    pub acting: Vec<Acting>,
    /// Reports, in the order of sampling.
    pub samples: Vec<Sample>,
    /// The rules, in the order of the patient.
    pub rules: Vec<Firing>,
    /// Since when each ending's condition holds, in the order of the patient.
    pub endings: Vec<Option<Seconds>>,
    /// The lines of the rubric, in its order.
    pub marks: Vec<Mark>,
    /// What happened, in order.
    pub story: Vec<Told>,
    /// What the learner did, in order: the script of this play.
    pub steps: Vec<ScriptStep>,
    /// How much of the story was told before the latest step.
    pub step_began: usize,
    /// What was done costs so much so far.
    pub cost: u32,
    /// How it ended.
    pub ending: Option<EndingAt>,
}

/// A variable in this second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Level {
    /// Where its own course is, apart from what acts on it.
    pub base: Amount,
    /// Where its course leads.
    pub target: Amount,
    /// How fast.
    pub pace: Pace,
    /// What it is: course and doses together, within its range.
    pub value: Amount,
    /// Whether the monitor shows it.
    pub shown: bool,
    /// When course and doses first left the range together, for the builder.
    pub strayed: Option<Seconds>,
}

/// What was done of an action.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// How often it was done.
    pub count: u16,
    /// When it was done last.
    pub last: Option<Seconds>,
    /// The sum of the doses; for a rate, what is set.
    pub total: Amount,
    /// Whether a dose was over its limits.
    pub over_limit: bool,
    /// Whether a report of it is there.
    pub reported: bool,
}

/// How an action for once was used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spent {
    /// It was done.
    Done,
    /// It was asked for.
    UnderWay,
}

/// Something under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// What.
    pub action: ActionAt,
    /// How much and how.
    pub dose: Option<Given>,
    /// When it begins: when its actor is free.
    pub starts: Seconds,
    /// When it is done.
    pub ends: Seconds,
}

/// A sample, or a picture, and when its report is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sample {
    /// Of which order.
    pub action: ActionAt,
    /// When it was taken.
    pub taken: Seconds,
    /// When the report is there.
    pub due: Seconds,
    /// The results, in the order of the report.
    pub values: Vec<Amount>,
    /// Which finding held.
    pub finding: Option<u16>,
}

/// A rule so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Firing {
    /// Since when its condition holds.
    pub since: Option<Seconds>,
    /// How often it fired.
    pub count: u32,
    /// When it fired last.
    pub last: Option<Seconds>,
}

/// A line of the rubric so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// When its window opened.
    pub opened: Option<Seconds>,
    /// When the deed was first done, or the harm first happened.
    pub first: Option<Seconds>,
    /// When what has to come second was first done.
    pub then: Option<Seconds>,
}

/// Something that happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// When.
    pub at: Seconds,
    /// What.
    pub what: Happening,
}

/// What can happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Happening {
    /// Something was asked for, or begun.
    Begun {
        /// What.
        action: ActionAt,
        /// How much and how.
        dose: Option<Given>,
    },
    /// Something was done.
    Done {
        /// What.
        action: ActionAt,
        /// How much and how.
        dose: Option<Given>,
        /// Which of its answers held.
        answer: Option<u16>,
    },
    /// A report arrived.
    Reported {
        /// Which, by its place among the samples.
        sample: u16,
    },
    /// A rule fired.
    Rule(RuleAt),
    /// Another stage.
    Stage(StageAt),
    /// The end.
    Ended(EndingAt),
}
