//! Scoring: pure, in integers. Under a rules number none of this ever changes.

mod item;
mod report;

pub use item::{Outcome, fits, points};
pub use report::{
    AttemptScore, CaseScore, ObjectiveScore, PatientScore, PlayScore, Score, TestScore, attempt_score, report,
};
