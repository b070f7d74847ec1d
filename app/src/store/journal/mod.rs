//! The journal: every session's log and what belongs to it. Precious, and only ever added to.
//!
//! Each operation is one transaction, described as a [`Plan`] and carried out by a [`Backend`].
//! A log is appended to only from the head that its state was folded from, so a stale tab writes nothing.

mod import;
mod losses;
mod notes;
mod plan;
mod session;
#[cfg(test)]
pub(crate) mod tests;
mod web;

use std::rc::Rc;

use enduring_core::id::{Digest, SessionId};
pub use enduring_core::session::Head;
use enduring_core::session::{chain, origin};

pub use self::import::{Imported, Loaded, NotImported, Outcome};
pub use self::losses::Loss;
pub use self::plan::{Backend, Witness};
use self::plan::{Event, Expect, Key, Plan, Query, Store, Value, Write};
pub use self::session::{Log, Session, Stage, Summary, latest_first};
use self::session::{from_text, head_of, to_text};
pub use self::web::{Notice, Web};
use super::StoreError;

/// Stores of texts by name, each written whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shelf {
    /// Records that were not received yet, by session.
    Outbox,
    /// The transcript, by record or by an id of its own.
    Activities,
    /// Spaced reviews.
    Reviews,
    /// Settings of the player.
    Settings,
}

impl Shelf {
    fn store(self) -> Store {
        match self {
            Self::Outbox => Store::Outbox,
            Self::Activities => Store::Activities,
            Self::Reviews => Store::Reviews,
            Self::Settings => Store::Settings,
        }
    }
}

/// A session that begins.
#[derive(Clone, Debug)]
pub struct Beginning {
    /// Its random id.
    pub session: SessionId,
    /// The digest of its pack.
    pub pack: Digest,
    /// What the home screen shows.
    pub summary: Summary,
    /// The files that resuming and recording need, by name in the pack.
    pub pinned: Vec<(String, Vec<u8>)>,
    /// The first event.
    pub line: String,
}

/// An event, and what is written with it.
#[derive(Clone, Debug)]
pub struct Addition {
    /// The head that the state was folded from.
    pub from: Head,
    /// The event as the JSON text that is hashed.
    pub line: String,
    /// Private texts that the event binds by digest, by name.
    pub sheets: Vec<(String, String)>,
    /// What the home screen shows from here on.
    pub session: Session,
}

/// What becomes of a session's pinned files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pins {
    /// They stay.
    Keep,
    /// They go.
    Remove,
}

/// A change of what is known of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Where it is, in the place of what was known.
    Standing(String),
    /// The provider has answered: where it is now, and that it is no longer on its way. With a receipt the pinned files
    /// may go, too.
    Answered(String, Pins),
    /// A certificate by its name, to be kept with it.
    Certificate(String, Vec<u8>),
}

/// The journal over a database; cheap to clone.
#[derive(Debug)]
pub struct Journal<B = Web> {
    backend: Rc<B>,
}

impl<B> Clone for Journal<B> {
    fn clone(&self) -> Self {
        Self { backend: Rc::clone(&self.backend) }
    }
}

impl<B> PartialEq for Journal<B> {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.backend, &other.backend)
    }
}

impl<B: Backend + Witness> Journal<B> {
    /// The database.
    #[cfg(test)]
    pub(crate) fn backend(&self) -> &B {
        &self.backend
    }

    /// Over a database that is open.
    pub fn over(backend: B) -> Self {
        Self { backend: Rc::new(backend) }
    }

    /// Begins a session: its row, its pinned files and its first event, all or nothing.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn create(&self, beginning: Beginning) -> Result<Head, StoreError> {
        let Beginning { session, pack, summary, pinned, line } = beginning;
        let row = Session { pack, stage: Stage::Open, summary };
        let from = Head { n: 0, hash: origin(pack, session) };
        let pins = pinned
            .into_iter()
            .map(|(name, bytes)| Write::Put(Store::Pinned, Key::Part(session, name), Value::Bytes(bytes)));
        self.extend(session, from, line, &row, pins.collect()).await
    }

    /// Appends one event. Resolves when it is on the device, and not before.
    ///
    /// # Errors
    /// [`StoreError::HeadMoved`] when another tab was faster: read the log, fold and ask again.
    pub async fn append(&self, session: SessionId, addition: Addition) -> Result<Head, StoreError> {
        let Addition { from, line, sheets, session: row } = addition;
        self.extend(session, from, line, &row, sheet_writes(session, sheets)).await
    }

    /// Appends the last event together with the record and its place in the outbox.
    ///
    /// # Errors
    /// As [`Journal::append`].
    pub async fn finish(
        &self,
        session: SessionId,
        addition: Addition,
        record: String,
        outgoing: String,
    ) -> Result<Head, StoreError> {
        let Addition { from, line, sheets, session: mut row } = addition;
        row.stage = Stage::Finished;
        let mut writes = sheet_writes(session, sheets);
        let name = || Key::Name(session.to_string());
        writes.push(Write::Add(Store::Records, name(), Value::Text(record)));
        writes.push(Write::Put(Store::Outbox, name(), Value::Text(outgoing)));
        self.extend(session, from, line, &row, writes).await
    }

    async fn extend(
        &self,
        session: SessionId,
        from: Head,
        line: String,
        row: &Session,
        mut writes: Vec<Write>,
    ) -> Result<Head, StoreError> {
        let to = Head { n: from.n.saturating_add(1), hash: chain(from.hash, &line) };
        writes.push(Write::Add(
            Store::Events,
            Key::Event(session, to.n),
            Value::Event(Event { hash: to.hash, line }),
        ));
        writes.push(Write::Put(Store::Sessions, Key::Name(session.to_string()), to_text(row)));
        self.backend.commit(Plan { expect: Some(Expect { session, from, to }), writes }).await?;
        self.backend.note(session, losses::note(to, &row.summary));
        Ok(to)
    }

    /// Every session on this device, in no order that means anything.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn sessions(&self) -> Result<Vec<(SessionId, Session)>, StoreError> {
        let rows = self.backend.read(Query::All(Store::Sessions)).await?;
        rows.iter()
            .map(|(key, value)| {
                let id = match key {
                    Key::Name(name) => SessionId::parse(name),
                    Key::Event(..) | Key::Part(..) => None,
                };
                let id = id.ok_or(StoreError::Unreadable { store: Store::Sessions.name() })?;
                Ok((id, from_text(Store::Sessions, value)?))
            })
            .collect()
    }

    /// The row of one session.
    ///
    /// # Errors
    /// [`StoreError::Absent`] when there is none.
    pub async fn session(&self, session: SessionId) -> Result<Session, StoreError> {
        let value =
            self.one(Store::Sessions, Key::Name(session.to_string())).await?.ok_or(StoreError::Absent)?;
        from_text(Store::Sessions, &value)
    }

    /// The log, with every line checked against its hash.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when it is not as written.
    pub async fn log(&self, session: SessionId) -> Result<Log, StoreError> {
        let row = self.session(session).await?;
        Log::check(session, row, self.backend.read(Query::Log(session)).await?)
    }

    /// Where the log ends; `None` without any line.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn head(&self, session: SessionId) -> Result<Option<Head>, StoreError> {
        Ok(self.backend.read(Query::Last(session)).await?.last().and_then(head_of))
    }

    /// A private text of a session.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn sheet(&self, session: SessionId, name: &str) -> Result<Option<String>, StoreError> {
        self.text(Store::Sheets, Key::Part(session, name.to_owned())).await
    }

    /// Erases a private text; signature and chain hold without it.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn erase_sheet(&self, session: SessionId, name: &str) -> Result<(), StoreError> {
        self.write(vec![Write::Delete(Store::Sheets, Key::Part(session, name.to_owned()))]).await
    }

    /// A file that was pinned when the session began, by its name in the pack; or its certificate.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn pinned(&self, session: SessionId, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        match self.one(Store::Pinned, Key::Part(session, name.to_owned())).await? {
            Some(Value::Bytes(bytes)) => Ok(Some(bytes)),
            Some(Value::Text(_) | Value::Event(_)) => {
                Err(StoreError::Unreadable { store: Store::Pinned.name() })
            }
            None => Ok(None),
        }
    }

    /// Changes what is known of a record, given where it is, in one transaction: what another page or task wrote
    /// meanwhile is neither passed over nor undone. `decide` may be asked twice, where the first answer was lost.
    ///
    /// # Errors
    /// [`StoreError::Absent`] once the session was erased: nothing of it comes back.
    pub async fn change(
        &self,
        session: SessionId,
        decide: &dyn Fn(Option<&str>) -> Option<Change>,
    ) -> Result<(), StoreError> {
        let writes = |standing: Option<&str>| match decide(standing) {
            Some(change) => change_writes(session, change),
            None => Vec::new(),
        };
        self.backend.change(session, &writes).await
    }

    /// The signed record of a session, as the bundle's text.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn record(&self, session: SessionId) -> Result<Option<String>, StoreError> {
        self.text(Store::Records, Key::Name(session.to_string())).await
    }

    /// The sessions that have a record.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn records(&self) -> Result<Vec<(String, String)>, StoreError> {
        self.texts(Store::Records).await
    }

    /// One text of a shelf.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn get(&self, shelf: Shelf, name: &str) -> Result<Option<String>, StoreError> {
        self.text(shelf.store(), Key::Name(name.to_owned())).await
    }

    /// Every text of a shelf with its name.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn list(&self, shelf: Shelf) -> Result<Vec<(String, String)>, StoreError> {
        self.texts(shelf.store()).await
    }

    /// Writes one text of a shelf.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn put(&self, shelf: Shelf, name: &str, text: String) -> Result<(), StoreError> {
        self.write(vec![Write::Put(shelf.store(), Key::Name(name.to_owned()), Value::Text(text))]).await
    }

    /// Removes one text of a shelf.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn remove(&self, shelf: Shelf, name: &str) -> Result<(), StoreError> {
        self.write(vec![Write::Delete(shelf.store(), Key::Name(name.to_owned()))]).await
    }

    /// Erases a session with all that belongs to it. Only ever because the learner asked.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn erase(&self, session: SessionId) -> Result<(), StoreError> {
        let name = || Key::Name(session.to_string());
        self.write(vec![
            Write::DeleteAll(Store::Events, session),
            Write::DeleteAll(Store::Sheets, session),
            Write::DeleteAll(Store::Pinned, session),
            Write::Delete(Store::Records, name()),
            Write::Delete(Store::Outbox, name()),
            Write::Delete(Store::Activities, name()),
            Write::Delete(Store::Sessions, name()),
        ])
        .await?;
        self.backend.forget(session);
        Ok(())
    }

    async fn write(&self, writes: Vec<Write>) -> Result<(), StoreError> {
        self.backend.commit(Plan { expect: None, writes }).await
    }

    async fn one(&self, store: Store, key: Key) -> Result<Option<Value>, StoreError> {
        Ok(self.backend.read(Query::One(store, key)).await?.pop().map(|(_, value)| value))
    }

    async fn text(&self, store: Store, key: Key) -> Result<Option<String>, StoreError> {
        match self.one(store, key).await? {
            Some(Value::Text(text)) => Ok(Some(text)),
            Some(Value::Event(_) | Value::Bytes(_)) => Err(StoreError::Unreadable { store: store.name() }),
            None => Ok(None),
        }
    }

    async fn texts(&self, store: Store) -> Result<Vec<(String, String)>, StoreError> {
        let rows = self.backend.read(Query::All(store)).await?;
        rows.into_iter()
            .map(|row| match row {
                (Key::Name(name), Value::Text(text)) => Ok((name, text)),
                _ => Err(StoreError::Unreadable { store: store.name() }),
            })
            .collect()
    }
}

fn sheet_writes(session: SessionId, sheets: Vec<(String, String)>) -> Vec<Write> {
    sheets
        .into_iter()
        .map(|(name, text)| Write::Put(Store::Sheets, Key::Part(session, name), Value::Text(text)))
        .collect()
}

fn change_writes(session: SessionId, change: Change) -> Vec<Write> {
    let name = || Key::Name(session.to_string());
    let put = |standing| Write::Put(Store::Activities, name(), Value::Text(standing));
    let received = || Write::Delete(Store::Outbox, name());
    match change {
        Change::Standing(standing) => vec![put(standing)],
        Change::Answered(standing, Pins::Keep) => vec![put(standing), received()],
        Change::Answered(standing, Pins::Remove) => {
            vec![put(standing), received(), Write::DeleteAll(Store::Pinned, session)]
        }
        Change::Certificate(file, bytes) => {
            vec![Write::Put(Store::Pinned, Key::Part(session, file), Value::Bytes(bytes))]
        }
    }
}
