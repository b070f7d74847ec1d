//! Why a pack is refused: one name for each thing that the format forbids.

use std::io;

use enduring_core::content::OpenError;
use enduring_core::id::Digest;
use enduring_core::record::JwsError;
use thiserror::Error;

/// Why a pack is refused. Paths are those in the pack.
#[derive(Debug, Error)]
pub enum PackError {
    /// A file cannot be read.
    #[error("{path}: cannot be read: {source}")]
    Unreadable {
        /// Which.
        path: String,
        /// Why.
        source: io::Error,
    },
    /// The manifest is not a signed document of its kind.
    #[error("manifest.jws: {0}")]
    Signed(#[from] JwsError),
    /// A file is not of its format.
    #[error("{path}: expected its format, found: {found}")]
    Malformed {
        /// Which.
        path: String,
        /// What the parser says.
        found: String,
    },
    /// The manifest's format, rules or content version is another program's.
    #[error("manifest.jws: expected {expected}, found {found}")]
    Version {
        /// What this program reads.
        expected: String,
        /// What the manifest says.
        found: String,
    },
    /// A name that no file of a pack may have.
    #[error(
        "{found:?}: expected a name of segments from a-z, 0-9, '.', '_' and '-', at most 100 bytes, with a known ending"
    )]
    Name {
        /// The name.
        found: String,
    },
    /// The files of the manifest are not in their order, or one is named twice.
    #[error("manifest.jws: expected {expected} as file {place}, found {found:?}")]
    Order {
        /// Which place, from 1.
        place: usize,
        /// What belongs there.
        expected: String,
        /// What is there.
        found: String,
    },
    /// A media type that the name does not have.
    #[error("{path}: expected media type {expected}, found {found:?}")]
    MediaType {
        /// Which file.
        path: String,
        /// By its name.
        expected: String,
        /// In the manifest.
        found: String,
    },
    /// More than a cap allows.
    #[error("{path}: expected at most {most}, found {found}")]
    TooLarge {
        /// Which file, or the pack.
        path: String,
        /// The cap, with its unit.
        most: String,
        /// How much, as far as it was read.
        found: String,
    },
    /// A file of the manifest is not there.
    #[error("{path}: expected by the manifest, not found")]
    Missing {
        /// Which.
        path: String,
    },
    /// A file is there that the manifest does not name.
    #[error("{path}: expected nothing that the manifest does not name, found this file")]
    Extra {
        /// Which.
        path: String,
    },
    /// A link, a folder or a device where a file belongs.
    #[error("{path}: expected a regular file, found {found}")]
    NotAFile {
        /// Which.
        path: String,
        /// What it is.
        found: String,
    },
    /// A file has another length than the manifest says.
    #[error("{path}: expected {expected} bytes, found {found}")]
    Length {
        /// Which.
        path: String,
        /// In the manifest.
        expected: u64,
        /// Of the file; one more than expected when it is longer.
        found: u64,
    },
    /// A file has other bytes than the manifest says.
    #[error("{path}: expected SHA-256 {expected}, found {found}")]
    Digest {
        /// Which.
        path: String,
        /// In the manifest.
        expected: Digest,
        /// Of the file.
        found: Digest,
    },
    /// The archive is not what the format makes of the manifest.
    #[error("archive, byte {at}: expected {expected}, found {found}")]
    Archive {
        /// Where.
        at: u64,
        /// What belongs there.
        expected: String,
        /// What is there.
        found: String,
    },
    /// Core refuses the activity.
    #[error("{0}")]
    Activity(#[from] OpenError),
    /// Files of the pack say different things.
    #[error("{path}: expected what activity.json says, found something else")]
    Differs {
        /// Which file, or which member of the manifest.
        path: &'static str,
    },
}
