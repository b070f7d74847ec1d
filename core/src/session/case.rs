//! A case in progress: where the learner is, what is known, what was decided.

use serde::{Deserialize, Serialize};

use super::apply::when;
use super::event::Event;
use super::refusal::Refusal;
use crate::content::{Case, Condition, Decision, Effect, Link, Node, NodeStep, Worth};
use crate::id::{DecisionId, EntryId, LinkId, NodeId, OptionId, RuleId};
use crate::measure::Points;
use crate::order::sort_by;

/// A play of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseState {
    /// 1 for the first play.
    pub play: u16,
    /// The nodes visited, in order; the last is where the learner is.
    pub path: Vec<NodeId>,
    /// The values of the counters, in the order of the case.
    pub counters: Vec<i32>,
    /// The chart so far, in the order of disclosure.
    pub chart: Vec<Disclosed>,
    /// The decisions, in order.
    pub rounds: Vec<Round>,
    /// The rules that fired, in order.
    pub fired: Vec<RuleId>,
    /// How the learner came to this node.
    pub arrival: Arrival,
}

/// An entry of the chart that was disclosed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disclosed {
    /// Which.
    pub entry: EntryId,
    /// At which place of the path.
    pub step: usize,
    /// Whether the learner opened it.
    pub opened: bool,
}

/// A decision that was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Round {
    /// Which.
    pub decision: DecisionId,
    /// What was picked, in the order of the options.
    pub picks: Vec<OptionId>,
    /// What it earned.
    pub points: Points,
    /// What it could have earned.
    pub possible: Points,
}

/// How the learner came to a node: what is told before the node's own text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrival {
    /// The decision whose consequences are told, if one led here.
    pub decision: Option<DecisionId>,
    /// The rules that fired on the way.
    pub rules: Vec<RuleId>,
}

impl CaseState {
    /// Where the learner is.
    #[must_use]
    pub fn node<'a>(&self, case: &'a Case) -> Option<&'a Node> {
        self.path.last().and_then(|id| case.node(id))
    }

    /// Whether the case has ended, and how.
    #[must_use]
    pub fn ending<'a>(&self, case: &'a Case) -> Option<&'a crate::content::Ending> {
        match &self.node(case)?.step {
            NodeStep::Ending(ending) => Some(ending),
            NodeStep::Links(_) | NodeStep::Decision(_) => None,
        }
    }

    /// The points so far and those that were possible: the first round of each
    /// decision, and the ending against the best one.
    #[must_use]
    pub fn points(&self, case: &Case) -> (Points, Points) {
        let first = |place: usize, round: &Round| {
            !self.rounds.iter().take(place).any(|earlier| earlier.decision == round.decision)
        };
        let rounds =
            || self.rounds.iter().enumerate().filter(|(place, round)| first(*place, round)).map(|(_, r)| r);
        let earned: Points = rounds().map(|round| round.points).sum();
        let possible: Points = rounds().map(|round| round.possible).sum();
        match self.ending(case) {
            Some(ending) => {
                ([earned, ending.points].into_iter().sum(), [possible, best_ending(case)].into_iter().sum())
            }
            None => (earned, possible),
        }
    }

    /// Whether the case's gate is met.
    #[must_use]
    pub fn gate_met(&self, case: &Case) -> bool {
        let (points, possible) = self.points(case);
        self.ending(case).is_some() && case.gate.met(points, possible)
    }

    /// The links offered now.
    pub fn links<'a>(&self, case: &'a Case) -> impl Iterator<Item = &'a Link> {
        let links = match self.node(case).map(|node| &node.step) {
            Some(NodeStep::Links(links)) => links.as_slice(),
            Some(NodeStep::Decision(_) | NodeStep::Ending(_)) | None => &[],
        };
        links.iter().filter(|link| self.holds(case, &link.when))
    }

    /// The decision asked now.
    #[must_use]
    pub fn decision<'a>(&self, case: &'a Case) -> Option<&'a Decision> {
        match &self.node(case)?.step {
            NodeStep::Decision(decision) => Some(decision),
            NodeStep::Links(_) | NodeStep::Ending(_) => None,
        }
    }

    /// Whether a condition holds.
    #[must_use]
    pub fn holds(&self, case: &Case, condition: &Condition) -> bool {
        let latest = |id: &DecisionId| self.rounds.iter().rev().find(|round| round.decision == *id);
        match condition {
            Condition::Always => true,
            Condition::Not(inner) => !self.holds(case, inner),
            Condition::All(list) => list.iter().all(|inner| self.holds(case, inner)),
            Condition::Any(list) => list.iter().any(|inner| self.holds(case, inner)),
            Condition::AtLeast { counter, value } => {
                let place = case.counters.iter().position(|known| known.id == *counter);
                place.and_then(|place| self.counters.get(place)).is_some_and(|now| now >= value)
            }
            Condition::Visited(node) => self.path.contains(node),
            Condition::Picked { decision, option } => {
                latest(decision).is_some_and(|r| r.picks.contains(option))
            }
            Condition::Earned { decision, points } => latest(decision).is_some_and(|r| r.points >= *points),
            Condition::Opened(entry) => self.chart.iter().any(|known| known.entry == *entry && known.opened),
        }
    }

    fn affect(&mut self, case: &Case, effects: &[Effect]) {
        let step = self.path.len();
        for effect in effects {
            match effect {
                Effect::Add { counter, by } => self.count(case, counter, |now| now.saturating_add(*by)),
                Effect::Set { counter, to } => self.count(case, counter, |_| *to),
                Effect::Disclose(entry) => {
                    if !self.chart.iter().any(|known| known.entry == *entry) {
                        self.chart.push(Disclosed { entry: entry.clone(), step, opened: false });
                    }
                }
            }
        }
    }

    fn count(&mut self, case: &Case, id: &crate::id::CounterId, change: impl FnOnce(i32) -> i32) {
        let Some((place, counter)) = case.counters.iter().enumerate().find(|(_, known)| known.id == *id)
        else {
            return;
        };
        if let Some(value) = self.counters.get_mut(place) {
            *value = change(*value).clamp(counter.min, counter.max);
        }
    }

    /// Goes to a node. Rules are tried after the step's effects and again on each
    /// arrival; each fires once, so this ends.
    fn go(&mut self, case: &Case, to: &NodeId) {
        let mut next = self.fire(case).unwrap_or_else(|| to.clone());
        loop {
            self.path.push(next.clone());
            if let Some(node) = case.node(&next) {
                self.affect(case, &node.effects);
            }
            match self.fire(case) {
                Some(divert) => next = divert,
                None => return,
            }
        }
    }

    /// Fires what holds, in order; the first that diverts says where to.
    fn fire(&mut self, case: &Case) -> Option<NodeId> {
        for rule in &case.rules {
            if !self.fired.contains(&rule.id) && self.holds(case, &rule.when) {
                self.fired.push(rule.id.clone());
                self.arrival.rules.push(rule.id.clone());
                self.affect(case, &rule.effects);
                if rule.divert.is_some() {
                    return rule.divert.clone();
                }
            }
        }
        None
    }
}

/// The best points of any ending.
#[must_use]
pub fn best_ending(case: &Case) -> Points {
    let endings = case.nodes.iter().filter_map(|node| match &node.step {
        NodeStep::Ending(ending) => Some(ending.points),
        NodeStep::Links(_) | NodeStep::Decision(_) => None,
    });
    endings.max().unwrap_or_default()
}

/// What a decision's picks earn, and what they could have.
#[must_use]
pub fn judge(decision: &Decision, picks: &[OptionId]) -> (Points, Points) {
    let mut worths: Vec<u32> = decision
        .options
        .iter()
        .filter_map(|option| match option.worth {
            Worth::Earns(points) => Some(points.0),
            Worth::Neutral | Worth::Costs(_) | Worth::Harmful => None,
        })
        .collect();
    sort_by(&mut worths, |one, other| other.cmp(one));
    let best = worths.into_iter().take(usize::from(decision.max_picks)).fold(0, u32::saturating_add);
    let mut sum = 0i64;
    for option in decision.options.iter().filter(|option| picks.contains(&option.id)) {
        match option.worth {
            Worth::Earns(points) => sum += i64::from(points.0),
            Worth::Neutral => {}
            Worth::Costs(points) => sum -= i64::from(points.0),
            Worth::Harmful => return (Points(0), Points(best)),
        }
    }
    (Points(u32::try_from(sum.clamp(0, i64::from(best))).unwrap_or(0)), Points(best))
}

/// The first play of a case.
pub(super) fn enter(case: &Case) -> CaseState {
    play(case, 1)
}

fn play(case: &Case, play: u16) -> CaseState {
    let mut state = CaseState {
        play,
        path: Vec::new(),
        counters: case.counters.iter().map(|counter| counter.initial).collect(),
        chart: Vec::new(),
        rounds: Vec::new(),
        fired: Vec::new(),
        arrival: Arrival::default(),
    };
    state.go(case, &case.start);
    state
}

pub(super) fn check(case: &Case, state: &CaseState, event: &Event) -> Result<(), Refusal> {
    let ended = state.ending(case).is_some();
    match event {
        Event::ChartOpened { entry } => {
            when(state.chart.iter().any(|known| known.entry == *entry), Refusal::NotDisclosed)
        }
        Event::LinkFollowed { .. } | Event::Decided { .. } if ended => Err(Refusal::CaseEnded),
        Event::LinkFollowed { link } => when(find_link(case, state, link).is_some(), Refusal::NoSuchLink),
        Event::Decided { decision: named, picks } => {
            let decision = state.decision(case).filter(|decision| decision.id == *named);
            let decision = decision.ok_or(Refusal::NoSuchDecision)?;
            let places: Vec<_> = picks
                .iter()
                .map(|pick| decision.options.iter().position(|option| option.id == *pick))
                .collect::<Option<_>>()
                .ok_or(Refusal::BadPicks)?;
            let in_order = places.windows(2).all(|pair| matches!(pair, [a, b] if a < b));
            let count = usize::from(decision.min_picks)..=usize::from(decision.max_picks);
            when(in_order && count.contains(&picks.len()), Refusal::BadPicks)
        }
        Event::CaseRestarted => {
            when(ended, Refusal::CaseRunning)?;
            when(!state.gate_met(case), Refusal::CaseGateMet)
        }
        Event::PartFinished { .. } => {
            when(ended, Refusal::CaseRunning)?;
            when(state.gate_met(case), Refusal::PartUnfinished)
        }
        _ => Err(Refusal::WrongKind),
    }
}

fn find_link<'a>(case: &'a Case, state: &CaseState, id: &LinkId) -> Option<&'a Link> {
    state.links(case).find(|link| link.id == *id)
}

pub(super) fn change(case: &Case, state: &mut CaseState, event: &Event) {
    match event {
        Event::ChartOpened { entry } => {
            if let Some(known) = state.chart.iter_mut().find(|known| known.entry == *entry) {
                known.opened = true;
            }
        }
        Event::LinkFollowed { link } => {
            let Some(link) = find_link(case, state, link) else { return };
            state.arrival = Arrival::default();
            state.affect(case, &link.effects);
            state.go(case, &link.to);
        }
        Event::Decided { picks, .. } => {
            let Some(decision) = state.decision(case) else { return };
            let (points, possible) = judge(decision, picks);
            state.arrival = Arrival { decision: Some(decision.id.clone()), rules: Vec::new() };
            state.rounds.push(Round {
                decision: decision.id.clone(),
                picks: picks.clone(),
                points,
                possible,
            });
            for option in decision.options.iter().filter(|option| picks.contains(&option.id)) {
                state.affect(case, &option.effects);
            }
            let branch = decision.branches.iter().find(|branch| state.holds(case, &branch.when));
            let to = branch.map_or(&decision.otherwise, |branch| &branch.to);
            state.go(case, to);
        }
        Event::CaseRestarted => *state = play(case, state.play.saturating_add(1)),
        _ => {}
    }
}
