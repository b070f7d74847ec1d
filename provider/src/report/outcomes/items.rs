//! The tests item by item: difficulty, discrimination, what was picked, reliability and
//! calibration, all of first attempts.

use std::collections::{BTreeMap, BTreeSet};

use enduring_core::content::{Content, Item, ItemBody, PartBody, TestRole, Truth};
use enduring_core::id::{ItemId, OptionId, PartId};
use enduring_core::session::{Certain, Response};

use super::{line, percent};
use crate::report::facts::{Cohort, FirstAttempt, ItemAnswer};
use crate::report::stats::{deviation, discrimination, kr20, mean};
use crate::report::suppress::{Shown, Who, parts};

/// A test.
pub struct TestRow {
    /// Its title.
    pub title: String,
    /// What it is for.
    pub role: TestRole,
    /// The test as a whole.
    pub figures: Shown<TestFigures>,
    /// KR-20 of each set of items that learners had in common, largest group first.
    pub reliability: Vec<Shown<Reliability>>,
    /// The items, in the order of the activity.
    pub items: Vec<ItemRow>,
    /// By how certain the learners were; empty where nobody was asked.
    pub calibration: Vec<(Option<Certain>, Shown<Calibration>)>,
}

/// A test as a whole.
pub struct TestFigures {
    /// Learners.
    pub learners: usize,
    /// Mean share of items wholly right, in percent.
    pub mean: Option<f64>,
    /// Its standard deviation.
    pub deviation: Option<f64>,
    /// Share of learners who passed at the first attempt, in percent; none without a threshold.
    pub passed: Option<f64>,
}

/// The reliability of a set of items.
pub struct Reliability {
    /// Learners.
    pub learners: usize,
    /// Items.
    pub items: usize,
    /// KR-20.
    pub kr20: Option<f64>,
}

/// An item.
pub struct ItemRow {
    /// Its name.
    pub id: ItemId,
    /// The question, in a line.
    pub stem: String,
    /// Its figures.
    pub shown: Shown<ItemFigures>,
}

/// The figures of an item.
pub struct ItemFigures {
    /// Learners who had it.
    pub learners: usize,
    /// Difficulty: the share that was wholly right, in percent.
    pub right: f64,
    /// The corrected point-biserial correlation.
    pub discrimination: Option<f64>,
    /// Answers that were wrong and sure (C3), in percent of all; none where nobody was asked.
    pub sure_and_wrong: Option<f64>,
    /// What was picked.
    pub picked: Vec<Picked>,
}

/// An option and how often it was picked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picked {
    /// In words.
    pub text: String,
    /// Whether it is right to pick it.
    pub key: bool,
    /// How often.
    pub count: usize,
}

/// What answers of one certainty came to.
pub struct Calibration {
    /// Answers.
    pub answers: usize,
    /// The share that was wholly right, in percent.
    pub right: f64,
}

/// Learners who had the same items, and what each had right.
type Together = (BTreeSet<Who>, Vec<Vec<bool>>);
/// A learner who had an item, the answer, and the share of the other items that were right.
type Had<'a> = (Who, &'a ItemAnswer, f64);

pub(super) fn tests(cohort: &Cohort<'_>) -> Vec<TestRow> {
    let tests = cohort.content.activity().parts.iter().filter_map(|part| match &part.body {
        PartBody::Test(test) => Some(row(cohort, &part.id, part.title.clone(), test)),
        PartBody::Reading(_) | PartBody::Case(_) | PartBody::Evaluation(_) | PartBody::Patient(_) => None,
    });
    tests.collect()
}

fn row(cohort: &Cohort<'_>, part: &PartId, title: String, test: &enduring_core::content::Test) -> TestRow {
    let attempts: Vec<(Who, &FirstAttempt)> = cohort
        .members
        .iter()
        .filter_map(|member| {
            member.facts.tests.iter().find(|test| test.part == *part).map(|test| (member.who, test))
        })
        .collect();
    let shares: Vec<f64> = attempts.iter().filter_map(|(_, attempt)| share(&attempt.answers)).collect();
    let passed = attempts.iter().filter(|(_, attempt)| attempt.passed).count();
    let figures = Shown::alone(attempts.len(), || TestFigures {
        learners: attempts.len(),
        mean: mean(&shares),
        deviation: deviation(&shares),
        passed: test.policy.threshold.and_then(|_| percent(passed, attempts.len())),
    });
    TestRow {
        title,
        role: test.role,
        figures,
        reliability: reliability(&attempts),
        items: items(cohort.content, &attempts),
        calibration: calibration(&attempts),
    }
}

fn share(answers: &[ItemAnswer]) -> Option<f64> {
    percent(answers.iter().filter(|answer| answer.right).count(), answers.len())
}

fn reliability(attempts: &[(Who, &FirstAttempt)]) -> Vec<Shown<Reliability>> {
    let mut sets: BTreeMap<Vec<&ItemId>, Together> = BTreeMap::new();
    for (who, attempt) in attempts {
        let mut answers: Vec<&ItemAnswer> = attempt.answers.iter().collect();
        answers.sort_by(|one, other| one.item.cmp(&other.item));
        let set = sets.entry(answers.iter().map(|answer| &answer.item).collect()).or_default();
        set.0.insert(*who);
        set.1.push(answers.iter().map(|answer| answer.right).collect());
    }
    let mut sets: Vec<_> = sets.into_iter().collect();
    sets.sort_by_key(|(_, (who, _))| std::cmp::Reverse(who.len()));
    parts(
        sets.into_iter()
            .map(|(items, (who, rows))| {
                let figures = Reliability { learners: rows.len(), items: items.len(), kr20: kr20(&rows) };
                (who, figures)
            })
            .collect(),
    )
}

fn items(content: &Content, attempts: &[(Who, &FirstAttempt)]) -> Vec<ItemRow> {
    let (rows, groups): (Vec<_>, Vec<_>) = content
        .activity()
        .items
        .iter()
        .filter_map(|item| {
            let had: Vec<Had<'_>> = attempts
                .iter()
                .filter_map(|(who, attempt)| {
                    let answer = attempt.answers.iter().find(|answer| answer.item == item.id)?;
                    Some((*who, answer, rest(&attempt.answers, answer)))
                })
                .collect();
            let who: BTreeSet<Who> = had.iter().map(|(who, _, _)| *who).collect();
            (!had.is_empty()).then(|| ((item.id.clone(), line(&item.stem)), (who, figures(item, &had))))
        })
        .unzip();
    let shown = parts(groups);
    rows.into_iter().zip(shown).map(|((id, stem), shown)| ItemRow { id, stem, shown }).collect()
}

/// The share of the other items that were right; nothing of an only item.
fn rest(answers: &[ItemAnswer], but: &ItemAnswer) -> f64 {
    let others: Vec<&ItemAnswer> = answers.iter().filter(|answer| answer.item != but.item).collect();
    percent(others.iter().filter(|answer| answer.right).count(), others.len()).unwrap_or(0.0)
}

fn figures(item: &Item, had: &[Had<'_>]) -> ItemFigures {
    let right = had.iter().filter(|(_, answer, _)| answer.right).count();
    let pairs: Vec<(bool, f64)> = had.iter().map(|(_, answer, rest)| (answer.right, *rest)).collect();
    let asked = had.iter().any(|(_, answer, _)| answer.certainty.is_some());
    let is_sure_and_wrong =
        |(_, answer, _): &&Had<'_>| answer.certainty == Some(Certain::C3) && !answer.right;
    let sure_and_wrong = had.iter().filter(is_sure_and_wrong).count();
    ItemFigures {
        learners: had.len(),
        right: percent(right, had.len()).unwrap_or(0.0),
        discrimination: discrimination(&pairs),
        sure_and_wrong: if asked { percent(sure_and_wrong, had.len()) } else { None },
        picked: picked(item, had),
    }
}

fn calibration(attempts: &[(Who, &FirstAttempt)]) -> Vec<(Option<Certain>, Shown<Calibration>)> {
    let all =
        || attempts.iter().flat_map(|(who, attempt)| attempt.answers.iter().map(|answer| (*who, answer)));
    if all().all(|(_, answer)| answer.certainty.is_none()) {
        return Vec::new();
    }
    let levels = [Some(Certain::C1), Some(Certain::C2), Some(Certain::C3), None];
    let groups = levels.iter().map(|level| {
        let of: Vec<(Who, &ItemAnswer)> = all().filter(|(_, answer)| answer.certainty == *level).collect();
        let right = of.iter().filter(|(_, answer)| answer.right).count();
        let figures = Calibration { answers: of.len(), right: percent(right, of.len()).unwrap_or(0.0) };
        (of.iter().map(|(who, _)| *who).collect(), figures)
    });
    let shown = parts(groups.collect());
    levels
        .into_iter()
        .zip(shown)
        .filter(|(_, shown)| shown.figure().is_none_or(|figures| figures.answers > 0))
        .collect()
}

/// What was picked of an item, option by option.
fn picked(item: &Item, had: &[Had<'_>]) -> Vec<Picked> {
    let responses = || had.iter().filter_map(|(_, answer, _)| answer.response.as_ref());
    let row = |text: String, key: bool, is: &dyn Fn(&Response) -> bool| Picked {
        text,
        key,
        count: responses().filter(|response| is(response)).count(),
    };
    let chose = |response: &Response, option: &OptionId| match response {
        Response::Choice(choice) => choice == option,
        Response::Choices(choices) => choices.contains(option),
        Response::Truths(_) | Response::Matches(_) | Response::Order(_) | Response::Number(_) => false,
    };
    let mut rows: Vec<Picked> = match &item.body {
        ItemBody::SingleBest { options, key } => options
            .iter()
            .map(|option| row(line(&option.text), option.id == *key, &|found| chose(found, &option.id)))
            .collect(),
        ItemBody::MultipleResponse { options, key, .. } | ItemBody::KeyFeature { options, key, .. } => {
            options
                .iter()
                .map(|option| {
                    row(line(&option.text), key.contains(&option.id), &|found| chose(found, &option.id))
                })
                .collect()
        }
        ItemBody::ScriptConcordance { scale, .. } => {
            let modal = scale.iter().map(|point| point.votes).max().unwrap_or(0);
            let mark = |point: &enduring_core::content::PanelOption| {
                row(line(&point.text), point.votes == modal, &|found| chose(found, &point.id))
            };
            scale.iter().map(mark).collect()
        }
        ItemBody::TrueFalse { statements, .. } => statements
            .iter()
            .map(|statement| {
                let judged = |found: &Response| match found {
                    Response::Truths(truths) => truths
                        .iter()
                        .any(|truth| truth.statement == statement.id && truth.truth == Truth::True),
                    _ => false,
                };
                let text = format!("{} (judged true)", line(&statement.text));
                row(text, statement.truth == Truth::True, &judged)
            })
            .collect(),
        ItemBody::ExtendedMatching { options, stems, .. } => stems
            .iter()
            .flat_map(|stem| options.iter().map(move |option| (stem, option)))
            .map(|(stem, option)| {
                let matched = |found: &Response| match found {
                    Response::Matches(matches) => {
                        matches.iter().any(|found| found.stem == stem.id && found.option == option.id)
                    }
                    _ => false,
                };
                let text = format!("{}: {}", line(&stem.text), line(&option.text));
                row(text, stem.key == option.id, &matched)
            })
            .collect(),
        ItemBody::Ordering { steps, .. } => steps
            .iter()
            .enumerate()
            .map(|(place, step)| {
                let placed = |found: &Response| match found {
                    Response::Order(order) => order.get(place) == Some(&step.id),
                    _ => false,
                };
                row(format!("{} (in place {})", line(&step.text), place + 1), true, &placed)
            })
            .collect(),
        ItemBody::Numeric { key, tolerance, unit } => {
            let within = |found: &Response| matches!(found, Response::Number(number) if number.within(*tolerance, *key));
            let below = |found: &Response| {
                matches!(found, Response::Number(number) if number < key) && !within(found)
            };
            let above = |found: &Response| {
                matches!(found, Response::Number(number) if number > key) && !within(found)
            };
            vec![
                row(format!("{key} {unit} within {tolerance}"), true, &within),
                row("less".to_owned(), false, &below),
                row("more".to_owned(), false, &above),
            ]
        }
    };
    let unanswered = had.iter().filter(|(_, answer, _)| answer.response.is_none()).count();
    if unanswered > 0 {
        rows.push(Picked { text: "(no answer)".to_owned(), key: false, count: unanswered });
    }
    rows
}
