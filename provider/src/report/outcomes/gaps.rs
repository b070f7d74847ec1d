//! What the results say to the next needs assessment. Only figures that are shown
//! elsewhere are looked at.

use enduring_core::content::{Content, PartBody, TestRole};

use super::pairs::{About, PairRow};
use super::{Figures, items::TestRow};

/// Below this mean, in percent, an objective stays a gap where the post-test names no
/// threshold of its own.
const MEAN_MIN: f64 = 70.0;
/// Below this the normalised gain is low. Source: Hake RR. Am J Phys 1998;66:64-74.
const GAIN_MIN: f64 = 0.3;
/// From this share of sure and wrong answers on, an item shows a misconception.
const MISCONCEPTION: f64 = 20.0;

/// Something to take up next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The objective, by its place in the activity; none for an item of several.
    pub objective: Option<usize>,
    /// What was found, in words with its figure.
    pub words: String,
}

/// What to take up next.
#[must_use]
pub fn gaps(content: &Content, figures: &Figures) -> Vec<Finding> {
    let mut found: Vec<Finding> =
        figures.pairs.iter().flat_map(|row| objective(row, needed(content))).collect();
    let post = figures.tests.iter().filter(|test| test.role == TestRole::Post);
    found.extend(post.flat_map(|test| misconceptions(content, test)));
    found
}

/// What the first post-test asks for.
fn needed(content: &Content) -> f64 {
    let post = content.activity().parts.iter().find_map(|part| match &part.body {
        PartBody::Test(test) if test.role == TestRole::Post => test.policy.threshold,
        PartBody::Test(_)
        | PartBody::Reading(_)
        | PartBody::Case(_)
        | PartBody::Evaluation(_)
        | PartBody::Patient(_) => None,
    });
    post.map_or(MEAN_MIN, |threshold| f64::from(threshold.0))
}

fn objective(row: &PairRow, needed: f64) -> Vec<Finding> {
    let (About::Objective(place), Some(figures)) = (row.about, row.figures()) else { return Vec::new() };
    let mut words = Vec::new();
    if figures.after < needed {
        words.push(format!("the mean after is {:.0} %, below {needed:.0} %", figures.after));
    }
    if let Some(gain) = figures.gain.filter(|gain| *gain < GAIN_MIN) {
        words.push(format!("the normalised gain is {gain:.2}, which is low"));
    }
    words.into_iter().map(|words| Finding { objective: Some(place), words }).collect()
}

fn misconceptions(content: &Content, test: &TestRow) -> Vec<Finding> {
    let objectives = &content.activity().objectives;
    let of = |row: &super::ItemRow| {
        let measured = content.item(&row.id)?.objectives.first()?;
        objectives.iter().position(|objective| objective.id == *measured)
    };
    let found = test.items.iter().filter_map(|row| {
        let share = row.shown.figure()?.sure_and_wrong.filter(|share| *share >= MISCONCEPTION)?;
        let words = format!("item {}: {share:.0} % were sure and wrong in the post-test", row.id);
        Some(Finding { objective: of(row), words })
    });
    found.collect()
}
