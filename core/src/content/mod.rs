//! The checked model of an activity: what the builder writes, the player shows
//! and the verifier replays.
//!
//! These shapes are stored in `activity.bin` (postcard, by position) and
//! `activity.json`. Stored; never reuse or reorder: a change takes a new content
//! version and a conversion forward. Authors' raw shapes live with the builder,
//! where TOML and Markdown are; [`check`] says what the builder must have proved,
//! and [`Content::open`] asks it again of every pack that arrives.

mod case;
mod check;
mod document;
mod evaluation;
mod front;
mod front_text;
mod item;
mod manifest;
mod nested;
mod part;
pub mod patient;
mod policy;
mod room;
mod wire;

use std::sync::Arc;

pub use case::*;
pub use check::{Fault, FaultKind, check};
pub use document::*;
pub use evaluation::*;
pub use front::*;
pub use front_text::{FrontEdition, front_text, front_text_of, words};
pub use item::*;
pub use manifest::*;
pub use nested::NESTING_MAX;
pub use part::*;
pub use policy::*;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::id::{ActivityId, BankId, Digest, FormsId, ItemId, PartId};
use crate::order::permutation;
use crate::wire::take;

/// The latest content version. Version 2 added simulated patients, and nothing else:
/// an activity without one is still written as version 1, byte for byte.
pub const CONTENT_VERSION: u16 = 2;

/// A whole activity as it is built and signed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Activity {
    /// The shape of everything below: [`Activity::needed_version`].
    pub content_version: u16,
    /// The activity, over all its versions.
    pub id: ActivityId,
    /// The version as the author numbers it, such as `1.0.0`.
    pub version: String,
    /// BCP 47 tag of the language of every text below.
    pub language: String,
    /// The title.
    pub title: String,
    /// One or two sentences for lists.
    pub summary: String,
    /// What must be shown before the learner starts.
    pub front: FrontMatter,
    /// Settings that hold for the whole activity.
    pub policy: Policy,
    /// The professional practice gaps that the activity addresses.
    pub gaps: Vec<Gap>,
    /// The learning objectives.
    pub objectives: Vec<Objective>,
    /// All items, whether drawn from banks, in parallel forms or named by a test.
    pub items: Vec<Item>,
    /// Banks to draw from.
    pub banks: Vec<Bank>,
    /// Sets of parallel forms.
    pub forms: Vec<Forms>,
    /// The flow, in order.
    pub parts: Vec<Part>,
}

impl Activity {
    /// The least content version that has all that this activity uses.
    #[must_use]
    pub fn needed_version(&self) -> u16 {
        if self.parts.iter().any(|part| matches!(part.body, PartBody::Patient(_))) { 2 } else { 1 }
    }
}

/// A pack made ready for use: manifest and activity agree, are checked, and indexed
/// by name. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Content {
    digest: Digest,
    front: Digest,
    manifest: Arc<Manifest>,
    activity: Arc<Activity>,
    /// The places of the items in the activity, in the order of their names.
    items: Arc<[usize]>,
}

impl PartialEq for Content {
    /// A pack is its digest.
    fn eq(&self, other: &Self) -> bool {
        self.digest == other.digest
    }
}

/// Why a manifest and an activity are not a pack that this core can play.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum OpenError {
    /// The manifest is not of its format.
    #[error("manifest: {found}")]
    Manifest {
        /// What the parser says.
        found: String,
    },
    /// The manifest is for a newer or another program.
    #[error("expected {MANIFEST_FORMAT} under rules {RULES}, found {format} under rules {rules}")]
    Format {
        /// The format it names.
        format: String,
        /// The rules it names.
        rules: u16,
    },
    /// A file that every pack has is not listed.
    #[error("expected {path} among the files of the manifest")]
    Missing {
        /// Its path.
        path: &'static str,
    },
    /// Larger than any pack is.
    #[error("{path}: expected at most {most} bytes, found {found}")]
    Size {
        /// Which file.
        path: &'static str,
        /// Bytes.
        most: u64,
        /// Bytes.
        found: u64,
    },
    /// The manifest lists something that is not a file of a pack, twice, or too much.
    #[error(
        "manifest: expected at most {FILES_MAX} files in {PACK_MAX} bytes, each named once; found {found}"
    )]
    Files {
        /// The path, or how much there is.
        found: String,
    },
    /// `activity.bin` is not the file of the manifest.
    #[error("activity.bin: expected SHA-256 {expected}, found {found}")]
    Digest {
        /// In the manifest.
        expected: Digest,
        /// Of the bytes.
        found: Digest,
    },
    /// Manifest and activity name different things.
    #[error("manifest and activity.bin name different activities, versions or dates")]
    Disagree,
    /// `activity.bin` is not postcard of this shape.
    #[error("activity.bin is malformed")]
    Malformed,
    /// Written by a newer builder.
    #[error("expected content version 1 to {CONTENT_VERSION}, found {found}")]
    Version {
        /// The version in the pack.
        found: u16,
    },
    /// The builder's promises do not hold.
    #[error("{0}")]
    Fault(#[from] Fault),
}

/// The file that holds the checked model.
pub const ACTIVITY_FILE: &str = "activity.bin";
/// The file that holds what was shown before the start, as plain text.
pub const FRONT_FILE: &str = "front-matter.txt";
/// The file that holds the model for auditors and other programs.
pub const JSON_FILE: &str = "activity.json";

impl Content {
    /// Opens a pack from the payload of its manifest, whose signature is the caller's
    /// business, and its `activity.bin`.
    ///
    /// # Errors
    /// [`OpenError`] names what is wrong; nothing of the pack is believed then.
    pub fn open(manifest: &[u8], activity: &[u8]) -> Result<Self, OpenError> {
        Self::open_as(manifest, activity, Digest::of(&[activity]))
    }

    /// As [`Content::open`], where `found` is the SHA-256 of `activity` already: a browser's own takes a tenth of
    /// the time.
    ///
    /// # Errors
    /// As [`Content::open`].
    pub fn open_as(manifest: &[u8], activity: &[u8], found: Digest) -> Result<Self, OpenError> {
        at_most(ACTIVITY_FILE, ACTIVITY_MAX, activity)?;
        let digest = Digest::of(&[manifest]);
        let manifest = Manifest::read(manifest)?;
        let file = |path: &'static str| {
            manifest.files.iter().find(|file| file.path == path).ok_or(OpenError::Missing { path })
        };
        let front = file(FRONT_FILE)?.sha256;
        let expected = file(ACTIVITY_FILE)?.sha256;
        if expected != found {
            return Err(OpenError::Digest { expected, found });
        }
        let activity = read(activity)?;
        let dates = &activity.front.dates;
        if (&manifest.id, &manifest.version) != (&activity.id, &activity.version)
            || (manifest.opens, manifest.closes) != (dates.opens, dates.closes)
            || manifest.content_version != activity.content_version
        {
            return Err(OpenError::Disagree);
        }
        let items = permutation(activity.items.len(), &|one, other| {
            let id = |at: usize| activity.items.get(at).map(|item| &item.id);
            id(one).cmp(&id(other))
        });
        Ok(Self {
            digest,
            front,
            manifest: Arc::new(manifest),
            activity: Arc::new(activity),
            items: items.into(),
        })
    }

    /// The pack digest.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// The digest of the front matter as plain text.
    #[must_use]
    pub fn front_matter(&self) -> Digest {
        self.front
    }

    /// The rules number of its sessions.
    #[must_use]
    pub fn rules(&self) -> u16 {
        self.manifest.rules
    }

    /// The manifest.
    #[must_use]
    pub fn manifest(&self) -> &Arc<Manifest> {
        &self.manifest
    }

    /// The activity.
    #[must_use]
    pub fn activity(&self) -> &Arc<Activity> {
        &self.activity
    }

    /// The item of that name.
    #[must_use]
    pub fn item(&self, id: &ItemId) -> Option<&Item> {
        let items = &self.activity.items;
        let place = self.items.binary_search_by(|at| items.get(*at).map(|item| &item.id).cmp(&Some(id)));
        items.get(*self.items.get(place.ok()?)?)
    }

    /// The part of that name and its place in the flow.
    #[must_use]
    pub fn part(&self, id: &PartId) -> Option<(usize, &Part)> {
        self.activity.parts.iter().enumerate().find(|(_, part)| part.id == *id)
    }

    /// The bank of that name.
    #[must_use]
    pub fn bank(&self, id: &BankId) -> Option<&Bank> {
        self.activity.banks.iter().find(|bank| bank.id == *id)
    }

    /// The set of parallel forms of that name.
    #[must_use]
    pub fn forms(&self, id: &FormsId) -> Option<&Forms> {
        self.activity.forms.iter().find(|forms| forms.id == *id)
    }
}

fn at_most(path: &'static str, most: u64, bytes: &[u8]) -> Result<(), OpenError> {
    let found = bytes.len() as u64;
    if found <= most { Ok(()) } else { Err(OpenError::Size { path, most, found }) }
}

/// Reads and checks `activity.bin` by itself.
///
/// # Errors
/// [`OpenError`] names what is wrong.
pub fn read(bytes: &[u8]) -> Result<Activity, OpenError> {
    let (version, _) = take::<u16>(bytes).ok_or(OpenError::Malformed)?;
    if !(1..=CONTENT_VERSION).contains(&version) {
        return Err(OpenError::Version { found: version });
    }
    let (activity, rest) = take::<Activity>(bytes).ok_or(OpenError::Malformed)?;
    if !rest.is_empty() {
        return Err(OpenError::Malformed);
    }
    match check(&activity).into_iter().next() {
        Some(fault) => Err(fault.into()),
        None => Ok(activity),
    }
}
