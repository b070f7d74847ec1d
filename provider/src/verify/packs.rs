//! The packs at hand, by digest. Each is opened once, when the first record names it.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use enduring_core::content::{Content, Manifest};
use enduring_core::id::{ActivityId, Digest};
use enduring_core::record::PackTrust;

use crate::key::{KeySet, verifies};
use crate::pack::{self, MANIFEST_FILE, Pack};

/// How the name of a pack in one file ends.
const ARCHIVE_ENDING: &str = ".enduring";

/// Packs of a folder, in it and below.
pub struct Packs {
    issuers: KeySet,
    shelves: BTreeMap<Digest, Shelf>,
}

/// The copies of a pack: signed again, it keeps its digest.
#[derive(Default)]
struct Shelf {
    places: Vec<PathBuf>,
    about: Option<About>,
    opened: OnceLock<Found>,
}

/// What a pack is, as its manifest says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    /// The activity.
    pub activity: ActivityId,
    /// Its version.
    pub version: String,
    /// Its title.
    pub title: String,
    /// The pack.
    pub digest: Digest,
}

/// A pack, or why there is none.
pub enum Found {
    /// It is whole; whether its signer is trusted is told with it.
    Whole(Box<(Content, PackTrust)>),
    /// Every copy is broken.
    Broken(Vec<String>),
}

impl Packs {
    /// Lists the packs of a folder by the digests of their manifests, and says which
    /// cannot be listed.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn list(folder: &Path, issuers: KeySet) -> io::Result<(Self, Vec<String>)> {
        let mut packs = Self { issuers, shelves: BTreeMap::new() };
        let mut problems = Vec::new();
        packs.walk(folder, &mut problems)?;
        Ok((packs, problems))
    }

    fn walk(&mut self, folder: &Path, problems: &mut Vec<String>) -> io::Result<()> {
        if folder.join(MANIFEST_FILE).is_file() {
            self.shelve(folder, problems);
            return Ok(());
        }
        let mut entries = fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let kind = entry.file_type()?;
            if kind.is_dir() {
                self.walk(&entry.path(), problems)?;
            } else if kind.is_file() && entry.file_name().to_string_lossy().ends_with(ARCHIVE_ENDING) {
                self.shelve(&entry.path(), problems);
            }
        }
        Ok(())
    }

    fn shelve(&mut self, place: &Path, problems: &mut Vec<String>) {
        match pack::peek(place) {
            Ok(signed) => {
                let digest = Digest::of(&[&signed.payload]);
                let shelf = self.shelves.entry(digest).or_default();
                shelf.places.push(place.to_owned());
                shelf.about = Manifest::read(&signed.payload).ok().map(|manifest| About {
                    activity: manifest.id,
                    version: manifest.version,
                    title: manifest.summary.title,
                    digest,
                });
            }
            Err(error) => problems.push(format!("{}: {error}", place.display())),
        }
    }

    /// The pack of that digest; `None` when no manifest has it.
    pub fn get(&self, digest: Digest) -> Option<&Found> {
        let shelf = self.shelves.get(&digest)?;
        Some(shelf.opened.get_or_init(|| self.open(&shelf.places)))
    }

    /// The keys whose packs are trusted.
    pub fn issuers(&self) -> &KeySet {
        &self.issuers
    }

    /// Where the first copy of the pack of that digest lies: a folder, or one file.
    pub fn place(&self, digest: Digest) -> Option<&Path> {
        self.shelves.get(&digest)?.places.first().map(PathBuf::as_path)
    }

    /// The name of the provider whose packs these are: that of the first by digest that is
    /// whole and signed by an issuer.
    pub fn provider(&self) -> Option<&str> {
        let packs = self.shelves.keys().filter_map(|digest| self.get(*digest));
        packs.into_iter().find_map(|found| match found {
            Found::Whole(pack) if pack.1 == PackTrust::Trusted => {
                Some(pack.0.activity().front.provider.name.as_str())
            }
            Found::Whole(_) | Found::Broken(_) => None,
        })
    }

    /// The digests of the packs at hand, in their order.
    pub fn digests(&self) -> impl Iterator<Item = Digest> {
        self.shelves.keys().copied()
    }

    /// What the packs are, without opening them.
    pub fn about(&self) -> impl Iterator<Item = &About> {
        self.shelves.values().filter_map(|shelf| shelf.about.as_ref())
    }

    /// How many packs are at hand.
    pub fn len(&self) -> usize {
        self.shelves.len()
    }

    /// True without any pack.
    pub fn is_empty(&self) -> bool {
        self.shelves.is_empty()
    }

    /// What is wrong with packs that records asked for, so far.
    pub fn problems(&self) -> impl Iterator<Item = &str> {
        self.shelves
            .values()
            .filter_map(|shelf| shelf.opened.get())
            .flat_map(|found| match found {
                Found::Whole(_) => [].iter(),
                Found::Broken(problems) => problems.iter(),
            })
            .map(String::as_str)
    }

    /// The first copy that is whole and signed by an issuer, else the first that is whole.
    fn open(&self, places: &[PathBuf]) -> Found {
        let mut strangers = None;
        let mut problems = Vec::new();
        for place in places {
            let tell = |problem: &dyn std::fmt::Display| format!("{}: {problem}", place.display());
            match pack::open(place) {
                Ok(pack) => match self.trust(&pack) {
                    Ok(PackTrust::Trusted) => {
                        return Found::Whole(Box::new((pack.content, PackTrust::Trusted)));
                    }
                    Ok(PackTrust::Stranger) => strangers = strangers.or(Some(pack.content)),
                    Err(problem) => problems.push(tell(&problem)),
                },
                Err(error) => problems.push(tell(&error)),
            }
        }
        match strangers {
            Some(content) => Found::Whole(Box::new((content, PackTrust::Stranger))),
            None => Found::Broken(problems),
        }
    }

    fn trust(&self, pack: &Pack) -> Result<PackTrust, &'static str> {
        match self.issuers.get(pack.signed.kid) {
            None => Ok(PackTrust::Stranger),
            Some(key) if verifies(key, &pack.signed) => Ok(PackTrust::Trusted),
            Some(_) => Err("manifest.jws: expected the signature of the issuer it names, found another"),
        }
    }
}
