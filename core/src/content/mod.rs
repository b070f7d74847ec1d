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
mod item;
mod manifest;
mod part;
mod policy;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use case::*;
pub use check::{Fault, FaultKind, check};
pub use document::*;
pub use evaluation::*;
pub use front::*;
pub use item::*;
pub use manifest::*;
pub use part::*;
pub use policy::*;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::id::{ActivityId, BankId, FormsId, ItemId, PartId};

/// The content version that this core writes. Reads: 1.
pub const CONTENT_VERSION: u16 = 1;

/// A whole activity as it is built and signed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Activity {
    /// The shape of everything below; [`CONTENT_VERSION`].
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

/// An activity made ready for use: checked, and indexed by name.
#[derive(Clone, Debug)]
pub struct Content {
    activity: Arc<Activity>,
    items: BTreeMap<ItemId, usize>,
}

impl PartialEq for Content {
    /// Two contents are the same when they share their activity.
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.activity, &other.activity)
    }
}

/// Why bytes are not an activity that this core can play.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum OpenError {
    /// Not postcard of this shape.
    #[error("activity.bin is malformed")]
    Malformed,
    /// Written by a newer builder.
    #[error("expected content version {CONTENT_VERSION}, found {found}")]
    Version {
        /// The version in the pack.
        found: u16,
    },
    /// The builder's promises do not hold.
    #[error("{0}")]
    Fault(#[from] Fault),
}

impl Content {
    /// Checks and indexes an activity.
    ///
    /// # Errors
    /// The first broken promise.
    pub fn new(activity: Activity) -> Result<Self, OpenError> {
        if activity.content_version != CONTENT_VERSION {
            return Err(OpenError::Version { found: activity.content_version });
        }
        if let Some(fault) = check(&activity).into_iter().next() {
            return Err(fault.into());
        }
        let items = activity.items.iter().enumerate().map(|(at, item)| (item.id.clone(), at)).collect();
        Ok(Self { activity: Arc::new(activity), items })
    }

    /// Reads `activity.bin`.
    ///
    /// # Errors
    /// [`OpenError`] names what is wrong; nothing else of the pack is believed then.
    pub fn open(bytes: &[u8]) -> Result<Self, OpenError> {
        let (version, _) = postcard::take_from_bytes::<u16>(bytes).map_err(|_| OpenError::Malformed)?;
        if version != CONTENT_VERSION {
            return Err(OpenError::Version { found: version });
        }
        let (activity, rest) =
            postcard::take_from_bytes::<Activity>(bytes).map_err(|_| OpenError::Malformed)?;
        if !rest.is_empty() {
            return Err(OpenError::Malformed);
        }
        Self::new(activity)
    }

    /// The activity.
    #[must_use]
    pub fn activity(&self) -> &Arc<Activity> {
        &self.activity
    }

    /// The item of that name.
    #[must_use]
    pub fn item(&self, id: &ItemId) -> Option<&Item> {
        self.items.get(id).and_then(|at| self.activity.items.get(*at))
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
