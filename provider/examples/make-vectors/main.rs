//! Makes the record vectors of `tests/vectors`: `cargo run -p enduring-provider --example make-vectors`.
//!
//! What is there stays: packs are built once, and a vector that exists is never
//! written again, since formats are forever and its key is gone. New vectors are
//! added below and made on the next run.

mod broken;
mod draft;
mod packs;
mod valid;

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Serialize;

/// Which checks do not pass, by code, and how they end instead.
type Checks = &'static [(&'static str, &'static str)];

/// What a verifier is given besides the bundle; nothing stands for the default.
#[derive(Clone, Copy, Default, Serialize)]
#[serde(default)]
pub struct Given {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub packs: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub received: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enrolled: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accept_rehearsal: Option<bool>,
    /// Spaces are put behind the bundle up to so many bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pad_to: Option<usize>,
}

/// Nothing but the defaults.
pub const DEFAULT: Given = Given {
    packs: None,
    at: None,
    received: None,
    enrolled: None,
    policy: None,
    accept_rehearsal: None,
    pad_to: None,
};
/// Where nobody says when a record was received, that is not checked.
pub const RECEIVED: (&str, &str) = ("policy.received", "skipped");

/// What a verifier must say.
#[derive(Serialize)]
struct Expect<'a> {
    integrity: &'static str,
    decision: &'static str,
    exit: i32,
    /// Words that the detail of a check that does not pass must hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    because: Option<&'a str>,
    checks: std::collections::BTreeMap<&'static str, &'static str>,
}

#[derive(Serialize)]
struct Case<'a> {
    about: &'a str,
    given: Given,
    expect: Expect<'a>,
}

/// Where vectors are written.
pub struct Shelf {
    root: PathBuf,
    made: usize,
}

/// A verdict: integrity, decision, and the checks that do not pass.
#[derive(Clone, Copy)]
pub struct Verdict(pub &'static str, pub &'static str, pub Checks);

impl Shelf {
    /// Whether that vector is still to be made.
    pub fn lacks(&self, name: &str) -> bool {
        !self.root.join(name).exists()
    }

    /// Writes a vector that is not there yet.
    pub fn add(&mut self, name: &str, about: &str, bundle: &str, given: Given, verdict: Verdict) {
        self.write(name, bundle, (about, given, verdict, None));
    }

    /// Writes a vector whose verdict must give that reason.
    pub fn add_because(
        &mut self,
        name: &str,
        about: &str,
        bundle: &str,
        given: Given,
        verdict: Verdict,
        because: &str,
    ) {
        self.write(name, bundle, (about, given, verdict, Some(because)));
    }

    fn write(&mut self, name: &str, bundle: &str, case: (&str, Given, Verdict, Option<&str>)) {
        if !self.lacks(name) {
            return;
        }
        let (about, given, verdict, because) = case;
        let Verdict(integrity, decision, checks) = verdict;
        let exit = i32::from(decision != "credit");
        let checks = checks.iter().copied().collect();
        let case = Case { about, given, expect: Expect { integrity, decision, exit, because, checks } };
        let folder = self.root.join(name);
        fs::create_dir_all(&folder).expect("a folder");
        fs::write(folder.join("case.toml"), toml::to_string(&case).expect("TOML")).expect("a file");
        fs::write(folder.join("record.enduring-record.json"), bundle).expect("a file");
        self.made += 1;
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors");
    let packs = packs::open_or_build(&root)?;
    let mut shelf = Shelf { root: root.clone(), made: 0 };
    valid::make(&mut shelf, &packs, &root)?;
    broken::make(&mut shelf, &packs)?;
    println!("vectors made: {}", shelf.made);
    Ok(())
}
