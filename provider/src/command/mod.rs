//! The subcommands, one file each: arguments in, words out, an exit code.

#[macro_use]
mod say;

pub mod audit;
pub mod build;
pub mod catalogue;
pub mod certificate;
pub mod check;
pub mod consent;
pub mod desk;
pub mod enrol;
pub mod export;
pub mod inspect;
pub mod intake;
pub mod key;
mod known;
pub mod ledger;
pub mod new;
pub mod notice;
mod pars;
mod parts;
pub mod rehearse;
pub mod report;
pub mod serve;
pub mod staff;
pub mod verify;

use std::error::Error;
use std::fs;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::private;

/// How a command ended. The numbers are documented; never change one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Everything is fine: 0.
    Fine,
    /// There are errors in the material: 1.
    Flawed,
    /// The command was used wrongly, or something could not be read or written: 2.
    Unusable,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Fine => 0,
            Exit::Flawed => 1,
            Exit::Unusable => 2,
        })
    }
}

/// Why a command stopped, and how it then ends.
#[derive(Debug)]
pub struct Failure {
    /// How it ends.
    pub exit: Exit,
    /// Why.
    pub error: Box<dyn Error>,
}

impl Failure {
    /// The material is at fault.
    pub fn flawed(error: impl Into<Box<dyn Error>>) -> Self {
        Self { exit: Exit::Flawed, error: error.into() }
    }
}

impl<E: Into<Box<dyn Error>>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self { exit: Exit::Unusable, error: error.into() }
    }
}

/// What a subcommand comes to.
pub type Outcome = Result<Exit, Failure>;

/// The exit code of what a subcommand came to. Says why it stopped, and whether what it printed could not be
/// written.
#[must_use]
pub fn ended(outcome: Outcome) -> ExitCode {
    let exit = outcome.unwrap_or_else(|failure| {
        remark!("error: {}", failure.error);
        failure.exit
    });
    match say::failed() {
        Some(error) => {
            remark!("error: standard output: {error}");
            Exit::Unusable.into()
        }
        None => exit.into(),
    }
}

/// "1 error", "2 errors".
fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

/// A number of bytes in words.
fn bytes(length: u64) -> String {
    match length {
        0..10_000 => format!("{length} bytes"),
        10_000..10_000_000 => format!("{} KB", length / 1_000),
        _ => format!("{} MB", length / 1_000_000),
    }
}

/// A bar on standard error that says how far something is; hidden where nobody looks.
fn progress(count: u64, what: &str) -> ProgressBar {
    if !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let template = format!("{{bar:32}} {{human_pos}} of {{human_len}} {what}, {{per_sec}}, {{eta}} left");
    let bar = ProgressBar::new(count);
    ProgressStyle::with_template(&template).map_or(bar.clone(), |style| bar.with_style(style))
}

/// A count on standard error of what is done, where nobody knows how much there is; hidden
/// where nobody looks, or where the results on the same terminal show it.
fn counting(what: &str) -> ProgressBar {
    if !io::stderr().is_terminal() || io::stdout().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new_spinner();
    bar.enable_steady_tick(Duration::from_millis(200));
    let template = format!("{{spinner}} {{human_pos}} {what}, {{per_sec}}, {{elapsed}}");
    ProgressStyle::with_template(&template).map_or(bar.clone(), |style| bar.with_style(style))
}

/// Writes a file whole: under another name first, so that a reader never sees half. Only
/// its owner reads it.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let part = part(path);
    let written = private::create_again(&part)
        .and_then(|mut file| file.write_all(bytes))
        .and_then(|()| fs::rename(&part, path));
    whole_or_gone(&part, written)
}

/// Removes what was written in part where it did not become the whole.
fn whole_or_gone<T, E>(part: &Path, written: Result<T, E>) -> Result<T, E> {
    if written.is_err() {
        // The error that is told is why there is no file.
        let _ = fs::remove_file(part);
    }
    written
}

fn part(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".part");
    name.into()
}
