//! `certificate.toml`: how a provider's certificates look and who signs them. Every key
//! is optional.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use imagesize::ImageType;
use serde::Deserialize;
use thiserror::Error;

use super::Facts;
use crate::verify::bounded;

/// Largest settings file in bytes.
const SETTINGS_MAX: usize = 64 * 1024;
/// Largest image in bytes, and in pixels along a side.
const IMAGE_MAX: usize = 2 * 1024 * 1024;
const SIDE_MAX: usize = 4_000;
/// Largest font in bytes; those of Chinese characters have some 20 MB.
const FONT_MAX: usize = 64 * 1024 * 1024;
/// Longest text in characters.
const TEXT_MAX: usize = 200;

/// How certificates look and who signs them.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The paper.
    pub page: Page,
    /// The provider by name; that of the receipt without one.
    pub name: Option<String>,
    /// A line below the name.
    pub address: Option<String>,
    /// Who the provider is to programs: an https address, or another URI; the name of
    /// the signing key without one.
    pub id: Option<String>,
    /// The provider's logo.
    pub logo: Option<Image>,
    /// Who signs.
    pub signer: Option<String>,
    /// As what.
    pub post: Option<String>,
    /// Their signature.
    pub signature: Option<Image>,
    /// A font for what Noto Sans lacks.
    pub font: Option<Arc<Vec<u8>>>,
}

/// The paper.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Page {
    /// ISO A4.
    #[default]
    A4,
    /// US Letter.
    Letter,
}

/// A picture.
#[derive(Clone, Debug)]
pub struct Image {
    /// The file's bytes.
    pub bytes: Arc<Vec<u8>>,
    /// What they are.
    pub kind: ImageKind,
}

/// What a picture is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImageKind {
    /// PNG.
    Png,
    /// JPEG.
    Jpeg,
}

/// Why settings cannot be had.
#[derive(Debug, Error)]
pub enum SettingsError {
    /// A file cannot be read.
    #[error("{}: {error}", path.display())]
    Read {
        /// Which.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// A file is not what it should be.
    #[error("{}: {found}", path.display())]
    Malformed {
        /// Which.
        path: PathBuf,
        /// What is wrong, and where.
        found: String,
    },
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Raw {
    page: Page,
    font: Option<PathBuf>,
    provider: RawProvider,
    signer: RawSigner,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct RawProvider {
    name: Option<String>,
    address: Option<String>,
    id: Option<String>,
    logo: Option<PathBuf>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct RawSigner {
    name: Option<String>,
    post: Option<String>,
    signature: Option<PathBuf>,
}

impl Settings {
    /// Reads settings and the files that they name, relative to them.
    ///
    /// # Errors
    /// [`SettingsError`] with the place of an unknown key or a value of another kind.
    pub fn read(path: &Path) -> Result<Self, SettingsError> {
        let malformed = |found: String| SettingsError::Malformed { path: path.to_owned(), found };
        let text =
            String::from_utf8(read(path, SETTINGS_MAX)?).map_err(|error| malformed(error.to_string()))?;
        let raw: Raw = toml::from_str(&text).map_err(|error| malformed(error.to_string()))?;
        raw.check().map_err(malformed)?;
        let beside = |file: &Option<PathBuf>| {
            file.as_ref().map(|file| path.parent().unwrap_or_else(|| Path::new("")).join(file))
        };
        Ok(Self {
            page: raw.page,
            logo: beside(&raw.provider.logo).as_deref().map(Image::read).transpose()?,
            signature: beside(&raw.signer.signature).as_deref().map(Image::read).transpose()?,
            font: beside(&raw.font).as_deref().map(font).transpose()?,
            name: raw.provider.name,
            address: raw.provider.address,
            id: raw.provider.id,
            signer: raw.signer.name,
            post: raw.signer.post,
        })
    }

    /// The provider by name.
    pub(super) fn provider<'a>(&'a self, facts: &'a Facts) -> &'a str {
        self.name.as_deref().unwrap_or(&facts.receipt.activity.provider)
    }
}

impl Raw {
    fn check(&self) -> Result<(), String> {
        for (key, text) in [
            ("provider.name", &self.provider.name),
            ("provider.address", &self.provider.address),
            ("provider.id", &self.provider.id),
            ("signer.name", &self.signer.name),
            ("signer.post", &self.signer.post),
        ] {
            let Some(text) = text else { continue };
            if text.trim().is_empty() || text.chars().count() > TEXT_MAX || text.contains(char::is_control) {
                return Err(format!(
                    "{key}: expected 1 to {TEXT_MAX} characters on one line, found {text:?}"
                ));
            }
        }
        match &self.provider.id {
            Some(id) if !is_uri(id) => Err(format!(
                "provider.id: expected an address that begins with https://, did: or urn:, found {id:?}"
            )),
            Some(_) | None => Ok(()),
        }
    }
}

fn is_uri(text: &str) -> bool {
    let rest = ["https://", "did:", "urn:"].iter().find_map(|scheme| text.strip_prefix(scheme));
    rest.is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_graphic() && b != b'#'))
}

impl Image {
    /// Reads a PNG or JPEG.
    ///
    /// # Errors
    /// [`SettingsError`] for a file that is something else, or too large.
    pub fn read(path: &Path) -> Result<Self, SettingsError> {
        let bytes = read(path, IMAGE_MAX)?;
        Self::new(bytes).map_err(|found| SettingsError::Malformed { path: path.to_owned(), found })
    }

    /// Takes the bytes of a PNG or JPEG.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn new(bytes: Vec<u8>) -> Result<Self, String> {
        let kind = match imagesize::image_type(&bytes) {
            Ok(ImageType::Png) => ImageKind::Png,
            Ok(ImageType::Jpeg) => ImageKind::Jpeg,
            Ok(_) | Err(_) => return Err("expected a PNG or JPEG, found something else".to_owned()),
        };
        let size = imagesize::blob_size(&bytes).map_err(|error| error.to_string())?;
        if size.width == 0 || size.height == 0 || size.width.max(size.height) > SIDE_MAX {
            return Err(format!(
                "expected 1 to {SIDE_MAX} pixels along a side, found {} x {}",
                size.width, size.height
            ));
        }
        Ok(Self { bytes: Arc::new(bytes), kind })
    }
}

fn font(path: &Path) -> Result<Arc<Vec<u8>>, SettingsError> {
    let bytes = read(path, FONT_MAX)?;
    if rustybuzz::Face::from_slice(&bytes, 0).is_none() {
        let found = "expected a TrueType or OpenType font, found something else".to_owned();
        return Err(SettingsError::Malformed { path: path.to_owned(), found });
    }
    Ok(Arc::new(bytes))
}

fn read(path: &Path, most: usize) -> Result<Vec<u8>, SettingsError> {
    bounded::read(path, most)
        .map_err(|error| SettingsError::Read { path: path.to_owned(), error })?
        .ok_or_else(|| SettingsError::Malformed {
            path: path.to_owned(),
            found: format!("expected at most {most} bytes, found more"),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Settings, String> {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("certificate.toml");
        std::fs::write(folder.path().join("logo.svg"), "<svg/>").expect("a file");
        std::fs::write(&path, text).expect("a file");
        Settings::read(&path).map_err(|error| error.to_string())
    }

    #[test]
    fn what_is_left_out_has_its_default() {
        let settings = read("").expect("settings");
        assert_eq!(settings.page, Page::A4);
        assert!(settings.name.is_none() && settings.logo.is_none() && settings.font.is_none());
        let settings =
            read("page = \"letter\"\n[provider]\nid = \"https://society.example\"").expect("settings");
        assert_eq!((settings.page, settings.id.as_deref()), (Page::Letter, Some("https://society.example")));
    }

    #[test]
    fn errors_name_the_place() {
        for (text, expected) in [
            ("page = \"a4\"\nlogo = \"logo.png\"", "line 2, column 1"),
            ("page = \"a5\"", "line 1, column 8"),
            ("[provider]\nurl = \"x\"", "line 2, column 1"),
            ("[provider]\nid = \"http://society.example\"", "provider.id: expected an address"),
            ("[provider]\nid = \"https://a b\"", "provider.id: expected an address"),
            ("[signer]\nname = \"\"", "signer.name: expected 1 to 200 characters"),
            ("[provider]\nlogo = \"logo.svg\"", "logo.svg: expected a PNG or JPEG"),
            ("[provider]\nlogo = \"none.png\"", "none.png: "),
            ("font = \"logo.svg\"", "logo.svg: expected a TrueType or OpenType font"),
        ] {
            let error = read(text).expect_err(text);
            assert!(error.contains(expected), "{text}: {error}");
        }
    }
}
