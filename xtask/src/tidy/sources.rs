//! The texts that the checks read.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context, Result};

use crate::workspace;

/// Folders that hold no source: built, installed or kept by git.
const NOT_SOURCE: &[&str] = &[".git", "target", "dist", "node_modules"];

/// Every text file of the checkout, by its path with `/`.
#[derive(Clone, Debug, Default)]
pub struct Sources(BTreeMap<String, String>);

impl Sources {
    pub fn of_the_checkout() -> Result<Self> {
        let mut sources = Self::default();
        sources.read(&workspace::root(), "")?;
        Ok(sources)
    }

    fn read(&mut self, dir: &Path, prefix: &str) -> Result<()> {
        for entry in fs::read_dir(dir).with_context(|| format!("reading {}", dir.display()))? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if entry.file_type()?.is_dir() {
                if !NOT_SOURCE.contains(&name.as_str()) {
                    self.read(&entry.path(), &format!("{prefix}{name}/"))?;
                }
            } else if let Ok(text) = String::from_utf8(fs::read(entry.path())?) {
                self.0.insert(format!("{prefix}{name}"), text);
            }
        }
        Ok(())
    }

    /// The files below any of `folders` (or equal to one) whose name ends in any
    /// of `endings`.
    pub fn files<'a>(
        &'a self,
        folders: &'a [&str],
        endings: &'a [&str],
    ) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.0
            .iter()
            .filter(|(path, _)| folders.iter().any(|folder| path.starts_with(folder)))
            .filter(|(path, _)| endings.iter().any(|ending| path.ends_with(ending)))
            .map(|(path, text)| (path.as_str(), text.as_str()))
    }

    pub fn file(&self, path: &str) -> Option<&str> {
        self.0.get(path).map(String::as_str)
    }
}

#[cfg(test)]
impl<const N: usize> From<[(&str, &str); N]> for Sources {
    fn from(files: [(&str, &str); N]) -> Self {
        Self(files.into_iter().map(|(path, text)| (path.to_owned(), text.to_owned())).collect())
    }
}
