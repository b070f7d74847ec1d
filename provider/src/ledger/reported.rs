//! What was reported to an accreditor or a board: by credit, so that nothing is reported
//! twice by accident and what changed since is seen.

use std::collections::{BTreeMap, BTreeSet};

use enduring_core::id::{Digest, LearnerRef};
use enduring_core::measure::Timestamp;
use enduring_core::record::{CreditEarned, RecordRef};
use serde::{Deserialize, Serialize};

use super::fact::{Fact, credit_key};
use super::{Ledger, LedgerError};

/// A row of a report as it went to its receiver.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reported {
    /// Which record.
    pub record: RecordRef,
    /// Whose.
    pub learner: LearnerRef,
    /// To whom: the name of the columns, such as `pars`.
    pub to: String,
    /// How many rows about this credit came before it: two reports at once are told apart.
    pub n: u32,
    /// What it was.
    pub act: ReportAct,
    /// The credit, as it was reported.
    pub credit: CreditEarned,
    /// The local date of completion, as it was reported, ISO 8601.
    pub completed: String,
    /// A salted digest of who the learner was said to be; it means nothing once the salt,
    /// which is in the learner sheet, is erased. None without a sheet.
    pub who: Option<Digest>,
    /// The file it is in; of what is taken back, the file it was in.
    pub file: String,
    /// Its place there, from 1 below the head.
    pub row: u32,
    /// Of what is taken back, the file of the report that asked for it; else None.
    pub asked_in: Option<String>,
}

/// What a row of a report was. Stored; never reuse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReportAct {
    /// The first about this credit, or the first since it was taken back.
    New,
    /// Something changed since the last.
    Corrected,
    /// The same once more.
    Again,
    /// The receiver is asked to take it out.
    TakenBack,
}

/// What was reported last about a credit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// When.
    pub at: Timestamp,
    /// What.
    pub last: Reported,
}

impl Reported {
    /// The credit it is about, as the ledger gives it once.
    #[must_use]
    pub fn key(&self) -> String {
        let credit = &self.credit;
        credit_key(&self.learner, &credit.accreditor, &credit.accreditor_activity, &credit.credit)
    }

    /// The report it was recorded with, by its file for the receiver.
    #[must_use]
    pub fn report(&self) -> &str {
        self.asked_in.as_deref().unwrap_or(&self.file)
    }
}

impl Ledger {
    /// What was reported last to a receiver, by credit.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn reported(&self, to: &str) -> Result<BTreeMap<String, Told>, LedgerError> {
        let mut told = BTreeMap::new();
        for row in self.of_mark(&format!("report:{to}")).await? {
            if let Fact::Reported(last) = row.entry.fact {
                told.insert(last.key(), Told { at: row.entry.at, last: *last });
            }
        }
        Ok(told)
    }

    /// The reports that were recorded, to whomever, by their files for the receiver; also
    /// those that only asked to take rows out.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn reports(&self) -> Result<BTreeSet<String>, LedgerError> {
        let mut reports = BTreeSet::new();
        for row in self.of_kind("reported").await? {
            if let Fact::Reported(row) = row.entry.fact {
                reports.insert(row.report().to_owned());
            }
        }
        Ok(reports)
    }
}
