//! Consents that are taken back. Nothing is reported on one any more, and what was
//! reported is asked to be taken out with the next report; the credit stays.

use enduring_core::id::StatementId;
use enduring_core::json;
use enduring_core::record::{ConsentSheet, Given, RecordRef};

use super::{DecideError, Intake, IntakeError, Taken};
use crate::ledger::{Entry, Fact};
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
        let taken = self.taken(record).await?.ok_or(DecideError::Unknown)?;
        let sheets = self.ledger.sheets(record).await.map_err(IntakeError::from)?;
        let sheet = sheets.iter().find(|(part, _)| part == "consent");
        let sheet = sheet.and_then(|(_, text)| json::read::<ConsentSheet>(text).ok());
        let answers = sheet.map(|sheet| sheet.answers).unwrap_or_default();
        if !answers.iter().any(|answer| answer.statement == *statement && answer.given == Given::Yes) {
            return Err(DecideError::Standing { expected: "a consent that was given" });
        }
        let withdrawn = Fact::ConsentWithdrawn {
            learner: taken.learner(),
            record: *record,
            statement: statement.clone(),
        };
        self.writer.add(vec![Entry::new(time::now(), by, withdrawn)], Default::default()).await?;
        self.taken(record).await?.ok_or(DecideError::Unknown)
    }
}
