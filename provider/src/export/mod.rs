//! The ledger as tables for other engines: records, answers and decisions in Parquet,
//! over opaque ids and without free text. `docs/formats/export.md` has the columns.
//!
//! The ledger is read by pages and the files are written by groups, so memory does not
//! grow with either.

mod read;
pub mod rows;
pub mod table;

use std::fs;
use std::path::{Path, PathBuf};

use enduring_core::id::Digest;
use parquet::errors::ParquetError;
use rayon::iter::{IntoParallelIterator, ParallelIterator};
use thiserror::Error;

use self::rows::{AnswerRow, DecisionRow, RecordRow};
use self::table::Table;
use crate::intake::{Intake, Taken};
use crate::ledger::{LedgerError, PagedRecord};
use crate::report::ReportError;
use crate::verify::packs;

/// The format of the files. Stored; never reuse.
pub const EXPORT_FORMAT: &str = "enduring-export/1";

/// Records that are read and replayed at once.
const RECORDS: u32 = 128;
/// Decisions that are read at once.
const DECISIONS: u32 = 4_096;

/// Why there is no export.
#[derive(Debug, Error)]
pub enum ExportError {
    /// The folder.
    #[error("{}: {error}", path.display())]
    Folder {
        /// Which.
        path: PathBuf,
        /// What the system says.
        error: std::io::Error,
    },
    /// A file.
    #[error("a file of the export: {0}")]
    File(#[from] ParquetError),
    /// The ledger.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// A log does not replay.
    #[error(transparent)]
    Log(#[from] ReportError),
    /// A pack is not at hand.
    #[error("expected the pack of digest {digest} at hand, found none; a record of it cannot be replayed")]
    Pack {
        /// Which.
        digest: Digest,
    },
    /// The work was stopped.
    #[error("the export was stopped")]
    Stopped,
}

/// A file that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Where.
    pub path: PathBuf,
    /// How many rows it has.
    pub rows: u64,
}

/// Writes the tables of a ledger into a folder, all of one moment: rows that come
/// meanwhile are in the next export. `told` hears how many of how many of the ledger's
/// rows were read. Files that are there are replaced, once all the new ones are whole.
///
/// # Errors
/// [`ExportError`]; files that were there before are still there then.
pub async fn write(
    intake: &Intake,
    folder: &Path,
    told: impl Fn(u64, u64),
) -> Result<[Written; 3], ExportError> {
    fs::create_dir_all(folder).map_err(|error| ExportError::Folder { path: folder.to_owned(), error })?;
    let ledger = intake.ledger();
    let until = ledger.latest().await?;
    let all = ledger.count("received", until).await? + ledger.decisions(until).await?;
    let mut read = 0;
    let mut records = Table::<RecordRow>::begin(folder)?;
    let mut answers = Table::<AnswerRow>::begin(folder)?;
    let mut after = 0;
    loop {
        let page = ledger.page_of_records(after, until, RECORDS).await?;
        let Some(last) = page.last() else { break };
        after = last.seq;
        read += u64::try_from(page.len()).unwrap_or(u64::MAX);
        for (record, of_it) in replayed(intake, page).await? {
            records.push(record)?;
            of_it.into_iter().try_for_each(|answer| answers.push(answer))?;
        }
        told(read, all);
    }
    let mut decisions = Table::<DecisionRow>::begin(folder)?;
    after = 0;
    loop {
        let page = ledger.page_of_decisions(after, until, DECISIONS).await?;
        let Some(last) = page.last() else { break };
        after = last.seq;
        read += u64::try_from(page.len()).unwrap_or(u64::MAX);
        for found in page {
            if let Some(row) = read::decision(found)? {
                decisions.push(row)?;
            }
        }
        told(read, all);
    }
    records.end()?;
    answers.end()?;
    decisions.end()?;
    let written = |(path, rows)| Written { path, rows };
    Ok([written(records.name()?), written(answers.name()?), written(decisions.name()?)])
}

/// Replays a page of records on all cores, in their order.
async fn replayed(
    intake: &Intake,
    page: Vec<PagedRecord>,
) -> Result<Vec<(RecordRow, Vec<AnswerRow>)>, ExportError> {
    let intake = intake.clone();
    let work =
        move || page.into_par_iter().filter_map(|found| rows_of(&intake, &found).transpose()).collect();
    tokio::task::spawn_blocking(work).await.map_err(|_| ExportError::Stopped)?
}

/// The rows of a record; none of one that nobody could replay when it was decided about.
fn rows_of(intake: &Intake, found: &PagedRecord) -> Result<Option<(RecordRow, Vec<AnswerRow>)>, ExportError> {
    let taken = Taken::fold(&found.rows).ok_or(LedgerError::Unreadable { what: "entry.line" })?;
    if !taken.is_shown() {
        return Ok(None);
    }
    let digest = taken.received.activity.digest;
    let at_hand = intake.packs();
    let Some(packs::Found::Whole(pack)) = at_hand.get(digest) else {
        return Err(ExportError::Pack { digest });
    };
    read::record(&taken, &found.jws, &found.log, &pack.0).map(Some)
}
