//! `enduring check`: reads an activity's source and says what is wrong with it.

use std::path::{Path, PathBuf};
use std::sync::Mutex;

use enduring_core::id::PartId;
use indicatif::ProgressBar;
use serde::Serialize;

use super::{Exit, Outcome, count, progress};
use crate::author::{self, Diagnostic, Progress, RUNS, Reading, Rehearsal, Severity};

/// Check an activity's source folder without building it
///
/// Simulated patients are rehearsed: by the expert's script, by doing nothing and
/// everything, and by learners of chance, which are the same every time.
#[derive(clap::Args)]
pub struct Args {
    /// The activity's folder, with activity.toml
    dir: PathBuf,
    /// Print the diagnostics as JSON on standard output
    #[arg(long)]
    json: bool,
    /// How many learners of chance rehearse each simulated patient; fewer where the encounter is long
    #[arg(long, value_name = "N", default_value_t = RUNS)]
    runs: u32,
}

/// Runs the command.
///
/// # Errors
/// When the folder cannot be read.
pub fn run(args: &Args) -> Outcome {
    let reading = read(&args.dir, args.runs)?;
    if args.json {
        say!("{}", serde_json::to_string_pretty(&Findings::of(&reading))?);
    } else {
        tell(&reading);
        say!("{}: {}", args.dir.display(), totals(&reading));
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

/// Shows on standard error how far a rehearsal is.
struct Bar(Mutex<ProgressBar>);

impl Bar {
    fn now(&self) -> ProgressBar {
        self.0.lock().map_or_else(|_| ProgressBar::hidden(), |bar| bar.clone())
    }
}

impl Progress for Bar {
    fn begins(&self, patient: &PartId, runs: usize) {
        if let Ok(mut bar) = self.0.lock() {
            *bar = progress(runs as u64, &format!("rehearsals of {patient}"));
        }
    }

    fn ran(&self) {
        self.now().inc(1);
    }

    fn ends(&self) {
        self.now().finish_and_clear();
    }
}

/// Reads a folder that must be there.
pub(super) fn read(dir: &Path, runs: u32) -> Result<Reading, String> {
    if dir.is_dir() {
        let bar = Bar(Mutex::new(ProgressBar::hidden()));
        Ok(author::read_and_rehearse(dir, &Rehearsal { runs, progress: &bar }))
    } else {
        Err(format!("{}: expected an activity's folder, found none", dir.display()))
    }
}

/// Prints the diagnostics on standard error: errors first, warnings apart.
pub(super) fn tell(reading: &Reading) {
    for severity in [Severity::Error, Severity::Warning] {
        for one in reading.diagnostics.iter().filter(|one| one.severity == severity) {
            remark!("{one}");
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
