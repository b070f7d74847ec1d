//! From the checked model to the files of a pack. Pure: the same activity and media
//! give the same bytes.

use std::collections::BTreeMap;

use enduring_core::content::*;
use enduring_core::id::Digest;

use super::error::PackError;
use super::media_type;

/// The files of a pack and the payload of its manifest.
pub struct Assembled {
    /// The manifest.
    pub manifest: Manifest,
    /// The exact bytes that are signed.
    pub payload: Vec<u8>,
    /// Every file but the manifest, in its order.
    pub files: Vec<(PackFile, Vec<u8>)>,
}

impl Assembled {
    /// Assembles a pack.
    ///
    /// # Errors
    /// [`PackError`] names the cap that is passed.
    pub fn new(activity: &Activity, media: &BTreeMap<String, Vec<u8>>) -> Result<Self, PackError> {
        let encoding =
            |path: &str, error: String| PackError::Malformed { path: path.to_owned(), found: error };
        let binary = postcard::to_allocvec(activity).map_err(|e| encoding(ACTIVITY_FILE, e.to_string()))?;
        let mut json = serde_json::to_vec_pretty(activity).map_err(|e| encoding(JSON_FILE, e.to_string()))?;
        json.push(b'\n');
        let mut contents = vec![
            (ACTIVITY_FILE.to_owned(), binary),
            (FRONT_FILE.to_owned(), front_text(activity).into_bytes()),
            (JSON_FILE.to_owned(), json),
        ];
        contents.extend(media.iter().map(|(path, bytes)| (path.clone(), bytes.clone())));
        let mut files = Vec::with_capacity(contents.len());
        for (path, bytes) in contents {
            let Some(kind) = media_type(&path) else { return Err(PackError::Name { found: path }) };
            let file = PackFile {
                sha256: Digest::of(&[&bytes]),
                length: bytes.len() as u64,
                media_type: kind.to_owned(),
                path,
            };
            files.push((file, bytes));
        }
        let manifest = Manifest {
            format: MANIFEST_FORMAT.to_owned(),
            rules: RULES,
            content_version: activity.content_version,
            id: activity.id.clone(),
            version: activity.version.clone(),
            summary: summary(activity),
            opens: activity.front.dates.opens,
            closes: activity.front.dates.closes,
            files: files.iter().map(|(file, _)| file.clone()).collect(),
        };
        super::read::check_manifest(&manifest)?;
        let payload =
            serde_json::to_vec(&manifest).map_err(|e| encoding(super::MANIFEST_FILE, e.to_string()))?;
        Ok(Self { manifest, payload, files })
    }

    /// The pack digest.
    pub fn digest(&self) -> Digest {
        Digest::of(&[&self.payload])
    }

    /// The bytes of a file.
    pub fn file(&self, path: &str) -> Option<&[u8]> {
        self.files.iter().find(|(file, _)| file.path == path).map(|(_, bytes)| bytes.as_slice())
    }
}

/// What a first page shows of an activity.
pub fn summary(activity: &Activity) -> Summary {
    let front = &activity.front;
    let provider = &front.provider;
    Summary {
        title: activity.title.clone(),
        summary: activity.summary.clone(),
        language: activity.language.clone(),
        audience: front.audience.clone(),
        provider: provider.name.clone(),
        minutes: front.minutes,
        credits: front
            .credits
            .iter()
            .map(|credit| SummaryCredit {
                name: credit.name.clone(),
                accreditor: credit.accreditor.clone(),
                maximum: credit.maximum,
            })
            .collect(),
        objectives: activity.objectives.iter().map(|objective| objective.text.clone()).collect(),
        release: front.dates.release.clone(),
        review: front.dates.review.clone(),
        termination: front.dates.termination.clone(),
        sample: front.sample.clone(),
    }
}
