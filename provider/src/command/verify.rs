//! `enduring verify`: one record or a million.

use std::convert::Infallible;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

use enduring_core::measure::Timestamp;
use enduring_core::record::{Handling, Report, VerifyPolicy};

use super::{Exit, Failure, Outcome, counting, say};
use crate::key::KeySet;
use crate::ordered::in_order;
use crate::verify::packs::Packs;
use crate::verify::source::{Source, Sources};
use crate::verify::tell::{Tally, json, words};
use crate::verify::{Verifier, policy, read_keys};
use crate::{time, verify};

/// Verify completion records: replay each, score it again, and say what can be credited
///
/// Needs no network. Exit codes: 0 all creditable, 1 some for review or rejected,
/// 2 wrong usage, or something could not be read.
#[derive(clap::Args)]
pub struct Args {
    /// Records: .enduring-record.json files, JSON Lines (.jsonl, .ndjson), folders of both, or - for JSON Lines on standard input
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Folder with the packs that the records name, as folders or .enduring files
    #[arg(long, value_name = "DIR")]
    packs: PathBuf,
    /// Key set of the providers whose packs are trusted, as `enduring key show` prints it
    #[arg(long, value_name = "JWKS")]
    issuers: PathBuf,
    /// Key set of the devices that are enrolled
    #[arg(long, value_name = "JWKS")]
    enrolled: Option<PathBuf>,
    /// Judge as of this time, as 2026-11-22T10:00:00Z [default: now]
    #[arg(long, value_name = "TIME", value_parser = time::parse)]
    at: Option<Timestamp>,
    /// When the records were received [default: not known]
    #[arg(long, value_name = "TIME", value_parser = time::parse)]
    received: Option<Timestamp>,
    /// What to credit at once and what a person looks at, as TOML; of a server's file its [verify] [default: see docs/formats/record.md]
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// Take records of `enduring rehearse` as if they were a learner's
    #[arg(long)]
    accept_rehearsal: bool,
    /// Print one JSON object per record and line
    #[arg(long)]
    json: bool,
}

/// Runs the command.
///
/// # Errors
/// When packs, keys or the policy cannot be read.
pub fn run(args: &Args) -> Outcome {
    let verifier = verifier(args)?;
    let sources = Sources::new(&args.files);
    let passed_over = sources.passed_over();
    let progress = counting("records");
    let mut tally = Tally::default();
    let mut out = BufWriter::new(io::stdout().lock());
    let verified = in_order(
        sources,
        |source: Source| {
            let verdict = verifier.verify(&source.text);
            let shown = verdict.as_ref().map_err(|error| *error);
            let tell = if args.json { json } else { words };
            let text = tell(&source.place, shown);
            (text, verdict.map_err(str::to_owned))
        },
        |(text, verdict): (String, Result<Report, String>)| -> Result<(), Infallible> {
            tally.count(verdict.as_ref().map_err(String::as_str));
            // The exit code is about all records, also where nobody reads on.
            say::note(out.write_all(text.as_bytes()));
            progress.inc(1);
            Ok(())
        },
    );
    match verified {
        Ok(()) => {}
        Err(never) => match never {},
    }
    say::note(out.flush());
    drop(out);
    progress.finish_and_clear();
    for problem in verifier.packs.problems() {
        remark!("pack not used: {problem}");
    }
    let passed_over = passed_over.load(Ordering::Relaxed);
    if passed_over > 0 {
        remark!("files in folders that are no records by name, passed over: {passed_over}");
    }
    if args.json {
        remark!("{}", tally.words());
    } else {
        say!("{}", tally.words());
    }
    Ok(exit(&tally))
}

fn exit(tally: &Tally) -> Exit {
    if tally.unreadable > 0 || tally.records == 0 {
        Exit::Unusable
    } else if tally.credit == tally.records {
        Exit::Fine
    } else {
        Exit::Flawed
    }
}

fn verifier(args: &Args) -> Result<Verifier, Failure> {
    let issuers = keys(&args.issuers)?;
    let (packs, problems) =
        Packs::list(&args.packs, issuers).map_err(|error| format!("{}: {error}", args.packs.display()))?;
    for problem in problems {
        remark!("pack not used: {problem}");
    }
    if packs.is_empty() {
        remark!("{}: no packs there, so no record can be replayed", args.packs.display());
    }
    Ok(Verifier {
        packs,
        enrolled: args.enrolled.as_deref().map(keys).transpose()?.unwrap_or_default(),
        policy: args.policy.as_deref().map_or_else(|| Ok(VerifyPolicy::default()), policy::read)?,
        now: args.at.unwrap_or_else(time::now),
        received: args.received,
        rehearsals: if args.accept_rehearsal { Handling::Accept } else { Handling::Review },
    })
}

pub(super) fn keys(path: &Path) -> Result<KeySet, verify::VerifyError> {
    let set = read_keys(path)?;
    for warning in &set.warnings {
        remark!("{}: {warning}", path.display());
    }
    Ok(set)
}
