//! Sizes of files, and the lints that every crate turns on.

use anyhow::Result;

use super::{Check, Finding, Sources};

pub const CHECKS: &[Check] = &[
    Check {
        name: "file-sizes",
        promise: "style: a file is one concept; look again at 400 lines, split at 600",
        look: file_sizes,
    },
    Check {
        name: "lints-on",
        promise: "invariant 11: no unwrap, expect, panic or unchecked indexing in core and app",
        look: lints_on,
    },
];

const LINES: usize = 600;

/// Tables and tests may be longer; each with its reason.
const LONGER: &[(&str, &str)] = &[
    ("tests/", "tests"),
    ("core/tests/", "tests"),
    ("provider/tests/", "tests"),
    ("app/tests/", "tests"),
    ("app/src/strings/", "a table: one text per line"),
];

fn file_sizes(sources: &Sources) -> Result<Vec<Finding>> {
    Ok(sources
        .files(&[""], &[".rs", ".css", ".js", ".mjs"])
        .filter(|(file, _)| !LONGER.iter().any(|(prefix, _)| file.starts_with(prefix)))
        .map(|(file, text)| (file, text.lines().count()))
        .filter(|(_, lines)| *lines > LINES)
        .map(|(file, lines)| Finding::new(file, format!("at most {LINES} lines"), lines.to_string()))
        .collect())
}

/// The lints of the workspace in every crate, and the strict ones where a panic
/// would reach a learner or a verdict.
fn lints_on(sources: &Sources) -> Result<Vec<Finding>> {
    const STRICT: &[&str] = &["unwrap_used", "expect_used", "panic", "indexing_slicing"];
    let members = [
        "core/Cargo.toml",
        "app/Cargo.toml",
        "provider/Cargo.toml",
        "xtask/Cargo.toml",
        "tests/browser/Cargo.toml",
    ];
    let mut findings = Vec::new();
    for member in members {
        let manifest = sources.file(member).unwrap_or_default();
        if !manifest.contains("[lints]\nworkspace = true") {
            findings.push(Finding::new(member, "`[lints] workspace = true`", "none"));
        }
    }
    for root in ["core/src/lib.rs", "app/src/lib.rs", "app/src/main.rs"] {
        let text = sources.file(root).unwrap_or_default();
        let denied = text
            .split_once("#![deny(")
            .and_then(|(_, rest)| rest.split_once(')'))
            .map_or("", |(list, _)| list);
        for lint in STRICT {
            if !denied.contains(&format!("clippy::{lint}")) {
                findings.push(Finding::new(root, format!("`#![deny(clippy::{lint})]`"), "none"));
            }
        }
    }
    Ok(findings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_file_is_found_unless_it_is_a_test_or_a_table() {
        let long = "x\n".repeat(LINES + 1);
        let exact = "x\n".repeat(LINES);
        let sources = Sources::from([
            ("core/src/long.rs", long.as_str()),
            ("core/src/exact.rs", exact.as_str()),
            ("core/tests/long.rs", long.as_str()),
            ("app/styles/long.css", long.as_str()),
            ("app/src/strings/en.rs", long.as_str()),
        ]);
        let places: Vec<_> = file_sizes(&sources).unwrap().into_iter().map(|finding| finding.place).collect();
        assert_eq!(places, ["app/styles/long.css", "core/src/long.rs"]);
    }

    #[test]
    fn a_crate_without_the_lints_is_found() {
        let manifest = "[lints]\nworkspace = true\n";
        let strict = "#![deny(\n    clippy::expect_used,\n    clippy::indexing_slicing,\n    clippy::panic,\n    clippy::unwrap_used,\n)]";
        let lax = strict.replace("clippy::panic,", "");
        let sources = |app| {
            Sources::from([
                ("core/Cargo.toml", manifest),
                ("app/Cargo.toml", manifest),
                ("provider/Cargo.toml", manifest),
                ("xtask/Cargo.toml", "[lints]\n"),
                ("tests/browser/Cargo.toml", manifest),
                ("core/src/lib.rs", strict),
                ("app/src/lib.rs", app),
                ("app/src/main.rs", strict),
            ])
        };
        let places = |app| -> Vec<String> {
            lints_on(&sources(app)).unwrap().into_iter().map(|finding| finding.place).collect()
        };
        assert_eq!(places(strict), ["xtask/Cargo.toml"]);
        assert_eq!(places(&lax), ["xtask/Cargo.toml", "app/src/lib.rs"]);
    }
}
