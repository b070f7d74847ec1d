//! Built packs: assembled, written as a folder or one file, and read back within
//! bounds. `docs/formats/pack.md` is the format.

mod archive;
mod assemble;
mod catalogue;
mod error;
mod read;
mod write;

pub use archive::{header, write_archive};
pub use assemble::{Assembled, summary};
pub use catalogue::{CATALOGUE_FILE, CatalogueError, collect};
pub use error::PackError;
pub use read::{Examination, IMAGE_MAX, Pack, examine, examine_archive, open, peek};
pub use write::{Collision, WriteError, archive_name, write_file, write_folder};

/// The file that holds the signed manifest.
pub const MANIFEST_FILE: &str = "manifest.jws";

/// The media type of a path in a pack, by its ending; `None` for what cannot be in one.
/// Stored; never reuse.
pub fn media_type(path: &str) -> Option<&'static str> {
    const TYPES: [(&str, &str); 8] = [
        (".bin", "application/octet-stream"),
        (".jpeg", "image/jpeg"),
        (".jpg", "image/jpeg"),
        (".json", "application/json"),
        (".png", "image/png"),
        (".svg", "image/svg+xml"),
        (".txt", "text/plain"),
        (".webp", "image/webp"),
    ];
    TYPES.iter().find(|(ending, _)| path.ends_with(ending)).map(|(_, kind)| *kind)
}
