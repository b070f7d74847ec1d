//! `enduring audit`: everything that proves what was credited, for a third party.

use std::fs;
use std::io::BufWriter;
use std::path::PathBuf;

use enduring_core::id::{ActivityId, LearnerRef};

use super::desk::{Opening, wait};
use super::{Exit, Failure, Outcome, count};
use crate::audit::{AuditError, Subject, write};
use crate::private;

/// Write an audit bundle: records, logs, packs, decisions, keys and a proof of the ledger, as a ZIP
///
/// A third party checks it from the published formats alone; the README and a Python
/// script in it do so. It holds personal data of the records that are in it.
#[derive(clap::Args)]
#[command(group = clap::ArgGroup::new("subject").required(true).args(["activity", "learner"]))]
pub struct Args {
    /// Everything about an activity, in all its versions
    #[arg(long, value_name = "ID", value_parser = |text: &str| ActivityId::new(text).map_err(|error| error.to_string()))]
    activity: Option<ActivityId>,
    /// Everything about a learner
    #[arg(long, value_name = "LEARNER", value_parser = |text: &str| LearnerRef::parse(text).ok_or("expected 32 lowercase hexadecimal digits"))]
    learner: Option<LearnerRef>,
    /// The file to write; one that is there is never overwritten
    #[arg(long, value_name = "ZIP")]
    out: PathBuf,
    #[command(flatten)]
    opening: Opening,
}

/// Runs the command.
///
/// # Errors
/// When keys, packs or the database cannot be used, or there is nothing to audit.
pub fn run(args: &Args) -> Outcome {
    wait(make(args))
}

async fn make(args: &Args) -> Outcome {
    let intake = args.opening.open().await?;
    let subject = match (&args.activity, args.learner) {
        (Some(activity), _) => Subject::Activity(activity.clone()),
        (None, Some(learner)) => Subject::Learner(learner),
        (None, None) => return Err("expected --activity or --learner".into()),
    };
    let failed = |error: std::io::Error| format!("{}: {error}", args.out.display());
    let file = private::create(&args.out).map_err(failed)?;
    match write(&intake, &subject, BufWriter::new(file)).await {
        Ok(made) => {
            let (records, packs) = (count(made.records, "record"), count(made.packs, "pack"));
            say!("{}: {records}, {packs}, {} of the ledger", args.out.display(), count(made.rows, "row"));
            Ok(Exit::Fine)
        }
        Err(error) => {
            // Half a bundle proves nothing.
            let _ = fs::remove_file(&args.out);
            Err(match error {
                AuditError::Nothing { .. } | AuditError::Pack { .. } => Failure::flawed(error),
                other => other.into(),
            })
        }
    }
}
