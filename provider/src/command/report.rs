//! `enduring report`: outcomes, credits, learner completions, the curriculum.

use std::convert::Infallible;
use std::fs;
use std::path::{Path, PathBuf};

use enduring_core::content::Content;
use enduring_core::id::Digest;
use enduring_core::measure::Timestamp;
use enduring_core::record::{Handling, PackTrust, VerifyPolicy};

use super::replace;
use super::verify::keys;
use super::{Exit, Failure, Outcome, count};
use crate::ledger::Ledger;
use crate::ordered::in_order;
use crate::report::files::{Read, read};
use crate::report::ledger::Logs;
use crate::report::{Completion, ReportFile, credits, curriculum, ledger, outcomes};
use crate::time;
use crate::verify::packs::{Found, Packs};
use crate::verify::source::Sources;
use crate::verify::{Verifier, policy};

/// Report on completions: outcomes, credits, learners for MOC, the curriculum
///
/// Reads the ledger (--database): what is credited there, to whom, with the consents that
/// hold. Or reads record files as `enduring verify` does, and takes those that can be
/// credited at once: then a device counts as a learner, what was claimed counts as
/// credited, and no withdrawal of a consent is known. docs/reports.md says what each
/// figure is. Exit codes: 0 fine, 1 rows lack something, 2 wrong usage, or something
/// could not be read or written.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand)]
enum What {
    /// Outcomes by Moore's levels: outcomes.html and its tables as CSV
    Outcomes(Records),
    /// Every credit that was earned: credits.csv
    Credits(Records),
    Pars(super::pars::Args),
    /// Objectives, gaps, results and reviews due of all packs: curriculum.html and curriculum.csv
    Curriculum(Records),
}

#[derive(clap::Args)]
pub(super) struct Records {
    /// Records: .enduring-record.json files, JSON Lines (.jsonl, .ndjson), folders of both, or - for JSON Lines on standard input
    #[arg(required_unless_present = "database")]
    pub files: Vec<PathBuf>,
    /// The ledger, in the place of record files, which then are not named: the path of a SQLite file, or postgres://…
    #[arg(long, value_name = "PATH|URL", env = "ENDURING_DATABASE", hide_env_values = true)]
    pub database: Option<String>,
    /// Folder with the packs that the records name, as folders or .enduring files
    #[arg(long, value_name = "DIR")]
    packs: PathBuf,
    /// Key set of the providers whose packs are trusted, as `enduring key show` prints it
    #[arg(long, value_name = "JWKS")]
    issuers: PathBuf,
    /// What to credit at once, as TOML; of a server's file its [verify] [default: see docs/formats/record.md]
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// Judge and report as of this time, of a ledger by the rows that it had then, as 2026-11-22T10:00:00Z [default: now]
    #[arg(long, value_name = "TIME", value_parser = time::parse)]
    pub at: Option<Timestamp>,
    /// Take records of `enduring rehearse` as if they were a learner's
    #[arg(long)]
    accept_rehearsal: bool,
    /// Folder for the reports; files of the same name are replaced
    #[arg(long, value_name = "DIR", default_value = "reports")]
    pub out: PathBuf,
}

impl Records {
    /// Refuses a ledger beside record files, unless the surroundings name it for whatever reads one.
    ///
    /// # Errors
    /// Says what is expected.
    pub fn one_source(&self) -> Result<(), Failure> {
        let from_outside = std::env::var("ENDURING_DATABASE").ok();
        if self.files.is_empty() || self.database.is_none() || self.database == from_outside {
            return Ok(());
        }
        Err("expected record files or --database, found both".into())
    }

    /// The address of the ledger, where completions come from there.
    pub fn ledger(&self) -> Option<&str> {
        self.database.as_deref().filter(|_| self.files.is_empty())
    }
}

/// Runs the command.
///
/// # Errors
/// When records, packs, keys or columns cannot be read, or a report cannot be written.
pub fn run(args: &Args) -> Outcome {
    match &args.what {
        What::Outcomes(records) => {
            let (verifier, completions) = gather(records, Logs::Kept)?;
            let found = outcomes::outcomes(&completions, &|digest| whole(&verifier, digest))?;
            let page =
                ReportFile { name: "outcomes.html".to_owned(), text: outcomes::html(&found, verifier.now) };
            write(&records.out, std::iter::once(page).chain(outcomes::csv(&found)))?;
            Ok(Exit::Fine)
        }
        What::Credits(records) => {
            let (_, completions) = gather(records, Logs::Left)?;
            write(&records.out, [credits::credits(&completions)])?;
            Ok(Exit::Fine)
        }
        What::Pars(args) => super::pars::run(args),
        What::Curriculum(records) => {
            let (verifier, completions) = gather(records, Logs::Kept)?;
            let found = outcomes::outcomes(&completions, &|digest| whole(&verifier, digest))?;
            let packs: Vec<&Content> =
                verifier.packs.digests().filter_map(|digest| trusted(&verifier, digest)).collect();
            let today = jiff::Timestamp::from_millisecond(verifier.now.0)?.to_zoned(jiff::tz::TimeZone::UTC);
            write(&records.out, curriculum::curriculum(&packs, &found, today.date()))?;
            Ok(Exit::Fine)
        }
    }
}

/// The packs and keys that records are judged by, and the completions among the records.
pub(super) fn gather(records: &Records, logs: Logs) -> Result<(Verifier, Vec<Completion>), Failure> {
    records.one_source()?;
    let issuers = keys(&records.issuers)?;
    let (packs, problems) = Packs::list(&records.packs, issuers)
        .map_err(|error| format!("{}: {error}", records.packs.display()))?;
    for problem in problems {
        remark!("pack not used: {problem}");
    }
    let verifier = Verifier {
        packs,
        enrolled: crate::key::KeySet::default(),
        policy: records.policy.as_deref().map_or_else(|| Ok(VerifyPolicy::default()), policy::read)?,
        now: records.at.unwrap_or_else(time::now),
        received: None,
        rehearsals: if records.accept_rehearsal { Handling::Accept } else { Handling::Review },
    };
    if let Some(address) = records.ledger() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (completions, others) = runtime
            .block_on(async { ledger::completions(&Ledger::find(address).await?, logs, records.at).await })?;
        say!("completions {}; records not credited, left out {others}", completions.len());
        return Ok((verifier, completions));
    }
    let mut completions = Vec::new();
    let (mut not_credited, mut unreadable) = (0, Vec::new());
    let gathered: Result<(), Infallible> = in_order(
        Sources::new(&records.files),
        |source| (read(&verifier, &source), source.place),
        |(read, place)| {
            match read {
                Read::Completion(completion) => completions.push(*completion),
                Read::NotCredited => not_credited += 1,
                Read::Unreadable(error) => unreadable.push(format!("{place}: {error}")),
            }
            Ok(())
        },
    );
    match gathered {
        Ok(()) => {}
        Err(never) => match never {},
    }
    if let Some(error) = unreadable.into_iter().next() {
        return Err(error.into());
    }
    for problem in verifier.packs.problems() {
        remark!("pack not used: {problem}");
    }
    say!("completions {}; records not credited, left out {not_credited}", completions.len());
    Ok((verifier, completions))
}

pub(super) fn whole(verifier: &Verifier, digest: Digest) -> Option<&Content> {
    match verifier.packs.get(digest)? {
        Found::Whole(pack) => Some(&pack.0),
        Found::Broken(_) => None,
    }
}

fn trusted(verifier: &Verifier, digest: Digest) -> Option<&Content> {
    match verifier.packs.get(digest)? {
        Found::Whole(pack) if pack.1 == PackTrust::Trusted => Some(&pack.0),
        Found::Whole(_) | Found::Broken(_) => None,
    }
}

pub(super) fn write(out: &Path, files: impl IntoIterator<Item = ReportFile>) -> Result<(), Failure> {
    fs::create_dir_all(out).map_err(|error| format!("{}: {error}", out.display()))?;
    let mut written = 0;
    for file in files {
        let path = out.join(&file.name);
        replace(&path, file.text.as_bytes()).map_err(|error| format!("{}: {error}", path.display()))?;
        say!("{}", path.display());
        written += 1;
    }
    say!("{} written", count(written, "file"));
    Ok(())
}
