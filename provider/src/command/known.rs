//! Whether what the command line names is there. A ticket, a notice and a device that was lost are signed or
//! kept for good, so what was mistyped is refused before.

use enduring_core::id::{ActivityId, Digest, LearnerRef};

use super::Failure;
use crate::intake::Intake;
use crate::ledger::{Fact, LedgerError};

/// Refuses an activity that neither a pack at hand nor a record in the ledger is of.
///
/// # Errors
/// That it is unknown, or what the database says.
pub(super) async fn activity(intake: &Intake, activity: &ActivityId) -> Result<(), Failure> {
    let has_pack = intake.packs().about().any(|about| about.activity == *activity);
    if has_pack || !intake.ledger().some_received(activity, 0).await?.is_empty() {
        return Ok(());
    }
    Err(unknown(format!("an activity of the packs or of a record in the ledger, found no {activity}")))
}

/// Refuses a version that neither a pack of this activity at hand nor a record in the ledger has.
///
/// # Errors
/// That it is unknown, or what the database says.
pub(super) async fn version(intake: &Intake, activity: &ActivityId, digest: Digest) -> Result<(), Failure> {
    let has_pack = intake.packs().about().any(|about| about.digest == digest && about.activity == *activity);
    if has_pack || was_received(intake, activity, digest).await? {
        return Ok(());
    }
    Err(unknown(format!("the digest of a version of {activity}, found {digest}")))
}

async fn was_received(intake: &Intake, activity: &ActivityId, digest: Digest) -> Result<bool, LedgerError> {
    let mut after = 0;
    loop {
        let rows = intake.ledger().some_received(activity, after).await?;
        let Some(last) = rows.last() else { return Ok(false) };
        after = last.seq;
        let is_of =
            |fact: &Fact| matches!(fact, Fact::Received(received) if received.activity.digest == digest);
        if rows.iter().any(|row| is_of(&row.entry.fact)) {
            return Ok(true);
        }
    }
}

/// Refuses a learner of whom the ledger has neither a row nor a name.
///
/// # Errors
/// That nobody is, or what the database says.
pub(super) async fn learner(intake: &Intake, learner: &LearnerRef) -> Result<(), Failure> {
    let ledger = intake.ledger();
    if ledger.person(learner).await?.is_some() || !ledger.of_learner(&learner.to_string()).await?.is_empty() {
        return Ok(());
    }
    Err(unknown(format!("a learner who is in the ledger, found no {learner}")))
}

/// Refuses a device that neither signed a record here nor is anybody's.
///
/// # Errors
/// That there is none, or what the database says.
pub(super) async fn device(intake: &Intake, kid: Digest) -> Result<(), Failure> {
    let ledger = intake.ledger();
    let has_row = !ledger.of_mark(&format!("key:{kid}")).await?.is_empty();
    if has_row || ledger.record_of_key(kid).await?.is_some() {
        return Ok(());
    }
    Err(unknown(format!("a device that is enrolled or has sent a record, found no {kid}")))
}

fn unknown(what: String) -> Failure {
    Failure::flawed(format!("expected {what}"))
}
