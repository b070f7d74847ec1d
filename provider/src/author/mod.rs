//! From an author's folder to the checked model, or to everything that is wrong.

mod activity;
mod case;
mod dates;
mod diagnostic;
mod evaluation;
mod fields;
mod flow;
mod front;
mod items;
mod language;
mod line;
mod markdown;
mod media;
mod names;
mod patient;
mod source;
mod svg;
mod template;
mod whole;

use std::collections::BTreeMap;
use std::path::Path;

pub use diagnostic::{Diagnostic, Severity};
use enduring_core::content::Activity;
pub use patient::{Progress, RUNS, Rehearsal};
use source::Folder;

/// An activity ready to be packed.
pub struct Built {
    /// The checked model.
    pub activity: Activity,
    /// The files of `media/` that it shows, by path.
    pub media: BTreeMap<String, Vec<u8>>,
}

/// What reading a folder came to.
pub struct Reading {
    /// The activity; `None` when there is an error.
    pub built: Option<Built>,
    /// Everything wrong or doubtful, by file and line.
    pub diagnostics: Vec<Diagnostic>,
}

impl Reading {
    /// How many diagnostics have this severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.diagnostics.iter().filter(|one| one.severity == severity).count()
    }
}

/// Reads and checks an activity's folder, and rehearses its patients.
pub fn read(root: &Path) -> Reading {
    read_and_rehearse(root, &Rehearsal::default())
}

/// The same, with patients rehearsed as is said.
pub fn read_and_rehearse(root: &Path, rehearsal: &Rehearsal) -> Reading {
    let folder = Folder::new(root);
    let activity = activity::read(&folder, rehearsal);
    let mut diagnostics = folder.diagnostics();
    diagnostics.sort();
    diagnostics.dedup();
    let sound = !diagnostics.iter().any(|one| one.severity == Severity::Error);
    let built =
        activity.filter(|_| sound).map(|activity| Built { activity, media: folder.media.into_files() });
    Reading { built, diagnostics }
}
