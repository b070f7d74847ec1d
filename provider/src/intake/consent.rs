//! Consents that are taken back. Nothing is reported on one any more, and what was
//! reported is asked to be taken out with the next report; the credit stays.

use enduring_core::id::StatementId;
use enduring_core::json;
use enduring_core::record::{ConsentSheet, Given, RecordRef};

use super::{DecideError, Intake, IntakeError, Taken};
use crate::ledger::{Entry, Fact, Ledger};
use crate::time;

impl Intake {
    /// Takes down that a learner withdrew a consent. Once more changes nothing.
    ///
    /// # Errors
    /// [`DecideError`]: of what was refused, or is not at hand, nothing can be withdrawn.
    pub async fn withdraw_consent(
        &self,
        record: &RecordRef,
        statement: &StatementId,
        by: &str,
    ) -> Result<Taken, DecideError> {
        withdraw_consent(&self.ledger, record, statement, by).await?;
        self.taken(record).await?.ok_or(DecideError::Unknown)
    }
}

/// As [`Intake::withdraw_consent`], where there is a ledger only.
///
/// # Errors
/// [`DecideError`].
pub async fn withdraw_consent(
    ledger: &Ledger,
    record: &RecordRef,
    statement: &StatementId,
    by: &str,
) -> Result<(), DecideError> {
    let rows = ledger.of_record(record).await.map_err(IntakeError::from)?;
    let taken = Taken::fold(&rows).ok_or(DecideError::Unknown)?;
    let sheets = ledger.sheets(record).await.map_err(IntakeError::from)?;
    let sheet = sheets.iter().find(|(part, _)| part == "consent");
    let sheet = sheet.and_then(|(_, text)| json::read::<ConsentSheet>(text).ok());
    let answers = sheet.map(|sheet| sheet.answers).unwrap_or_default();
    if !answers.iter().any(|answer| answer.statement == *statement && answer.given == Given::Yes) {
        return Err(DecideError::Standing { expected: "a consent that was given" });
    }
    let (learner, record, statement) = (taken.learner(), *record, statement.clone());
    let withdrawn = Fact::ConsentWithdrawn { learner, record, statement };
    ledger.add(&[Entry::new(time::now(), by, withdrawn)]).await.map_err(IntakeError::from)?;
    Ok(())
}
