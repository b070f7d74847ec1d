//! Loading a saved file. It may only extend: what is here already is never replaced, unless it is damaged and the file
//! has all of it.

use enduring_core::encode::unbase64url;
use enduring_core::id::SessionId;
use enduring_core::json;
use enduring_core::session::{Head, origin};
use serde::Deserialize;
use thiserror::Error;

use super::plan::{Backend, Event, Expect, Key, Plan, Query, Store, VERSION, Value, Witness, Write};
use super::session::to_text;
use super::{Journal, Log, Session, losses};
use crate::store::StoreError;

/// The only format. Written by `public/rescue.js`.
const FORMAT: &str = "enduring-journal/1";

/// Why nothing of a file was loaded.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NotImported {
    /// Not a file of ours.
    #[error("expected a file saved by Enduring, found something else: {found}")]
    Malformed {
        /// What the parser says, with line and column.
        found: String,
    },
    /// Written by a newer player.
    #[error("the file is of version {found}, newer than this player's {expected}")]
    Newer {
        /// The version that this player writes.
        expected: u32,
        /// The file's.
        found: u32,
    },
    /// A log in the file is not as written.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What loading a file did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loaded {
    /// Each session of it.
    pub sessions: Vec<Imported>,
    /// Texts and files that were passed over, since their sessions are not in it.
    pub strays: usize,
}

/// What became of one session of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// Which.
    pub session: SessionId,
    /// The activity's title.
    pub title: String,
    /// What was done.
    pub outcome: Outcome,
}

/// What loading did to a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was not here, and is now.
    New,
    /// The file knew more: so many events were added.
    Extended {
        /// How many.
        events: u32,
    },
    /// What is stored here was damaged from an event on; what the file has stands in its place.
    Mended {
        /// The first event that was damaged.
        at: u32,
    },
    /// What is stored here is damaged from an event on, and the file does not reach its end. Nothing was changed.
    Damaged {
        /// The first event that is damaged.
        at: u32,
    },
    /// Everything in the file was here already.
    Known,
    /// The same session went on differently here and there. Nothing was changed; the provider will review it.
    Conflict {
        /// The first event that differs.
        at: u32,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: String,
    version: u32,
    stores: Stores,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stores {
    sessions: Vec<(SessionId, String)>,
    events: Vec<((SessionId, u32), Event)>,
    sheets: Vec<((SessionId, String), String)>,
    records: Vec<(SessionId, String)>,
    outbox: Vec<(SessionId, String)>,
    activities: Vec<(String, String)>,
    reviews: Vec<(String, String)>,
    settings: Vec<(String, String)>,
    pinned: Vec<((SessionId, String), Bytes)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Bytes {
    base64url: String,
}

/// Everything of one session in a file.
struct Saved {
    log: Log,
    beside: Vec<Write>,
}

fn malformed(found: impl ToString) -> NotImported {
    NotImported::Malformed { found: found.to_string() }
}

/// What a file holds, once every log in it is checked.
struct Checked {
    sessions: Vec<(SessionId, Saved)>,
    /// Store, name and text of what belongs to no session.
    loose: Vec<(Store, String, String)>,
    /// How much belongs to a session that the file does not have.
    strays: usize,
}

fn parse(text: &str) -> Result<Checked, NotImported> {
    let File { format, version, stores } = json::read(text).map_err(malformed)?;
    if format != FORMAT {
        return Err(malformed(format));
    }
    if version > VERSION {
        return Err(NotImported::Newer { expected: VERSION, found: version });
    }
    let mut lines: Vec<(SessionId, Vec<_>)> = Vec::new();
    for ((session, n), event) in stores.events {
        let line = (Key::Event(session, n), Value::Event(event));
        // Saved session by session: the log at hand is the last one.
        match lines.iter_mut().rfind(|(of, _)| *of == session) {
            Some((_, log)) => log.push(line),
            None => lines.push((session, vec![line])),
        }
    }
    let mut saved: Vec<(SessionId, Saved)> = Vec::new();
    for (session, row) in stores.sessions {
        let row: Session = json::read_part(&row).map_err(malformed)?;
        let mine = lines.iter_mut().find(|(of, _)| *of == session);
        let mine = mine.map(|(_, log)| std::mem::take(log)).unwrap_or_default();
        let log = Log::check(session, row, mine)?;
        saved.push((session, Saved { log, beside: Vec::new() }));
    }
    let mut strays = 0;
    // What an earlier player left of a session that was erased is no reason to refuse the others.
    let mut beside = |store: Store, session: SessionId, key: Key, value: Value| match saved
        .iter_mut()
        .find(|(of, _)| *of == session)
    {
        Some((_, saved)) => saved.beside.push(Write::Put(store, key, value)),
        None => strays += 1,
    };
    for ((session, name), text) in stores.sheets {
        beside(Store::Sheets, session, Key::Part(session, name), Value::Text(text));
    }
    for ((session, name), Bytes { base64url }) in stores.pinned {
        let bytes = unbase64url(&base64url).ok_or_else(|| malformed("bytes that are not base64url"))?;
        beside(Store::Pinned, session, Key::Part(session, name), Value::Bytes(bytes));
    }
    for (store, texts) in [(Store::Records, stores.records), (Store::Outbox, stores.outbox)] {
        for (session, text) in texts {
            beside(store, session, Key::Name(session.to_string()), Value::Text(text));
        }
    }
    let shelves = [
        (Store::Activities, stores.activities),
        (Store::Reviews, stores.reviews),
        (Store::Settings, stores.settings),
    ];
    let loose = shelves
        .into_iter()
        .flat_map(|(store, texts)| texts.into_iter().map(move |(name, text)| (store, name, text)));
    Ok(Checked { sessions: saved, loose: loose.collect(), strays })
}

/// What is stored here of a session that is loaded.
struct Here {
    /// As far as it is as written.
    log: Log,
    /// Whether that is all of it.
    is_whole: bool,
    /// What stands last, sound or not.
    last: Head,
}

impl Here {
    /// Of one that is to come from a file.
    fn nothing(session: SessionId, saved: &Log) -> Self {
        let head = Head { n: 0, hash: origin(saved.session.pack, session) };
        let log = Log { session: saved.session.clone(), lines: Vec::new(), head };
        Self { log, is_whole: true, last: head }
    }
}

/// What to do with a saved log, given what is here.
fn compare(here: &Here, saved: &Log) -> Outcome {
    let Here { log, is_whole, last } = here;
    let differs = log.lines.iter().zip(&saved.lines).position(|(here, saved)| here != saved);
    let at = log.head.n.saturating_add(1);
    match (differs, saved.head.n.saturating_sub(log.head.n)) {
        (Some(index), _) => {
            Outcome::Conflict { at: u32::try_from(index).unwrap_or(u32::MAX).saturating_add(1) }
        }
        (None, _) if !is_whole && saved.head.n < last.n => Outcome::Damaged { at },
        (None, _) if !is_whole => Outcome::Mended { at },
        (None, 0) => Outcome::Known,
        (None, _) if log.head.n == 0 => Outcome::New,
        (None, events) => Outcome::Extended { events },
    }
}

impl<B: Backend + Witness> Journal<B> {
    /// Loads a saved file. The whole file is checked before anything is written; then each session is one transaction,
    /// so loading it again after an interruption does the rest. What belongs to no session of the file is passed over.
    ///
    /// # Errors
    /// [`NotImported`], where the file is not one, is newer, or is damaged.
    pub async fn import(&self, text: &str) -> Result<Loaded, NotImported> {
        let Checked { sessions, loose, strays } = parse(text)?;
        let mut report = Vec::new();
        for (session, saved) in sessions {
            let title = saved.log.session.summary.title.clone();
            let outcome = self.import_session(session, saved).await?;
            report.push(Imported { session, title, outcome });
        }
        let mut writes = Vec::new();
        for store in [Store::Activities, Store::Reviews, Store::Settings] {
            let here = self.texts(store).await?;
            writes.extend(
                loose
                    .iter()
                    .filter(|(of, name, _)| *of == store && !here.iter().any(|(there, _)| there == name))
                    .map(|(store, name, text)| {
                        Write::Put(*store, Key::Name(name.clone()), Value::Text(text.clone()))
                    }),
            );
        }
        if !writes.is_empty() {
            self.write(writes).await?;
        }
        Ok(Loaded { sessions: report, strays })
    }

    async fn import_session(&self, session: SessionId, saved: Saved) -> Result<Outcome, StoreError> {
        let Saved { log, beside } = saved;
        let pack = log.session.pack;
        let here = match self.session(session).await {
            Ok(row) if row.pack == pack => {
                let last = self.head(session).await?;
                let rows = self.backend.read(Query::Log(session)).await?;
                let stored = rows.len();
                let log = Log::sound(session, row, rows);
                Here { is_whole: log.lines.len() == stored, last: last.unwrap_or(log.head), log }
            }
            Ok(_) => return Ok(Outcome::Conflict { at: 1 }),
            Err(StoreError::Absent) => Here::nothing(session, &log),
            Err(error) => return Err(error),
        };
        let outcome = compare(&here, &log);
        if matches!(outcome, Outcome::Known | Outcome::Damaged { .. } | Outcome::Conflict { .. }) {
            return Ok(outcome);
        }
        let Here { last: from, log: here, .. } = here;
        let mut writes = beside;
        let damaged = here.head.n.saturating_add(1)..=from.n;
        writes.extend(damaged.map(|n| Write::Delete(Store::Events, Key::Event(session, n))));
        let Head { mut n, mut hash } = here.head;
        for line in log.lines.into_iter().skip(n as usize) {
            hash = super::chain(hash, &line);
            n = n.saturating_add(1);
            writes.push(Write::Add(
                Store::Events,
                Key::Event(session, n),
                Value::Event(Event { hash, line }),
            ));
        }
        writes.push(Write::Put(Store::Sessions, Key::Name(session.to_string()), to_text(&log.session)));
        self.backend.commit(Plan { expect: Some(Expect { session, from, to: log.head }), writes }).await?;
        self.backend.note(session, losses::note(log.head, &log.session.summary));
        Ok(outcome)
    }
}
