//! The score of a session, as the record claims it and the verifier recomputes it.

use serde::{Deserialize, Serialize};

use crate::content::{Case, Content, EndingQuality, Item, PartBody, TestRole};
use crate::id::{EndingId, ObjectiveId, PartId};
use crate::measure::{Millis, Points};
use crate::session::{AttemptOutcome, CaseState, PartOutcome, Played, State};

/// The score of a session. The order of members is that of the flow.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Score {
    /// Every finished test.
    pub tests: Vec<TestScore>,
    /// Every finished case.
    pub cases: Vec<CaseScore>,
    /// Every finished encounter with a simulated patient; left out where there is none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub patients: Vec<PatientScore>,
    /// Active time that counted.
    pub active: Millis,
}

/// The score of a test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TestScore {
    /// The part.
    pub part: PartId,
    /// What it was for.
    pub role: TestRole,
    /// All attempts, the first of which counts for outcomes and the passing one for credit.
    pub attempts: Vec<AttemptScore>,
}

/// The score of an attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttemptScore {
    /// Earned.
    pub points: Points,
    /// Possible.
    pub possible: Points,
    /// Items wholly right.
    pub right: u16,
    /// Items.
    pub items: u16,
    /// Whether the threshold was reached.
    pub passed: bool,
    /// By objective, in the order of the activity; those without an item are left out.
    pub objectives: Vec<ObjectiveScore>,
}

/// The score of an attempt on one objective.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ObjectiveScore {
    /// The objective.
    pub objective: ObjectiveId,
    /// Items wholly right.
    pub right: u16,
    /// Items.
    pub items: u16,
}

/// The score of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseScore {
    /// The part.
    pub part: PartId,
    /// Earned.
    pub points: Points,
    /// Possible.
    pub possible: Points,
    /// How it ended.
    pub ending: EndingId,
    /// How good that was.
    pub quality: EndingQuality,
    /// Plays.
    pub plays: u16,
}

/// The score of an encounter with a simulated patient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PatientScore {
    /// The part.
    pub part: PartId,
    /// Every play, the first of which counts for outcomes and the best one for the gate.
    pub plays: Vec<PlayScore>,
}

/// The score of one play of an encounter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlayScore {
    /// Earned.
    pub points: Points,
    /// Possible.
    pub possible: Points,
    /// How it ended.
    pub ending: EndingId,
}

/// The score of a session so far: of every part that is finished.
#[must_use]
pub fn report(content: &Content, state: &State) -> Score {
    let mut score = Score { active: state.clock.active, ..Score::default() };
    for (part, result) in content.activity().parts.iter().zip(&state.finished) {
        match (&part.body, &result.outcome) {
            (PartBody::Test(test), PartOutcome::Test(state)) => score.tests.push(TestScore {
                part: part.id.clone(),
                role: test.role,
                attempts: state.attempts.iter().map(|attempt| attempt_score(content, attempt)).collect(),
            }),
            (PartBody::Case(case), PartOutcome::Case(state)) => {
                score.cases.extend(case_score(&part.id, case, state))
            }
            (PartBody::Patient(_), PartOutcome::Patient(state)) => score.patients.push(PatientScore {
                part: part.id.clone(),
                plays: state.plays.iter().map(play_score).collect(),
            }),
            (
                PartBody::Reading(_)
                | PartBody::Test(_)
                | PartBody::Case(_)
                | PartBody::Evaluation(_)
                | PartBody::Patient(_),
                PartOutcome::Reading
                | PartOutcome::Test(_)
                | PartOutcome::Case(_)
                | PartOutcome::Evaluation(_)
                | PartOutcome::Patient(_),
            ) => {}
        }
    }
    score
}

/// The score of one attempt.
#[must_use]
pub fn attempt_score(content: &Content, attempt: &AttemptOutcome) -> AttemptScore {
    let is_right =
        |slot: &crate::session::Slot| slot.answer.as_ref().is_some_and(|a| a.points >= Points::FULL);
    let count = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
    // Looked up once, not again for each objective.
    let asked = attempt.slots.iter().filter_map(|slot| Some((content.item(&slot.item)?, is_right(slot))));
    let asked: Vec<(&Item, bool)> = asked.collect();
    let objectives = content.activity().objectives.iter().filter_map(|objective| {
        let of = |(item, _): &&(&Item, bool)| item.objectives.contains(&objective.id);
        let items = asked.iter().filter(of).count();
        let right = asked.iter().filter(of).filter(|(_, right)| *right).count();
        (items > 0).then(|| ObjectiveScore {
            objective: objective.id.clone(),
            right: count(right),
            items: count(items),
        })
    });
    AttemptScore {
        points: attempt.points,
        possible: attempt.possible,
        right: count(attempt.slots.iter().filter(|slot| is_right(slot)).count()),
        items: count(attempt.slots.len()),
        passed: attempt.passed,
        objectives: objectives.collect(),
    }
}

fn play_score(play: &Played) -> PlayScore {
    PlayScore { points: play.points, possible: play.possible, ending: play.ending.clone() }
}

fn case_score(part: &PartId, case: &Case, state: &CaseState) -> Option<CaseScore> {
    let ending = state.ending(case)?;
    let (points, possible) = state.points(case);
    Some(CaseScore {
        part: part.clone(),
        points,
        possible,
        ending: ending.id.clone(),
        quality: ending.quality,
        plays: state.play,
    })
}
