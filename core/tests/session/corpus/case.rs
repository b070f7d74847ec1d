//! A directory of the corpus, as its author wrote it.

use std::fs;
use std::path::{Path, PathBuf};

use enduring_core::content::Content;
use serde::Deserialize;

use super::step::Step;

/// `case.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    title: String,
    pack: String,
    shows: String,
    #[serde(default)]
    known_failure: bool,
}

pub struct Case {
    pub name: String,
    pub folder: PathBuf,
    pub known_failure: bool,
    /// Its name in `packs`.
    pub pack: String,
    pub content: Content,
    pub steps: Vec<Step>,
}

impl Case {
    pub fn read(folder: &Path) -> Self {
        let name = folder.file_name().expect("a name").to_string_lossy().into_owned();
        let text = |file: &str| {
            fs::read_to_string(folder.join(file)).unwrap_or_else(|error| panic!("{name}/{file}: {error}"))
        };
        let head: Head =
            toml::from_str(&text("case.toml")).unwrap_or_else(|error| panic!("{name}/case.toml: {error}"));
        assert!(!head.title.is_empty() && !head.shows.is_empty(), "{name}/case.toml: expected words");
        let steps = text("commands.jsonl")
            .lines()
            .enumerate()
            .map(|(at, line)| {
                serde_json::from_str(line)
                    .unwrap_or_else(|error| panic!("{name}/commands.jsonl:{}: {error}", at + 1))
            })
            .collect();
        let content = pack(&head.pack);
        let known_failure = head.known_failure;
        Self { name, folder: folder.to_owned(), known_failure, pack: head.pack, content, steps }
    }
}

/// A pack of the corpus, from its files.
pub fn pack(name: &str) -> Content {
    let folder = super::root().join("packs").join(name);
    let bytes = |file: &str| {
        fs::read(folder.join(file)).unwrap_or_else(|error| panic!("packs/{name}/{file}: {error}"))
    };
    Content::open(&bytes("manifest.json"), &bytes("activity.bin"))
        .unwrap_or_else(|error| panic!("packs/{name}: {error}"))
}
