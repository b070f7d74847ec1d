//! Files that get their names only once the ledger has what is in them.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::part;
use crate::private;
use crate::report::ReportFile;

/// How a file without its name yet ends.
const END: &str = ".csv.part";

/// Files that are whole on the disk and do not have their names yet.
pub(super) struct Parts {
    folder: PathBuf,
    parts: Vec<Part>,
}

struct Part {
    part: PathBuf,
    path: PathBuf,
}

impl Parts {
    /// Writes all of them, or none.
    pub(super) fn write(folder: &Path, files: &[ReportFile]) -> Result<Self, String> {
        let mut parts = Self { folder: folder.to_owned(), parts: Vec::new() };
        match files.iter().try_for_each(|file| parts.add(file)).and_then(|()| sync(folder)) {
            Ok(()) => Ok(parts),
            Err(error) => {
                parts.remove();
                Err(error)
            }
        }
    }

    fn add(&mut self, file: &ReportFile) -> Result<(), String> {
        let path = self.folder.join(&file.name);
        let part = part(&path);
        let failed = |error: io::Error| format!("{}: {error}", part.display());
        // It names learners.
        let mut open = private::create(&part).map_err(failed)?;
        // From here on it is ours, and removed with the others if the disk is full.
        self.parts.push(Part { part: part.clone(), path });
        open.write_all(file.text.as_bytes()).and_then(|()| open.sync_all()).map_err(failed)
    }

    /// Removes them: what is in them was not recorded.
    pub(super) fn remove(&self) {
        for part in &self.parts {
            // What stays is no report by its name, and the next report tells of it.
            let _ = fs::remove_file(&part.part);
        }
    }

    /// Gives them their names: which have them, and what went wrong with the others.
    pub(super) fn name(&self) -> (Vec<PathBuf>, Vec<String>) {
        let (mut named, mut problems) = (Vec::new(), Vec::new());
        for Part { part, path } in &self.parts {
            match fs::rename(part, path) {
                Ok(()) => named.push(path.clone()),
                Err(error) => {
                    let (path, part) = (path.display(), part.display());
                    problems.push(format!("{path}: not renamed from {part}: {error}"));
                }
            }
        }
        problems.extend(sync(&self.folder).err());
        (named, problems)
    }

    /// Where they are now.
    pub(super) fn places(&self) -> String {
        let places: Vec<String> = self.parts.iter().map(|part| part.part.display().to_string()).collect();
        places.join(", ")
    }
}

/// What reports that ended in the middle left in a folder.
pub(super) fn leftovers(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let failed = |error: io::Error| format!("{}: {error}", folder.display());
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(failed)?,
    };
    let mut found = Vec::new();
    for entry in entries {
        let path = entry.map_err(failed)?.path();
        if path.file_name().and_then(OsStr::to_str).is_some_and(|name| name.ends_with(END)) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// Makes the names in a folder durable.
#[cfg(unix)]
fn sync(folder: &Path) -> Result<(), String> {
    match File::open(folder).and_then(|open| open.sync_all()) {
        // Some network folders know no such thing; there is no more to do there.
        Err(error) if !matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => {
            Err(format!("{}: {error}", folder.display()))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Makes the names in a folder durable: elsewhere a folder cannot be opened for that.
#[cfg(not(unix))]
fn sync(_folder: &Path) -> Result<(), String> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(names: [&str; 3]) -> [ReportFile; 3] {
        names.map(|name| ReportFile { name: name.to_owned(), text: "Ada\r\n".to_owned() })
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("a file").file_name());
        let mut names: Vec<String> = entries.map(|name| name.to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    #[test]
    fn where_one_cannot_be_written_none_stays() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("c.csv.part"), "another's").expect("a file");
        let error = Parts::write(folder.path(), &files(["a.csv", "b.csv", "c.csv"])).err().expect("an error");
        assert!(error.contains("c.csv.part"), "{error}");
        assert_eq!(names(folder.path()), ["c.csv.part"]);
        assert_eq!(fs::read_to_string(folder.path().join("c.csv.part")).expect("a file"), "another's");
    }

    #[test]
    fn where_one_is_not_renamed_the_others_are() {
        let folder = tempfile::tempdir().expect("a folder");
        for name in ["a.csv", "b.csv"] {
            fs::create_dir_all(folder.path().join(name).join("in the way")).expect("a folder");
        }
        let parts = Parts::write(folder.path(), &files(["a.csv", "b.csv", "c.csv"])).expect("files");
        assert_eq!(leftovers(folder.path()).expect("a folder").len(), 3);
        let (named, problems) = parts.name();
        assert_eq!(named, [folder.path().join("c.csv")]);
        assert_eq!(problems.len(), 2, "{problems:?}");
        for (problem, part) in problems.iter().zip(["a.csv.part", "b.csv.part"]) {
            assert!(problem.contains(part), "{problem}");
        }
        let left = ["a.csv.part", "b.csv.part"].map(|name| folder.path().join(name));
        assert_eq!(leftovers(folder.path()).expect("a folder"), left);
    }

    #[test]
    fn a_folder_that_is_not_there_has_nothing_left() {
        let folder = tempfile::tempdir().expect("a folder");
        assert!(leftovers(&folder.path().join("reports")).expect("no error").is_empty());
    }
}
