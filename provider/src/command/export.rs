//! `enduring export`: the ledger as Parquet.

use std::path::PathBuf;

use super::desk::{Opening, wait};
use super::{Exit, Failure, Outcome, count, progress};
use crate::export::{ExportError, write};

/// Write records, answers and decisions as Parquet, for an engine of your own
///
/// Learners are opaque, and no free text is in it. Files that are there are replaced, all
/// of them or none. docs/formats/export.md has the columns.
#[derive(clap::Args)]
pub struct Args {
    /// The folder for records.parquet, answers.parquet and decisions.parquet
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    #[command(flatten)]
    opening: Opening,
}

/// Runs the command.
///
/// # Errors
/// When keys, packs or the database cannot be used, or a pack is not at hand.
pub fn run(args: &Args) -> Outcome {
    wait(export(args))
}

async fn export(args: &Args) -> Outcome {
    let intake = args.opening.open().await?;
    let bar = progress(0, "rows");
    let told = |read, all| {
        bar.set_length(all);
        bar.set_position(read);
    };
    let written = write(&intake, &args.out, told).await;
    bar.finish_and_clear();
    let written = written.map_err(|error| match error {
        ExportError::Pack { .. } | ExportError::Log(_) => Failure::flawed(error),
        other => other.into(),
    })?;
    for file in written {
        let rows = usize::try_from(file.rows).unwrap_or(usize::MAX);
        say!("{}: {}", file.path.display(), count(rows, "row"));
    }
    Ok(Exit::Fine)
}
