//! Files that only their owner reads: what is personal is in them, or a key.

use std::fs::{self, File};
use std::io;
use std::path::Path;

/// Makes a file where none is.
///
/// # Errors
/// What the system says.
pub fn create(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Makes a file in place of one that may be there: it would keep its own mode.
///
/// # Errors
/// What the system says.
pub fn create_again(path: &Path) -> io::Result<File> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => create(path),
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn nobody_else_reads_it_whoever_read_what_was_there() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("names.csv");
        let mode = || fs::metadata(&path).expect("a file").permissions().mode() & 0o777;
        create(&path).expect("a file");
        assert_eq!(mode(), 0o600);
        assert!(create(&path).is_err());
        fs::set_permissions(&path, PermissionsExt::from_mode(0o644)).expect("a mode");
        create_again(&path).expect("a file");
        assert_eq!(mode(), 0o600);
        fs::remove_file(&path).expect("removed");
        create_again(&path).expect("a file");
    }
}
