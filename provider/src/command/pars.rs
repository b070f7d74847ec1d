//! `enduring report pars`: learner completions for a board, and the ledger's memory of
//! what it was told.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use enduring_core::encode::hex;

use super::report::{Records, gather, whole, write};
use super::{Exit, Failure, Outcome};
use crate::intake::random;
use crate::ledger::{Added, Entry, Fact, Ledger, ReportAct, Told};
use crate::report::ReportFile;
use crate::report::columns::{self, Columns};
use crate::report::ledger::Logs;
use crate::report::pars::{LearnerReport, pars};
use crate::report::reported::{Run, Unchanged};
use crate::time;

/// Largest column map in bytes.
const COLUMNS_MAX: u64 = 64 * 1024;

/// Learner completions for MOC, with consent only; of the ledger a preview unless --record
///
/// From the ledger only what is new or corrected since the last report goes into the
/// file; what was reported before is in reported.csv, and what the receiver has and does
/// not hold any more in …-taken-back.csv. --record writes the file for the receiver and
/// takes down in the ledger that it was reported.
#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    records: Records,
    /// Your columns, as TOML [default: the example of docs/reports.md, whose names are not confirmed]
    #[arg(long, value_name = "FILE")]
    columns: Option<PathBuf>,
    /// Take down in the ledger that these rows are reported, all or none; do so when the file goes to the receiver
    #[arg(long)]
    record: bool,
    /// Put what was reported before and did not change into the file too
    #[arg(long)]
    again: bool,
}

/// Runs the command.
///
/// # Errors
/// When records, packs, keys or columns cannot be read, or a file or the ledger cannot be written.
pub(super) fn run(args: &Args) -> Outcome {
    let columns = match &args.columns {
        Some(path) => read_columns(path)?,
        None => columns::parse(columns::EXAMPLE)?,
    };
    let address = args.records.ledger();
    if address.is_none() && (args.record || args.again) {
        return Err("--record and --again: expected --database and no record files; only the ledger knows what was reported".into());
    }
    let told = address.map_or_else(|| Ok(BTreeMap::new()), |address| told(address, &columns))?;
    let (verifier, completions) = gather(&args.records, Logs::Left)?;
    let run = Run {
        file: name(args, &columns)?,
        told,
        unchanged: if args.again { Unchanged::Again } else { Unchanged::LeftOut },
    };
    let report = pars(&completions, &|digest| whole(&verifier, digest), &columns, &run)?;
    if args.columns.is_none() {
        eprintln!("columns {} {}: {}", columns.id, columns.version, columns.note);
    }
    match address {
        None => {
            tell(&report);
            write(&args.records.out, std::iter::once(report.file).chain(report.apart))?;
        }
        Some(_) if !args.record => {
            tell(&report);
            write(&args.records.out, std::iter::once(report.file).chain(report.since).chain(report.apart))?;
            println!("a preview: nothing was recorded; --record writes the file for the receiver");
        }
        Some(address) => {
            tell(&report);
            let [rows, back, known] = report.since;
            write(&args.records.out, report.apart.into_iter().chain([known]))?;
            if report.rows.is_empty() {
                println!("nothing is new since the last report; nothing was recorded");
            } else {
                let facts = report.rows.into_iter().map(|row| Fact::Reported(Box::new(row)));
                record(address, facts, &args.records.out, &[report.file, rows, back])?;
            }
        }
    }
    Ok(if report.unmatched == 0 { Exit::Fine } else { Exit::Flawed })
}

/// What the ledger's receiver was told so far.
fn told(address: &str, columns: &Columns) -> Result<BTreeMap<String, Told>, Failure> {
    wait(async { Ok(Ledger::open(address).await?.reported(&columns.id).await?) })
}

/// The name of the file: one that is recorded is never written over, and rows of the
/// ledger name it.
fn name(args: &Args, columns: &Columns) -> Result<String, Failure> {
    let id = &columns.id;
    Ok(match (args.records.ledger(), args.record) {
        (None, _) => format!("{id}.csv"),
        (Some(_), false) => format!("{id}-preview.csv"),
        (Some(_), true) => {
            let [one, two, three, ..] = random()?;
            format!("{id}-{}-{}.csv", time::utc_day(time::now()), hex(&[one, two, three]))
        }
    })
}

fn tell(report: &LearnerReport) {
    println!(
        "rows for the receiver {} (new {}, corrected {}, again {}); reported before {}; to be taken back {}; \
         unmatched {}; withheld {}",
        report.reported(),
        report.count(ReportAct::New),
        report.count(ReportAct::Corrected),
        report.count(ReportAct::Again),
        report.known,
        report.taken_back,
        report.unmatched,
        report.withheld
    );
}

/// Writes the files and the rows of the ledger: the files are whole on the disk before
/// the rows are added, and get their names after, so that what was not recorded never
/// looks as if it were. A file that ends with `.part` after a power cut is either of the
/// two; the ledger says which.
fn record(
    address: &str,
    facts: impl Iterator<Item = Fact>,
    out: &Path,
    files: &[ReportFile],
) -> Result<(), Failure> {
    let parts = files.iter().map(|file| Part::write(&out.join(&file.name), &file.text));
    let parts: Vec<Part> = parts.collect::<Result<_, Failure>>()?;
    let now = time::now();
    let entries: Vec<Entry> = facts.map(|fact| Entry::new(now, "command", fact)).collect();
    let added = wait(async { Ok(Ledger::open(address).await?.add(&entries).await?) });
    match added {
        Ok(Added::All) => {}
        Ok(Added::Not { .. }) => {
            remove(&parts);
            return Err("expected no other report at the same time, found one that was just recorded; \
                        nothing was recorded, run it again"
                .into());
        }
        Err(failure) => {
            remove(&parts);
            return Err(failure);
        }
    }
    for part in parts {
        fs::rename(&part.part, &part.path).map_err(|error| {
            format!(
                "{}: recorded, but not renamed from {}: {error}",
                part.path.display(),
                part.part.display()
            )
        })?;
        println!("{}", part.path.display());
    }
    println!("recorded: {} rows", entries.len());
    Ok(())
}

fn remove(parts: &[Part]) {
    for part in parts {
        // What stays is no report by its name.
        let _ = fs::remove_file(&part.part);
    }
}

/// A file that is whole on the disk and does not have its name yet.
struct Part {
    part: PathBuf,
    path: PathBuf,
}

impl Part {
    fn write(path: &Path, text: &str) -> Result<Self, Failure> {
        let mut part = path.as_os_str().to_owned();
        part.push(".part");
        let part = PathBuf::from(part);
        let written = || -> io::Result<()> {
            let mut options = File::options();
            options.write(true).create_new(true);
            // It names learners.
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            let mut file = options.open(&part)?;
            file.write_all(text.as_bytes())?;
            file.sync_all()
        };
        written().map_err(|error| format!("{}: {error}", part.display()))?;
        Ok(Self { part, path: path.to_owned() })
    }
}

fn wait<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(work)
}

fn read_columns(path: &Path) -> Result<Columns, Failure> {
    let at = |error: String| Failure::from(format!("{}: {error}", path.display()));
    let length = fs::metadata(path).map_err(|error| at(error.to_string()))?.len();
    if length > COLUMNS_MAX {
        return Err(at(format!("expected at most {COLUMNS_MAX} bytes, found {length}")));
    }
    let text = fs::read_to_string(path).map_err(|error| at(error.to_string()))?;
    columns::parse(&text).map_err(at)
}
