//! `enduring consent`: a consent that a learner takes back.

use clap::Subcommand;
use enduring_core::id::{SessionId, StatementId};
use enduring_core::record::RecordRef;

use super::desk::{Database, wait};
use super::{Exit, Failure, Outcome};
use crate::intake::{DecideError, withdraw_consent};
use crate::ledger::{Ledger, record_of};

/// Take down that a learner withdrew a consent, for providers without a desk
///
/// Nothing is reported on it any more, what was reported is asked to be taken out with the
/// next report, and the credit stays. It cannot be given again for the same record.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Withdraw a consent for the learner; once more changes nothing
    Withdraw {
        #[command(flatten)]
        database: Database,
        /// The record: its id, as files are named by it, or KID:ID
        #[arg(value_name = "RECORD", value_parser = named)]
        record: Named,
        /// The statement that was consented to, as the activity names it
        #[arg(value_name = "STATEMENT", value_parser = |text: &str| StatementId::new(text).map_err(|error| error.to_string()))]
        statement: StatementId,
    },
}

/// How a record is named.
#[derive(Clone, Copy)]
enum Named {
    Whole(RecordRef),
    Session(SessionId),
}

fn named(text: &str) -> Result<Named, String> {
    let whole = record_of(text).map(Named::Whole);
    whole.or_else(|| SessionId::parse(text).map(Named::Session)).ok_or_else(|| {
        "expected 32 lowercase hexadecimal digits, or 64 of them, a colon and 32 more".to_owned()
    })
}

/// Runs the command.
///
/// # Errors
/// When there is no such record or consent, or the database cannot be used.
pub fn run(args: &Args) -> Outcome {
    let Action::Withdraw { database, record, statement } = &args.action;
    wait(async {
        let ledger = database.open().await?;
        let record = find(&ledger, *record).await?;
        withdraw_consent(&ledger, &record, statement, "command").await.map_err(|error| match error {
            DecideError::Intake(error) => error.into(),
            DecideError::Unknown | DecideError::Standing { .. } | DecideError::NoReason => {
                Failure::flawed(format!("{}: {error}: {statement}", record.id))
            }
        })?;
        ledger.link_all().await?;
        say!("nothing is reported on `{statement}` of this record any more; the credit stays");
        Ok(Exit::Fine)
    })
}

async fn find(ledger: &Ledger, named: Named) -> Result<RecordRef, Failure> {
    match named {
        Named::Whole(record) => Ok(record),
        Named::Session(id) => {
            let found = ledger.record_of_session(&id).await?;
            found.ok_or_else(|| Failure::flawed(format!("expected a record that was taken, found no {id}")))
        }
    }
}
