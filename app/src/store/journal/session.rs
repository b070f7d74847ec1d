//! What is kept about a session beside its log.

use enduring_core::id::{Digest, SessionId};
use enduring_core::measure::{Minutes, Timestamp};
use enduring_core::order::sort_by;
use enduring_core::session::{Head, chain, origin};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::plan::{Key, Row, Store, Value};
use crate::store::StoreError;

/// What the home screen shows of a session without folding its log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// The activity's id.
    pub activity: String,
    /// Its version.
    pub version: String,
    /// Its title, in its own language.
    pub title: String,
    /// Where the learner is, as the step rail names it.
    pub step: String,
    /// About how long the rest takes; none while it is open: no attempt is left.
    pub minutes_left: Minutes,
    /// When it was last worked on.
    pub updated: Timestamp,
    /// What marks a sample that nobody accredits, in its provider's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sample: Option<String>,
}

/// How far a session is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Work goes on.
    Open,
    /// A record was signed.
    Finished,
}

/// A row of the sessions store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// The digest of the pack it is pinned to.
    pub pack: Digest,
    /// How far it is.
    pub stage: Stage,
    /// What the home screen shows.
    pub summary: Summary,
}

/// Puts sessions in the order in which they were last worked on.
pub fn latest_first(sessions: &mut Vec<(SessionId, Session)>) {
    let rank = |(id, row): &(SessionId, Session)| (row.summary.updated, *id);
    sort_by(sessions, |one, other| rank(other).cmp(&rank(one)));
}

/// A log as it was written: every line matches its hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Log {
    /// The row of its session.
    pub session: Session,
    /// The lines, without line feeds.
    pub lines: Vec<String>,
    /// Where it ends.
    pub head: Head,
}

impl Log {
    /// Checks rows against numbers and hashes.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] at the first row that is missing or not as written.
    pub fn check(session: SessionId, row: Session, rows: Vec<Row>) -> Result<Self, StoreError> {
        let stored = rows.len();
        let log = Self::sound(session, row, rows);
        if log.lines.len() == stored {
            return Ok(log);
        }
        Err(StoreError::Corrupt { session, at: log.head.n.saturating_add(1) })
    }

    /// The rows up to the first that is missing or not as written.
    #[must_use]
    pub fn sound(session: SessionId, row: Session, rows: Vec<Row>) -> Self {
        let head = Head { n: 0, hash: origin(row.pack, session) };
        let mut log = Self { session: row, lines: Vec::with_capacity(rows.len()), head };
        for row in rows {
            let at = log.head.n.saturating_add(1);
            let (Key::Event(_, n), Value::Event(event)) = row else { break };
            let hash = chain(log.head.hash, &event.line);
            if n != at || hash != event.hash {
                break;
            }
            log.head = Head { n, hash };
            log.lines.push(event.line);
        }
        log
    }
}

/// The head that a row of the events store stands for.
#[must_use]
pub fn head_of(row: &Row) -> Option<Head> {
    match row {
        (Key::Event(_, n), Value::Event(event)) => Some(Head { n: *n, hash: event.hash }),
        _ => None,
    }
}

/// A value as the JSON text that is stored.
pub fn to_text<T: Serialize>(value: &T) -> Value {
    Value::Text(enduring_core::json::write(value))
}

/// The JSON text of a row.
///
/// # Errors
/// [`StoreError::Unreadable`] when it has another shape.
pub fn from_text<T: DeserializeOwned>(store: Store, value: &Value) -> Result<T, StoreError> {
    let unreadable = StoreError::Unreadable { store: store.name() };
    match value {
        Value::Text(text) => enduring_core::json::read_part(text).map_err(|_| unreadable),
        Value::Event(_) | Value::Bytes(_) => Err(unreadable),
    }
}
