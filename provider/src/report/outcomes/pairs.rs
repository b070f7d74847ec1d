//! Level 3: before and after, paired by learner, from first attempts: the share of items
//! wholly right in the first pre-test and in the first post-test, as the player's own
//! comparison has it.

use std::collections::BTreeSet;

use enduring_core::content::{Content, Item, ItemBody, TestRole};

use super::percent;
use crate::report::facts::{Cohort, FirstAttempt, Member};
use crate::report::stats::{Paired, paired};
use crate::report::suppress::{Shown, Who, parts};

/// A comparison before and after.
#[derive(Clone, Debug, PartialEq)]
pub struct PairRow {
    /// Of which items.
    pub about: About,
    /// The figures; none where nobody had such items in both tests.
    pub shown: Shown<Option<Paired>>,
}

/// Which items a comparison is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// All of them.
    All,
    /// Those of an objective, by its place in the activity.
    Objective(usize),
    /// Those of a level.
    Level(KnowledgeLevel),
}

/// Moore's level of an item by its kind. A convention of this report: what an item
/// really asks for, its author knows better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KnowledgeLevel {
    /// 3a: knows what.
    Declarative,
    /// 3b: knows how.
    Procedural,
    /// 4: judges as one would in practice.
    Competence,
}

impl KnowledgeLevel {
    const ALL: [Self; 3] = [Self::Declarative, Self::Procedural, Self::Competence];

    /// The level of an item.
    #[must_use]
    pub fn of(item: &Item) -> Self {
        match item.body {
            ItemBody::SingleBest { .. }
            | ItemBody::MultipleResponse { .. }
            | ItemBody::TrueFalse { .. }
            | ItemBody::ExtendedMatching { .. } => Self::Declarative,
            ItemBody::Ordering { .. } | ItemBody::Numeric { .. } => Self::Procedural,
            ItemBody::ScriptConcordance { .. } | ItemBody::KeyFeature { .. } => Self::Competence,
        }
    }

    /// In words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Declarative => "Level 3a, declarative knowledge",
            Self::Procedural => "Level 3b, procedural knowledge",
            Self::Competence => "Level 4, competence: script concordance and key-feature items",
        }
    }
}

impl PairRow {
    /// The figures, where there are some and they are shown.
    #[must_use]
    pub fn figures(&self) -> Option<&Paired> {
        self.shown.figure().and_then(Option::as_ref)
    }
}

/// All rows: all items, each objective, each level. Empty where the activity has no
/// pre-test or no post-test.
#[must_use]
pub fn pairs(cohort: &Cohort<'_>) -> Vec<PairRow> {
    let all = of(cohort, |_| true);
    if all.0.is_empty() {
        return Vec::new();
    }
    let objectives = &cohort.content.activity().objectives;
    let by_objective: Vec<_> = objectives
        .iter()
        .map(|objective| of(cohort, |item| item.objectives.contains(&objective.id)))
        .collect();
    let by_level: Vec<_> = KnowledgeLevel::ALL
        .iter()
        .map(|level| of(cohort, |item| KnowledgeLevel::of(item) == *level))
        .collect();
    let learners = all.0.len();
    let mut rows = vec![PairRow { about: About::All, shown: Shown::alone(learners, || all.1) }];
    rows.extend(
        parts(by_objective)
            .into_iter()
            .enumerate()
            .map(|(place, shown)| PairRow { about: About::Objective(place), shown }),
    );
    let levels = KnowledgeLevel::ALL.iter().zip(parts(by_level));
    rows.extend(
        levels
            .filter(|(_, shown)| !matches!(shown, Shown::Figure(None)))
            .map(|(level, shown)| PairRow { about: About::Level(*level), shown }),
    );
    rows
}

/// The pairs of the items that `wanted` takes: the learners who had some before and
/// after, and what comes of it.
fn of(cohort: &Cohort<'_>, wanted: impl Fn(&Item) -> bool) -> (BTreeSet<Who>, Option<Paired>) {
    let pairs: Vec<(Who, (f64, f64))> = cohort
        .members
        .iter()
        .filter_map(|member| {
            let share = |role| score(cohort.content, first(member, role)?, &wanted);
            Some((member.who, (share(TestRole::Pre)?, share(TestRole::Post)?)))
        })
        .collect();
    let figures: Vec<(f64, f64)> = pairs.iter().map(|(_, pair)| *pair).collect();
    (pairs.into_iter().map(|(who, _)| who).collect(), paired(&figures))
}

/// The first attempt at the first test of that role.
fn first<'a>(member: &'a Member<'_>, role: TestRole) -> Option<&'a FirstAttempt> {
    member.facts.tests.iter().find(|test| test.role == role)
}

/// The share of the items taken that were wholly right, in percent.
fn score(content: &Content, attempt: &FirstAttempt, wanted: impl Fn(&Item) -> bool) -> Option<f64> {
    let of = attempt.answers.iter().filter(|answer| content.item(&answer.item).is_some_and(&wanted));
    let (mut right, mut items) = (0, 0);
    for answer in of {
        items += 1;
        right += usize::from(answer.right);
    }
    percent(right, items)
}
