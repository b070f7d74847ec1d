//! What may be shown now. This is the only way from a pack to the screen for
//! anything that has a key: what the policy does not reveal yet is not in here.

mod case;
mod claim;
mod item;
mod patient;
mod test;

use std::rc::Rc;

pub use case::{CaseAsk, CaseView, ChartEntry, Debrief, DebriefDecision, ExpertLine, LinkView, ResultView};
pub use claim::{ClaimRow, ClaimView, Eligibility};
pub use item::{Feedback, ItemBodyView, ItemView, KeyView, Note, OptionView, Pick};
pub use patient::{
    ActionView, Curve, Debriefed, DoseView, LineKind, LineView, Marked, PatientAsk, PatientDebrief,
    PatientView, Pending, PendingKind, ReportView, StepTaken, StoryLine, Teller, VitalView, encounter,
    patient_course, patient_view,
};
pub use test::{Comparison, ComparisonRow, NextAttempt, SlotView, TestResult, TestRun, TestStart};

use super::evaluation::EvaluationState;
use super::state::{PartOutcome, PartState, Phase, State};
use crate::content::{Content, Document, Evaluation, Part, PartBody};
use crate::id::PartId;
use crate::measure::{Millis, Minutes};

/// A screenful.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    /// The steps of the activity.
    pub rail: Vec<RailStep>,
    /// About how much is left; none once the session is complete, or can never be: no attempt is left.
    pub minutes_left: Minutes,
    /// Active time so far.
    pub active: Millis,
    /// What is on.
    pub scene: Scene,
}

/// A step of the activity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RailStep {
    /// The part; `None` for front matter and claim.
    pub part: Option<PartId>,
    /// Its title; empty for front matter and claim, which the player names.
    pub title: String,
    /// What kind of step.
    pub kind: StepKind,
    /// Where it stands.
    pub status: StepStatus,
    /// About how long it takes.
    pub minutes: Minutes,
}

/// Kinds of step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepKind {
    /// Front matter.
    FrontMatter,
    /// Pages to read.
    Reading,
    /// Items to answer.
    Test,
    /// A case.
    Case,
    /// A simulated patient.
    Patient,
    /// The evaluation.
    Evaluation,
    /// The claim.
    Claim,
}

/// Where a step stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepStatus {
    /// Finished.
    Done,
    /// At hand.
    Now,
    /// Still to come.
    Later,
}

/// What is on.
#[derive(Clone, Debug, PartialEq)]
pub enum Scene {
    /// The front matter, which is public: the activity holds it.
    FrontMatter,
    /// A part whose turn has come.
    Opening(Opening),
    /// A page of a reading.
    Reading(ReadingView),
    /// Before a test's first attempt.
    TestStart(TestStart),
    /// An item of a running attempt.
    TestRun(Box<TestRun>),
    /// After an attempt.
    TestResult(Box<TestResult>),
    /// A case.
    Case(Box<CaseView>),
    /// A simulated patient.
    Patient(Box<PatientView>),
    /// The evaluation.
    Evaluation(EvaluationView),
    /// The claim.
    Claim(ClaimView),
    /// The session is complete.
    Completed(ClaimView),
}

/// A part whose turn has come.
#[derive(Clone, Debug, PartialEq)]
pub struct Opening {
    /// Which.
    pub part: PartId,
    /// Its title.
    pub title: String,
    /// What it is.
    pub kind: StepKind,
    /// About how long it takes.
    pub minutes: Minutes,
    /// The patient of a case, or the introduction of a test.
    pub introduction: Document,
    /// What holds in a test, so that it begins from here.
    pub test: Option<TestStart>,
}

/// A page of a reading.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadingView {
    /// Which part.
    pub part: PartId,
    /// 0 for the first.
    pub page: u16,
    /// How many there are.
    pub of: u16,
    /// Title of the page.
    pub title: String,
    /// Its text.
    pub text: Document,
    /// Whether all were shown.
    pub all_seen: bool,
}

/// The evaluation.
#[derive(Clone, Debug, PartialEq)]
pub struct EvaluationView {
    /// Which part.
    pub part: PartId,
    /// The questions and whether the answers are named.
    pub evaluation: Evaluation,
    /// What was answered.
    pub answers: EvaluationState,
    /// Whether nothing required is open.
    pub whole: bool,
}

/// What may be shown now.
#[must_use]
pub fn view(content: &Content, state: &State) -> View {
    let activity = content.activity();
    let current = activity.parts.get(state.finished.len());
    let scene = match &state.phase {
        Phase::FrontMatter | Phase::FrontMatterShown => Scene::FrontMatter,
        Phase::Part(part_state) => match current {
            Some(part) => scene(content, state, part, part_state),
            None => Scene::Claim(claim::view(content, state)),
        },
        Phase::Claim(_) => Scene::Claim(claim::view(content, state)),
        Phase::Completed(_) => Scene::Completed(claim::view(content, state)),
    };
    let rail = rail(content, state);
    let left = rail.iter().filter(|step| step.status != StepStatus::Done);
    let minutes_left = match &scene {
        Scene::TestResult(result) if result.next == NextAttempt::NoneLeft => 0,
        _ => left.fold(0u32, |sum, step| sum.saturating_add(step.minutes.0)),
    };
    View { rail, minutes_left: Minutes(minutes_left), active: state.clock.active, scene }
}

fn scene(content: &Content, state: &State, part: &Part, part_state: &PartState) -> Scene {
    match (part_state, &part.body) {
        (PartState::Reading(reading_state), PartBody::Reading(reading)) => {
            let page = reading.pages.get(usize::from(reading_state.page));
            let of = u16::try_from(reading.pages.len()).unwrap_or(u16::MAX);
            Scene::Reading(ReadingView {
                part: part.id.clone(),
                page: reading_state.page,
                of,
                title: page.map_or_else(String::new, |page| page.title.clone()),
                text: page.map_or_else(|| Document::from([]), |page| page.text.clone()),
                all_seen: reading_state.furthest.saturating_add(1) >= of,
            })
        }
        (PartState::Test(test_state), PartBody::Test(test)) => {
            test::scene(content, state, part, test, test_state)
        }
        (PartState::Case(case_state), PartBody::Case(case)) => {
            Scene::Case(Box::new(case::view(part, case, case_state)))
        }
        (PartState::Patient(patient_state), PartBody::Patient(patient)) => {
            Scene::Patient(Box::new(patient::view(part, patient, patient_state)))
        }
        (PartState::Evaluation(answers), PartBody::Evaluation(evaluation)) => {
            Scene::Evaluation(EvaluationView {
                part: part.id.clone(),
                evaluation: evaluation.clone(),
                answers: answers.clone(),
                whole: evaluation
                    .questions
                    .iter()
                    .all(|q| q.need == crate::content::Need::Optional || answers.answered(&q.id).is_some()),
            })
        }
        (
            PartState::Waiting
            | PartState::Reading(_)
            | PartState::Test(_)
            | PartState::Case(_)
            | PartState::Evaluation(_)
            | PartState::Patient(_),
            body,
        ) => Scene::Opening(Opening {
            part: part.id.clone(),
            title: part.title.clone(),
            kind: kind(body),
            minutes: part.minutes,
            introduction: match body {
                PartBody::Test(test) => test.introduction.clone(),
                PartBody::Patient(patient) => patient::lines_of(patient),
                PartBody::Reading(_) | PartBody::Case(_) | PartBody::Evaluation(_) => Document::from([]),
            },
            test: match body {
                PartBody::Test(test) => Some(test::start(part, test)),
                PartBody::Reading(_) | PartBody::Case(_) | PartBody::Evaluation(_) | PartBody::Patient(_) => {
                    None
                }
            },
        }),
    }
}

fn kind(body: &PartBody) -> StepKind {
    match body {
        PartBody::Reading(_) => StepKind::Reading,
        PartBody::Test(_) => StepKind::Test,
        PartBody::Case(_) => StepKind::Case,
        PartBody::Evaluation(_) => StepKind::Evaluation,
        PartBody::Patient(_) => StepKind::Patient,
    }
}

fn rail(content: &Content, state: &State) -> Vec<RailStep> {
    let activity = content.activity();
    let status = |place: usize| match &state.phase {
        Phase::FrontMatter | Phase::FrontMatterShown if place == 0 => StepStatus::Now,
        Phase::FrontMatter | Phase::FrontMatterShown => StepStatus::Later,
        Phase::Completed(_) => StepStatus::Done,
        Phase::Part(_) | Phase::Claim(_) => match place.cmp(&(state.finished.len() + 1)) {
            std::cmp::Ordering::Less => StepStatus::Done,
            std::cmp::Ordering::Equal => StepStatus::Now,
            std::cmp::Ordering::Greater => StepStatus::Later,
        },
    };
    let own = |kind, place| RailStep {
        part: None,
        title: String::new(),
        kind,
        status: status(place),
        minutes: Minutes(1),
    };
    let mut rail = vec![own(StepKind::FrontMatter, 0)];
    rail.extend(activity.parts.iter().enumerate().map(|(place, part)| RailStep {
        part: Some(part.id.clone()),
        title: part.title.clone(),
        kind: kind(&part.body),
        status: status(place + 1),
        minutes: part.minutes,
    }));
    rail.push(own(StepKind::Claim, activity.parts.len() + 1));
    rail
}

/// A finished part once more, for looking back: shared, since many may show it.
#[derive(Clone, Debug, PartialEq)]
pub enum LookedBack {
    /// The latest attempt at a test, with what the policy reveals by now.
    Test(Rc<TestResult>),
    /// A case as it stood at its ending.
    Case(Rc<CaseView>),
    /// The debrief of the latest play of a simulated patient.
    Patient(Rc<PatientView>),
}

/// A finished part once more. `None` when the part is not finished, or nothing of it is
/// kept to look at.
#[must_use]
pub fn look_back(content: &Content, state: &State, part: &PartId) -> Option<LookedBack> {
    let (place, part) = content.part(part)?;
    match (&part.body, &state.finished.get(place)?.outcome) {
        (PartBody::Test(test), PartOutcome::Test(outcome)) => {
            Some(LookedBack::Test(Rc::new(test::result(content, state, part, test, outcome))))
        }
        (PartBody::Case(case), PartOutcome::Case(outcome)) => {
            Some(LookedBack::Case(Rc::new(case::view(part, case, outcome))))
        }
        (PartBody::Patient(patient), PartOutcome::Patient(outcome)) => {
            Some(LookedBack::Patient(Rc::new(patient::view(part, patient, outcome))))
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
        ) => None,
    }
}

/// Pre-test and post-test side by side, by objective, from first attempts; `None`
/// until both are finished.
#[must_use]
pub fn comparison(content: &Content, state: &State) -> Option<Comparison> {
    test::comparison(content, state)
}
