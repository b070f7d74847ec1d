//! JSON of typed shapes: manifests, events, records.
//!
//! It takes exactly what `serde_json` takes (`tests` compare the two on mutated
//! documents) and costs the player a third of it: a struct is given its members
//! in the order in which it declares them, so that the code of a type is a list
//! of reads instead of a loop over names that it has to tell apart. Our own
//! writers keep that order; where another did not, a member is looked for.
//!
//! What is written is what `serde_json` would write, byte for byte.
//!
//! Deliberately absent: floats, maps, bytes and values of unknown shape.

mod flaw;
mod read;
mod scan;
mod shape;
#[cfg(test)]
mod tests;
mod write;

use serde::{Deserialize, Serialize};

use read::Reader;
pub(crate) use scan::{few_digits, plain};
use write::{Layout, text};

/// What becomes of a member that a struct does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unknown {
    Refused,
    PassedOver,
}

/// Why a text is not what was to be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what} at line {line} column {column}")]
pub struct JsonError {
    what: String,
    line: usize,
    column: usize,
}

/// Reads a document whose every member is known.
///
/// # Errors
/// [`JsonError`] names the place and what is wrong there.
pub fn read<'de, T: Deserialize<'de>>(text: &str) -> Result<T, JsonError> {
    typed(text, Unknown::Refused)
}

/// Reads a document as [`read`] does, from bytes that may not even be a text.
///
/// # Errors
/// [`JsonError`] names the place and what is wrong there.
pub fn read_bytes<'de, T: Deserialize<'de>>(bytes: &[u8]) -> Result<T, JsonError> {
    read(utf8(bytes)?)
}

/// Reads what is wanted of a document and passes over the other members.
///
/// # Errors
/// [`JsonError`] names the place and what is wrong there.
pub fn read_part<'de, T: Deserialize<'de>>(text: &str) -> Result<T, JsonError> {
    typed(text, Unknown::PassedOver)
}

/// Writes a document without a space. Empty for a value of a kind that is deliberately absent, which none of ours holds.
#[must_use]
pub fn write<T: Serialize + ?Sized>(value: &T) -> String {
    text(value, Layout::Compact).unwrap_or_default()
}

/// Writes a document as [`write`] does, with a line for each member and element.
#[must_use]
pub fn write_lines<T: Serialize + ?Sized>(value: &T) -> String {
    text(value, Layout::Lines).unwrap_or_default()
}

fn utf8(bytes: &[u8]) -> Result<&str, JsonError> {
    std::str::from_utf8(bytes)
        .map_err(|error| JsonError::at(bytes.get(..=error.valid_up_to()).unwrap_or(bytes), "not UTF-8"))
}

fn typed<'de, T: Deserialize<'de>>(text: &str, unknown: Unknown) -> Result<T, JsonError> {
    let mut reader = Reader::of(text, unknown);
    let flaw = match T::deserialize(reader.root()) {
        Ok(value) => match reader.end() {
            Ok(()) => return Ok(value),
            Err(flaw) => flaw,
        },
        Err(flaw) => flaw,
    };
    let (what, at) = reader.tell(&flaw, text);
    Err(JsonError::at(text.as_bytes().get(..at).unwrap_or(text.as_bytes()), what))
}

impl JsonError {
    /// What is wrong with the last of these bytes.
    fn at(before: &[u8], what: impl Into<String>) -> Self {
        let last = before.rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
        Self {
            what: what.into(),
            line: before.iter().filter(|byte| **byte == b'\n').count() + 1,
            column: last.len(),
        }
    }
}
