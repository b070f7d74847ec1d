//! What must hold of an activity so that every session over it is total: every
//! name resolves, keys are among their options, bounds are in order. What makes
//! an activity *good* (no dead end, every ending reached, gates possible) is the
//! builder's to prove.

mod patient;

use thiserror::Error;

use super::room::{ANSWER_MAX, longest_answer, names_length};
use super::{
    Activity, Case, CaseGate, Condition, Effect, Item, ItemBody, Need, NodeStep, Part, PartBody,
    QuestionBody, Selection, Test,
};
use crate::id::{CounterId, EntryId, NodeId, OptionId};
use crate::order::{repeated, sorted};

/// A broken promise of an activity.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{place} {name:?}: expected {kind}")]
pub struct Fault {
    /// What kind of thing is wrong, such as `item`.
    pub place: &'static str,
    /// Its name.
    pub name: String,
    /// What was expected of it.
    pub kind: FaultKind,
}

/// What was expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum FaultKind {
    /// The name is used twice.
    #[error("a name that is used once")]
    Unique,
    /// Something is named that does not exist.
    #[error("every name in it to exist")]
    Known,
    /// A list is empty that must not be.
    #[error("at least one entry")]
    NotEmpty,
    /// Numbers contradict each other.
    #[error("bounds in order")]
    Bounds,
    /// An answer key is not among the options, or has an impossible size.
    #[error("a key among its options")]
    Key,
    /// A simulated patient must have one ending for when its time is over.
    #[error("exactly one ending for when the time is over")]
    TimeOut,
    /// Its parts need another content version.
    #[error("content version {0}")]
    Version(u16),
    /// Longer lists than a session can be quick over.
    #[error("no more than {0}")]
    Few(usize),
    /// Its longest answer would not fit into a line of the log.
    #[error("an answer of at most {ANSWER_MAX} bytes")]
    Room,
}

/// Most parts in a flow, pages in a reading, and so on: what is looked up by name
/// again and again stays short, whoever made the pack.
const PARTS_MAX: usize = 64;
const PAGES_MAX: usize = 500;
const OBJECTIVES_MAX: usize = 100;
const CREDITS_MAX: usize = 16;
const PROFESSIONS_MAX: usize = 64;
const NODES_MAX: usize = 1_000;
const ENTRIES_MAX: usize = 1_000;
const RULES_MAX: usize = 256;
const COUNTERS_MAX: usize = 64;
/// Longest version of an activity or statement in bytes.
const VERSION_MAX: usize = 64;

struct Checker<'a> {
    objectives: Names<'a>,
    items: Names<'a>,
    faults: Vec<Fault>,
}

/// Everything that is wrong with an activity, in order; empty when it can be played.
#[must_use]
pub fn check(activity: &Activity) -> Vec<Fault> {
    let mut checker = Checker {
        objectives: Names::of(&mut activity.objectives.iter().map(|objective| objective.id.as_str())),
        items: Names::of(&mut activity.items.iter().map(|item| item.id.as_str())),
        faults: Vec::new(),
    };
    checker.activity(activity);
    checker.faults
}

impl<'a> Checker<'a> {
    fn expect(&mut self, holds: Expect, place: &'static str, name: &str, kind: FaultKind) {
        if holds == Expect::Broken {
            self.faults.push(Fault { place, name: name.to_owned(), kind });
        }
    }

    fn few(&mut self, place: &'static str, name: &str, found: usize, most: usize) {
        self.expect(holds(found <= most), place, name, FaultKind::Few(most));
    }

    fn unique(&mut self, place: &'static str, names: &mut dyn Iterator<Item = &'a str>) {
        let names: Vec<&str> = names.collect();
        for (name, repeated) in names.iter().zip(repeated(&names)) {
            self.expect(holds(!repeated), place, name, FaultKind::Unique);
        }
    }

    fn activity(&mut self, activity: &'a Activity) {
        let front = &activity.front;
        // What follows looks names up in these lists again and again.
        self.few("parts", activity.id.as_str(), activity.parts.len(), PARTS_MAX);
        self.few("objectives", activity.id.as_str(), activity.objectives.len(), OBJECTIVES_MAX);
        self.few("gaps", activity.id.as_str(), activity.gaps.len(), OBJECTIVES_MAX);
        self.few("credits", activity.id.as_str(), front.credits.len(), CREDITS_MAX);
        self.few("professions", activity.id.as_str(), front.professions.len(), PROFESSIONS_MAX);
        if !self.faults.is_empty() {
            return;
        }
        let needed = activity.needed_version();
        self.expect(
            holds(activity.content_version == needed),
            "content version",
            activity.id.as_str(),
            FaultKind::Version(needed),
        );
        self.unique("gap", &mut activity.gaps.iter().map(|gap| gap.id.as_str()));
        self.unique("objective", &mut activity.objectives.iter().map(|objective| objective.id.as_str()));
        self.unique("item", &mut activity.items.iter().map(|item| item.id.as_str()));
        self.unique("bank", &mut activity.banks.iter().map(|bank| bank.id.as_str()));
        self.unique("forms", &mut activity.forms.iter().map(|forms| forms.id.as_str()));
        self.unique("part", &mut activity.parts.iter().map(|part| part.id.as_str()));
        self.unique("credit", &mut front.credits.iter().map(|credit| credit.id.as_str()));
        self.unique("profession", &mut front.professions.iter().map(|profession| profession.id.as_str()));
        self.unique("identifier", &mut front.identifiers.iter().map(|identifier| identifier.id.as_str()));
        self.unique("consent", &mut front.consents.iter().map(|consent| consent.statement.id.as_str()));
        for version in [&activity.version, &front.attestation.version] {
            self.expect(holds(version.len() <= VERSION_MAX), "version", version, FaultKind::Bounds);
        }
        self.expect(some(&activity.parts), "activity", activity.id.as_str(), FaultKind::NotEmpty);
        self.expect(some(&front.professions), "professions", activity.id.as_str(), FaultKind::NotEmpty);
        self.expect(
            holds(front.dates.opens < front.dates.closes),
            "dates",
            &front.dates.release,
            FaultKind::Bounds,
        );
        for objective in &activity.objectives {
            let known = activity.gaps.iter().any(|gap| gap.id == objective.gap);
            self.expect(holds(known), "objective", objective.id.as_str(), FaultKind::Known);
        }
        for credit in &front.credits {
            let whole = credit.step.0 > 0 && credit.maximum.0 % credit.step.0 == 0 && credit.maximum.0 > 0;
            self.expect(holds(whole), "credit", credit.id.as_str(), FaultKind::Bounds);
            let known = credit.professions.iter().all(|id| front.professions.iter().any(|p| p.id == *id));
            self.expect(holds(known), "credit", credit.id.as_str(), FaultKind::Known);
        }
        for item in &activity.items {
            self.item(item);
        }
        for bank in &activity.banks {
            let known = bank.items.iter().all(|item| self.items.contains(item.as_str()));
            self.expect(holds(known), "bank", bank.id.as_str(), FaultKind::Known);
            self.unique("bank item", &mut bank.items.iter().map(|id| id.as_str()));
        }
        for forms in &activity.forms {
            let known = forms.a.iter().chain(&forms.b).all(|item| self.items.contains(item.as_str()));
            self.expect(holds(known), "forms", forms.id.as_str(), FaultKind::Known);
            self.expect(holds(forms.a.len() == forms.b.len()), "forms", forms.id.as_str(), FaultKind::Bounds);
            self.unique("forms item", &mut forms.a.iter().chain(&forms.b).map(|id| id.as_str()));
        }
        let questions = activity.parts.iter().filter_map(|part| match &part.body {
            PartBody::Evaluation(evaluation) => Some(&evaluation.questions),
            PartBody::Reading(_) | PartBody::Test(_) | PartBody::Case(_) | PartBody::Patient(_) => None,
        });
        self.unique("question", &mut questions.flatten().map(|question| question.id.as_str()));
        for part in &activity.parts {
            self.part(activity, part);
        }
    }

    fn part(&mut self, activity: &'a Activity, part: &'a Part) {
        match &part.body {
            PartBody::Reading(reading) => {
                self.few("pages", part.id.as_str(), reading.pages.len(), PAGES_MAX);
                self.expect(some(&reading.pages), "reading", part.id.as_str(), FaultKind::NotEmpty);
            }
            PartBody::Test(test) => self.test(activity, part, test),
            PartBody::Case(case) => self.case(part, case),
            PartBody::Patient(patient) => self.patient(part, patient),
            PartBody::Evaluation(evaluation) => {
                self.expect(some(&evaluation.questions), "evaluation", part.id.as_str(), FaultKind::NotEmpty);
                for question in &evaluation.questions {
                    let sound = match &question.body {
                        QuestionBody::Likert { labels } => !labels.is_empty(),
                        QuestionBody::Scale { from, to, .. } => from < to,
                        QuestionBody::FreeText { max_chars } => *max_chars > 0,
                        QuestionBody::Commitment { statements, .. } => {
                            !statements.is_empty() || question.need == Need::Optional
                        }
                    };
                    self.expect(holds(sound), "question", question.id.as_str(), FaultKind::Bounds);
                }
            }
        }
    }

    fn test(&mut self, activity: &'a Activity, part: &'a Part, test: &'a Test) {
        let (known, some_items) = match &test.selection {
            Selection::Items(items) => {
                self.unique("test item", &mut items.iter().map(|id| id.as_str()));
                (items.iter().all(|item| self.items.contains(item.as_str())), !items.is_empty())
            }
            Selection::Draw { bank, count } => {
                let bank = activity.banks.iter().find(|known| known.id == *bank);
                (
                    bank.is_some(),
                    *count > 0 && bank.is_none_or(|bank| bank.items.len() >= usize::from(*count)),
                )
            }
            Selection::Form { forms, .. } => {
                let forms = activity.forms.iter().find(|known| known.id == *forms);
                (forms.is_some(), forms.is_none_or(|forms| !forms.a.is_empty()))
            }
        };
        self.expect(holds(known), "test", part.id.as_str(), FaultKind::Known);
        self.expect(holds(some_items), "test", part.id.as_str(), FaultKind::Bounds);
        let policy = &test.policy;
        let sound = policy.threshold.is_none_or(|threshold| threshold.0 <= 100) && policy.attempts != Some(0);
        self.expect(holds(sound), "test policy", part.id.as_str(), FaultKind::Bounds);
    }

    fn item(&mut self, item: &'a Item) {
        let known = item.objectives.iter().all(|objective| self.objectives.contains(objective.as_str()));
        self.expect(holds(known), "item", item.id.as_str(), FaultKind::Known);
        let among = |options: &[super::Choice], key: &[OptionId]| {
            !key.is_empty() && key.iter().all(|id| options.iter().any(|option| option.id == *id))
        };
        let sound = match &item.body {
            ItemBody::SingleBest { options, key } => among(options, std::slice::from_ref(key)),
            ItemBody::MultipleResponse { options, key, max_picks, .. } => {
                among(options, key) && max_picks.is_none_or(|max| usize::from(max) >= key.len())
            }
            ItemBody::TrueFalse { statements, .. } => !statements.is_empty(),
            ItemBody::ExtendedMatching { options, stems, .. } => {
                self.unique("stem", &mut stems.iter().map(|stem| stem.id.as_str()));
                !stems.is_empty()
                    && stems.iter().all(|stem| options.iter().any(|option| option.id == stem.key))
            }
            ItemBody::Ordering { steps, .. } => steps.len() > 1,
            ItemBody::Numeric { tolerance, .. } => !tolerance.is_negative(),
            ItemBody::ScriptConcordance { scale, .. } => {
                self.unique("scale", &mut scale.iter().map(|point| point.id.as_str()));
                scale.iter().any(|point| point.votes > 0)
            }
            ItemBody::KeyFeature { options, key, max_picks } => {
                among(options, key) && usize::from(*max_picks) >= key.len()
            }
        };
        self.expect(holds(sound), "item", item.id.as_str(), FaultKind::Key);
        if let ItemBody::MultipleResponse { key, .. } | ItemBody::KeyFeature { key, .. } = &item.body {
            self.unique("key", &mut key.iter().map(|id| id.as_str()));
        }
        self.expect(
            holds(longest_answer(&item.body) <= ANSWER_MAX),
            "item",
            item.id.as_str(),
            FaultKind::Room,
        );
        let options: Vec<&OptionId> = match &item.body {
            ItemBody::ExtendedMatching { options, .. } => options.iter().map(|option| &option.id).collect(),
            body => body.shuffled(),
        };
        self.unique("option", &mut options.into_iter().map(OptionId::as_str));
    }

    fn case(&mut self, part: &'a Part, case: &'a Case) {
        let before = self.faults.len();
        self.few("nodes", part.id.as_str(), case.nodes.len(), NODES_MAX);
        self.few("chart", part.id.as_str(), case.chart.len(), ENTRIES_MAX);
        self.few("counters", part.id.as_str(), case.counters.len(), COUNTERS_MAX);
        self.few("rules", part.id.as_str(), case.rules.len(), RULES_MAX);
        if self.faults.len() > before {
            return;
        }
        let sound = match case.gate {
            CaseGate::Ending => true,
            CaseGate::Threshold(threshold) => threshold.0 <= 100,
        };
        self.expect(holds(sound), "case gate", part.id.as_str(), FaultKind::Bounds);
        self.unique("node", &mut case.nodes.iter().map(|node| node.id.as_str()));
        self.unique("chart entry", &mut case.chart.iter().map(|entry| entry.id.as_str()));
        self.unique("counter", &mut case.counters.iter().map(|counter| counter.id.as_str()));
        self.unique("rule", &mut case.rules.iter().map(|rule| rule.id.as_str()));
        let decisions = || {
            case.nodes.iter().filter_map(|node| match &node.step {
                NodeStep::Decision(decision) => Some(decision),
                NodeStep::Links(_) | NodeStep::Ending(_) => None,
            })
        };
        self.unique("decision", &mut decisions().map(|decision| decision.id.as_str()));
        let names = CaseNames { case };
        self.expect(holds(names.node(&case.start)), "case start", part.id.as_str(), FaultKind::Known);
        for counter in &case.counters {
            let sound = counter.min <= counter.initial && counter.initial <= counter.max;
            self.expect(holds(sound), "counter", counter.id.as_str(), FaultKind::Bounds);
        }
        for rule in &case.rules {
            let known = names.condition(&rule.when)
                && names.effects(&rule.effects)
                && rule.divert.as_ref().is_none_or(|node| names.node(node));
            self.expect(holds(known), "rule", rule.id.as_str(), FaultKind::Known);
        }
        for node in &case.nodes {
            let known = names.effects(&node.effects)
                && match &node.step {
                    NodeStep::Links(links) => {
                        self.unique("link", &mut links.iter().map(|link| link.id.as_str()));
                        self.expect(some(links), "node", node.id.as_str(), FaultKind::NotEmpty);
                        links.iter().all(|link| {
                            names.condition(&link.when)
                                && names.effects(&link.effects)
                                && names.node(&link.to)
                        })
                    }
                    NodeStep::Decision(decision) => {
                        self.unique(
                            "decision option",
                            &mut decision.options.iter().map(|option| option.id.as_str()),
                        );
                        let sound = decision.min_picks <= decision.max_picks
                            && decision.max_picks > 0
                            && usize::from(decision.min_picks) <= decision.options.len();
                        self.expect(holds(sound), "decision", decision.id.as_str(), FaultKind::Bounds);
                        let longest = names_length(decision.options.iter().map(|option| &option.id));
                        self.expect(
                            holds(longest <= ANSWER_MAX),
                            "decision",
                            decision.id.as_str(),
                            FaultKind::Room,
                        );
                        decision
                            .objectives
                            .iter()
                            .all(|objective| self.objectives.contains(objective.as_str()))
                            && decision.options.iter().all(|option| names.effects(&option.effects))
                            && decision
                                .branches
                                .iter()
                                .all(|to| names.condition(&to.when) && names.node(&to.to))
                            && names.node(&decision.otherwise)
                    }
                    NodeStep::Ending(_) => true,
                };
            self.expect(holds(known), "node", node.id.as_str(), FaultKind::Known);
        }
    }
}

/// Names in their order.
struct Names<'a>(Vec<&'a str>);

impl<'a> Names<'a> {
    fn of(names: &mut dyn Iterator<Item = &'a str>) -> Self {
        Self(sorted(&names.collect::<Vec<_>>()))
    }

    fn contains(&self, name: &str) -> bool {
        self.0.binary_search(&name).is_ok()
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Expect {
    Kept,
    Broken,
}

#[expect(clippy::fn_params_excessive_bools, reason = "gives a truth its name")]
fn holds(it: bool) -> Expect {
    if it { Expect::Kept } else { Expect::Broken }
}

fn some<T>(list: &[T]) -> Expect {
    holds(!list.is_empty())
}

/// Looks names up in one case.
struct CaseNames<'a> {
    case: &'a Case,
}

impl CaseNames<'_> {
    fn node(&self, id: &NodeId) -> bool {
        self.case.nodes.iter().any(|node| node.id == *id)
    }

    fn counter(&self, id: &CounterId) -> bool {
        self.case.counters.iter().any(|counter| counter.id == *id)
    }

    fn entry(&self, id: &EntryId) -> bool {
        self.case.chart.iter().any(|entry| entry.id == *id)
    }

    fn decision(&self, id: &crate::id::DecisionId) -> Option<&super::Decision> {
        self.case.decision(id)
    }

    fn effects(&self, effects: &[Effect]) -> bool {
        effects.iter().all(|effect| match effect {
            Effect::Add { counter, .. } | Effect::Set { counter, .. } => self.counter(counter),
            Effect::Disclose(entry) => self.entry(entry),
        })
    }

    fn condition(&self, condition: &Condition) -> bool {
        match condition {
            Condition::Always => true,
            Condition::Not(inner) => self.condition(inner),
            Condition::All(list) | Condition::Any(list) => list.iter().all(|inner| self.condition(inner)),
            Condition::AtLeast { counter, .. } => self.counter(counter),
            Condition::Visited(node) => self.node(node),
            Condition::Picked { decision, option } => self
                .decision(decision)
                .is_some_and(|decision| decision.options.iter().any(|known| known.id == *option)),
            Condition::Earned { decision, .. } => self.decision(decision).is_some(),
            Condition::Opened(entry) => self.entry(entry),
        }
    }
}
