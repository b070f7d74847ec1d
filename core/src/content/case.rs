//! A case: nodes, a chart that grows, counters, rules, decisions and endings.

use serde::{Deserialize, Serialize};

use super::nested::nested;
use super::{CaseGate, Document, Reference};
use crate::id::{CounterId, DecisionId, EndingId, EntryId, LinkId, NodeId, ObjectiveId, OptionId, RuleId};
use crate::measure::{Decimal, Points};

/// A case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// The patient in two lines, for the resume card.
    pub patient: String,
    /// Where it begins.
    pub start: NodeId,
    /// The nodes.
    pub nodes: Vec<Node>,
    /// The chart, of which nodes disclose entries.
    pub chart: Vec<Entry>,
    /// Counters, such as minutes since arrival.
    pub counters: Vec<Counter>,
    /// Rules, tried in order after each step.
    pub rules: Vec<Rule>,
    /// Whether a score is needed to go on.
    pub gate: CaseGate,
    /// What the expert did, from start to ending.
    pub expert: Vec<ExpertStep>,
    /// Said at the end, whatever the ending.
    pub debrief: Document,
    /// Where that can be read.
    pub references: Vec<Reference>,
}

/// A node.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Node {
    /// Its name.
    pub id: NodeId,
    /// Its title.
    pub title: String,
    /// What happens.
    pub text: Document,
    /// Done on arriving, in order.
    pub effects: Vec<Effect>,
    /// What comes then.
    pub step: NodeStep,
}

/// What a node asks for. Stored; never reorder.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NodeStep {
    /// One of these ways on; nothing is scored.
    Links(Vec<Link>),
    /// A decision that is scored.
    Decision(Decision),
    /// The end.
    Ending(Ending),
}

/// A way on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Link {
    /// Its name, unique in the node.
    pub id: LinkId,
    /// The words, such as `Continue`.
    pub text: String,
    /// Offered only when this holds.
    pub when: Condition,
    /// Done on taking it.
    pub effects: Vec<Effect>,
    /// Where it leads.
    pub to: NodeId,
}

/// A key-feature decision: one thing is asked, the consequence is told as story.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// Its name, unique in the case.
    pub id: DecisionId,
    /// What is asked.
    pub prompt: Document,
    /// What can be done.
    pub options: Vec<DecisionOption>,
    /// At least so many picks.
    pub min_picks: u16,
    /// At most so many picks.
    pub max_picks: u16,
    /// The objectives that it measures.
    pub objectives: Vec<ObjectiveId>,
    /// Why, told in the debrief.
    pub rationale: Document,
    /// Where that can be read.
    pub references: Vec<Reference>,
    /// Where it leads: the first of these that holds.
    pub branches: Vec<Branch>,
    /// Where it leads otherwise.
    pub otherwise: NodeId,
}

/// Something that can be done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DecisionOption {
    /// Its name.
    pub id: OptionId,
    /// The words.
    pub text: Document,
    /// What it is worth when picked. The sum of a decision's worths is kept between
    /// nothing and its best.
    pub worth: Worth,
    /// What happened then; may be empty.
    pub consequence: Document,
    /// Done when picked.
    pub effects: Vec<Effect>,
}

/// What a pick is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Worth {
    /// It earns so much.
    Earns(Points),
    /// Neither here nor there.
    Neutral,
    /// It costs so much.
    Costs(Points),
    /// The decision earns nothing.
    Harmful,
}

/// A way on after a decision.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Branch {
    /// Taken when this holds, after the picks' effects.
    pub when: Condition,
    /// Where it leads.
    pub to: NodeId,
}

/// An ending.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ending {
    /// Its name.
    pub id: EndingId,
    /// How it went, in words.
    pub title: String,
    /// Compared with the expert's.
    pub quality: EndingQuality,
    /// What it adds to the score of the decisions.
    pub points: Points,
}

/// How good an ending is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndingQuality {
    /// Harm that could have been avoided.
    Poor,
    /// It went well, by a detour.
    Fair,
    /// As the expert's.
    Best,
}

/// Something that changes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// Adds to a counter, which stays within its bounds.
    Add {
        /// The counter.
        counter: CounterId,
        /// How much; may be negative.
        by: i32,
    },
    /// Sets a counter.
    Set {
        /// The counter.
        counter: CounterId,
        /// To what.
        to: i32,
    },
    /// Discloses an entry of the chart.
    Disclose(EntryId),
}

/// A counter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Counter {
    /// Its name.
    pub id: CounterId,
    /// Shown with its value where not empty, such as `Minutes since arrival`.
    pub label: String,
    /// At the start.
    pub initial: i32,
    /// Least.
    pub min: i32,
    /// Most.
    pub max: i32,
}

/// A rule: when its condition holds after a step, its effects are done, once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rule {
    /// Its name.
    pub id: RuleId,
    /// When.
    pub when: Condition,
    /// Told when it fires; may be empty.
    pub text: Document,
    /// Done when it fires.
    pub effects: Vec<Effect>,
    /// Leads here instead of where the step would have led.
    pub divert: Option<NodeId>,
}

/// A condition over what happened so far. Total: it always has an answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// Holds.
    Always,
    /// Holds when the other does not.
    Not(#[serde(deserialize_with = "nested")] Box<Condition>),
    /// Holds when all do.
    All(#[serde(deserialize_with = "nested")] Vec<Condition>),
    /// Holds when one does.
    Any(#[serde(deserialize_with = "nested")] Vec<Condition>),
    /// The counter is at least so much.
    AtLeast {
        /// The counter.
        counter: CounterId,
        /// How much.
        value: i32,
    },
    /// The node was visited.
    Visited(NodeId),
    /// The option was picked in the decision's latest round.
    Picked {
        /// The decision.
        decision: DecisionId,
        /// The option.
        option: OptionId,
    },
    /// The decision's latest round earned at least so much.
    Earned {
        /// The decision.
        decision: DecisionId,
        /// How much.
        points: Points,
    },
    /// The learner opened the entry.
    Opened(EntryId),
}

/// A step of the expert's path.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExpertStep {
    /// Takes a link.
    Follow(LinkId),
    /// Decides.
    Decide(Vec<OptionId>),
}

/// An entry of the chart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Its name.
    pub id: EntryId,
    /// Under which tab it stands.
    pub section: Section,
    /// Its title, such as `Chest radiograph`.
    pub title: String,
    /// When, in words, such as `Day 1, 14:20`.
    pub time: String,
    /// Prose and images; may be empty.
    pub text: Document,
    /// Laboratory results; may be empty.
    pub results: Vec<LabResult>,
}

/// The tabs of the chart. Stored; never reorder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Section {
    /// What the patient tells.
    History,
    /// What is found.
    Examination,
    /// What the laboratory reports.
    Laboratory,
    /// What pictures show.
    Imaging,
    /// What others wrote.
    Notes,
}

/// A laboratory result.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LabResult {
    /// What was measured; the same words make a trend over entries.
    pub analyte: String,
    /// A number, or words such as `not detected`.
    pub value: LabValue,
    /// The unit; may be empty.
    pub unit: String,
    /// The lower end of the reference range.
    pub low: Option<Decimal>,
    /// The upper end of the reference range.
    pub high: Option<Decimal>,
}

/// The value of a laboratory result.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LabValue {
    /// A number.
    Number(Decimal),
    /// Words.
    Words(String),
}

/// Where a number stands against its reference range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flag {
    /// Below.
    Low,
    /// Within.
    InRange,
    /// Above.
    High,
}

impl LabResult {
    /// The flag, where there is a number and a range.
    #[must_use]
    pub fn flag(&self) -> Option<Flag> {
        let LabValue::Number(value) = self.value else { return None };
        match (self.low, self.high) {
            (None, None) => None,
            (Some(low), _) if value < low => Some(Flag::Low),
            (_, Some(high)) if value > high => Some(Flag::High),
            (Some(_) | None, Some(_) | None) => Some(Flag::InRange),
        }
    }
}

impl Case {
    /// The node of that name.
    #[must_use]
    pub fn node(&self, id: &NodeId) -> Option<&Node> {
        self.nodes.iter().find(|node| node.id == *id)
    }

    /// The chart entry of that name.
    #[must_use]
    pub fn entry(&self, id: &EntryId) -> Option<&Entry> {
        self.chart.iter().find(|entry| entry.id == *id)
    }

    /// The decision of that name.
    #[must_use]
    pub fn decision(&self, id: &DecisionId) -> Option<&Decision> {
        self.nodes.iter().find_map(|node| match &node.step {
            NodeStep::Decision(decision) if decision.id == *id => Some(decision),
            NodeStep::Decision(_) | NodeStep::Links(_) | NodeStep::Ending(_) => None,
        })
    }
}
