//! The files that are served: the player, its packs, the catalogue.
//!
//! A folder is listed, and only what is in the list is served, so that no request can
//! name anything else. Links inside the folder are not followed. The list is made
//! again while the server runs: a new pack or a new build needs no restart.

use std::collections::BTreeMap;
use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};
use std::time::SystemTime;

use axum::body::Bytes;
use enduring_core::content::Manifest;
use enduring_core::id::Digest;
use thiserror::Error;

use super::deployment::{self, DEPLOYMENT_FILE, DeploymentError};
use super::headers::{HEADERS_FILE, HeadersError, Rules};
use crate::pack::{self, MANIFEST_FILE};

/// Most files of a site.
const FILES_MAX: usize = 200_000;
/// Where packs are, from the root.
const PACKS: &str = "packs";

/// Why a folder cannot be served.
#[derive(Debug, Error)]
pub enum SiteError {
    /// It cannot be read.
    #[error("{}: {source}", path.display())]
    Read {
        /// What.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// There is no player in it.
    #[error("{}: expected a folder that `cargo xtask dist` made, found no index.html", path.display())]
    Empty {
        /// Which.
        path: PathBuf,
    },
    /// Too many files.
    #[error("{}: expected at most {FILES_MAX} files, found more", path.display())]
    TooMany {
        /// Where.
        path: PathBuf,
    },
    /// Its headers.
    #[error("{}: {source}", path.display())]
    Headers {
        /// The folder.
        path: PathBuf,
        /// What is wrong.
        source: HeadersError,
    },
    /// Its `deployment.json`.
    #[error("{}: {source}", path.display())]
    Deployment {
        /// The folder.
        path: PathBuf,
        /// What is wrong.
        source: DeploymentError,
    },
}

/// What is served, and where its files are.
pub struct Site {
    root: Option<PathBuf>,
    packs: Option<PathBuf>,
    keys: String,
    listed: RwLock<Arc<Listing>>,
}

/// The files at one time.
pub struct Listing {
    /// The headers.
    pub rules: Rules,
    files: BTreeMap<String, Arc<File>>,
}

/// A file of the list.
#[derive(Debug)]
pub struct File {
    /// Where its bytes are.
    pub source: Source,
    /// How many.
    pub length: u64,
    modified: Option<SystemTime>,
    digest: OnceLock<Digest>,
    /// Of a manifest: what it names, by path from its folder.
    named: OnceLock<BTreeMap<String, Digest>>,
}

/// Where bytes are.
#[derive(Debug)]
pub enum Source {
    /// In a file.
    Disk(PathBuf),
    /// Made by the server.
    Memory(Bytes),
}

impl Site {
    /// Lists the folders. Without a root only the packs are served, without both
    /// nothing is; `keys` is the server's own key set, which the player has to trust.
    ///
    /// # Errors
    /// [`SiteError`].
    pub fn open(root: Option<PathBuf>, packs: Option<PathBuf>, keys: String) -> Result<Self, SiteError> {
        let listed = list(root.as_deref(), packs.as_deref(), &keys)?;
        Ok(Self { root, packs, keys, listed: RwLock::new(Arc::new(listed)) })
    }

    /// Lists the folders again. What is wrong then leaves the list as it was.
    ///
    /// # Errors
    /// [`SiteError`].
    pub fn refresh(&self) -> Result<(), SiteError> {
        let before = self.listing();
        let mut now = list(self.root.as_deref(), self.packs.as_deref(), &self.keys)?;
        for (path, file) in &mut now.files {
            if let Some(known) = before.files.get(path)
                && known.is_same(file)
            {
                *file = Arc::clone(known);
            }
        }
        *self.listed.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(now);
        Ok(())
    }

    /// The files now.
    #[must_use]
    pub fn listing(&self) -> Arc<Listing> {
        Arc::clone(&self.listed.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Listing {
    /// The file of a path that begins with a slash.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&Arc<File>> {
        self.files.get(path)
    }

    /// True for a file that a manifest beside or above it names with the very digest that the
    /// file has: it stays as it is for as long as its version does. The manifest may be signed
    /// again, and a pack in one file holds its manifest. Reads files: not for async code.
    #[must_use]
    pub fn is_kept(&self, path: &str) -> bool {
        let Some(file) = self.get(path).filter(|_| path.starts_with("/packs/")) else { return false };
        path.match_indices('/').skip(1).any(|(at, _)| {
            let (folder, inside) = path.split_at(at + 1);
            let manifest = self.files.get(&format!("{folder}{MANIFEST_FILE}"));
            let named = manifest.and_then(|manifest| manifest.named().get(inside).copied());
            named.is_some_and(|named| file.digest().ok() == Some(named))
        })
    }
}

impl File {
    fn in_memory(bytes: Vec<u8>) -> Self {
        let digest = OnceLock::from(Digest::of(&[&bytes]));
        let length = bytes.len() as u64;
        Self { source: Source::Memory(bytes.into()), length, modified: None, digest, named: OnceLock::new() }
    }

    fn on_disk(path: PathBuf, metadata: &Metadata) -> Self {
        let modified = metadata.modified().ok();
        let (digest, named) = (OnceLock::new(), OnceLock::new());
        Self { source: Source::Disk(path), length: metadata.len(), modified, digest, named }
    }

    /// True when it is on the disk as it was when it was listed.
    #[must_use]
    pub fn is_still(&self, metadata: &Metadata) -> bool {
        metadata.len() == self.length && metadata.modified().ok() == self.modified
    }

    fn is_same(&self, other: &Self) -> bool {
        match (&self.source, &other.source) {
            (Source::Disk(one), Source::Disk(two)) => {
                one == two && self.length == other.length && self.modified == other.modified
            }
            (Source::Disk(_), Source::Memory(_)) | (Source::Memory(_), _) => false,
        }
    }

    /// What it names with digests, where it is the manifest of a pack; read once.
    fn named(&self) -> &BTreeMap<String, Digest> {
        self.named.get_or_init(|| {
            let Source::Disk(path) = &self.source else { return BTreeMap::new() };
            let signed = path.parent().and_then(|folder| pack::peek(folder).ok());
            let manifest = signed.and_then(|signed| Manifest::read(&signed.payload).ok());
            let files = manifest.map_or_else(Vec::new, |manifest| manifest.files);
            files.into_iter().map(|file| (file.path, file.sha256)).collect()
        })
    }

    /// The digest of its bytes, reckoned once. Reads a file: not for async code.
    ///
    /// # Errors
    /// What the system says.
    pub fn digest(&self) -> io::Result<Digest> {
        if let Some(digest) = self.digest.get() {
            return Ok(*digest);
        }
        let digest = match &self.source {
            Source::Memory(bytes) => Digest::of(&[bytes]),
            Source::Disk(path) => of_file(path)?,
        };
        Ok(*self.digest.get_or_init(|| digest))
    }
}

fn of_file(path: &Path) -> io::Result<Digest> {
    use sha2::Digest as _;
    let mut hasher = HashWriter(sha2::Sha256::new());
    io::copy(&mut fs::File::open(path)?, &mut hasher)?;
    Ok(Digest(hasher.0.finalize().into()))
}

struct HashWriter(sha2::Sha256);

impl io::Write for HashWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        sha2::Digest::update(&mut self.0, bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn list(root: Option<&Path>, packs: Option<&Path>, keys: &str) -> Result<Listing, SiteError> {
    let mut files = BTreeMap::new();
    let mut rules = Rules::usual();
    let mut place = Path::new("");
    if let Some(root) = root {
        place = root;
        walk(root, "", &mut files)?;
        if !files.contains_key("/index.html") {
            return Err(SiteError::Empty { path: root.to_owned() });
        }
        match fs::read_to_string(root.join(HEADERS_FILE)) {
            Ok(text) => rules = Rules::parse(&text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(source) => return Err(SiteError::Read { path: root.join(HEADERS_FILE), source }),
        }
        let path = root.join(DEPLOYMENT_FILE);
        let text = match fs::read_to_string(&path) {
            Ok(text) => Some(text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(source) => return Err(SiteError::Read { path, source }),
        };
        let text = deployment::with_this_server(text.as_deref(), keys)
            .map_err(|source| SiteError::Deployment { path: root.to_owned(), source })?;
        files.insert(format!("/{DEPLOYMENT_FILE}"), Arc::new(File::in_memory(text.into_bytes())));
        // The text that is served is another than the one beside which they lie.
        files.retain(|path, _| !path.strip_prefix("/deployment.json.").is_some_and(is_coded));
    }
    if let Some(packs) = packs {
        let inside = format!("/{PACKS}/");
        files.retain(|path, _| !path.starts_with(&inside));
        walk(packs, &format!("/{PACKS}"), &mut files)?;
    }
    let rules = rules.map_err(|source| SiteError::Headers { path: place.to_owned(), source })?;
    Ok(Listing { rules, files })
}

fn is_coded(ending: &str) -> bool {
    matches!(ending, "br" | "gz")
}

fn walk(folder: &Path, prefix: &str, files: &mut BTreeMap<String, Arc<File>>) -> Result<(), SiteError> {
    let unread = |source| SiteError::Read { path: folder.to_owned(), source };
    for entry in fs::read_dir(folder).map_err(unread)? {
        let entry = entry.map_err(unread)?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        if name.starts_with('.') || (prefix.is_empty() && name == HEADERS_FILE) {
            continue;
        }
        let path = format!("{prefix}/{name}");
        let kind = entry.file_type().map_err(unread)?;
        if kind.is_dir() {
            walk(&entry.path(), &path, files)?;
        } else if kind.is_file() {
            if files.len() >= FILES_MAX {
                return Err(SiteError::TooMany { path: folder.to_owned() });
            }
            let metadata = match entry.metadata() {
                Ok(metadata) => metadata,
                // Replaced while the folder is read.
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(source) => return Err(SiteError::Read { path: entry.path(), source }),
            };
            files.insert(path, Arc::new(File::on_disk(entry.path(), &metadata)));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place() -> tempfile::TempDir {
        let place = tempfile::tempdir().expect("a folder");
        for (name, text) in
            [("site/index.html", "<!doctype html>"), ("site/packs/a/1.0.0/x", "old"), ("site/.git/x", "no")]
        {
            let path = place.path().join(name);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(path, text).expect("a file");
        }
        place
    }

    #[test]
    fn only_what_is_listed_is_there() {
        let place = place();
        fs::write(place.path().join("secret"), "no").expect("a file");
        #[cfg(unix)]
        std::os::unix::fs::symlink(place.path().join("secret"), place.path().join("site/link"))
            .expect("a link");
        let site =
            Site::open(Some(place.path().join("site")), None, "{\"keys\":[]}".to_owned()).expect("a site");
        let listing = site.listing();
        assert!(listing.get("/index.html").is_some());
        assert!(listing.get("/deployment.json").is_some());
        for path in ["/../secret", "/link", "/.git/x", "/_headers", "", "/", "//index.html", "/packs"] {
            assert!(listing.get(path).is_none(), "{path}");
        }
    }

    #[test]
    fn a_new_file_is_found_and_a_changed_one_has_another_digest() {
        let place = place();
        let root = place.path().join("site");
        let site = Site::open(Some(root.clone()), None, "{\"keys\":[]}".to_owned()).expect("a site");
        let before = site.listing().get("/packs/a/1.0.0/x").expect("a file").digest().expect("bytes");
        fs::write(root.join("packs/a/1.0.0/x"), "newer").expect("a file");
        fs::write(root.join("packs/a/1.0.0/y"), "more").expect("a file");
        site.refresh().expect("a list");
        assert!(site.listing().get("/packs/a/1.0.0/y").is_some());
        let now = site.listing().get("/packs/a/1.0.0/x").expect("a file").digest().expect("bytes");
        assert_eq!((before, now), (Digest::of(&[b"old"]), Digest::of(&[b"newer"])));
    }

    #[test]
    fn other_packs_stand_in_for_those_of_the_site() {
        let place = place();
        let packs = place.path().join("other");
        fs::create_dir_all(packs.join("b")).expect("a folder");
        fs::write(packs.join("b/z"), "z").expect("a file");
        let site = Site::open(Some(place.path().join("site")), Some(packs), "{\"keys\":[]}".to_owned());
        let listing = site.expect("a site").listing();
        assert!(listing.get("/packs/b/z").is_some());
        assert!(listing.get("/packs/a/1.0.0/x").is_none());
    }

    #[test]
    fn a_folder_without_a_player_is_refused() {
        let place = tempfile::tempdir().expect("a folder");
        let opened = Site::open(Some(place.path().to_owned()), None, String::new());
        assert!(matches!(opened.err(), Some(SiteError::Empty { .. })));
    }
}
