//! Images: found in `media/`, of a kind that cannot do anything, with their size.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;
use std::io::Read;

use enduring_core::content::is_path;
use imagesize::ImageType;

use super::diagnostic::Problem;
use super::names::closest;
use super::source::{Folder, Span};
use super::svg;
use crate::pack::media_type;

/// Largest drawing in bytes.
pub const SVG_MAX: u64 = 512 * 1024;
/// Largest photograph in bytes.
pub const RASTER_MAX: u64 = 8 * 1024 * 1024;
/// Longest side of an image in pixels.
pub const SIDE_MAX: u32 = 8_192;

/// The images that were mentioned.
#[derive(Default)]
pub struct Media {
    files: RefCell<BTreeMap<String, Image>>,
}

#[derive(Clone, Default)]
struct Image {
    bytes: Vec<u8>,
    width: u32,
    height: u32,
}

impl Media {
    /// The intrinsic size of an image, which then belongs to the pack. Reports what
    /// is wrong with the file once, where it is first mentioned.
    pub fn size(&self, folder: &Folder, path: &str, mention: &Span) -> (u32, u32) {
        if let Some(known) = self.files.borrow().get(path) {
            return (known.width, known.height);
        }
        let image = load(folder, path).unwrap_or_else(|problem| {
            let problem = Problem::error(mention, problem.message)
                .expected(problem.expected)
                .found(problem.found)
                .help(problem.help);
            folder.report(problem);
            Image::default()
        });
        let size = (image.width, image.height);
        self.files.borrow_mut().insert(path.to_owned(), image);
        size
    }

    /// Reports files of `media/` that nothing mentions.
    pub fn report_unused(&self, folder: &Folder) {
        for path in folder.list("media", "") {
            if !self.files.borrow().contains_key(&path) {
                folder.report(Problem::file_warning(&path, "nothing shows this image; it is left out"));
            }
        }
    }

    /// The files, by path.
    pub fn into_files(self) -> BTreeMap<String, Vec<u8>> {
        self.files.into_inner().into_iter().map(|(path, image)| (path, image.bytes)).collect()
    }
}

/// What is wrong with an image.
struct Flaw {
    message: String,
    expected: String,
    found: String,
    help: Option<String>,
}

fn flaw(path: &str, expected: impl Into<String>, found: impl Into<String>) -> Flaw {
    let message = format!("`{path}` cannot be used as an image");
    Flaw { message, expected: expected.into(), found: found.into(), help: None }
}

fn load(folder: &Folder, path: &str) -> Result<Image, Flaw> {
    const NAME: &str = "a file in `media/`, as `media/chest.svg`: lowercase letters, digits, '.', '_' and '-', ending in .svg, .png, .jpg, .jpeg or .webp";
    if !is_path(path) || !path.starts_with("media/") {
        return Err(flaw(path, NAME, format!("`{path}`")));
    }
    let Some(kind) = media_type(path).filter(|kind| kind.starts_with("image/")) else {
        return Err(flaw(path, NAME, format!("`{path}`")));
    };
    let cap = if kind == "image/svg+xml" { SVG_MAX } else { RASTER_MAX };
    let place = folder.path(path);
    let regular = fs::symlink_metadata(&place).map(|meta| meta.is_file());
    if !matches!(regular, Ok(true)) {
        let found = match regular {
            Ok(_) => "a link or folder".to_owned(),
            Err(error) => error.to_string(),
        };
        let known = folder.list("media", "");
        return Err(Flaw {
            help: closest(path, known.iter().map(String::as_str)),
            ..flaw(path, "a file", found)
        });
    }
    let mut bytes = Vec::new();
    fs::File::open(place)
        .and_then(|file| file.take(cap + 1).read_to_end(&mut bytes))
        .map_err(|error| flaw(path, "a readable file", error.to_string()))?;
    if bytes.len() as u64 > cap {
        return Err(flaw(path, format!("at most {cap} bytes"), "more"));
    }
    let (width, height) = if kind == "image/svg+xml" {
        svg::size(&bytes).map_err(|refused| flaw(path, refused.expected, refused.found))?
    } else {
        raster_size(path, kind, &bytes)?
    };
    if !(1..=SIDE_MAX).contains(&width) || !(1..=SIDE_MAX).contains(&height) {
        let found = format!("{width} by {height}");
        return Err(flaw(path, format!("sides of 1 to {SIDE_MAX} pixels"), found));
    }
    Ok(Image { bytes, width, height })
}

fn raster_size(path: &str, kind: &str, bytes: &[u8]) -> Result<(u32, u32), Flaw> {
    let found = match imagesize::image_type(bytes) {
        Ok(ImageType::Png) => "image/png",
        Ok(ImageType::Jpeg) => "image/jpeg",
        Ok(ImageType::Webp) => "image/webp",
        Ok(_) | Err(_) => "something else",
    };
    if found != kind {
        return Err(flaw(path, format!("{kind}, as the name says"), found));
    }
    let size = imagesize::blob_size(bytes)
        .map_err(|error| flaw(path, format!("a whole {kind} file"), error.to_string()))?;
    let side = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
    Ok((side(size.width), side(size.height)))
}
