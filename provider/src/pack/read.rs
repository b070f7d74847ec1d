//! Reading packs, as a folder or as one file, within bounds.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{BufReader, Read};
use std::path::Path;

use enduring_core::content::*;
use enduring_core::id::{Digest, is_name};
use enduring_core::record::Compact;
use sha2::Digest as _;

use super::archive::Archive;
use super::assemble::summary;
use super::error::PackError;
use super::{MANIFEST_FILE, media_type};

/// Largest `activity.json` in bytes.
pub const JSON_MAX: u64 = 64 * 1024 * 1024;
/// Largest `front-matter.txt` in bytes.
pub const FRONT_MAX: u64 = 1024 * 1024;
/// Largest image in bytes.
pub const IMAGE_MAX: u64 = 8 * 1024 * 1024;
/// The files that every pack begins with, in order.
const FIXED: [(&str, u64); 3] =
    [(ACTIVITY_FILE, ACTIVITY_MAX), (FRONT_FILE, FRONT_MAX), (JSON_FILE, JSON_MAX)];

/// A pack that is whole: every file is there with its digest, and they agree. Whose
/// signature it carries, and whether that is trusted, is the caller's question.
#[derive(Debug)]
pub struct Pack {
    /// The signed manifest.
    pub signed: Compact,
    /// Manifest and activity, ready for use.
    pub content: Content,
    /// Bytes that a player fetches, the manifest included.
    pub size: u64,
}

/// What was found at a path: the manifest as far as it could be read, the pack when
/// it is whole, and everything that is wrong.
#[derive(Debug)]
pub struct Examination {
    /// The manifest with its signature, when it could be read.
    pub manifest: Option<(Compact, Manifest)>,
    /// The pack, when nothing is wrong.
    pub pack: Option<Pack>,
    /// What is wrong.
    pub problems: Vec<PackError>,
}

/// Opens a pack: a folder with `manifest.jws`, or one file.
///
/// # Errors
/// The first thing that is wrong.
pub fn open(path: &Path) -> Result<Pack, PackError> {
    let mut examination = examine(path);
    match (examination.pack, examination.problems.is_empty()) {
        (Some(pack), true) => Ok(pack),
        (Some(_) | None, _) => Err(examination.problems.swap_remove(0)),
    }
}

/// Reads the signed manifest of a pack and nothing else: enough to know its digest.
///
/// # Errors
/// What is wrong with the manifest.
pub fn peek(path: &Path) -> Result<Compact, PackError> {
    let mut reader = Reader::default();
    let bytes = if path.is_dir() { manifest_of_folder(path)? } else { archived_manifest(one_file(path)?)?.1 };
    reader.signed(&bytes)?;
    match reader.manifest {
        Some((signed, _, _)) => Ok(signed),
        None => Err(PackError::Missing { path: MANIFEST_FILE.to_owned() }),
    }
}

/// Examines a pack and tells everything that is wrong with it.
pub fn examine(path: &Path) -> Examination {
    let mut reader = Reader::default();
    let outcome = if path.is_dir() {
        reader.folder(path)
    } else {
        one_file(path).and_then(|file| reader.archive(file))
    };
    reader.conclude(outcome)
}

/// Examines a pack that is one file, from wherever its bytes come.
pub fn examine_archive(source: impl Read) -> Examination {
    let mut reader = Reader::default();
    let outcome = reader.archive(source);
    reader.conclude(outcome)
}

/// The files whose contents are compared with each other.
#[derive(Default)]
struct Kept {
    activity: Vec<u8>,
    front: Vec<u8>,
    json: Vec<u8>,
}

impl Kept {
    fn slot(&mut self, path: &str) -> Option<&mut Vec<u8>> {
        match path {
            ACTIVITY_FILE => Some(&mut self.activity),
            FRONT_FILE => Some(&mut self.front),
            JSON_FILE => Some(&mut self.json),
            _ => None,
        }
    }
}

#[derive(Default)]
struct Reader {
    problems: Vec<PackError>,
    kept: Kept,
    manifest: Option<(Compact, Manifest, u64)>,
}

impl Reader {
    fn signed(&mut self, bytes: &[u8]) -> Result<Vec<PackFile>, PackError> {
        let malformed = |found: String| PackError::Malformed { path: MANIFEST_FILE.to_owned(), found };
        let text = std::str::from_utf8(bytes).map_err(|error| malformed(error.to_string()))?;
        let signed = Compact::parse(text, MANIFEST_TYP)?;
        let manifest: Manifest =
            serde_json::from_slice(&signed.payload).map_err(|error| malformed(error.to_string()))?;
        check_manifest(&manifest)?;
        if serde_json::to_vec(&manifest).is_ok_and(|spelled| spelled != signed.payload) {
            return Err(malformed("another spelling of the same manifest".to_owned()));
        }
        let files = manifest.files.clone();
        self.manifest = Some((signed, manifest, bytes.len() as u64));
        Ok(files)
    }

    fn folder(&mut self, root: &Path) -> Result<(), PackError> {
        let files = self.signed(&manifest_of_folder(root)?)?;
        for file in &files {
            let outcome = match regular(root, &file.path) {
                Ok(Some(source)) => self.file(source, file),
                Ok(None) => Err(PackError::Missing { path: file.path.clone() }),
                Err(error) => Err(error),
            };
            if let Err(error) = outcome {
                self.problems.push(error);
            }
        }
        let named: BTreeSet<&str> =
            files.iter().map(|file| file.path.as_str()).chain([MANIFEST_FILE]).collect();
        self.extras(root, "", &named)
    }

    fn file(&mut self, source: File, file: &PackFile) -> Result<(), PackError> {
        let mut hash = Tally::default();
        let mut source = BufReader::new(source).take(file.length + 1);
        let mut slice = [0; 64 * 1024];
        loop {
            let size = source
                .read(&mut slice)
                .map_err(|source| PackError::Unreadable { path: file.path.clone(), source })?;
            if size == 0 {
                break;
            }
            hash.take(&slice[..size], self.kept.slot(&file.path));
        }
        hash.check(file)
    }

    /// Reports files that the manifest does not name.
    fn extras(&mut self, root: &Path, below: &str, named: &BTreeSet<&str>) -> Result<(), PackError> {
        let unreadable = |source| PackError::Unreadable { path: format!("{below}."), source };
        let mut entries: Vec<_> = fs::read_dir(root.join(below))
            .map_err(unreadable)?
            .collect::<Result<_, _>>()
            .map_err(unreadable)?;
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let path = format!("{below}{}", entry.file_name().to_string_lossy());
            let inside = format!("{path}/");
            if entry.file_type().map_err(unreadable)?.is_dir() && named.iter().any(|n| n.starts_with(&inside))
            {
                self.extras(root, &inside, named)?;
            } else if !named.contains(path.as_str()) {
                self.problems.push(PackError::Extra { path });
            }
        }
        Ok(())
    }

    fn archive(&mut self, source: impl Read) -> Result<(), PackError> {
        let (mut archive, bytes) = archived_manifest(source)?;
        for file in self.signed(&bytes)? {
            archive.entry(&file.path, file.length)?;
            let mut hash = Tally::default();
            archive.contents(&file.path, file.length, |slice| {
                hash.take(slice, self.kept.slot(&file.path));
            })?;
            if let Err(error) = hash.check(&file) {
                self.problems.push(error);
            }
        }
        archive.end()
    }

    /// Compares the files with each other, when each is itself.
    fn conclude(mut self, outcome: Result<(), PackError>) -> Examination {
        self.problems.extend(outcome.err());
        let Some((signed, manifest, length)) = self.manifest else {
            return Examination { manifest: None, pack: None, problems: self.problems };
        };
        let mut pack = None;
        if self.problems.is_empty() {
            match agree(&signed.payload, &self.kept) {
                Ok(content) => {
                    let size = length + manifest.played().map(|file| file.length).sum::<u64>();
                    pack = Some(Pack { signed: signed.clone(), content, size });
                }
                Err(error) => self.problems.push(error),
            }
        }
        Examination { manifest: Some((signed, manifest)), pack, problems: self.problems }
    }
}

/// Proves that the files say the same, and opens the activity.
///
/// `activity.json` is read first: its parser bounds depth, and postcard's does not.
/// Only bytes that are its re-encoding are read as postcard.
fn agree(payload: &[u8], kept: &Kept) -> Result<Content, PackError> {
    let json: Activity = serde_json::from_slice(&kept.json)
        .map_err(|error| PackError::Malformed { path: JSON_FILE.to_owned(), found: error.to_string() })?;
    if postcard::to_allocvec(&json).is_ok_and(|bytes| bytes != kept.activity) {
        return Err(PackError::Differs { path: ACTIVITY_FILE });
    }
    let content = Content::open(payload, &kept.activity)?;
    if !FrontEdition::ALL.iter().any(|edition| front_text_of(&json, *edition).as_bytes() == kept.front) {
        return Err(PackError::Differs { path: FRONT_FILE });
    }
    if summary(&json) != content.manifest().summary {
        return Err(PackError::Differs { path: "summary of manifest.jws" });
    }
    Ok(content)
}

/// Length and SHA-256 of what was read.
#[derive(Default)]
struct Tally {
    hash: sha2::Sha256,
    length: u64,
}

impl Tally {
    fn take(&mut self, slice: &[u8], keep: Option<&mut Vec<u8>>) {
        self.hash.update(slice);
        self.length += slice.len() as u64;
        if let Some(keep) = keep {
            keep.extend_from_slice(slice);
        }
    }

    fn check(self, file: &PackFile) -> Result<(), PackError> {
        let path = file.path.clone();
        if self.length != file.length {
            return Err(PackError::Length { path, expected: file.length, found: self.length });
        }
        let found = Digest(self.hash.finalize().into());
        if found != file.sha256 {
            return Err(PackError::Digest { path, expected: file.sha256, found });
        }
        Ok(())
    }
}

fn manifest_of_folder(root: &Path) -> Result<Vec<u8>, PackError> {
    match regular(root, MANIFEST_FILE)? {
        Some(file) => bounded(file, MANIFEST_FILE, MANIFEST_MAX as u64),
        None => Err(PackError::Missing { path: MANIFEST_FILE.to_owned() }),
    }
}

/// An archive after its first entry, and that entry.
fn archived_manifest<R: Read>(source: R) -> Result<(Archive<R>, Vec<u8>), PackError> {
    let mut archive = Archive::new(source);
    let length = archive.manifest_length(MANIFEST_MAX as u64)?;
    let mut bytes = Vec::new();
    archive.contents(MANIFEST_FILE, length, |slice| bytes.extend_from_slice(slice))?;
    Ok((archive, bytes))
}

/// Opens a pack that is one file.
fn one_file(path: &Path) -> Result<BufReader<File>, PackError> {
    let unreadable = |source| PackError::Unreadable { path: path.display().to_string(), source };
    File::open(path).map(BufReader::new).map_err(unreadable)
}

/// Opens a file of a folder; `None` when it is not there. No part of its path may be
/// a link.
fn regular(root: &Path, path: &str) -> Result<Option<File>, PackError> {
    let mut place = root.to_owned();
    let unreadable = |source| PackError::Unreadable { path: path.to_owned(), source };
    let mut segments = path.split('/').peekable();
    while let Some(segment) = segments.next() {
        place.push(segment);
        let kind = match fs::symlink_metadata(&place) {
            Ok(meta) => meta.file_type(),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(unreadable(source)),
        };
        let wanted = if segments.peek().is_some() { kind.is_dir() } else { kind.is_file() };
        if !wanted {
            let found = if kind.is_symlink() {
                "a link"
            } else if kind.is_dir() {
                "a folder"
            } else if kind.is_file() {
                "a file where a folder belongs"
            } else {
                "a device"
            };
            return Err(PackError::NotAFile { path: path.to_owned(), found: found.to_owned() });
        }
    }
    File::open(place).map(Some).map_err(unreadable)
}

fn bounded(file: File, path: &str, most: u64) -> Result<Vec<u8>, PackError> {
    let mut bytes = Vec::new();
    file.take(most + 1)
        .read_to_end(&mut bytes)
        .map_err(|source| PackError::Unreadable { path: path.to_owned(), source })?;
    if bytes.len() as u64 > most {
        return Err(too_large(path, most, bytes.len() as u64));
    }
    Ok(bytes)
}

fn too_large(path: &str, most: u64, found: u64) -> PackError {
    let path = path.to_owned();
    PackError::TooLarge { path, most: format!("{most} bytes"), found: format!("{found} bytes") }
}

/// Checks everything of a manifest that can be told without the files.
pub fn check_manifest(manifest: &Manifest) -> Result<(), PackError> {
    let known = (1..=CONTENT_VERSION).contains(&manifest.content_version);
    if (manifest.format.as_str(), manifest.rules) != (MANIFEST_FORMAT, RULES) || !known {
        let words = |format: &str, rules: u16, content: &str| {
            format!("format {format:?}, rules {rules}, content version {content}")
        };
        return Err(PackError::Version {
            expected: words(MANIFEST_FORMAT, RULES, &format!("1 to {CONTENT_VERSION}")),
            found: words(&manifest.format, manifest.rules, &manifest.content_version.to_string()),
        });
    }
    if !is_name(&manifest.version) {
        return Err(PackError::Name { found: manifest.version.clone() });
    }
    if manifest.files.len() > FILES_MAX {
        let path = MANIFEST_FILE.to_owned();
        let (most, found) = (format!("{FILES_MAX} files"), format!("{} files", manifest.files.len()));
        return Err(PackError::TooLarge { path, most, found });
    }
    let mut total = 0u64;
    let mut last: Option<&str> = None;
    let order = |place: usize, expected: String, found: &str| PackError::Order {
        place: place + 1,
        expected,
        found: found.to_owned(),
    };
    for (place, file) in manifest.files.iter().enumerate() {
        let path = file.path.as_str();
        let kind = media_type(path).filter(|_| is_path(path));
        let Some(kind) = kind else { return Err(PackError::Name { found: path.to_owned() }) };
        let most = match FIXED.get(place) {
            Some((expected, most)) if path == *expected => *most,
            Some((expected, _)) => return Err(order(place, (*expected).to_owned(), path)),
            None if !path.starts_with("media/") || !kind.starts_with("image/") => {
                return Err(order(place, "an image in media/".to_owned(), path));
            }
            None => IMAGE_MAX,
        };
        if let Some(last) = last.filter(|_| place > FIXED.len())
            && (last >= path || path.starts_with(&format!("{last}/")))
        {
            return Err(order(place, format!("a name after {last:?} and not inside it"), path));
        }
        last = Some(path);
        if file.media_type != kind {
            let (path, expected) = (path.to_owned(), kind.to_owned());
            return Err(PackError::MediaType { path, expected, found: file.media_type.clone() });
        }
        if file.length > most {
            return Err(too_large(path, most, file.length));
        }
        total += file.length;
    }
    if let Some((missing, _)) = FIXED.get(manifest.files.len()) {
        return Err(PackError::Missing { path: (*missing).to_owned() });
    }
    if total > PACK_MAX { Err(too_large("pack", PACK_MAX, total)) } else { Ok(()) }
}
