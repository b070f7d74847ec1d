//! A case as it may be shown: what a pick is worth comes with the debrief.

use crate::content::{
    Block, Case, CaseGate, Decision, DecisionOption, Document, Ending, Entry, ExpertStep, Flag, Inline,
    LabResult, LabValue, NodeStep, Part, Reference, Worth,
};
use crate::id::{DecisionId, LinkId, OptionId, PartId};
use crate::measure::{Decimal, Points};
use crate::session::case::{self, CaseState};
use crate::session::event::Event;

use super::item::OptionView;

/// A case.
#[derive(Clone, Debug, PartialEq)]
pub struct CaseView {
    /// Which part.
    pub part: PartId,
    /// Its title.
    pub title: String,
    /// The patient in two lines.
    pub patient: String,
    /// 1 for the first play.
    pub play: u16,
    /// How many nodes were visited.
    pub step: usize,
    /// What followed from the last decision and what happened on the way.
    pub story: Vec<Document>,
    /// Title of the node.
    pub node_title: String,
    /// What happens there.
    pub text: Document,
    /// Counters that are shown, each once it has left its start: label and value. Before that its name alone would
    /// tell what the case is about.
    pub counters: Vec<(String, i32)>,
    /// The chart so far, in the order of disclosure.
    pub chart: Vec<ChartEntry>,
    /// What is asked.
    pub ask: CaseAsk,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq)]
pub enum CaseAsk {
    /// One of these ways on.
    Links(Vec<LinkView>),
    /// A decision.
    Decision {
        /// Which.
        decision: DecisionId,
        /// What is asked.
        prompt: Document,
        /// What can be done.
        options: Vec<OptionView>,
        /// At least so many picks.
        min_picks: u16,
        /// At most so many.
        max_picks: u16,
    },
    /// The case has ended.
    Ended {
        /// How.
        ending: Ending,
        /// Looked back on.
        debrief: Box<Debrief>,
        /// Whether the part can be finished; otherwise the case is played again.
        gate_met: bool,
    },
}

/// A way on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkView {
    /// Which.
    pub link: LinkId,
    /// The words.
    pub text: String,
}

/// An entry of the chart.
#[derive(Clone, Debug, PartialEq)]
pub struct ChartEntry {
    /// The entry.
    pub entry: Entry,
    /// Its results with flags and trends.
    pub results: Vec<ResultView>,
    /// Disclosed by the latest step and not opened yet.
    pub is_new: bool,
    /// Whether it was opened.
    pub opened: bool,
}

/// A laboratory result with its flag and trend.
#[derive(Clone, Debug, PartialEq)]
pub struct ResultView {
    /// The result.
    pub result: LabResult,
    /// Against its reference range.
    pub flag: Option<Flag>,
    /// The numbers of the same analyte and unit so far, this one last.
    pub trend: Vec<Decimal>,
}

/// A case looked back on.
#[derive(Clone, Debug, PartialEq)]
pub struct Debrief {
    /// Earned.
    pub points: Points,
    /// Possible.
    pub possible: Points,
    /// What is needed, where there is a threshold.
    pub gate: CaseGate,
    /// The author's words.
    pub text: Document,
    /// Where that can be read.
    pub references: Vec<Reference>,
    /// The decisions in order.
    pub decisions: Vec<DebriefDecision>,
    /// What the expert did.
    pub expert: Vec<ExpertLine>,
}

/// A decision looked back on.
#[derive(Clone, Debug, PartialEq)]
pub struct DebriefDecision {
    /// Which.
    pub decision: DecisionId,
    /// The node it was asked at.
    pub node_title: String,
    /// What was asked.
    pub prompt: Document,
    /// What was picked.
    pub picks: Vec<OptionView>,
    /// What would have earned points.
    pub best: Vec<OptionView>,
    /// Whether something picked was harmful.
    pub harmful: bool,
    /// Earned.
    pub points: Points,
    /// Possible.
    pub possible: Points,
    /// Why.
    pub rationale: Document,
    /// Where that can be read.
    pub references: Vec<Reference>,
}

/// A step of the expert.
#[derive(Clone, Debug, PartialEq)]
pub struct ExpertLine {
    /// Where.
    pub node_title: String,
    /// What was done there.
    pub did: Vec<Document>,
}

pub(super) fn view(part: &Part, case: &Case, state: &CaseState) -> CaseView {
    let node = state.node(case);
    CaseView {
        part: part.id.clone(),
        title: part.title.clone(),
        patient: case.patient.clone(),
        play: state.play,
        step: state.path.len(),
        story: story(case, state),
        node_title: node.map_or_else(String::new, |node| node.title.clone()),
        text: node.map_or_else(|| Document::from([]), |node| node.text.clone()),
        counters: case
            .counters
            .iter()
            .zip(&state.counters)
            .filter(|(counter, value)| !counter.label.is_empty() && **value != counter.initial)
            .map(|(counter, value)| (counter.label.clone(), *value))
            .collect(),
        chart: chart(case, state),
        ask: ask(case, state),
    }
}

fn story(case: &Case, state: &CaseState) -> Vec<Document> {
    let mut story = Vec::new();
    if let Some(decision) = state.arrival.decision.as_ref().and_then(|id| case.decision(id)) {
        let picks = state.rounds.last().map_or(&[][..], |round| round.picks.as_slice());
        let told = decision.options.iter().filter(|option| picks.contains(&option.id));
        story.extend(told.map(|option| option.consequence.clone()));
    }
    for id in &state.arrival.rules {
        story.extend(case.rules.iter().find(|rule| rule.id == *id).map(|rule| rule.text.clone()));
    }
    story.retain(|document| !document.is_empty());
    story
}

fn chart(case: &Case, state: &CaseState) -> Vec<ChartEntry> {
    let entries: Vec<&Entry> = state.chart.iter().filter_map(|known| case.entry(&known.entry)).collect();
    let entry = |(place, known): (usize, &case::Disclosed)| {
        let entry = entries.get(place).copied()?;
        let so_far = entries.get(..=place).unwrap_or_default();
        Some(ChartEntry {
            entry: entry.clone(),
            results: entry.results.iter().map(|result| result_view(result, so_far)).collect(),
            is_new: !known.opened,
            opened: known.opened,
        })
    };
    state.chart.iter().enumerate().filter_map(entry).collect()
}

fn result_view(result: &LabResult, so_far: &[&Entry]) -> ResultView {
    let same = |other: &&LabResult| other.analyte == result.analyte && other.unit == result.unit;
    let trend =
        so_far.iter().flat_map(|entry| entry.results.iter().filter(same)).filter_map(|r| match &r.value {
            LabValue::Number(number) => Some(*number),
            LabValue::Words(_) => None,
        });
    ResultView { result: result.clone(), flag: result.flag(), trend: trend.collect() }
}

fn ask(case: &Case, state: &CaseState) -> CaseAsk {
    match state.node(case).map(|node| &node.step) {
        Some(NodeStep::Decision(decision)) => CaseAsk::Decision {
            decision: decision.id.clone(),
            prompt: decision.prompt.clone(),
            options: decision.options.iter().map(option).collect(),
            min_picks: decision.min_picks,
            max_picks: decision.max_picks,
        },
        Some(NodeStep::Ending(ending)) => CaseAsk::Ended {
            ending: ending.clone(),
            debrief: Box::new(debrief(case, state)),
            gate_met: state.gate_met(case),
        },
        Some(NodeStep::Links(_)) | None => CaseAsk::Links(
            state
                .links(case)
                .map(|link| LinkView { link: link.id.clone(), text: link.text.clone() })
                .collect(),
        ),
    }
}

fn option(option: &DecisionOption) -> OptionView {
    OptionView { id: option.id.clone(), text: option.text.clone() }
}

fn debrief(case: &Case, state: &CaseState) -> Debrief {
    let (points, possible) = state.points(case);
    let looked_back = |round: &case::Round| {
        let node = case.nodes.iter().find(|node| match &node.step {
            NodeStep::Decision(decision) => decision.id == round.decision,
            NodeStep::Links(_) | NodeStep::Ending(_) => false,
        })?;
        let decision = case.decision(&round.decision)?;
        let picked = |id: &OptionId| round.picks.contains(id);
        Some(DebriefDecision {
            decision: round.decision.clone(),
            node_title: node.title.clone(),
            prompt: decision.prompt.clone(),
            picks: decision.options.iter().filter(|known| picked(&known.id)).map(option).collect(),
            best: best(decision),
            harmful: decision.options.iter().any(|known| picked(&known.id) && known.worth == Worth::Harmful),
            points: round.points,
            possible: round.possible,
            rationale: decision.rationale.clone(),
            references: decision.references.clone(),
        })
    };
    Debrief {
        points,
        possible,
        gate: case.gate,
        text: case.debrief.clone(),
        references: case.references.clone(),
        decisions: state.rounds.iter().filter_map(looked_back).collect(),
        expert: expert(case),
    }
}

/// What earns most, as many as may be picked, and what earns as much as the last of them.
fn best(decision: &Decision) -> Vec<OptionView> {
    let earned = |known: &DecisionOption| match known.worth {
        Worth::Earns(points) => points,
        Worth::Neutral | Worth::Costs(_) | Worth::Harmful => Points(0),
    };
    let better = |than| decision.options.iter().filter(|known| earned(known) > than).count();
    let is_best = |earns| earns > Points(0) && better(earns) < usize::from(decision.max_picks);
    decision.options.iter().filter(|known| is_best(earned(known))).map(option).collect()
}

/// The expert's path, played through the same machine as the learner's.
fn expert(case: &Case) -> Vec<ExpertLine> {
    let mut state = case::enter(case);
    let mut lines = Vec::new();
    for step in &case.expert {
        let Some(node) = state.node(case) else { break };
        let node_title = node.title.clone();
        let (event, did) = match (step, &node.step) {
            (ExpertStep::Follow(link), NodeStep::Links(links)) => {
                let text = links.iter().find(|known| known.id == *link).map(|link| link.text.clone());
                (Event::LinkFollowed { link: link.clone() }, text.map(plain).into_iter().collect())
            }
            (ExpertStep::Decide(picks), NodeStep::Decision(decision)) => {
                let did = decision.options.iter().filter(|known| picks.contains(&known.id));
                let did = did.map(|known| known.text.clone()).collect();
                (Event::Decided { decision: decision.id.clone(), picks: picks.clone() }, did)
            }
            (
                ExpertStep::Follow(_) | ExpertStep::Decide(_),
                NodeStep::Links(_) | NodeStep::Decision(_) | NodeStep::Ending(_),
            ) => break,
        };
        lines.push(ExpertLine { node_title, did });
        case::change(case, &mut state, &event);
    }
    lines
}

fn plain(text: String) -> Document {
    Document::from([Block::Paragraph(vec![Inline::Text(text)])])
}
