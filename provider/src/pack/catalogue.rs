//! The catalogue: a signed list of the packs of a folder.

use std::fs;
use std::path::{Component, Path, PathBuf};

use enduring_core::content::{CATALOGUE_FORMAT, Catalogue, CatalogueEntry};
use enduring_core::id::Digest;
use enduring_core::measure::Timestamp;
use enduring_core::record::PublicKey;
use thiserror::Error;

use super::error::PackError;
use super::read::{Pack, open};
use crate::key::verifies;

/// The usual name of a catalogue.
pub const CATALOGUE_FILE: &str = "catalogue.jws";
/// Most packs in a catalogue.
pub const PACKS_MAX: usize = 4_096;

/// Why a catalogue cannot be made.
#[derive(Debug, Error)]
pub enum CatalogueError {
    /// The folder cannot be read.
    #[error("{}: {source}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A pack is refused.
    #[error("{}: {source}", path.display())]
    Pack {
        /// Where.
        path: PathBuf,
        /// Why.
        source: Box<PackError>,
    },
    /// A pack is another's.
    #[error("{}: expected a pack signed by {expected}, found another signature", path.display())]
    Signer {
        /// Where.
        path: PathBuf,
        /// The key of the catalogue.
        expected: String,
    },
    /// A pack is not where its name says.
    #[error("{}: expected {expected}, found another activity or version there", path.display())]
    Place {
        /// Where.
        path: PathBuf,
        /// The folder where it belongs.
        expected: String,
    },
    /// There is nothing to list, or too much.
    #[error("{}: expected 1 to {PACKS_MAX} packs in folders ID/VERSION, found {found}", path.display())]
    Count {
        /// Where.
        path: PathBuf,
        /// How many.
        found: usize,
    },
    /// The packs are of several providers.
    #[error("expected one provider, found {found}; say with --provider who offers them")]
    Providers {
        /// Who.
        found: String,
    },
    /// The packs are not beside or below the catalogue.
    #[error("{}: expected a folder beside or below the catalogue, so that its address can be relative", path.display())]
    Outside {
        /// Which.
        path: PathBuf,
    },
}

/// Lists the packs of a folder, in order of name and version, for a catalogue in
/// `beside`.
///
/// # Errors
/// [`CatalogueError`].
pub fn collect(
    packs: &Path,
    beside: &Path,
    key: &PublicKey,
    provider: Option<String>,
    issued: Timestamp,
) -> Result<Catalogue, CatalogueError> {
    let base = relative(beside, packs)?;
    let mut entries = Vec::new();
    let mut providers = Vec::new();
    for id in folders(packs)? {
        for version in folders(&packs.join(&id))? {
            let path = packs.join(&id).join(&version);
            let pack = open(&path)
                .map_err(|source| CatalogueError::Pack { path: path.clone(), source: Box::new(source) })?;
            if !verifies(key, &pack.signed) {
                return Err(CatalogueError::Signer { path, expected: key.kid() });
            }
            let entry = entry(&pack, format!("{base}{id}/{version}/"));
            if (entry.id.as_str(), entry.version.as_str()) != (id.as_str(), version.as_str()) {
                return Err(CatalogueError::Place {
                    path,
                    expected: format!("{}/{}", entry.id, entry.version),
                });
            }
            providers.push(entry.summary.provider.clone());
            entries.push(entry);
        }
    }
    if !(1..=PACKS_MAX).contains(&entries.len()) {
        return Err(CatalogueError::Count { path: packs.to_owned(), found: entries.len() });
    }
    providers.sort();
    providers.dedup();
    let provider = match (provider, providers.as_slice()) {
        (Some(provider), _) => provider,
        (None, [only]) => only.clone(),
        (None, several) => return Err(CatalogueError::Providers { found: several.join(", ") }),
    };
    Ok(Catalogue { format: CATALOGUE_FORMAT.to_owned(), provider, issued, packs: entries })
}

fn entry(pack: &Pack, url: String) -> CatalogueEntry {
    let manifest = pack.content.manifest();
    CatalogueEntry {
        id: manifest.id.clone(),
        version: manifest.version.clone(),
        digest: Digest::of(&[&pack.signed.payload]),
        size: pack.size,
        url,
        summary: manifest.summary.clone(),
    }
}

/// The folders in a folder, sorted by name; those that begin with a dot apart.
fn folders(path: &Path) -> Result<Vec<String>, CatalogueError> {
    let unreadable = |source| CatalogueError::File { path: path.to_owned(), source };
    let mut names = Vec::new();
    for entry in fs::read_dir(path).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.file_type().map_err(unreadable)?.is_dir() && !name.starts_with('.') {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

/// The way from one folder down to another, with a slash at its end.
fn relative(from: &Path, to: &Path) -> Result<String, CatalogueError> {
    let whole = |path: &Path| {
        let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
        path.canonicalize().map_err(|source| CatalogueError::File { path: path.to_owned(), source })
    };
    let (from, to) = (whole(from)?, whole(to)?);
    let below = to.strip_prefix(&from).map_err(|_| CatalogueError::Outside { path: to.clone() })?;
    let mut way = String::new();
    for part in below.components() {
        if let Component::Normal(part) = part {
            way.push_str(&part.to_string_lossy());
            way.push('/');
        }
    }
    Ok(way)
}
