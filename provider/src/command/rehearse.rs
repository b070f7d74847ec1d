//! `enduring rehearse`: records of scripted learners.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use enduring_core::content::Content;
use enduring_core::measure::Timestamp;

use super::{Exit, Failure, Outcome, part, progress, replace};
use crate::key::Signer;
use crate::ordered::{Weighed, in_order};
use crate::pack;
use crate::rehearse::{Plan, Profile, Stuck, play, script, signing};

/// The file of all records under `--jsonl`.
const LINES_FILE: &str = "records.jsonl";

/// Let scripted learners play a pack, and write their signed records
///
/// The learners' names are fictional, and the records say that they are rehearsals:
/// `enduring verify` rejects them unless it is given --accept-rehearsal. The same
/// pack, seed, profile and time give the same logs; keys and signatures are new each
/// time. A learner who fails the last attempt has no record. Files are written whole or
/// not at all, and a run can be repeated. Exit codes: 0 fine, 1 a script got stuck, 2
/// wrong usage, or something could not be read or written.
#[derive(clap::Args)]
pub struct Args {
    /// A pack: its folder, or its one file
    pack: PathBuf,
    /// Folder for the records
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// How many learners
    #[arg(long, value_name = "N", default_value_t = 1)]
    count: u64,
    /// The number that all chance comes from
    #[arg(long, value_name = "S", default_value_t = 0)]
    seed: u64,
    /// How the learners go about it
    #[arg(long, value_enum, default_value_t = Profile::Good)]
    profile: Profile,
    /// Sessions begin between the release and this time, as 2026-11-22T10:00:00Z [default: on the first day]
    #[arg(long, value_name = "TIME", value_parser = crate::time::parse)]
    until: Option<Timestamp>,
    /// Write one JSON Lines file, records.jsonl, instead of a file for each record
    #[arg(long)]
    jsonl: bool,
}

struct Number(u64);

impl Weighed for Number {
    fn size(&self) -> usize {
        size_of::<Self>()
    }
}

/// What came of a learner.
enum Learned {
    Record { name: String, text: String },
    Stuck { number: u64, why: Stuck },
}

/// Runs the command.
///
/// # Errors
/// When the pack cannot be used or a file cannot be written.
pub fn run(args: &Args) -> Outcome {
    let content =
        pack::open(&args.pack).map_err(|error| format!("{}: {error}", args.pack.display()))?.content;
    let plan = Plan { seed: args.seed, profile: args.profile, until: args.until };
    fs::create_dir_all(&args.out).map_err(at(&args.out))?;
    let lines_path = args.out.join(LINES_FILE);
    let mut lines = match args.jsonl {
        true => Some(Lines::create(&lines_path).map_err(at(&lines_path))?),
        false => None,
    };
    let progress = progress(args.count, "records");
    let (mut failed, mut stuck) = (0u64, 0u64);
    in_order(
        (0..args.count).map(Number),
        |Number(number)| learn(&content, &plan, number),
        |learned: Result<Learned, String>| -> Result<(), Failure> {
            match learned? {
                Learned::Record { name, text } => match &mut lines {
                    Some(lines) => lines.push(&text).map_err(at(&lines_path))?,
                    None => {
                        let path = args.out.join(name);
                        replace(&path, text.as_bytes()).map_err(at(&path))?;
                    }
                },
                Learned::Stuck { why: Stuck::NoAttemptLeft, .. } => failed += 1,
                Learned::Stuck { number, why } => {
                    stuck += 1;
                    progress.suspend(|| remark!("learner {number} has no record: {why}"));
                }
            }
            progress.inc(1);
            Ok(())
        },
    )?;
    if let Some(lines) = lines {
        lines.finish().map_err(at(&lines_path))?;
    }
    progress.finish_and_clear();
    let records = args.count - failed - stuck;
    let out = args.out.display();
    say!("records {records} in {out}; learners without an attempt left {failed}, stuck {stuck}");
    Ok(if stuck == 0 { Exit::Fine } else { Exit::Flawed })
}

fn learn(content: &Content, plan: &Plan, number: u64) -> Result<Learned, String> {
    let script = script(content, plan, number);
    let played = match play(content, &script) {
        Ok(played) => played,
        Err(why) => return Ok(Learned::Stuck { number, why }),
    };
    let signer = Signer::generate().map_err(|error| error.to_string())?;
    let payload = played.payload(content, signing()).map_err(|error| error.to_string())?;
    let bundle = played.bundle(&payload, &signer).map_err(|error| error.to_string())?;
    let name = format!("{}.enduring-record.json", script.beginning.session);
    Ok(Learned::Record { name, text: bundle.encode() })
}

fn at(path: &Path) -> impl Fn(io::Error) -> String {
    move |error| format!("{}: {error}", path.display())
}

/// A JSON Lines file that gets its name when it is whole; it is removed unless it is finished.
struct Lines {
    path: PathBuf,
    file: BufWriter<fs::File>,
}

impl Lines {
    fn create(path: &Path) -> io::Result<Self> {
        Ok(Self { path: path.to_owned(), file: BufWriter::new(fs::File::create(part(path))?) })
    }

    fn push(&mut self, line: &str) -> io::Result<()> {
        self.file.write_all(line.as_bytes())?;
        self.file.write_all(b"\n")
    }

    fn finish(mut self) -> io::Result<()> {
        self.file.flush()?;
        fs::rename(part(&self.path), &self.path)
    }
}

impl Drop for Lines {
    fn drop(&mut self) {
        // Named by now, or half a file, which nobody should find.
        let _ = fs::remove_file(part(&self.path));
    }
}
