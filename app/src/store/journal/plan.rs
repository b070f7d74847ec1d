//! What the journal asks of a database: plain data, so that every decision is tested without a browser.

use enduring_core::id::{Digest, SessionId};
use enduring_core::session::Head;
use serde::{Deserialize, Serialize};

use crate::store::StoreError;

/// The database's name. Stored; never reuse.
pub const NAME: &str = "enduring-journal";
/// Its version. A new one only adds stores.
pub const VERSION: u32 = 1;

/// The object stores. Stored; never reuse a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Store {
    /// One row per session: its pack and what the home screen shows of it.
    Sessions,
    /// The logs, line by line.
    Events,
    /// Private texts, bound to the log by digest, which may be erased.
    Sheets,
    /// Signed records, as bundles.
    Records,
    /// Records that were not received yet.
    Outbox,
    /// Device keys; not texts, so only the browser's layer reads them.
    Keys,
    /// The transcript.
    Activities,
    /// Spaced reviews.
    Reviews,
    /// Settings of the player.
    Settings,
    /// Manifest and content of each session without a receipt; then its certificate.
    Pinned,
}

impl Store {
    /// All of them, in the order of creation. A new version only adds.
    pub const ALL: [Self; 10] = [
        Self::Sessions,
        Self::Events,
        Self::Sheets,
        Self::Records,
        Self::Outbox,
        Self::Keys,
        Self::Activities,
        Self::Reviews,
        Self::Settings,
        Self::Pinned,
    ];

    /// The name in the database.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Sessions => "sessions",
            Self::Events => "events",
            Self::Sheets => "sheets",
            Self::Records => "records",
            Self::Outbox => "outbox",
            Self::Keys => "keys",
            Self::Activities => "activities",
            Self::Reviews => "reviews",
            Self::Settings => "settings",
            Self::Pinned => "pinned",
        }
    }
}

/// Where a value stands in its store.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// `name`
    Name(String),
    /// `[session, n]`, n from 1.
    Event(SessionId, u32),
    /// `[session, name]`
    Part(SessionId, String),
}

/// One line of a log as stored: the text that was hashed, and h(n).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// h(n), over this line and all before it.
    pub hash: Digest,
    /// The JSON text without its line feed.
    pub line: String,
}

/// What stands there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A text, most often JSON.
    Text(String),
    /// A line of a log.
    Event(Event),
    /// The bytes of a file.
    Bytes(Vec<u8>),
}

/// The condition on which a plan is carried out: the log of `session` ends at `from`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expect {
    /// Whose log.
    pub session: SessionId,
    /// Where it must end before.
    pub from: Head,
    /// Where the plan makes it end.
    pub to: Head,
}

/// What to do, given where the log ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Carry the plan out.
    Write,
    /// It was carried out before, and only the answer was lost.
    Done,
}

impl Expect {
    /// Compares with the last line that is stored, if there is any.
    ///
    /// # Errors
    /// [`StoreError::HeadMoved`] when another tab was faster.
    pub fn judge(&self, found: Option<Head>) -> Result<Verdict, StoreError> {
        match found {
            None if self.from.n == 0 => Ok(Verdict::Write),
            Some(head) if head == self.from => Ok(Verdict::Write),
            Some(head) if head == self.to => Ok(Verdict::Done),
            found => Err(StoreError::HeadMoved {
                expected: self.from,
                found: found.unwrap_or(Head { n: 0, hash: Digest([0; 32]) }),
            }),
        }
    }
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Write {
    /// A new row; one with this key fails the whole plan.
    Add(Store, Key, Value),
    /// A new row or a new value.
    Put(Store, Key, Value),
    /// No row with this key any more.
    Delete(Store, Key),
    /// No row of this session any more in a store whose keys begin with it.
    DeleteAll(Store, SessionId),
}

impl Write {
    /// Where it writes.
    #[must_use]
    pub fn store(&self) -> Store {
        match self {
            Self::Add(store, ..)
            | Self::Put(store, ..)
            | Self::Delete(store, _)
            | Self::DeleteAll(store, _) => *store,
        }
    }
}

/// One transaction: all of it or nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The condition, if it writes to a log.
    pub expect: Option<Expect>,
    /// The changes, in order.
    pub writes: Vec<Write>,
}

/// What to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Query {
    /// The row with this key.
    One(Store, Key),
    /// Every row of a store, by key.
    All(Store),
    /// The lines of a session's log, numbered from one in their order: without their keys, which would take as
    /// long again. One that is missing shows in the chain of their hashes.
    Log(SessionId),
    /// The last row of a session's log.
    Last(SessionId),
}

/// A row as read.
pub type Row = (Key, Value);

/// What to write, given what is known of where a record is. Asked once more where the first answer was lost.
pub type Decide<'a> = dyn Fn(Option<&str>) -> Vec<Write> + 'a;

/// A database that carries out plans.
pub trait Backend {
    /// Resolves when the transaction is committed to the device.
    fn commit(&self, plan: Plan) -> impl Future<Output = Result<(), StoreError>>;
    /// Reads where the record of a session is, and writes what follows from it, in one transaction.
    /// [`StoreError::Absent`] without the session.
    fn change(&self, session: SessionId, decide: &Decide<'_>)
    -> impl Future<Output = Result<(), StoreError>>;
    /// Reads in one transaction.
    fn read(&self, query: Query) -> impl Future<Output = Result<Vec<Row>, StoreError>>;
}

/// A second memory of where each log ended, apart from the database.
pub trait Witness {
    /// Keeps a note about a session; may forget, never fails.
    fn note(&self, session: SessionId, text: String);
    /// All notes.
    fn recall(&self) -> impl Future<Output = Vec<(SessionId, String)>>;
    /// No note about this session any more.
    fn forget(&self, session: SessionId);
}
