//! `tests/corpus`: a test is a directory. Its README says how to add one.
//!
//! `UPDATE_CORPUS=1 cargo test -p enduring-core` writes what is expected anew; the
//! difference is then looked at, line by line, by a person.

mod case;
mod expect;
mod play;
mod scene;
mod step;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{env, fs};

use enduring_core::session::Refusal;

use case::Case;
pub use case::pack;

/// The folder of the corpus.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/corpus")
}

/// All cases, by name.
pub fn cases() -> Vec<Case> {
    let folder = fs::read_dir(root()).expect("tests/corpus");
    let mut paths: Vec<PathBuf> = folder.map(|entry| entry.expect("an entry").path()).collect();
    paths.retain(|path| path.is_dir() && !path.ends_with("packs"));
    paths.sort();
    paths.iter().map(|path| Case::read(path)).collect()
}

/// Compares a file with what it should be, or writes it.
fn same(path: &Path, expected: &[u8]) -> Result<(), String> {
    // Other tests read the packs meanwhile: what is right stays untouched.
    if env::var("UPDATE_CORPUS").is_ok() && fs::read(path).is_ok_and(|found| found == expected) {
        return Ok(());
    }
    if env::var("UPDATE_CORPUS").is_ok() {
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, expected).expect("a file is written");
        return Ok(());
    }
    let shown = path.strip_prefix(root()).unwrap_or(path).display();
    let Ok(found) = fs::read(path) else { return Err(format!("{shown}: expected a file, found none")) };
    if found == expected {
        return Ok(());
    }
    let (stored, now) = (String::from_utf8_lossy(&found), String::from_utf8_lossy(expected));
    let line = stored.lines().zip(now.lines()).position(|(a, b)| a != b);
    let line = line.unwrap_or_else(|| stored.lines().count().min(now.lines().count()));
    let at = |text: &str| text.lines().nth(line).unwrap_or("(end)").to_owned();
    Err(format!("{shown}:{}: expected {}\n    found {}", line + 1, at(&stored), at(&now)))
}

#[test]
fn packs_are_as_they_are_generated() {
    let wrong: Vec<String> = super::packs::all()
        .iter()
        .flat_map(|pack| {
            let built = super::packs::build(&pack.activity);
            let folder = root().join("packs").join(pack.name);
            [
                ("manifest.json", built.manifest),
                ("activity.bin", built.activity),
                ("activity.json", built.json.into_bytes()),
                ("front-matter.txt", built.front.into_bytes()),
            ]
            .map(|(name, bytes)| same(&folder.join(name), &bytes))
        })
        .filter_map(Result::err)
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn sessions_are_as_expected() {
    let mut wrong = Vec::new();
    let mut codes = BTreeSet::new();
    for case in cases() {
        let played = play::play(&case);
        codes.extend(played.refused.iter().map(|refusal| refusal.code()));
        let found: Vec<String> = expect::files(&case, &played)
            .into_iter()
            .filter_map(|(name, bytes)| same(&case.folder.join(name), &bytes).err())
            .chain(expect::superfluous(&case, &played))
            .chain(play::promises(&case, &played))
            .collect();
        match (case.known_failure, found.is_empty()) {
            (false, false) => wrong.push(found.join("\n")),
            (true, true) => wrong.push(format!("{}: no failure any more: say so in case.toml", case.name)),
            (false, true) | (true, false) => {}
        }
    }
    // What a log of thousands of lines is needed for is in `full_log`.
    let never: Vec<&str> = Refusal::ALL
        .iter()
        .filter(|refusal| **refusal != Refusal::LogFull && !codes.contains(refusal.code()))
        .map(|refusal| refusal.code())
        .collect();
    if !never.is_empty() {
        wrong.push(format!("refused in no session: {}", never.join(", ")));
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
