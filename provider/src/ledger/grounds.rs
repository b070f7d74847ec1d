//! What rows were decided on. They are added only where it still is so, so that decisions
//! of the same moment, of this process or of another one on the same database, come to
//! what they would have come to one after the other.

use std::collections::{BTreeSet, HashMap};

use enduring_core::id::{Digest, IdentifierId, LearnerRef};

use super::looks::{Alike, MOST_ALIKE, Whom};
use super::people::folded_number;

/// What was found before it was decided.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grounds {
    /// Marks, such as `key:…`, each with how many rows have it.
    pub marked: Vec<(String, usize)>,
    /// Learners, each with how many rows bind a device to them.
    pub bound: Vec<(LearnerRef, usize)>,
    /// Names and numbers, each with who is found by it.
    pub people: Vec<(Whom, Vec<Alike>)>,
}

impl Grounds {
    /// What these are about, by name: who decides on the same thing waits, or begins again.
    pub(super) fn names(&self) -> impl Iterator<Item = String> {
        let marked = self.marked.iter().map(|(mark, _)| mark.clone());
        let bound = self.bound.iter().map(|(learner, _)| format!("learner:{learner}"));
        marked.chain(bound).chain(self.people.iter().map(|(whom, _)| name_of(whom)))
    }
}

fn name_of(whom: &Whom) -> String {
    match whom {
        Whom::Number(kind, value) => name_of_number(kind, value),
        Whom::Name(name, _) => name_of_person(name),
    }
}

/// What a number of a board or licence is held by.
pub(super) fn name_of_number(kind: &IdentifierId, value: &str) -> String {
    format!("number:{}:{}", kind.as_str(), folded_number(value))
}

/// What people of a name, as [`folded`](super::people::folded) has it, are held by: one, whatever
/// their birthdays.
pub(super) fn name_of_person(name: &str) -> String {
    format!("name:{name}")
}

/// Whether something else is found than what was decided on.
pub(super) fn is_changed(
    grounds: &Grounds,
    marked: &HashMap<String, i64>,
    bound: &HashMap<String, i64>,
    people: Vec<Vec<Alike>>,
) -> bool {
    let differs =
        |known: usize, now: Option<&i64>| i64::try_from(known).ok() != Some(now.copied().unwrap_or(0));
    grounds.marked.iter().any(|(mark, known)| differs(*known, marked.get(mark)))
        || grounds.bound.iter().any(|(learner, known)| differs(*known, bound.get(&learner.to_string())))
        || grounds.people.iter().zip(people).any(|((_, known), now)| !is_same(known.clone(), now))
}

/// Whether the same people were found; where there are more than are looked at, which of them
/// those are may be another time others.
fn is_same(mut one: Vec<Alike>, mut other: Vec<Alike>) -> bool {
    one.sort_by_key(|person| person.learner);
    other.sort_by_key(|person| person.learner);
    one == other || one.len() >= MOST_ALIKE && other.len() >= MOST_ALIKE
}

/// PostgreSQL's locks for names, as a list for [`HOLD`]: everybody takes them in this order,
/// so that nobody waits in a ring.
pub(super) fn locks(names: impl IntoIterator<Item = String>) -> String {
    let number = |name: String| {
        let [a, b, c, d, e, f, g, h, ..] = Digest::of(&[b"enduring-grounds/1 ", name.as_bytes()]).0;
        i64::from_be_bytes([a, b, c, d, e, f, g, h])
    };
    let numbers: BTreeSet<i64> = names.into_iter().map(number).collect();
    numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}

/// Takes locks until the end of the transaction, in the order of the list.
pub(super) const HOLD: &str =
    "SELECT pg_advisory_xact_lock(CAST(k AS BIGINT)) FROM unnest(string_to_array($1, ',')) AS k";

/// Has a transaction that writes hold names until its end. On SQLite nobody else writes
/// meanwhile as it is.
macro_rules! hold {
    ($database:expr, $tx:expr, $names:expr) => {
        if let $crate::ledger::Database::Postgres(_) = $database {
            let locks = $crate::ledger::grounds::locks($names);
            if !locks.is_empty() {
                sqlx::query($crate::ledger::grounds::HOLD).bind(locks).execute(&mut *$tx).await?;
            }
        }
    };
}
pub(super) use hold;

/// Counts rows by a column on a transaction: `counted!(tx, "SELECT mark, … IN (", marks)`.
macro_rules! counted {
    ($tx:expr, $select:expr, $keys:expr) => {{
        let mut counts: std::collections::HashMap<String, i64> = std::collections::HashMap::new();
        let mut keys: &[String] = $keys.as_slice();
        while let Some((now, later)) = $crate::ledger::portions::portion(keys) {
            let mut select = sqlx::QueryBuilder::new($select);
            let mut list = select.separated(", ");
            for key in now {
                list.push_bind(key);
            }
            list.push_unseparated(") GROUP BY 1");
            counts.extend(select.build_query_as::<(String, i64)>().fetch_all(&mut *$tx).await?);
            keys = later;
        }
        counts
    }};
}
pub(super) use counted;

pub(super) const MARKED: &str = "SELECT mark, COUNT(*) FROM entry WHERE mark IN (";
pub(super) const BOUND: &str = "SELECT learner, COUNT(*) FROM entry WHERE kind = 'bound' AND learner IN (";

/// Which of these, by their places, are no longer so, as a transaction sees it.
macro_rules! changed {
    ($database:expr, $tx:expr, $grounds:expr) => {{
        use $crate::ledger::grounds::{BOUND, Grounds, MARKED, counted, is_changed};
        let grounds: &[(usize, &Grounds)] = $grounds;
        let all = || grounds.iter().map(|(_, grounds)| *grounds);
        let marks: Vec<String> = all().flat_map(|one| &one.marked).map(|(mark, _)| mark.clone()).collect();
        let marked = counted!($tx, MARKED, marks);
        let learners: Vec<String> =
            all().flat_map(|one| &one.bound).map(|(learner, _)| learner.to_string()).collect();
        let bound = counted!($tx, BOUND, learners);
        let whom: Vec<$crate::ledger::Whom> =
            all().flat_map(|one| &one.people).map(|(whom, _)| whom.clone()).collect();
        let mut people = $crate::ledger::looks::alike!($database, &mut *$tx, &whom).into_iter();
        let mut changed: Vec<usize> = Vec::new();
        for (place, grounds) in grounds {
            let found = people.by_ref().take(grounds.people.len()).collect();
            if is_changed(grounds, &marked, &bound, found) {
                changed.push(*place);
            }
        }
        changed
    }};
}
pub(super) use changed;
