//! Bodies as hosts send them: Brotli where the browser takes it, else gzip.

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
    /// The name in `content-encoding`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
        }
    }

    /// The best coding that `accept-encoding` names.
    pub fn accepted(header: &str) -> Option<Self> {
        let takes = |name: &str| {
            header.split(',').any(|choice| {
                let mut parts = choice.split(';').map(str::trim);
                parts.next() == Some(name) && !parts.any(is_zero)
            })
        };
        [Self::Brotli, Self::Gzip].into_iter().find(|coding| takes(coding.name()))
    }
}

fn is_zero(weight: &str) -> bool {
    weight.strip_prefix("q=").is_some_and(|q| q.parse() == Ok(0.0))
}

/// Whether a media type is worth compressing; pictures and packs' binary parts
/// are small or compressed already.
pub fn is_text_like(media_type: &str) -> bool {
    let kind = media_type.split(';').next().unwrap_or_default().trim();
    kind.starts_with("text/")
        || matches!(
            kind,
            "application/json"
                | "application/manifest+json"
                | "application/wasm"
                | "application/javascript"
                | "image/svg+xml"
        )
}

/// Compresses as well as the coding can (Brotli 11, gzip 9), once per content:
/// the result is kept in `target/encoded` under the digest of the input.
pub fn encode(coding: Coding, bytes: &[u8]) -> Result<Vec<u8>> {
    let kept = folder().join(format!("{}.{}", digest::hex(&digest::of_bytes(bytes)), coding.name()));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_browser_chooses_the_coding() {
        assert_eq!(Coding::accepted("gzip, deflate, br, zstd"), Some(Coding::Brotli));
        assert_eq!(Coding::accepted("gzip, deflate"), Some(Coding::Gzip));
        assert_eq!(Coding::accepted("br;q=0, gzip;q=0.5"), Some(Coding::Gzip));
        assert_eq!(Coding::accepted("br; q=0.0"), None);
        assert_eq!(Coding::accepted("identity"), None);
    }
}
