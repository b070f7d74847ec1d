//! What completions say: each log replayed, first attempts and first plays taken out of
//! it, one completion per learner and activity.

use std::collections::{BTreeMap, BTreeSet};

use enduring_core::content::{Case, Content, Part, PartBody, Test, TestRole};
use enduring_core::id::{DecisionId, Digest, ItemId, PartId, SessionId};
use enduring_core::json;
use enduring_core::measure::Points;
use enduring_core::record::{EvaluationAnswer, EvaluationReply};
use enduring_core::session::{
    CaseState, Certain, Entry, Event, PartOutcome, PartState, Phase, Response, State, TestState, replay,
};

use super::consent::{Standing, standing};
use super::suppress::Who;
use super::{Completion, ReportError};

/// Finds packs by their digests.
pub type FindPack<'f, 'a> = &'f dyn Fn(Digest) -> Option<&'a Content>;

/// What one completion says.
#[derive(Clone, Debug, PartialEq)]
pub struct Facts {
    /// The first attempt at each test.
    pub tests: Vec<FirstAttempt>,
    /// The first play of each case and simulated patient.
    pub plays: Vec<FirstPlay>,
    /// The answers to the evaluation that are at hand.
    pub replies: Vec<(ItemId, EvaluationReply)>,
}

/// The first attempt at a test.
#[derive(Clone, Debug, PartialEq)]
pub struct FirstAttempt {
    /// The part.
    pub part: PartId,
    /// What the test was for.
    pub role: TestRole,
    /// Whether this attempt passed.
    pub passed: bool,
    /// The items with their answers, in the order shown.
    pub answers: Vec<ItemAnswer>,
}

/// An item of a first attempt.
#[derive(Clone, Debug, PartialEq)]
pub struct ItemAnswer {
    /// Which.
    pub item: ItemId,
    /// What was answered; none where it was left out or the time ran out.
    pub response: Option<Response>,
    /// How certain, where that was asked and said.
    pub certainty: Option<Certain>,
    /// Whether it was wholly right.
    pub right: bool,
}

/// The first play of a case or a simulated patient.
#[derive(Clone, Debug, PartialEq)]
pub struct FirstPlay {
    /// The part.
    pub part: PartId,
    /// Earned.
    pub points: Points,
    /// Possible.
    pub possible: Points,
    /// The name of the ending.
    pub ending: String,
    /// Whether it was played more than once.
    pub again: bool,
    /// The first round of each decision of a case: earned and possible.
    pub decisions: Vec<(DecisionId, Points, Points)>,
}

/// The learners of one version of an activity, each with the first completion.
pub struct Cohort<'a> {
    /// The pack.
    pub content: &'a Content,
    /// The learners.
    pub members: Vec<Member<'a>>,
    /// Later completions of learners who had completed the activity before.
    pub repeated: usize,
    /// Learners who did not let the provider use their answers.
    pub refused: usize,
}

/// A learner.
pub struct Member<'a> {
    /// The place in the cohort.
    pub who: Who,
    /// The completion.
    pub completion: &'a Completion,
    /// What it says.
    pub facts: Facts,
}

/// Groups completions by pack, in the order of activity and version. A learner counts
/// once for an activity, with the completion that came first, whichever version it was
/// of: whoever comes again has seen the answers. A record that is there twice counts
/// once. Learners who refused that the provider uses their answers are left out.
///
/// # Errors
/// [`ReportError`] names the record whose pack is missing or whose log is not whole.
pub fn cohorts<'a>(
    completions: &'a [Completion],
    packs: FindPack<'_, 'a>,
) -> Result<Vec<Cohort<'a>>, ReportError> {
    let mut records = BTreeSet::new();
    let mut ordered: Vec<&Completion> = completions
        .iter()
        .filter(|completion| records.insert((completion.record.kid, completion.record.id)))
        .collect();
    ordered.sort_by_key(|completion| (completion.payload.completed.at, completion.record.id));
    let mut seen = BTreeSet::new();
    let mut found: BTreeMap<(String, String, Digest), Cohort<'a>> = BTreeMap::new();
    for completion in ordered {
        let activity = &completion.payload.activity;
        let content = packs(activity.digest).ok_or_else(|| ReportError::NoPack {
            record: completion.record.id.to_string(),
            pack: activity.digest,
        })?;
        let key = (activity.id.to_string(), activity.version.clone(), activity.digest);
        let cohort = found.entry(key).or_insert_with(|| Cohort {
            content,
            members: Vec::new(),
            repeated: 0,
            refused: 0,
        });
        if !seen.insert((completion.learner, activity.id.clone())) {
            cohort.repeated += 1;
            continue;
        }
        let provider = content.activity().front.provider.name.as_str();
        match standing(content, completion, &[provider]) {
            Standing::Given | Standing::NotAsked => {
                let facts = facts(content, completion)?;
                cohort.members.push(Member { who: cohort.members.len(), completion, facts });
            }
            Standing::Refused | Standing::Withdrawn | Standing::NoSheet => cohort.refused += 1,
        }
    }
    Ok(found.into_values().collect())
}

/// What one completion says.
///
/// # Errors
/// [`ReportError::Log`] when the log does not replay to its end.
pub fn facts(content: &Content, completion: &Completion) -> Result<Facts, ReportError> {
    let state = completed(content, completion.record.id, &completion.log)?;
    let tests = tests(content, &state).filter_map(|(part, test, outcome)| {
        let attempt = outcome.attempts.first()?;
        Some(FirstAttempt {
            part: part.id.clone(),
            role: test.role,
            passed: attempt.passed,
            answers: attempt.slots.iter().map(answer).collect(),
        })
    });
    let tests = tests.collect();
    let mut plays = Vec::new();
    for (part, result) in content.activity().parts.iter().zip(&state.finished) {
        match (&part.body, &result.outcome) {
            (PartBody::Case(case), PartOutcome::Case(last)) => {
                let first = (last.play > 1).then(|| first_play(content, &completion.log, &part.id)).flatten();
                plays.extend(case_play(part.id.clone(), case, last, first.as_ref()));
            }
            (PartBody::Patient(_), PartOutcome::Patient(patient)) => {
                plays.extend(patient.plays.first().map(|play| FirstPlay {
                    part: part.id.clone(),
                    points: play.points,
                    possible: play.possible,
                    ending: play.ending.to_string(),
                    again: patient.plays.len() > 1,
                    decisions: Vec::new(),
                }));
            }
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
    let replies = completion.evaluation.iter().flat_map(|sheet| &sheet.answers).filter_map(|text| {
        let answer: EvaluationAnswer = json::read(text).ok()?;
        Some((answer.question, answer.reply))
    });
    Ok(Facts { tests, plays, replies: replies.collect() })
}

/// The end of a session's log, which is complete.
///
/// # Errors
/// [`ReportError::Log`] when the log does not replay to its end.
pub fn completed(content: &Content, record: SessionId, log: &str) -> Result<State, ReportError> {
    let refuse = |found: String| ReportError::Log { record: record.to_string(), found };
    let replayed = replay(content, log);
    if let Some((line, broken)) = replayed.broken {
        return Err(refuse(format!("line {line}: {broken}")));
    }
    let complete = replayed.state.filter(|state| matches!(state.phase, Phase::Completed(_)));
    complete.ok_or_else(|| refuse("a session that is not complete".to_owned()))
}

/// The tests of a session with all their attempts, in the order of the flow.
pub fn tests<'a>(
    content: &'a Content,
    state: &'a State,
) -> impl Iterator<Item = (&'a Part, &'a Test, &'a TestState)> {
    content.activity().parts.iter().zip(&state.finished).filter_map(|(part, result)| {
        let (PartBody::Test(test), PartOutcome::Test(outcome)) = (&part.body, &result.outcome) else {
            return None;
        };
        Some((part, test, outcome))
    })
}

fn answer(slot: &enduring_core::session::Slot) -> ItemAnswer {
    ItemAnswer {
        item: slot.item.clone(),
        response: slot.answer.as_ref().map(|answer| answer.response.clone()),
        certainty: slot.answer.as_ref().and_then(|answer| answer.certainty),
        right: slot.answer.as_ref().is_some_and(|answer| answer.points >= Points::FULL),
    }
}

/// The first play of a case that was played again: the state before it was restarted,
/// since the state at the end holds the last play only.
fn first_play(content: &Content, log: &str, part: &PartId) -> Option<CaseState> {
    let mut inside = false;
    let mut length = 0;
    for line in log.split_inclusive('\n') {
        let entry: Entry = json::read(line.trim_end_matches('\n')).ok()?;
        match &entry.event {
            Event::PartEntered { part: entered } => inside = entered == part,
            Event::CaseRestarted if inside => break,
            _ => {}
        }
        length += line.len();
    }
    match replay(content, log.get(..length)?).state {
        Some(State { phase: Phase::Part(PartState::Case(case)), .. }) => Some(case),
        Some(_) | None => None,
    }
}

fn case_play(part: PartId, case: &Case, last: &CaseState, first: Option<&CaseState>) -> Option<FirstPlay> {
    let state = first.unwrap_or(last);
    let ending = state.ending(case)?.id.to_string();
    let (points, possible) = state.points(case);
    let mut decisions: Vec<(DecisionId, Points, Points)> = Vec::new();
    for round in &state.rounds {
        if !decisions.iter().any(|(known, _, _)| *known == round.decision) {
            decisions.push((round.decision.clone(), round.points, round.possible));
        }
    }
    Some(FirstPlay { part, points, possible, ending, again: last.play > 1, decisions })
}
