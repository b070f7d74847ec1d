//! Submissions that bear on one another go one after another: of one device, of one
//! person by name or number, at one pace. What a later one is decided by is durable then.
//!
//! Turns are those of one process: they spare deciding twice, and keep the order of a file.
//! What several processes are asked in the same moment is kept right by the ledger, which adds
//! no rows whose [`Grounds`](crate::ledger::Grounds) changed.

use std::collections::{BTreeSet, HashMap, HashSet};
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
    line: Mutex<Line>,
    freed: Notify,
}

/// Who is at work or waits: the places that have a mark, the first being the one whose turn it is.
#[derive(Default)]
struct Line {
    next: u64,
    places: HashMap<String, BTreeSet<u64>>,
}

/// A place in the line, and a turn once it has come, until it is dropped.
pub(super) struct Turn {
    place: u64,
    marks: HashSet<String>,
    shared: Arc<Shared>,
}

/// The mark of records that are to wait for their packs.
pub(super) const WAITING: &str = "waiting";

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
    /// Waits until nobody who came earlier has one of the marks.
    pub async fn take(&self, marks: HashSet<String>) -> Turn {
        let turn = self.stand_in_line(marks);
        turn.comes().await;
        turn
    }

    /// A place in the line, of which the turn may not have come.
    pub fn stand_in_line(&self, marks: HashSet<String>) -> Turn {
        let mut line = self.0.line();
        let place = line.next;
        line.next += 1;
        for mark in &marks {
            line.places.entry(mark.clone()).or_default().insert(place);
        }
        Turn { place, marks, shared: Arc::clone(&self.0) }
    }
}

impl Shared {
    fn line(&self) -> MutexGuard<'_, Line> {
        // A line is whole whatever its last user came to.
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Turn {
    /// Waits until it has come.
    pub async fn comes(&self) {
        loop {
            let mut freed = std::pin::pin!(self.shared.freed.notified());
            // Before looking, so that nothing is missed in between.
            freed.as_mut().enable();
            if self.has_come() {
                return;
            }
            freed.await;
        }
    }

    /// Whether nobody is before it any more.
    pub fn has_come(&self) -> bool {
        let line = self.shared.line();
        let mut places = self.marks.iter().filter_map(|mark| line.places.get(mark)?.first());
        places.all(|first| *first == self.place)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut line = self.shared.line();
        for mark in &self.marks {
            if let Some(places) = line.places.get_mut(mark) {
                places.remove(&self.place);
                if places.is_empty() {
                    line.places.remove(mark);
                }
            }
        }
        drop(line);
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
    }

    #[tokio::test]
    async fn turns_come_in_the_order_of_coming() {
        let turns = Turns::default();
        let first = turns.take(of(&["key:1"])).await;
        let second = turns.stand_in_line(of(&["key:1", "name:a"]));
        let third = turns.stand_in_line(of(&["name:a"]));
        assert!(!second.has_come() && !third.has_come(), "the third waits for the second, who waits");
        drop(first);
        assert!(second.has_come() && !third.has_come());
        drop(second);
        assert!(third.has_come());
    }
}
