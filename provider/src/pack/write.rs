//! Writing packs: whole or not at all, and never over another pack of the same
//! version unless asked to.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use enduring_core::content::Manifest;
use enduring_core::id::Digest;
use thiserror::Error;

use super::archive::write_archive;
use super::read::examine;
use super::{Assembled, MANIFEST_FILE};

/// What to do with another pack of the same version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Collision {
    /// Leave it and refuse.
    Refuse,
    /// Replace it.
    Replace,
}

/// Why a pack was not written.
#[derive(Debug, Error)]
pub enum WriteError {
    /// A file cannot be written.
    #[error("{}: {source}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Another pack is there.
    #[error(
        "{}: expected no other pack of this version, found digest {found} where {wanted} would go; give the activity a new version (sessions are pinned to what they began with), or pass --force",
        path.display()
    )]
    Taken {
        /// Where.
        path: PathBuf,
        /// What is there.
        found: String,
        /// What was to be written.
        wanted: Digest,
    },
}

/// The name of a pack as one file.
pub fn archive_name(manifest: &Manifest) -> String {
    format!("{}-{}.enduring", manifest.id, manifest.version)
}

/// Writes the folder `<out>/<id>/<version>/` and returns its path.
///
/// # Errors
/// [`WriteError`].
pub fn write_folder(
    out: &Path,
    signed: &str,
    pack: &Assembled,
    collision: Collision,
) -> Result<PathBuf, WriteError> {
    let parent = out.join(pack.manifest.id.as_str());
    let target = parent.join(&pack.manifest.version);
    if target.exists() && collision == Collision::Refuse {
        let known = examine(&target).manifest.map(|(signed, _)| Digest::of(&[&signed.payload]));
        if known != Some(pack.digest()) {
            let found = known.map_or_else(|| "of no readable pack".to_owned(), |digest| digest.to_string());
            return Err(WriteError::Taken { path: target, found, wanted: pack.digest() });
        }
    }
    // Written beside and moved into place, so that nobody reads half a pack.
    let fresh = parent.join(format!(".{}.new", pack.manifest.version));
    remove(&fresh)?;
    for (path, bytes) in pack
        .files
        .iter()
        .map(|(file, bytes)| (file.path.as_str(), bytes.as_slice()))
        .chain([(MANIFEST_FILE, signed.as_bytes())])
    {
        let place = fresh.join(path);
        let folder = place.parent().unwrap_or(&fresh);
        fs::create_dir_all(folder).map_err(at(folder))?;
        fs::write(&place, bytes).map_err(at(&place))?;
    }
    remove(&target)?;
    fs::rename(&fresh, &target).map_err(at(&target))?;
    Ok(target)
}

/// Writes the one file `<out>/<id>-<version>.enduring` and returns its path.
///
/// # Errors
/// [`WriteError`].
pub fn write_file(out: &Path, signed: &str, pack: &Assembled) -> Result<PathBuf, WriteError> {
    let target = out.join(archive_name(&pack.manifest));
    let fresh = target.with_extension("enduring.new");
    let write = || {
        let mut file = BufWriter::new(File::create(&fresh)?);
        write_archive(&mut file, signed, pack)?;
        file.flush()
    };
    write().map_err(at(&fresh))?;
    fs::rename(&fresh, &target).map_err(at(&target))?;
    Ok(target)
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> WriteError {
    let path = path.to_owned();
    move |source| WriteError::File { path, source }
}

fn remove(folder: &Path) -> Result<(), WriteError> {
    match fs::remove_dir_all(folder) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(source) => Err(WriteError::File { path: folder.to_owned(), source }),
    }
}
