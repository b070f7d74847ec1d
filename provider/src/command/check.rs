//! `enduring check`: reads an activity's source and says what is wrong with it.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::{Exit, Outcome, count};
use crate::author::{self, Diagnostic, Reading, Severity};

/// Check an activity's source folder without building it
#[derive(clap::Args)]
pub struct Args {
    /// The activity's folder, with activity.toml
    dir: PathBuf,
    /// Print the diagnostics as JSON on standard output
    #[arg(long)]
    json: bool,
}

/// Runs the command.
///
/// # Errors
/// When the folder cannot be read.
pub fn run(args: &Args) -> Outcome {
    let reading = read(&args.dir)?;
    if args.json {
        println!("{}", serde_json::to_string_pretty(&Findings::of(&reading))?);
    } else {
        tell(&reading);
        println!("{}: {}", args.dir.display(), totals(&reading));
    }
    Ok(verdict(&reading))
}

/// What is wrong, for other programs.
#[derive(Serialize)]
pub struct Findings<'a> {
    errors: usize,
    warnings: usize,
    diagnostics: &'a [Diagnostic],
}

impl<'a> Findings<'a> {
    /// Those of a reading.
    pub fn of(reading: &'a Reading) -> Self {
        Self {
            errors: reading.count(Severity::Error),
            warnings: reading.count(Severity::Warning),
            diagnostics: &reading.diagnostics,
        }
    }
}

/// Reads a folder that must be there.
pub(super) fn read(dir: &Path) -> Result<Reading, String> {
    if dir.is_dir() {
        Ok(author::read(dir))
    } else {
        Err(format!("{}: expected an activity's folder, found none", dir.display()))
    }
}

/// Prints the diagnostics on standard error: errors first, warnings apart.
pub(super) fn tell(reading: &Reading) {
    for severity in [Severity::Error, Severity::Warning] {
        for one in reading.diagnostics.iter().filter(|one| one.severity == severity) {
            eprintln!("{one}");
        }
    }
}

pub(super) fn totals(reading: &Reading) -> String {
    let (errors, warnings) = (reading.count(Severity::Error), reading.count(Severity::Warning));
    format!("{}, {}", count(errors, "error"), count(warnings, "warning"))
}

pub(super) fn verdict(reading: &Reading) -> Exit {
    if reading.built.is_some() { Exit::Fine } else { Exit::Flawed }
}
