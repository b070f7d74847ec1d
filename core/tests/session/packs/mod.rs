//! The packs of the corpus, as the builder would make them. Each is small and
//! exists for the settings that it has; `tests/corpus/packs` holds them built.

pub mod bedside;
mod clinic;
mod draws;
pub mod front;
pub mod items;
mod journey;
mod kinds;
mod limits;
mod small;
mod strict;

use enduring_core::content::{
    ACTIVITY_FILE, Activity, Content, FRONT_FILE, FrontEdition, MANIFEST_FORMAT, Manifest, PackFile, RULES,
    Summary, SummaryCredit, front_text_of,
};
use enduring_core::id::Digest;

/// Marks every text that nobody may read before its item, decision or case is over.
pub const KEY_ONLY: &str = "key-only";

pub struct Pack {
    pub name: &'static str,
    pub activity: Activity,
}

/// A pack as files.
pub struct Built {
    /// Payload of `manifest.jws`.
    pub manifest: Vec<u8>,
    pub activity: Vec<u8>,
    pub json: String,
    pub front: String,
}

pub fn all() -> Vec<Pack> {
    [
        ("journey", journey::activity()),
        ("kinds", kinds::activity()),
        ("strict", strict::activity()),
        ("limits", limits::activity()),
        ("draws", draws::activity()),
        ("clinic", clinic::activity()),
        ("bedside", bedside::activity()),
        ("small", small::activity()),
    ]
    .map(|(name, activity)| Pack { name, activity })
    .into()
}

pub fn named(name: &str) -> Content {
    let pack = all().into_iter().find(|pack| pack.name == name).expect("a pack of that name");
    open(&pack.activity).expect("a pack that opens")
}

pub fn open(activity: &Activity) -> Result<Content, enduring_core::content::OpenError> {
    let built = build(activity);
    Content::open(&built.manifest, &built.activity)
}

pub fn build(activity: &Activity) -> Built {
    let bytes = postcard::to_allocvec(activity).expect("postcard writes");
    let mut json = serde_json::to_string_pretty(activity).expect("JSON writes");
    json.push('\n');
    // As it was written when these packs were frozen.
    let front = front_text_of(activity, FrontEdition::First);
    let manifest = manifest(activity, &bytes, &json, &front);
    Built { manifest: serde_json::to_vec(&manifest).expect("JSON writes"), activity: bytes, json, front }
}

/// The manifest over an `activity.bin`, whatever that holds.
pub fn manifest(activity: &Activity, bytes: &[u8], json: &str, front: &str) -> Manifest {
    let file = |path: &str, bytes: &[u8], media_type: &str| PackFile {
        path: path.to_owned(),
        sha256: Digest::of(&[bytes]),
        length: bytes.len() as u64,
        media_type: media_type.to_owned(),
    };
    let matter = &activity.front;
    Manifest {
        format: MANIFEST_FORMAT.to_owned(),
        rules: RULES,
        content_version: activity.content_version,
        id: activity.id.clone(),
        version: activity.version.clone(),
        summary: Summary {
            title: activity.title.clone(),
            summary: activity.summary.clone(),
            language: activity.language.clone(),
            audience: matter.audience.clone(),
            provider: matter.provider.name.clone(),
            minutes: matter.minutes,
            credits: matter
                .credits
                .iter()
                .map(|credit| SummaryCredit {
                    name: credit.name.clone(),
                    accreditor: credit.accreditor.clone(),
                    maximum: credit.maximum,
                })
                .collect(),
            objectives: activity.objectives.iter().map(|objective| objective.text.clone()).collect(),
            release: matter.dates.release.clone(),
            review: matter.dates.review.clone(),
            termination: matter.dates.termination.clone(),
            sample: matter.sample.clone(),
        },
        opens: matter.dates.opens,
        closes: matter.dates.closes,
        files: vec![
            file(ACTIVITY_FILE, bytes, "application/octet-stream"),
            file("activity.json", json.as_bytes(), "application/json"),
            file(FRONT_FILE, front.as_bytes(), "text/plain"),
        ],
    }
}
