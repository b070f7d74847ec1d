//! `enduring report pars`: learner completions for a board, and the ledger's memory of
//! what it was told.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use enduring_core::encode::hex;

use super::parts::{Parts, leftovers};
use super::report::{Records, gather, whole, write};
use super::{Exit, Failure, Outcome};
use crate::intake::random;
use crate::ledger::{Added, Entry, Fact, Ledger, LedgerError, ReportAct, Reported, Told};
use crate::report::ReportFile;
use crate::report::columns::{self, Columns};
use crate::report::ledger::Logs;
use crate::report::pars::{LearnerReport, pars};
use crate::report::reported::{Run, Unchanged, report_of};
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
    args.records.one_source()?;
    let address = args.records.ledger();
    if address.is_none() && (args.record || args.again) {
        return Err("--record and --again: expected --database and no record files; only the ledger knows what was reported".into());
    }
    // What the receiver was told is of now: with completions of then, all that came since would be taken back.
    if address.is_some() && args.records.at.is_some() {
        return Err("--at: expected record files; of a ledger, credits are reported as they stand now".into());
    }
    if let Some(address) = address {
        tell_of_leftovers(address, &args.records.out)?;
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
        remark!("columns {} {}: {}", columns.id, columns.version, columns.note);
    }
    match address {
        None => {
            tell(&report);
            write(&args.records.out, std::iter::once(report.file).chain(report.apart))?;
        }
        Some(_) if !args.record => {
            tell(&report);
            write(&args.records.out, std::iter::once(report.file).chain(report.since).chain(report.apart))?;
            say!("a preview: nothing was recorded; --record writes the file for the receiver");
        }
        Some(address) => {
            tell(&report);
            let [rows, back, known] = report.since;
            write(&args.records.out, report.apart.into_iter().chain([known]))?;
            if report.rows.is_empty() {
                say!("nothing is new since the last report; nothing was recorded");
            } else {
                record(address, report.rows, &args.records.out, &[report.file, rows, back])?;
            }
        }
    }
    Ok(if report.unmatched == 0 { Exit::Fine } else { Exit::Flawed })
}

/// What the ledger's receiver was told so far.
fn told(address: &str, columns: &Columns) -> Result<BTreeMap<String, Told>, Failure> {
    wait(async { Ok(Ledger::find(address).await?.reported(&columns.id).await?) })
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
    say!(
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

/// Says of files without their names whether their report was recorded: one that was has
/// to go to the receiver, one that was not only names learners.
fn tell_of_leftovers(address: &str, out: &Path) -> Result<(), Failure> {
    let left = leftovers(out)?;
    if left.is_empty() {
        return Ok(());
    }
    let reports = wait(async { Ok(Ledger::find(address).await?.reports().await?) })?;
    for path in &left {
        remark!("{}: {}", path.display(), leftover(path, &reports));
    }
    Ok(())
}

/// What to do with a file without its name.
fn leftover(path: &Path, reports: &BTreeSet<String>) -> String {
    let name = path.file_stem().and_then(OsStr::to_str).unwrap_or_default();
    if reports.contains(&report_of(name)) {
        format!("left over from a report that was recorded: rename it to {name}")
    } else {
        "left over from a report that is not in this ledger: delete it, unless another report is being made now"
            .to_owned()
    }
}

/// Writes the files and the rows of the ledger: the files are whole on the disk before
/// the rows are added, and get their names after, so that what was not recorded never
/// looks as if it were. A file that ends with `.part` after a power cut is either of the
/// two; the ledger says which.
fn record(address: &str, rows: Vec<Reported>, out: &Path, files: &[ReportFile; 3]) -> Result<(), Failure> {
    let [file, ..] = files;
    let parts = Parts::write(out, files)?;
    let now = time::now();
    let facts = rows.into_iter().map(|row| Fact::Reported(Box::new(row)));
    let entries: Vec<Entry> = facts.map(|fact| Entry::new(now, "command", fact)).collect();
    match fate(wait(ask(address, &entries)), &file.name) {
        Fate::Named => {}
        Fate::Removed(failure) => {
            parts.remove();
            return Err(failure);
        }
        Fate::Kept(why) => {
            let error = format!(
                "{why}; whether the rows were recorded is not certain, so their files, which name learners, \
                 stay: {}; run it again without --record once the database answers: it says which of them \
                 to rename and which to delete",
                parts.places()
            );
            return Err(error.into());
        }
    }
    let (named, problems) = parts.name();
    for path in named {
        say!("{}", path.display());
    }
    say!("recorded: {} rows", entries.len());
    if problems.is_empty() { Ok(()) } else { Err(format!("recorded, but {}", problems.join("; ")).into()) }
}

/// What the ledger said when it was asked to add the rows.
enum Asked {
    /// An answer.
    Answered(Added),
    /// None: the rows may be there or not. Which reports are, when asked again.
    Unsure { error: LedgerError, reports: Result<BTreeSet<String>, LedgerError> },
}

/// Asks the ledger to add the rows; an error where it was never asked.
async fn ask(address: &str, entries: &[Entry]) -> Result<Asked, Failure> {
    let ledger = Ledger::find(address).await?;
    Ok(match ledger.add(entries).await {
        Ok(added) => Asked::Answered(added),
        Err(error) => Asked::Unsure { error, reports: ledger.reports().await },
    })
}

/// What becomes of the files.
#[derive(Debug)]
enum Fate {
    /// The rows are there.
    Named,
    /// It is certain that none is, and why.
    Removed(Failure),
    /// Nobody knows, and why.
    Kept(String),
}

fn fate(asked: Result<Asked, Failure>, file: &str) -> Fate {
    match asked {
        Ok(Asked::Answered(Added::All)) => Fate::Named,
        Ok(Asked::Unsure { reports: Ok(reports), .. }) if reports.contains(file) => Fate::Named,
        Ok(Asked::Answered(Added::Not { .. } | Added::Stale)) => Fate::Removed(
            "expected no other report at the same time, found one that was just recorded; \
             nothing was recorded, run it again"
                .into(),
        ),
        Err(failure) => Fate::Removed(failure),
        // A server may still be busy with what it was last told.
        Ok(Asked::Unsure { error, reports: Ok(_) }) => {
            Fate::Kept(format!("{error}; the ledger did not have the report right after"))
        }
        Ok(Asked::Unsure { error, reports: Err(again) }) => {
            Fate::Kept(format!("{error}; asked again: {again}"))
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "pars-2026-11-22-a1b2c3.csv";

    fn reports() -> BTreeSet<String> {
        BTreeSet::from([FILE.to_owned()])
    }

    fn error() -> LedgerError {
        LedgerError::Unreadable { what: "a line that was cut" }
    }

    #[test]
    fn files_are_removed_only_where_it_is_certain_that_nothing_was_added() {
        let never_asked = fate(Err("no such server".into()), FILE);
        assert!(matches!(never_asked, Fate::Removed(_)), "{never_asked:?}");
        let refused = fate(Ok(Asked::Answered(Added::Not { place: 0 })), FILE);
        assert!(matches!(refused, Fate::Removed(_)), "{refused:?}");
        for again in [Ok(BTreeSet::new()), Ok(BTreeSet::from(["another.csv".to_owned()])), Err(error())] {
            let unsure = fate(Ok(Asked::Unsure { error: error(), reports: again }), FILE);
            assert!(matches!(unsure, Fate::Kept(_)), "{unsure:?}");
        }
    }

    #[test]
    fn files_get_their_names_where_only_the_answer_was_lost() {
        let added = fate(Ok(Asked::Answered(Added::All)), FILE);
        assert!(matches!(added, Fate::Named), "{added:?}");
        let lost = fate(Ok(Asked::Unsure { error: error(), reports: Ok(reports()) }), FILE);
        assert!(matches!(lost, Fate::Named), "{lost:?}");
    }

    #[test]
    fn each_leftover_is_matched_to_the_ledger() {
        for name in [FILE, "pars-2026-11-22-a1b2c3-rows.csv", "pars-2026-11-22-a1b2c3-taken-back.csv"] {
            let path = Path::new("reports").join(format!("{name}.part"));
            assert!(leftover(&path, &reports()).ends_with(&format!("rename it to {name}")));
            assert!(leftover(&path, &BTreeSet::new()).contains("delete it"));
        }
    }
}
