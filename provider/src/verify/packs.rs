//! The packs at hand, by digest. Each is opened once, when the first record names it.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::UNIX_EPOCH;

use enduring_core::content::{Content, Manifest};
use enduring_core::id::{ActivityId, Digest};
use enduring_core::record::PackTrust;

use crate::key::{KeySet, verifies};
use crate::pack::{self, MANIFEST_FILE, Pack};

/// How the name of a pack in one file ends.
pub const ARCHIVE_ENDING: &str = ".enduring";

/// Packs of a folder, in it and below, as they were when it was listed.
pub struct Packs {
    folder: PathBuf,
    issuers: KeySet,
    shelves: BTreeMap<Digest, Arc<Shelf>>,
    /// What cannot be listed.
    unlisted: Vec<String>,
    stamp: Digest,
}

/// The copies of a pack: signed again, it keeps its digest.
#[derive(Default)]
struct Shelf {
    places: Vec<Place>,
    about: Option<About>,
    opened: OnceLock<Found>,
}

/// Where a copy lies, and the stamp of its files then.
#[derive(PartialEq, Eq)]
struct Place {
    path: PathBuf,
    stamp: Digest,
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
    /// The last day on which it can be completed, ISO 8601.
    pub termination: String,
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
        // Before the packs are read: what changes meanwhile is seen the next time.
        let stamp = stamp(folder)?;
        let mut shelves = BTreeMap::new();
        let mut unlisted = Vec::new();
        walk(folder, &mut shelves, &mut unlisted)?;
        let shelves = shelves.into_iter().map(|(digest, shelf)| (digest, Arc::new(shelf))).collect();
        let packs = Self { folder: folder.to_owned(), issuers, shelves, unlisted, stamp };
        let unlisted = packs.unlisted.clone();
        Ok((packs, unlisted))
    }

    /// Lists the folder again; `None` while nothing in it changed. Packs that did not
    /// change are not opened again. Reads the disk: not for async code.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn again(&self) -> io::Result<Option<Self>> {
        if stamp(&self.folder)? == self.stamp {
            return Ok(None);
        }
        let (mut now, _) = Self::list(&self.folder, self.issuers.clone())?;
        for (digest, shelf) in &mut now.shelves {
            if let Some(known) = self.shelves.get(digest)
                && known.places == shelf.places
            {
                *shelf = Arc::clone(known);
            }
        }
        Ok(Some(now))
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
        self.shelves.get(&digest)?.places.first().map(|place| place.path.as_path())
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

    /// Opens every pack, so that what is broken is known before a record asks for it.
    pub fn open_all(&self) {
        for digest in self.shelves.keys() {
            let _known = self.get(*digest);
        }
    }

    /// How many packs that were opened are broken.
    pub fn broken(&self) -> usize {
        let broken = |shelf: &&Arc<Shelf>| matches!(shelf.opened.get(), Some(Found::Broken(_)));
        self.unlisted.len() + self.shelves.values().filter(broken).count()
    }

    /// What is wrong with packs that cannot be listed.
    pub fn unlisted(&self) -> impl Iterator<Item = &str> {
        self.unlisted.iter().map(String::as_str)
    }

    /// What is wrong with packs that were opened, so far.
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
    fn open(&self, places: &[Place]) -> Found {
        let mut strangers = None;
        let mut problems = Vec::new();
        for Place { path: place, .. } in places {
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

fn walk(folder: &Path, shelves: &mut BTreeMap<Digest, Shelf>, unlisted: &mut Vec<String>) -> io::Result<()> {
    if folder.join(MANIFEST_FILE).is_file() {
        shelve(folder, shelves, unlisted);
        return Ok(());
    }
    for (path, kind) in entries(folder)? {
        if kind.is_dir() {
            // One folder that cannot be read is no reason to do without the others.
            if let Err(error) = walk(&path, shelves, unlisted) {
                unlisted.push(format!("{}: {error}", path.display()));
            }
        } else if kind.is_file() && path.to_string_lossy().ends_with(ARCHIVE_ENDING) {
            shelve(&path, shelves, unlisted);
        }
    }
    Ok(())
}

/// What is in a folder, by name. What begins with a dot is still being written.
fn entries(folder: &Path) -> io::Result<Vec<(PathBuf, fs::FileType)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if !entry.file_name().as_encoded_bytes().starts_with(b".") {
            found.push((entry.path(), entry.file_type()?));
        }
    }
    found.sort_by(|(one, _), (other, _)| one.cmp(other));
    Ok(found)
}

fn shelve(place: &Path, shelves: &mut BTreeMap<Digest, Shelf>, unlisted: &mut Vec<String>) {
    let listed = stamp(place).map_err(|error| error.to_string());
    let listed = listed.and_then(|stamp| Ok((stamp, pack::peek(place).map_err(|error| error.to_string())?)));
    match listed {
        Ok((stamp, signed)) => {
            let digest = Digest::of(&[&signed.payload]);
            let shelf = shelves.entry(digest).or_default();
            shelf.places.push(Place { path: place.to_owned(), stamp });
            shelf.about = Manifest::read(&signed.payload).ok().map(|manifest| About {
                activity: manifest.id,
                version: manifest.version,
                title: manifest.summary.title,
                termination: manifest.summary.termination,
                digest,
            });
        }
        Err(error) => unlisted.push(format!("{}: {error}", place.display())),
    }
}

/// A digest of names, lengths and times of a file or of all files of a folder: another
/// one when anything in it changed.
fn stamp(place: &Path) -> io::Result<Digest> {
    let mut text = String::new();
    seen(place, &mut text)?;
    Ok(Digest::of(&[text.as_bytes()]))
}

fn seen(place: &Path, text: &mut String) -> io::Result<()> {
    let metadata = fs::metadata(place)?;
    if metadata.is_dir() {
        for (path, kind) in entries(place)? {
            let looked = if kind.is_symlink() { Ok(()) } else { seen(&path, text) };
            if looked.is_err() {
                // It cannot be read, or is gone since: that is a state too.
                text.push_str(&format!("{}\0?\n", path.display()));
            }
        }
        return Ok(());
    }
    let since = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    let since = since.map_or(0, |since| since.as_nanos());
    text.push_str(&format!("{}\0{}\0{since}\n", place.display(), metadata.len()));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn copy(from: &Path, to: &Path) {
        fs::create_dir_all(to).expect("a folder");
        for (path, kind) in entries(from).expect("a folder") {
            let target = to.join(path.file_name().expect("a name"));
            if kind.is_dir() {
                copy(&path, &target);
            } else {
                fs::copy(path, target).expect("a copy");
            }
        }
    }

    #[test]
    fn a_view_stays_as_it_was_and_the_next_opens_only_what_changed() {
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors/packs");
        let place = tempfile::tempdir().expect("a folder");
        copy(&from, place.path());
        let (before, problems) = Packs::list(place.path(), KeySet::default()).expect("packs");
        assert!(problems.is_empty() && before.len() == 2 && before.again().expect("a folder").is_none());
        before.open_all();
        fs::write(place.path().join("plain/1.0.0/activity.bin"), "other bytes").expect("a file");
        fs::create_dir(place.path().join(".2.0.0.new")).expect("a folder");
        fs::write(place.path().join(".2.0.0.new/manifest.jws"), "half").expect("a file");
        let now = before.again().expect("a folder").expect("a change");
        now.open_all();
        assert_eq!((before.broken(), now.broken(), now.len()), (0, 1, 2));
        let opened: usize = before
            .digests()
            .filter(|digest| !Arc::ptr_eq(&before.shelves[digest], &now.shelves[digest]))
            .count();
        assert_eq!(opened, 1, "the other is not opened again");
        fs::remove_dir_all(place.path().join("plain")).expect("removed");
        let last = now.again().expect("a folder").expect("a change");
        assert_eq!((now.len(), last.len(), last.broken()), (2, 1, 0));
    }
}
