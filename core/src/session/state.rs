//! The state of a session: a pure function of pack and log, never stored as truth.

use serde::{Deserialize, Serialize};

use super::case::CaseState;
use super::claim::ClaimState;
use super::clock::Clock;
use super::evaluation::EvaluationState;
use super::event::{Moment, Started};
use super::patient::PatientState;
use super::reading::ReadingState;
use super::test::TestState;
use crate::id::{Digest, PartId};

/// A session after its latest event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// How it began.
    pub started: Started,
    /// The seed: h0 of the log.
    pub seed: Digest,
    /// The number of the latest event.
    pub n: u32,
    /// Time.
    pub clock: Clock,
    /// When the front matter was acknowledged.
    pub acknowledged: Option<Moment>,
    /// The parts that are finished, in the order of the flow.
    pub finished: Vec<PartResult>,
    /// Where the session stands.
    pub phase: Phase,
}

/// Where a session stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Entered at the start: the front matter was not shown yet.
    FrontMatter,
    /// The front matter was shown and waits for its acknowledgement.
    FrontMatterShown,
    /// In the flow, at the part after the finished ones.
    Part(PartState),
    /// All parts are finished.
    Claim(ClaimState),
    /// Nothing can follow.
    Completed(Completion),
}

/// A part in progress.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartState {
    /// Its turn has come; it was not begun.
    Waiting,
    /// A reading.
    Reading(ReadingState),
    /// A test.
    Test(TestState),
    /// A case.
    Case(CaseState),
    /// The evaluation.
    Evaluation(EvaluationState),
    /// A simulated patient.
    Patient(Box<PatientState>),
}

/// A finished part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartResult {
    /// Which.
    pub part: PartId,
    /// When it was finished.
    pub at: Moment,
    /// What came of it.
    pub outcome: PartOutcome,
}

/// What came of a part: its state when it was left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartOutcome {
    /// It was read.
    Reading,
    /// All attempts.
    Test(TestState),
    /// The play that counted.
    Case(CaseState),
    /// The digests of the answers.
    Evaluation(EvaluationState),
    /// All plays, and the last of them whole.
    Patient(Box<PatientState>),
}

/// A completed session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Completion {
    /// What was claimed, and by whom.
    pub claim: ClaimState,
    /// When the record was made ready.
    pub at: Moment,
}

impl State {
    /// When the last requirement was met: the moment the last part was finished.
    /// Its local date is the completion date. `None` while a part is open.
    #[must_use]
    pub fn requirements_met(&self) -> Option<&Moment> {
        match &self.phase {
            Phase::Claim(_) | Phase::Completed(_) => {
                self.finished.last().map(|part| &part.at).or(self.acknowledged.as_ref())
            }
            Phase::FrontMatter | Phase::FrontMatterShown | Phase::Part(_) => None,
        }
    }

    /// The claim, made or in the making.
    #[must_use]
    pub fn claim(&self) -> Option<&ClaimState> {
        match &self.phase {
            Phase::Claim(claim) => Some(claim),
            Phase::Completed(completion) => Some(&completion.claim),
            Phase::FrontMatter | Phase::FrontMatterShown | Phase::Part(_) => None,
        }
    }
}
