//! The one place where commands print. What a command does is finished whether or not somebody reads to the end:
//! what goes to a closed pipe is dropped, where the macros of the standard library would panic in the middle of
//! the work. Where standard output cannot be written for another reason, such as a full disk, the command says so
//! once the work is done.

use std::fmt;
use std::io::{self, ErrorKind, Write};
use std::sync::OnceLock;

/// Why standard output could not be written, the first time.
static FAILED: OnceLock<io::Error> = OnceLock::new();

/// A line on standard output: what the command is there to tell.
macro_rules! say {
    ($($words:tt)+) => { $crate::command::say::out(format_args!("{}\n", format_args!($($words)+))) };
}

/// A line on standard error: what a person should know beside that.
macro_rules! remark {
    ($($words:tt)+) => { $crate::command::say::err(format_args!($($words)+)) };
}

/// Prints on standard output, to its end.
pub(super) fn out(words: fmt::Arguments<'_>) {
    let mut out = io::stdout().lock();
    note(out.write_fmt(words).and_then(|()| out.flush()));
}

/// Takes down how writing to standard output went.
pub(super) fn note(written: io::Result<()>) {
    match written {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => drop(FAILED.set(error)),
        Ok(()) | Err(_) => {}
    }
}

/// Prints a line on standard error.
pub(super) fn err(words: fmt::Arguments<'_>) {
    // In one piece, so that lines of several threads stay whole. There is nobody else to tell.
    let _ = io::stderr().lock().write_all(format!("{words}\n").as_bytes());
}

/// Why standard output could not be written, where it could not.
pub(super) fn failed() -> Option<&'static io::Error> {
    FAILED.get()
}
