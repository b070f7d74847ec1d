//! Losses that the database itself does not report.
//!
//! Browsers reopen a corrupt store empty or shortened without a word, and a shortened chain still verifies.
//! So where each log ended is also noted elsewhere, and compared at the start.

use enduring_core::id::{Digest, SessionId};
use enduring_core::json;
use enduring_core::measure::Timestamp;
use serde::{Deserialize, Serialize};

use super::plan::{Backend, Witness};
use super::{Head, Journal, Summary};
use crate::store::StoreError;

/// What is noted of a log apart from the database.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Note {
    n: u32,
    hash: Digest,
    title: String,
    at: Timestamp,
}

/// A log that ends before it did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loss {
    /// Whose log.
    pub session: SessionId,
    /// The activity's title.
    pub title: String,
    /// When the last known event was saved.
    pub at: Timestamp,
    /// Where the log ended.
    pub known: Head,
    /// Where it ends now; `None` when nothing of it is left.
    pub found: Option<Head>,
}

pub(super) fn note(head: Head, summary: &Summary) -> String {
    let note = Note { n: head.n, hash: head.hash, title: summary.title.clone(), at: summary.updated };
    json::write(&note)
}

/// The loss, if what was found falls short of what was noted.
fn judge(session: SessionId, note: Note, found: Option<Head>) -> Option<Loss> {
    let known = Head { n: note.n, hash: note.hash };
    // A longer log is in order: the note follows the commit and may lag behind.
    let whole = found.is_some_and(|head| head.n > known.n || head == known);
    (!whole).then_some(Loss { session, title: note.title, at: note.at, known, found })
}

impl<B: Backend + Witness> Journal<B> {
    /// The sessions whose stored log falls short of its note. To be told to the learner, never passed over.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn losses(&self) -> Result<Vec<Loss>, StoreError> {
        let mut losses = Vec::new();
        for (session, text) in self.backend.recall().await {
            let Ok(note) = json::read_part(&text) else { continue };
            losses.extend(judge(session, note, self.head(session).await?));
        }
        Ok(losses)
    }

    /// The learner has been told: from here on the log counts as it is.
    pub fn acknowledge(&self, loss: &Loss) {
        match loss.found {
            Some(head) => {
                let note = Note { n: head.n, hash: head.hash, title: loss.title.clone(), at: loss.at };
                self.backend.note(loss.session, json::write(&note));
            }
            None => self.backend.forget(loss.session),
        }
    }
}
