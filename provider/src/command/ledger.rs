//! `enduring ledger`: checking, copying and restoring the ledger.

use std::fs::{self, File};
use std::io::{BufReader, BufWriter};
use std::path::{Path, PathBuf};

use clap::Subcommand;
use serde::Serialize;

use super::desk::{Database, keys, wait};
use super::{Exit, Failure, Outcome, whole_or_gone};
use crate::key::Signer;
use crate::ledger::{Differs, Fact, Ledger};
use crate::private;

/// Check, copy and restore the ledger
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Check every row, and the desk's lists against the rows; name the first that was altered, exit code 1 if one was
    Verify {
        #[command(flatten)]
        database: Database,
        /// Key set of the keys that signed checkpoints
        #[arg(long, value_name = "JWKS")]
        keys: PathBuf,
        /// A checkpoint kept elsewhere, which shows that rows were cut off; may be repeated
        #[arg(long = "checkpoint", value_name = "FILE")]
        checkpoints: Vec<PathBuf>,
        /// Print one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Make the desk's lists again from the rows, all or nothing; nobody writes meanwhile
    Lists {
        #[command(flatten)]
        database: Database,
    },
    /// Link what waits, sign the head unless that was done today, and write out the last checkpoint to be kept elsewhere
    Checkpoint {
        #[command(flatten)]
        database: Database,
        /// The provider's private key
        #[arg(long, value_name = "PEM")]
        key: PathBuf,
        /// The file to write
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Write a copy of this moment to a file while servers go on; it holds personal data
    Backup {
        #[command(flatten)]
        database: Database,
        /// The file to write; one that is there is never overwritten
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Put a copy into an empty database, of either kind, and check it
    Restore {
        #[command(flatten)]
        database: Database,
        /// The copy
        file: PathBuf,
        /// Key set of the keys that signed checkpoints
        #[arg(long, value_name = "JWKS")]
        keys: PathBuf,
    },
}

/// What `verify --json` says; never rename a member.
#[derive(Serialize)]
struct Told {
    rows: u64,
    head: String,
    waiting: u64,
    checkpoints: u64,
    altered: Option<AlteredRow>,
    lists: Option<AlteredList>,
}

#[derive(Serialize)]
struct AlteredRow {
    row: u64,
    what: String,
}

/// Where a list says another thing than the rows.
#[derive(Serialize)]
struct AlteredList {
    list: &'static str,
    of: String,
    what: String,
}

/// Runs the command.
///
/// # Errors
/// When the database, a key or a file cannot be used.
pub fn run(args: &Args) -> Outcome {
    wait(async {
        match &args.action {
            Action::Verify { database, keys, checkpoints, json } => {
                let told = checked(database, keys, checkpoints).await?;
                say!("{}", if *json { serde_json::to_string(&told)? } else { told.words() });
                Ok(told.exit())
            }
            Action::Lists { database } => {
                let rows = database.open().await?.make_lists().await?;
                say!("the lists are made again from {rows} rows");
                Ok(Exit::Fine)
            }
            Action::Checkpoint { database, key, out } => checkpoint(database, key, out).await,
            Action::Backup { database, out } => backup(database, out).await,
            Action::Restore { database, file, keys } => restore(database, file, keys).await,
        }
    })
}

async fn checked(database: &Database, set: &Path, checkpoints: &[PathBuf]) -> Result<Told, Failure> {
    let ledger = database.open().await?;
    let keys: Vec<_> = keys(set)?.keys().copied().collect();
    let mut kept = Vec::new();
    for path in checkpoints {
        let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
        kept.push(text.trim().to_owned());
    }
    let checked = ledger.check(&keys, &kept).await?;
    let lists = ledger.check_lists().await?;
    Ok(Told {
        rows: checked.head.n,
        head: checked.head.hash.to_string(),
        waiting: checked.waiting,
        checkpoints: checked.checkpoints,
        altered: checked.altered.map(|altered| AlteredRow { row: altered.n, what: altered.what }),
        lists: lists.map(|Differs { list, of, what }| AlteredList { list, of, what }),
    })
}

impl Told {
    fn words(&self) -> String {
        let first = match &self.altered {
            None => format!("sound: {} rows to head {}", self.rows, self.head),
            Some(AlteredRow { row: 0, what }) => format!("kept elsewhere: {what}"),
            Some(altered) => format!("altered: row {}: {}", altered.row, altered.what),
        };
        let lists = match &self.lists {
            None => "the lists say what the rows say".to_owned(),
            Some(AlteredList { list, of, what }) => {
                format!("altered: the list {list:?} of {of}: {what}; `enduring ledger lists` makes it again")
            }
        };
        let Self { checkpoints, waiting, .. } = self;
        format!(
            "{first}\n{lists}\ncheckpoints that agree: {checkpoints}; rows that wait to be linked: {waiting}"
        )
    }

    fn exit(&self) -> Exit {
        if self.altered.is_some() || self.lists.is_some() { Exit::Flawed } else { Exit::Fine }
    }
}

async fn checkpoint(database: &Database, key: &Path, out: &Path) -> Outcome {
    let ledger = database.open().await?;
    let signer = Signer::read(key)?;
    let signed = ledger.checkpoint(&signer).await?;
    ledger.link_all().await?;
    let last = ledger.of_kind("checkpointed").await?.pop();
    let Some(Fact::Checkpointed { day, checkpoint }) = last.map(|row| row.entry.fact) else {
        return Err(Failure::flawed("expected a checkpoint in the ledger, found none"));
    };
    fs::write(out, checkpoint + "\n").map_err(|error| format!("{}: {error}", out.display()))?;
    let how = if signed { "signed now" } else { "signed before" };
    say!("{}: the checkpoint of {day}, {how}; keep it where the ledger is not", out.display());
    Ok(Exit::Fine)
}

async fn backup(database: &Database, out: &Path) -> Outcome {
    let ledger = database.open().await?;
    let part = out.with_extension("part");
    if out.exists() {
        return Err(format!("{}: expected no file there, found one", out.display()).into());
    }
    let copied = copy(&ledger, &part, out).await;
    let lines = whole_or_gone(&part, copied)?;
    say!("{}: {lines} lines; it holds personal data, keep it as you keep the ledger", out.display());
    Ok(Exit::Fine)
}

/// Writes the lines to a file, which gets its name once they are on the disk.
async fn copy(ledger: &Ledger, part: &Path, out: &Path) -> Result<u64, Failure> {
    let failed = |error: std::io::Error| format!("{}: {error}", out.display());
    let mut file = BufWriter::new(private::create_again(part).map_err(failed)?);
    let lines = ledger.back_up(&mut file).await?;
    file.get_ref().sync_all().map_err(failed)?;
    fs::rename(part, out).map_err(failed)?;
    Ok(lines)
}

async fn restore(database: &Database, from: &Path, set: &Path) -> Outcome {
    let file = File::open(from).map_err(|error| format!("{}: {error}", from.display()))?;
    let ledger = database.make().await?;
    let lines = ledger.restore(&mut BufReader::new(file)).await.map_err(Failure::flawed)?;
    say!("{}: {lines} lines restored", from.display());
    let told = checked(database, set, &[]).await?;
    say!("{}", told.words());
    Ok(told.exit())
}
