//! An item as it may be shown: without its key, until that is revealed.

use crate::content::{Certainty, Choice, Document, Image, Item, ItemBody, Reference, Truth};
use crate::id::{ItemId, OptionId};
use crate::measure::{Decimal, Points};
use crate::score::Outcome;
use crate::session::event::{Certain, Match, Response, TruthAnswer};
use crate::session::test::Slot;

/// An item.
#[derive(Clone, Debug, PartialEq)]
pub struct ItemView {
    /// Which.
    pub item: ItemId,
    /// 1 for the first.
    pub number: u16,
    /// How many there are in the attempt.
    pub of: u16,
    /// The question.
    pub stem: Document,
    /// An image to the stem.
    pub image: Option<Image>,
    /// What is asked.
    pub body: ItemBodyView,
    /// What was answered.
    pub response: Option<Response>,
    /// Whether certainty is asked.
    pub certainty: Certainty,
    /// How certain the learner said to be.
    pub certain: Option<Certain>,
    /// Whether its time ran out.
    pub expired: bool,
    /// Key and rationale, once revealed.
    pub feedback: Option<Feedback>,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq)]
pub enum ItemBodyView {
    /// Options to pick from, in the order shown.
    Options {
        /// The options.
        options: Vec<OptionView>,
        /// How many.
        pick: Pick,
    },
    /// Statements to judge.
    Statements(Vec<OptionView>),
    /// An option for every stem.
    Matching {
        /// The options.
        options: Vec<OptionView>,
        /// The stems.
        stems: Vec<OptionView>,
    },
    /// Steps to put in order, in the order first shown.
    Steps(Vec<OptionView>),
    /// A number.
    Number {
        /// Its unit.
        unit: String,
    },
    /// Script concordance.
    Concordance {
        /// "If you were thinking of…"
        hypothesis: Document,
        /// "…and then you find…"
        finding: Document,
        /// From least to most.
        scale: Vec<OptionView>,
    },
}

/// How many options are picked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pick {
    /// One.
    One,
    /// Any number, or at most so many.
    Many(Option<u16>),
    /// A short menu: more than so many and the item earns nothing.
    Menu(u16),
}

/// An option, statement, stem or step.
#[derive(Clone, Debug, PartialEq)]
pub struct OptionView {
    /// Its name.
    pub id: OptionId,
    /// The words.
    pub text: Document,
}

/// Key and rationale.
#[derive(Clone, Debug, PartialEq)]
pub struct Feedback {
    /// How the answer went; an unanswered item was not correct.
    pub outcome: Outcome,
    /// What it earned.
    pub points: Points,
    /// What is right.
    pub key: KeyView,
    /// Why.
    pub rationale: Document,
    /// Why each option is right or not, where the author says so, in the order shown.
    pub notes: Vec<Note>,
    /// Where that can be read.
    pub references: Vec<Reference>,
}

/// Why an option is right or not.
#[derive(Clone, Debug, PartialEq)]
pub struct Note {
    /// The option.
    pub option: OptionId,
    /// Why.
    pub text: Document,
}

/// What is right.
#[derive(Clone, Debug, PartialEq)]
pub enum KeyView {
    /// These options.
    Options(Vec<OptionId>),
    /// These judgements.
    Truths(Vec<TruthAnswer>),
    /// These matches.
    Matches(Vec<Match>),
    /// This order.
    Order(Vec<OptionId>),
    /// This number, give or take.
    Number {
        /// The number.
        key: Decimal,
        /// How far off is still right.
        tolerance: Decimal,
    },
    /// How many of the panel chose what.
    Panel(Vec<(OptionId, u16)>),
}

/// Whether key and rationale may be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Revealed {
    Yes,
    No,
}

/// An item in its place.
pub(super) struct Placed<'a> {
    pub item: &'a Item,
    pub slot: &'a Slot,
    pub order: Vec<OptionId>,
    pub number: u16,
    pub of: u16,
    pub certainty: Certainty,
}

pub(super) fn view(placed: &Placed<'_>, revealed: Revealed) -> ItemView {
    let Placed { item, slot, .. } = placed;
    ItemView {
        item: item.id.clone(),
        number: placed.number,
        of: placed.of,
        stem: item.stem.clone(),
        image: item.image.clone(),
        body: body(&item.body, &placed.order),
        response: slot.answer.as_ref().map(|answer| answer.response.clone()),
        certainty: placed.certainty,
        certain: slot.answer.as_ref().and_then(|answer| answer.certainty),
        expired: slot.expired,
        feedback: match revealed {
            Revealed::Yes => Some(feedback(item, slot, &placed.order)),
            Revealed::No => None,
        },
    }
}

fn body(body: &ItemBody, order: &[OptionId]) -> ItemBodyView {
    let all = |options: &[Choice]| options.iter().map(option).collect();
    match body {
        ItemBody::SingleBest { options, .. } => {
            ItemBodyView::Options { options: ordered(options, order), pick: Pick::One }
        }
        ItemBody::MultipleResponse { options, max_picks, .. } => {
            ItemBodyView::Options { options: ordered(options, order), pick: Pick::Many(*max_picks) }
        }
        ItemBody::KeyFeature { options, max_picks, .. } => {
            ItemBodyView::Options { options: ordered(options, order), pick: Pick::Menu(*max_picks) }
        }
        ItemBody::TrueFalse { statements, .. } => ItemBodyView::Statements(
            order
                .iter()
                .filter_map(|id| statements.iter().find(|statement| statement.id == *id))
                .map(|statement| OptionView { id: statement.id.clone(), text: statement.text.clone() })
                .collect(),
        ),
        ItemBody::ExtendedMatching { options, stems, .. } => ItemBodyView::Matching {
            options: all(options),
            stems: stems
                .iter()
                .map(|stem| OptionView { id: stem.id.clone(), text: stem.text.clone() })
                .collect(),
        },
        ItemBody::Ordering { steps, .. } => ItemBodyView::Steps(ordered(steps, order)),
        ItemBody::Numeric { unit, .. } => ItemBodyView::Number { unit: unit.clone() },
        ItemBody::ScriptConcordance { hypothesis, finding, scale } => ItemBodyView::Concordance {
            hypothesis: hypothesis.clone(),
            finding: finding.clone(),
            scale: scale
                .iter()
                .map(|point| OptionView { id: point.id.clone(), text: point.text.clone() })
                .collect(),
        },
    }
}

fn option(choice: &Choice) -> OptionView {
    OptionView { id: choice.id.clone(), text: choice.text.clone() }
}

fn ordered(options: &[Choice], order: &[OptionId]) -> Vec<OptionView> {
    order.iter().filter_map(|id| options.iter().find(|option| option.id == *id)).map(option).collect()
}

fn feedback(item: &Item, slot: &Slot, order: &[OptionId]) -> Feedback {
    let points = slot.answer.as_ref().map_or(Points(0), |answer| answer.points);
    Feedback {
        outcome: Outcome::of(points),
        points,
        key: key(&item.body),
        rationale: item.rationale.clone(),
        notes: notes(&item.body, order),
        references: item.references.clone(),
    }
}

fn key(body: &ItemBody) -> KeyView {
    match body {
        ItemBody::SingleBest { key, .. } => KeyView::Options(vec![key.clone()]),
        ItemBody::MultipleResponse { key, .. } | ItemBody::KeyFeature { key, .. } => {
            KeyView::Options(key.clone())
        }
        ItemBody::TrueFalse { statements, .. } => KeyView::Truths(
            statements.iter().map(|s| TruthAnswer { statement: s.id.clone(), truth: s.truth }).collect(),
        ),
        ItemBody::ExtendedMatching { stems, .. } => KeyView::Matches(
            stems.iter().map(|stem| Match { stem: stem.id.clone(), option: stem.key.clone() }).collect(),
        ),
        ItemBody::Ordering { steps, .. } => {
            KeyView::Order(steps.iter().map(|step| step.id.clone()).collect())
        }
        ItemBody::Numeric { key, tolerance, .. } => KeyView::Number { key: *key, tolerance: *tolerance },
        ItemBody::ScriptConcordance { scale, .. } => {
            KeyView::Panel(scale.iter().map(|point| (point.id.clone(), point.votes)).collect())
        }
    }
}

fn notes(body: &ItemBody, order: &[OptionId]) -> Vec<Note> {
    let said = |option: &OptionId, text: &Document| {
        (!text.is_empty()).then(|| Note { option: option.clone(), text: text.clone() })
    };
    let of = |options: &[Choice]| -> Vec<Note> {
        order
            .iter()
            .filter_map(|id| options.iter().find(|option| option.id == *id))
            .filter_map(|option| said(&option.id, &option.feedback))
            .collect()
    };
    match body {
        ItemBody::SingleBest { options, .. }
        | ItemBody::MultipleResponse { options, .. }
        | ItemBody::KeyFeature { options, .. } => of(options),
        ItemBody::Ordering { steps, .. } => of(steps),
        ItemBody::TrueFalse { statements, .. } => order
            .iter()
            .filter_map(|id| statements.iter().find(|statement| statement.id == *id))
            .filter_map(|statement| said(&statement.id, &statement.feedback))
            .collect(),
        ItemBody::ExtendedMatching { stems, .. } => {
            stems.iter().filter_map(|stem| said(&stem.id, &stem.feedback)).collect()
        }
        ItemBody::Numeric { .. } | ItemBody::ScriptConcordance { .. } => Vec::new(),
    }
}

impl KeyView {
    /// Whether an option is among those that are right.
    #[must_use]
    pub fn has(&self, id: &OptionId) -> bool {
        match self {
            Self::Options(options) => options.contains(id),
            Self::Truths(truths) => truths.iter().any(|t| t.statement == *id && t.truth == Truth::True),
            Self::Matches(matches) => matches.iter().any(|m| m.option == *id),
            Self::Order(_) | Self::Number { .. } => false,
            Self::Panel(votes) => {
                let modal = votes.iter().map(|(_, votes)| *votes).max().unwrap_or(0);
                votes.iter().any(|(option, votes)| option == id && *votes == modal)
            }
        }
    }
}
