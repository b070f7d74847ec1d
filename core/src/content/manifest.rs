//! The manifest: what a provider signs, and what names a pack by its digest.

use serde::{Deserialize, Serialize};

use super::{JSON_FILE, OpenError, at_most};
use crate::id::{ActivityId, Digest};
use crate::json;
use crate::measure::{Credit, Minutes, Timestamp};
use crate::order::repeated;

/// The header type of a signed manifest. Stored; never reuse.
pub const MANIFEST_TYP: &str = "enduring-pack+jwt";
/// The header type of a signed catalogue. Stored; never reuse.
pub const CATALOGUE_TYP: &str = "enduring-catalogue+jwt";
/// The format of the manifest. Stored; never reuse.
pub const MANIFEST_FORMAT: &str = "enduring-pack/1";
/// The format of the catalogue. Stored; never reuse.
pub const CATALOGUE_FORMAT: &str = "enduring-catalogue/1";
/// The rules that this core writes: `apply` and `score` never change under a number.
pub const RULES: u16 = 1;

/// The payload of `manifest.jws`. The pack digest is the SHA-256 of these bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// [`MANIFEST_FORMAT`].
    pub format: String,
    /// The rules number of sessions begun with this pack.
    pub rules: u16,
    /// The content version of `activity.bin`.
    pub content_version: u16,
    /// The activity.
    pub id: ActivityId,
    /// Its version.
    pub version: String,
    /// What a first page shows.
    pub summary: Summary,
    /// First instant at which credit can be earned.
    pub opens: Timestamp,
    /// First instant at which it no longer can.
    pub closes: Timestamp,
    /// Every file of the pack but this one, in the order of the archive.
    pub files: Vec<PackFile>,
}

/// What a first page shows without anything else of the pack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Summary {
    /// Title.
    pub title: String,
    /// One or two sentences.
    pub summary: String,
    /// Language tag.
    pub language: String,
    /// For whom.
    pub audience: String,
    /// Who provides it.
    pub provider: String,
    /// Estimated time.
    pub minutes: Minutes,
    /// What can be claimed at most.
    pub credits: Vec<SummaryCredit>,
    /// Learning objectives, in words.
    pub objectives: Vec<String>,
    /// ISO dates, inclusive in the provider's zone.
    pub release: String,
    /// Latest review.
    pub review: String,
    /// Last day.
    pub termination: String,
    /// Set on a sample: the words of its banner.
    pub sample: Option<String>,
}

/// A kind of credit in a summary.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SummaryCredit {
    /// What it is called.
    pub name: String,
    /// Who grants it.
    pub accreditor: String,
    /// The most that can be claimed.
    pub maximum: Credit,
}

impl Manifest {
    /// The files that a player fetches and keeps: not [`JSON_FILE`], which tells other programs what
    /// [`ACTIVITY_FILE`](super::ACTIVITY_FILE) tells it.
    pub fn played(&self) -> impl Iterator<Item = &PackFile> {
        self.files.iter().filter(|file| file.path != JSON_FILE)
    }

    /// Reads a manifest from its payload, whose signature is the caller's business.
    ///
    /// # Errors
    /// [`OpenError`] names what is wrong; nothing of it is believed then.
    pub fn read(payload: &[u8]) -> Result<Self, OpenError> {
        at_most("manifest", MANIFEST_MAX as u64, payload)?;
        let manifest: Self =
            json::read_bytes(payload).map_err(|error| OpenError::Manifest { found: error.to_string() })?;
        if manifest.format != MANIFEST_FORMAT || manifest.rules != RULES {
            return Err(OpenError::Format { format: manifest.format, rules: manifest.rules });
        }
        manifest.check_files().map_err(|found| OpenError::Files { found })?;
        Ok(manifest)
    }

    /// Whether its files can be those of a pack; otherwise the first that cannot.
    fn check_files(&self) -> Result<(), String> {
        if self.files.len() > FILES_MAX {
            return Err(format!("{} files", self.files.len()));
        }
        let paths: Vec<&str> = self.files.iter().map(|file| file.path.as_str()).collect();
        let mut total = 0u64;
        for (file, repeated) in self.files.iter().zip(repeated(&paths)) {
            if !is_path(&file.path) || repeated {
                return Err(format!("{:?}", file.path));
            }
            total = total.saturating_add(file.length);
        }
        if total > PACK_MAX { Err(format!("{total} bytes")) } else { Ok(()) }
    }
}

/// A file of a pack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PackFile {
    /// Path in the pack: `[a-z0-9._/-]`, no empty, `.` or `..` segment.
    pub path: String,
    /// SHA-256 of its bytes.
    pub sha256: Digest,
    /// Length in bytes.
    pub length: u64,
    /// Media type, from a closed list.
    pub media_type: String,
}

/// The payload of a signed catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Catalogue {
    /// [`CATALOGUE_FORMAT`].
    pub format: String,
    /// Who offers these.
    pub provider: String,
    /// When it was signed.
    pub issued: Timestamp,
    /// The packs.
    pub packs: Vec<CatalogueEntry>,
}

/// A pack in a catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CatalogueEntry {
    /// The activity.
    pub id: ActivityId,
    /// Its version.
    pub version: String,
    /// The pack digest.
    pub digest: Digest,
    /// Bytes of all files together.
    pub size: u64,
    /// Where its folder is, relative to the catalogue, such as `packs/cap/1.0.0/`.
    pub url: String,
    /// What a first page shows.
    pub summary: Summary,
}

/// Most files in a pack.
pub const FILES_MAX: usize = 512;
/// Longest path in bytes: what one ustar name holds.
pub const PATH_MAX: usize = 100;
/// Longest manifest in bytes, signed.
pub const MANIFEST_MAX: usize = 256 * 1024;
/// Largest `activity.bin` in bytes.
pub const ACTIVITY_MAX: u64 = 16 * 1024 * 1024;
/// Most bytes in one pack.
pub const PACK_MAX: u64 = 512 * 1024 * 1024;

/// True for `[a-z0-9._-]+` segments joined by single slashes, none of them `.` or
/// `..`, at most [`PATH_MAX`] bytes.
#[must_use]
pub fn is_path(path: &str) -> bool {
    let segment = |part: &str| {
        !matches!(part, "" | "." | "..")
            && part
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'_' | b'-'))
    };
    path.len() <= PATH_MAX && path.split('/').all(segment)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_inside_the_pack() {
        for good in ["activity.bin", "media/chest.svg", "a/b/c-1_2.png"] {
            assert!(is_path(good), "{good}");
        }
        for bad in
            ["", "/a", "a/", "a//b", "../a", "a/./b", "a/../b", "A", "a\\b", "a b", "é", &"a".repeat(101)]
        {
            assert!(!is_path(bad), "{bad}");
        }
    }
}
