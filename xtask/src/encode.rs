//! Compressed copies of what does not change: Brotli for browsers that take it, else gzip.

use std::{fs, io::Write, path::PathBuf};

use anyhow::{Context, Result};
use flate2::{Compression, write::GzEncoder};

use crate::{digest, workspace};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    Brotli,
    Gzip,
}

impl Coding {
    /// What hosts look for after the file's name.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gz",
        }
    }
}

/// Compresses as well as the coding can (Brotli 11, gzip 9), once per content:
/// the result is kept in `target/encoded` under the digest of the input.
pub fn encode(coding: Coding, bytes: &[u8]) -> Result<Vec<u8>> {
    let kept = folder().join(format!("{}.{}", digest::hex(&digest::of_bytes(bytes)), coding.ending()));
    if let Ok(encoded) = fs::read(&kept) {
        return Ok(encoded);
    }
    let encoded = match coding {
        Coding::Brotli => brotli_11(bytes)?,
        Coding::Gzip => {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
            encoder.write_all(bytes)?;
            encoder.finish()?
        }
    };
    keep(&kept, &encoded)?;
    Ok(encoded)
}

fn brotli_11(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut encoded = Vec::new();
    let parameters = brotli::enc::BrotliEncoderParams { quality: 11, ..Default::default() };
    brotli::BrotliCompress(&mut &bytes[..], &mut encoded, &parameters)?;
    Ok(encoded)
}

fn folder() -> PathBuf {
    workspace::target().join("encoded")
}

/// Written aside and renamed, since other processes read the same folder.
fn keep(path: &std::path::Path, encoded: &[u8]) -> Result<()> {
    fs::create_dir_all(folder()).context("making target/encoded")?;
    let aside = path.with_added_extension(std::process::id().to_string());
    fs::write(&aside, encoded).with_context(|| format!("writing {}", aside.display()))?;
    fs::rename(&aside, path).with_context(|| format!("making {}", path.display()))
}
