//! Submissions that bear on one another go one after another: of one device, of one
//! person by name or number, at one pace. What a later one is decided by is durable then.
//!
//! Turns are those of one server. What several servers are asked in the same moment is
//! kept single by the ledger alone: a record and a learner's credit.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use enduring_core::id::Digest;
use enduring_core::record::LearnerSheet;
use tokio::sync::Notify;

use crate::ledger::{folded, folded_number};

/// The turns of a server.
#[derive(Clone, Default)]
pub(super) struct Turns(Arc<Shared>);

#[derive(Default)]
struct Shared {
    busy: Mutex<HashSet<String>>,
    freed: Notify,
}

/// A turn, until it is dropped.
pub(super) struct Turn {
    marks: HashSet<String>,
    shared: Arc<Shared>,
}

/// What a submission may have in common with another one.
pub(super) fn marks(kid: Digest, pace: Digest, sheet: Option<&LearnerSheet>) -> HashSet<String> {
    let mut marks = HashSet::from([format!("key:{kid}"), format!("pace:{pace}")]);
    if let Some(sheet) = sheet {
        marks.insert(format!("name:{}", folded(&sheet.first_name, &sheet.last_name)));
        let numbers = sheet.identifiers.iter();
        marks.extend(
            numbers.map(|number| format!("number:{}:{}", number.id.as_str(), folded_number(&number.value))),
        );
    }
    marks
}

impl Turns {
    /// Waits until nobody is at work on any of the marks.
    pub async fn take(&self, marks: HashSet<String>) -> Turn {
        loop {
            let mut freed = std::pin::pin!(self.0.freed.notified());
            // Before looking, so that nothing is missed in between.
            freed.as_mut().enable();
            if self.0.occupy(&marks) {
                return Turn { marks, shared: Arc::clone(&self.0) };
            }
            freed.await;
        }
    }
}

impl Shared {
    /// Occupies all of the marks, or none.
    fn occupy(&self, marks: &HashSet<String>) -> bool {
        let mut busy = self.busy();
        let free = busy.is_disjoint(marks);
        if free {
            busy.extend(marks.iter().cloned());
        }
        free
    }

    fn busy(&self) -> MutexGuard<'_, HashSet<String>> {
        // A set is whole whatever its last user came to.
        self.busy.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.shared.busy().retain(|mark| !self.marks.contains(mark));
        self.shared.freed.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::timeout;

    use super::*;

    fn of(marks: &[&str]) -> HashSet<String> {
        marks.iter().map(|mark| (*mark).to_owned()).collect()
    }

    #[tokio::test]
    async fn who_has_nothing_in_common_does_not_wait_and_who_has_does() {
        let turns = Turns::default();
        let first = turns.take(of(&["key:1", "name:a"])).await;
        let _other = turns.take(of(&["key:2", "name:b"])).await;
        let waiting = turns.take(of(&["key:3", "name:a"]));
        tokio::pin!(waiting);
        assert!(timeout(Duration::from_millis(20), &mut waiting).await.is_err(), "the name is at work");
        drop(first);
        let second = timeout(Duration::from_secs(5), waiting).await;
        assert!(second.is_ok(), "the name is free");
        assert!(turns.0.occupy(&of(&["key:1"])), "and so is the key of the first");
    }
}
