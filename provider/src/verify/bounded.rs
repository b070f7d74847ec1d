//! Reading within bounds: never more than asked for, whatever a file says it is.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// A file of at most `most` bytes, or `None` when it has more.
pub(crate) fn read(path: &Path, most: usize) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    let limit = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    File::open(path)?.take(limit).read_to_end(&mut bytes)?;
    Ok((bytes.len() <= most).then_some(bytes))
}
