//! The provider's reports: pure functions over completions. Nothing here knows where
//! the completions are kept, and nothing writes a file. `docs/reports.md` says what
//! each figure is.

pub(crate) mod cells;
pub mod columns;
mod consent;
pub mod credits;
pub mod curriculum;
mod drawing;
pub mod facts;
pub mod files;
pub mod ledger;
pub mod outcomes;
mod page;
pub mod pars;
pub mod reported;
pub mod stats;
pub mod suppress;

use enduring_core::id::{Digest, LearnerRef, StatementId};
use enduring_core::measure::Timestamp;
use enduring_core::record::{
    Birthday, ConsentSheet, CreditEarned, EvaluationSheet, IdentifierValue, Payload, RecordRef,
};
use thiserror::Error;

/// A completion as reports see it.
#[derive(Clone, Debug)]
pub struct Completion {
    /// The record.
    pub record: RecordRef,
    /// The learner, opaque.
    pub learner: LearnerRef,
    /// Who the learner is; none where that was erased or is not known.
    pub person: Option<PersonFacts>,
    /// The salt of the learner sheet; none where that is not at hand.
    pub salt: Option<String>,
    /// What the device signed.
    pub payload: Payload,
    /// The log of the record, as JSON Lines; empty where a report does without.
    pub log: String,
    /// What the learner consented to; none where the sheet is not at hand.
    pub consents: Option<ConsentSheet>,
    /// Consents that were taken back since.
    pub consents_withdrawn: Vec<StatementId>,
    /// The evaluation; none where the sheet is not at hand.
    pub evaluation: Option<EvaluationSheet>,
    /// What was credited, which may be less than what was claimed.
    pub credits: Vec<CreditEarned>,
    /// When that was decided.
    pub decided: Timestamp,
}

/// Who a learner is, as far as a report may need it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonFacts {
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Birth month and day, never the year.
    pub birthday: Option<Birthday>,
    /// Identifiers.
    pub identifiers: Vec<IdentifierValue>,
}

/// Why a report cannot be made.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ReportError {
    /// The pack of a completion is not at hand.
    #[error("record {record}: expected the pack {pack}, found none")]
    NoPack {
        /// The record's id.
        record: String,
        /// The pack digest.
        pack: Digest,
    },
    /// The log of a completion does not replay to its end.
    #[error("record {record}: expected a whole log, found {found}")]
    Log {
        /// The record's id.
        record: String,
        /// What the replay says.
        found: String,
    },
}

/// A file of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportFile {
    /// Its name.
    pub name: String,
    /// What is in it.
    pub text: String,
}

impl ReportFile {
    fn new(name: impl Into<String>, text: String) -> Self {
        Self { name: name.into(), text }
    }
}

impl Completion {
    /// The local date of completion, a date without a time.
    #[must_use]
    pub fn completed_on(&self) -> Option<jiff::civil::Date> {
        let completed = &self.payload.completed;
        let local = completed.at.0.checked_add(i64::from(completed.offset.0) * 60_000)?;
        let instant = jiff::Timestamp::from_millisecond(local).ok()?;
        Some(instant.to_zoned(jiff::tz::TimeZone::UTC).date())
    }
}
