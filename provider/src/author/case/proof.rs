//! What is proved of a case before it is built: every node can be reached, every
//! node has a way on however the counters stand, every node can come to an ending,
//! endings are worth what their quality says, effects stay within bounds.
//!
//! Reaching is over-approximated: a condition that can hold at all is taken to hold.
//! Ending is under-approximated: a link counts only when it is always offered, or
//! when it is one of a set of which one is always offered and all lead to an end.

use std::collections::{BTreeMap, BTreeSet};

use enduring_core::content::*;
use enduring_core::id::{EntryId, NodeId};

use super::super::diagnostic::Problem;
use super::super::names::Named;
use super::super::source::{Folder, Span};
use super::Draft;
use super::logic::{Answer, can_hold, one_always_holds};

/// Proves a case, or reports what keeps it from being proved.
pub fn prove(folder: &Folder, draft: &Draft) {
    let proof = Proof { folder, draft, case: &draft.case };
    let reached = proof.reach();
    proof.ways_on();
    proof.endings(&reached);
    proof.bounds();
    proof.unused();
}

struct Proof<'a> {
    folder: &'a Folder,
    draft: &'a Draft,
    case: &'a Case,
}

impl Proof<'_> {
    fn error<T: Named>(&self, name: &T, message: String) -> Problem {
        match self.draft.place(self.folder, name) {
            Some(span) => Problem::error(&span, message),
            None => Problem::file(&format!("{}/case.toml", self.draft.folder), message),
        }
    }

    fn place<T: Named>(&self, name: &T) -> Option<Span> {
        self.draft.place(self.folder, name)
    }

    /// Where a node can lead, diversions apart.
    fn targets<'a>(&self, node: &'a Node) -> Vec<&'a NodeId> {
        match &node.step {
            NodeStep::Links(links) => {
                links.iter().filter(|link| can_hold(self.case, &link.when)).map(|link| &link.to).collect()
            }
            NodeStep::Decision(decision) => decision
                .branches
                .iter()
                .filter(|branch| can_hold(self.case, &branch.when))
                .map(|branch| &branch.to)
                .chain([&decision.otherwise])
                .collect(),
            NodeStep::Ending(_) => Vec::new(),
        }
    }

    fn reach(&self) -> BTreeSet<&NodeId> {
        let mut reached = BTreeSet::new();
        let diversions = self.case.rules.iter().filter(|rule| can_hold(self.case, &rule.when));
        let mut next: Vec<&NodeId> = diversions.filter_map(|rule| rule.divert.as_ref()).collect();
        next.push(&self.case.start);
        while let Some(id) = next.pop() {
            if reached.insert(id)
                && let Some(node) = self.case.node(id)
            {
                next.extend(self.targets(node));
            }
        }
        for node in self.case.nodes.iter().filter(|node| !reached.contains(&node.id)) {
            self.folder.report(
                self.error(&node.id, format!("nothing leads to node `{}`", node.id))
                    .expected("a link, branch or rule that can lead here from the start"),
            );
        }
        reached
    }

    /// Every node with links always offers one.
    fn ways_on(&self) {
        for node in &self.case.nodes {
            let NodeStep::Links(links) = &node.step else { continue };
            let conditions: Vec<&Condition> = links.iter().map(|link| &link.when).collect();
            let found = match one_always_holds(self.case, &conditions) {
                Answer::Always => continue,
                Answer::Unless(world) => format!("no link when {world}"),
                Answer::TooMany => "more combinations of conditions than can be tried".to_owned(),
            };
            self.folder.report(
                self.error(&node.id, format!("node `{}` can be a dead end", node.id))
                    .expected("a link without `when`, or conditions of which one always holds")
                    .found(found),
            );
        }
    }

    /// Every node that is reached can come to an ending, and endings are in order.
    fn endings(&self, reached: &BTreeSet<&NodeId>) {
        let mut ends: BTreeSet<&NodeId> = BTreeSet::new();
        loop {
            let more: Vec<&NodeId> = self
                .case
                .nodes
                .iter()
                .filter(|node| !ends.contains(&node.id) && self.comes_to_an_end(node, &ends))
                .map(|node| &node.id)
                .collect();
            if more.is_empty() {
                break;
            }
            ends.extend(more);
        }
        for node in self.case.nodes.iter().filter(|n| reached.contains(&n.id) && !ends.contains(&n.id)) {
            self.folder.report(
                self.error(&node.id, format!("from node `{}` no ending can be relied on", node.id))
                    .expected("a way to an [ending] that is open however the counters stand"),
            );
        }
        let endings: Vec<(&Node, &Ending)> = self
            .case
            .nodes
            .iter()
            .filter_map(|node| match &node.step {
                NodeStep::Ending(ending) => Some((node, ending)),
                NodeStep::Links(_) | NodeStep::Decision(_) => None,
            })
            .collect();
        for (_, ending) in &endings {
            let better = endings
                .iter()
                .find(|(_, other)| other.quality > ending.quality && other.points < ending.points);
            if let Some((_, better)) = better {
                self.folder.report(
                    self.error(&ending.id, format!("ending `{}` earns more than a better one", ending.id))
                        .expected(format!("at most the points of `{}`", better.id)),
                );
            }
        }
    }

    fn comes_to_an_end(&self, node: &Node, ends: &BTreeSet<&NodeId>) -> bool {
        match &node.step {
            NodeStep::Ending(_) => true,
            NodeStep::Decision(_) => self.targets(node).iter().any(|to| ends.contains(to)),
            NodeStep::Links(links) => {
                let leading: Vec<&Condition> =
                    links.iter().filter(|link| ends.contains(&link.to)).map(|link| &link.when).collect();
                matches!(one_always_holds(self.case, &leading), Answer::Always) && !leading.is_empty()
            }
        }
    }

    /// The effects in the order in which they were read, each with its place.
    fn effects(&self) -> impl Iterator<Item = (Span, &Effect)> {
        let nodes = self.case.nodes.iter().flat_map(|node| {
            let of_step: Vec<&Effect> = match &node.step {
                NodeStep::Links(links) => links.iter().flat_map(|link| &link.effects).collect(),
                NodeStep::Decision(decision) => {
                    decision.options.iter().flat_map(|option| &option.effects).collect()
                }
                NodeStep::Ending(_) => Vec::new(),
            };
            node.effects.iter().chain(of_step)
        });
        let rules = self.case.rules.iter().flat_map(|rule| &rule.effects);
        let places = self.folder.effects.borrow();
        let places = places.iter().filter(|(scope, _)| *scope == self.draft.scope);
        let places: Vec<Span> = places.map(|(_, place)| place.clone()).collect();
        places.into_iter().zip(nodes.chain(rules))
    }

    /// Counters are kept within their bounds by core; a step that could only ever be
    /// cut off is a mistake.
    fn bounds(&self) {
        let counters: BTreeMap<&str, &Counter> =
            self.case.counters.iter().map(|counter| (counter.id.as_str(), counter)).collect();
        for (place, effect) in self.effects() {
            let (counter, amount, sound) = match effect {
                Effect::Add { counter, by } => {
                    let Some(known) = counters.get(counter.as_str()) else { continue };
                    (known, by, by.unsigned_abs() <= known.max.abs_diff(known.min))
                }
                Effect::Set { counter, to } => {
                    let Some(known) = counters.get(counter.as_str()) else { continue };
                    (known, to, (known.min..=known.max).contains(to))
                }
                Effect::Disclose(_) => continue,
            };
            if !sound {
                self.folder.report(
                    Problem::error(&place, format!("an effect here leaves the bounds of `{}`", counter.id))
                        .expected(format!("{} to {}", counter.min, counter.max))
                        .found(amount.to_string()),
                );
            }
        }
    }

    /// Warns of what is written and never seen.
    fn unused(&self) {
        let disclosed: BTreeSet<&EntryId> = self
            .effects()
            .filter_map(|(_, effect)| match effect {
                Effect::Disclose(entry) => Some(entry),
                Effect::Add { .. } | Effect::Set { .. } => None,
            })
            .collect();
        for entry in self.case.chart.iter().filter(|entry| !disclosed.contains(&entry.id)) {
            if let Some(place) = self.place(&entry.id) {
                self.folder.report(
                    Problem::warning(&place, format!("chart entry `{}` is never shown", entry.id))
                        .expected(format!("an effect disclose({})", entry.id)),
                );
            }
        }
        for rule in self.case.rules.iter().filter(|rule| !can_hold(self.case, &rule.when)) {
            if let Some(place) = self.place(&rule.id) {
                self.folder.report(
                    Problem::warning(&place, format!("rule `{}` can never fire", rule.id))
                        .expected("a condition that can hold within the counters' bounds"),
                );
            }
        }
        for node in &self.case.nodes {
            let conditions: Vec<&Condition> = match &node.step {
                NodeStep::Links(links) => links.iter().map(|link| &link.when).collect(),
                NodeStep::Decision(decision) => decision.branches.iter().map(|branch| &branch.when).collect(),
                NodeStep::Ending(_) => Vec::new(),
            };
            if let (true, Some(place)) =
                (conditions.iter().any(|condition| !can_hold(self.case, condition)), self.place(&node.id))
            {
                self.folder.report(
                    Problem::warning(&place, format!("a way on from node `{}` is never open", node.id))
                        .expected("conditions that can hold within the counters' bounds"),
                );
            }
        }
    }
}
