//! Level 4: cases and simulated patients, first plays only.

use std::collections::{BTreeMap, BTreeSet};

use enduring_core::content::{Case, NodeStep, PartBody, patient::Patient};
use enduring_core::id::PartId;
use enduring_core::measure::Points;

use super::line;
use crate::report::facts::{Cohort, FirstPlay};
use crate::report::stats::{deviation, mean, median};
use crate::report::suppress::{Shown, Who, parts};

/// A case or a simulated patient.
pub struct PlayRow {
    /// Its title.
    pub title: String,
    /// The first plays as a whole.
    pub figures: Shown<PlayFigures>,
    /// The decisions of a case, in its order.
    pub decisions: Vec<DecisionRow>,
}

/// First plays.
pub struct PlayFigures {
    /// Learners.
    pub learners: usize,
    /// Mean of the points earned, in percent of those possible.
    pub mean: Option<f64>,
    /// Its standard deviation.
    pub deviation: Option<f64>,
    /// Its median.
    pub median: Option<f64>,
    /// Learners who played it again.
    pub again: usize,
    /// How the first plays ended, most frequent first.
    pub endings: Vec<(String, usize)>,
}

/// A decision.
pub struct DecisionRow {
    /// What is asked, in a line.
    pub prompt: String,
    /// Learners who came to it, and the mean of what they earned in percent.
    pub shown: Shown<(usize, Option<f64>)>,
}

pub(super) fn plays(cohort: &Cohort<'_>) -> Vec<PlayRow> {
    let rows = cohort.content.activity().parts.iter().filter_map(|part| match &part.body {
        PartBody::Case(case) => Some(row(cohort, &part.id, &part.title, &endings_of_case(case), Some(case))),
        PartBody::Patient(patient) => {
            Some(row(cohort, &part.id, &part.title, &endings_of_patient(patient), None))
        }
        PartBody::Reading(_) | PartBody::Test(_) | PartBody::Evaluation(_) => None,
    });
    rows.collect()
}

fn endings_of_case(case: &Case) -> BTreeMap<String, String> {
    let endings = case.nodes.iter().filter_map(|node| match &node.step {
        NodeStep::Ending(ending) => Some((ending.id.to_string(), ending.title.clone())),
        NodeStep::Links(_) | NodeStep::Decision(_) => None,
    });
    endings.collect()
}

fn endings_of_patient(patient: &Patient) -> BTreeMap<String, String> {
    patient.endings.iter().map(|ending| (ending.id.to_string(), ending.title.clone())).collect()
}

fn row(
    cohort: &Cohort<'_>,
    part: &PartId,
    title: &str,
    endings: &BTreeMap<String, String>,
    case: Option<&Case>,
) -> PlayRow {
    let plays: Vec<(Who, &FirstPlay)> = cohort
        .members
        .iter()
        .filter_map(|member| {
            member.facts.plays.iter().find(|play| play.part == *part).map(|play| (member.who, play))
        })
        .collect();
    let shares: Vec<f64> = plays.iter().filter_map(|(_, play)| share(play.points, play.possible)).collect();
    let figures = Shown::alone(plays.len(), || PlayFigures {
        learners: plays.len(),
        mean: mean(&shares),
        deviation: deviation(&shares),
        median: median(&shares),
        again: plays.iter().filter(|(_, play)| play.again).count(),
        endings: ended(&plays, endings),
    });
    PlayRow {
        title: title.to_owned(),
        figures,
        decisions: case.map_or_else(Vec::new, |case| decisions(case, &plays)),
    }
}

fn share(points: Points, possible: Points) -> Option<f64> {
    (possible.0 > 0).then(|| 100.0 * f64::from(points.0) / f64::from(possible.0))
}

fn ended(plays: &[(Who, &FirstPlay)], titles: &BTreeMap<String, String>) -> Vec<(String, usize)> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, play) in plays {
        *counts.entry(&play.ending).or_default() += 1;
    }
    let title = |id: &str| titles.get(id).cloned().unwrap_or_else(|| id.to_owned());
    let mut ended: Vec<_> = counts.into_iter().map(|(id, count)| (title(id), count)).collect();
    ended.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    ended
}

fn decisions(case: &Case, plays: &[(Who, &FirstPlay)]) -> Vec<DecisionRow> {
    let asked = case.nodes.iter().filter_map(|node| match &node.step {
        NodeStep::Decision(decision) => Some(decision),
        NodeStep::Links(_) | NodeStep::Ending(_) => None,
    });
    let (prompts, groups): (Vec<String>, Vec<_>) = asked
        .map(|decision| {
            let mut who: BTreeSet<Who> = BTreeSet::new();
            let mut shares = Vec::new();
            for (learner, play) in plays {
                for (_, points, possible) in play.decisions.iter().filter(|(id, _, _)| *id == decision.id) {
                    who.insert(*learner);
                    shares.extend(share(*points, *possible));
                }
            }
            let count = who.len();
            (line(&decision.prompt), (who, (count, mean(&shares))))
        })
        .unzip();
    prompts.into_iter().zip(parts(groups)).map(|(prompt, shown)| DecisionRow { prompt, shown }).collect()
}
