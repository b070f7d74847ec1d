//! Rules of the design that a compiler does not know, checked by a program.
//!
//! Each check is a pure function over the texts of the checkout (or over what
//! `cargo tree` prints) and has a test that feeds it a violation.

mod code;
mod css;
mod dependencies;
mod limits;
mod page;
mod secrets;
mod sources;
mod words;

use std::fmt;

use anyhow::Result;

pub use sources::Sources;

/// A rule with the promise it keeps.
pub struct Check {
    pub name: &'static str,
    /// The sentence of the design that fails to hold when the check does.
    pub promise: &'static str,
    look: fn(&Sources) -> Result<Vec<Finding>>,
}

/// One violation: where, what was expected, what was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub place: String,
    pub expected: String,
    pub found: String,
}

impl Finding {
    fn new(place: impl Into<String>, expected: impl Into<String>, found: impl Into<String>) -> Self {
        Self { place: place.into(), expected: expected.into(), found: found.into() }
    }

    /// In a line of a file, counted from 1.
    fn at(file: &str, line: usize, expected: impl Into<String>, found: impl Into<String>) -> Self {
        Self::new(format!("{file}:{line}"), expected, found)
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: expected {}, found {}", self.place, self.expected, self.found)
    }
}

/// Every check there is.
pub fn checks() -> Vec<Check> {
    [dependencies::CHECKS, words::CHECKS, css::CHECKS, page::CHECKS, limits::CHECKS, secrets::CHECKS]
        .into_iter()
        .flatten()
        .map(|Check { name, promise, look }| Check { name, promise, look: *look })
        .collect()
}

/// Passed and failed checks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    pub passed: usize,
    pub failed: usize,
}

/// Runs every check on the checkout and prints what fails.
pub fn run() -> Result<Outcome> {
    let sources = Sources::of_the_checkout()?;
    let mut outcome = Outcome::default();
    for check in checks() {
        let findings = (check.look)(&sources)?;
        if findings.is_empty() {
            println!("tidy {} ... ok", check.name);
            outcome.passed += 1;
            continue;
        }
        println!("tidy {} ... FAILED: {}", check.name, check.promise);
        for finding in findings {
            println!("    {finding}");
        }
        outcome.failed += 1;
    }
    Ok(outcome)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn checks_have_a_name_each() {
        let names: HashSet<_> = checks().iter().map(|check| check.name).collect();
        assert_eq!(names.len(), checks().len());
    }
}
