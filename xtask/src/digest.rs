//! SHA-256 of files and folders.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

pub type Sum = [u8; 32];

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub fn of_bytes(bytes: &[u8]) -> Sum {
    Sha256::digest(bytes).into()
}

/// Every file below `dir`, as paths relative to it with `/`, sorted.
pub fn files(dir: &Path) -> Result<Vec<String>> {
    let mut found = Vec::new();
    collect(dir, dir, &mut found)?;
    found.sort();
    Ok(found)
}

fn collect(top: &Path, dir: &Path, found: &mut Vec<String>) -> Result<()> {
    let entries = fs::read_dir(dir).with_context(|| format!("reading {}", dir.display()))?;
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            collect(top, &path, found)?;
        } else {
            found.push(relative(top, &path)?);
        }
    }
    Ok(())
}

fn relative(top: &Path, path: &Path) -> Result<String> {
    let parts: Option<Vec<&str>> =
        path.strip_prefix(top)?.components().map(|part| part.as_os_str().to_str()).collect();
    Ok(parts.with_context(|| format!("{}: the name is not UTF-8", path.display()))?.join("/"))
}

/// One digest over names and contents of files and folders, in a fixed order.
#[derive(Default)]
pub struct Fingerprint(Sha256);

impl Fingerprint {
    pub fn text(&mut self, label: &str, text: &str) {
        self.part(label.as_bytes());
        self.part(text.as_bytes());
    }

    /// A file, or a folder with all below it; what does not exist counts too.
    pub fn path(&mut self, top: &Path, name: &str) -> Result<()> {
        let path = top.join(name);
        let files = if path.is_dir() {
            files(&path)?.into_iter().map(|file| format!("{name}/{file}")).collect()
        } else {
            vec![name.to_owned()]
        };
        for file in files {
            self.part(file.as_bytes());
            self.part(&read_if_any(&top.join(&file))?);
        }
        Ok(())
    }

    pub fn finish(self) -> String {
        hex(&self.0.finalize())
    }

    /// The length first, so that two parts never look like one.
    fn part(&mut self, bytes: &[u8]) {
        self.0.update((bytes.len() as u64).to_be_bytes());
        self.0.update(bytes);
    }
}

fn read_if_any(path: &PathBuf) -> Result<Vec<u8>> {
    match fs::read(path) {
        Ok(bytes) => Ok(bytes),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error).with_context(|| format!("reading {}", path.display())),
    }
}
