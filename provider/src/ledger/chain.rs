//! The chain over the rows: h(n) = SHA-256(h(n−1) ‖ SHA-256(line n)), h(0) being the
//! SHA-256 of the ledger's format. Rows are durable first; one sequencer at a time
//! links what came, so that no server ever waits for the head of the chain.

use std::time::Duration;

use enduring_core::id::Digest;
use enduring_core::measure::Timestamp;
use enduring_core::record::{Compact, PublicKey};
use serde::{Deserialize, Serialize};
use sqlx::Row;

use super::database::{Database, on, write_on};
use super::fact::{ENTRY_FORMAT, Entry, Fact};
use super::portions::fill;
use super::{Ledger, LedgerError};
use crate::key::{Signer, verifies};
use crate::time;

/// How often the sequencer looks for rows to link.
pub const PACE: Duration = Duration::from_millis(500);
/// Most rows that are linked in one transaction.
const BATCH: i64 = 5_000;
/// The same on SQLite while records come: nobody else writes meanwhile.
const SHORT: i64 = 250;
/// A row with a number this far behind the last linked one may still be on its way: its
/// transaction took its number early and ended late.
const LATE: i64 = 20_000;
/// So many linked rows are the first that PostgreSQL counts.
const COUNTED: u64 = 1_000;
/// The lock of the sequencer among servers on one PostgreSQL.
const LOCK: i64 = 0x656e_6475_7269_6e67;

/// The format of a checkpoint. Stored; never reuse.
pub const CHECKPOINT_FORMAT: &str = "enduring-checkpoint/1";
/// The header type of a checkpoint. Stored; never reuse.
pub const CHECKPOINT_TYP: &str = "enduring-checkpoint+jwt";

/// The head of a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// How many rows are linked.
    pub n: u64,
    /// The hash of the last.
    pub hash: Digest,
}

/// What a provider signs once a day: a copy kept elsewhere shows that rows were cut off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checkpoint {
    /// [`CHECKPOINT_FORMAT`].
    pub format: String,
    /// How many rows are linked.
    pub n: u64,
    /// The hash of the last.
    pub hash: Digest,
    /// When it was signed.
    pub at: Timestamp,
}

/// What is wrong with a ledger, at the first row where something is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Altered {
    /// The place in the chain; of a row that is not linked, its number.
    pub n: u64,
    /// What was expected and found.
    pub what: String,
}

/// What checking a ledger came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// The head of what is sound.
    pub head: Head,
    /// Rows that wait for the sequencer.
    pub waiting: u64,
    /// Checkpoints whose signature and place agree.
    pub checkpoints: u64,
    /// The first thing that is wrong.
    pub altered: Option<Altered>,
}

/// The hash before the first row.
#[must_use]
pub fn origin() -> Digest {
    Digest::of(&[ENTRY_FORMAT.as_bytes()])
}

/// The hash after a row.
#[must_use]
pub fn next(hash: Digest, line: &str) -> Digest {
    Digest::of(&[&hash.0, &Digest::of(&[line.as_bytes()]).0])
}

fn digest(bytes: &[u8]) -> Option<Digest> {
    bytes.try_into().ok().map(Digest)
}

impl Ledger {
    /// Links the rows that wait, unless another server is doing so, and says how many.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn link(&self) -> Result<u64, LedgerError> {
        let (late, most) = match &self.database {
            // Its transactions come one after another, and so do their numbers.
            Database::Sqlite { .. } => (0, SHORT),
            Database::Postgres(_) => (LATE, BATCH),
        };
        let mut linked = 0;
        loop {
            let now = self.link_some(late, most).await?;
            linked += now;
            if now < most.unsigned_abs() {
                return Ok(linked);
            }
        }
    }

    /// As [`Ledger::link`], over all rows however old: at the start and before a checkpoint.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn link_all(&self) -> Result<u64, LedgerError> {
        let mut linked = 0;
        loop {
            let now = self.link_some(i64::MAX, BATCH).await?;
            linked += now;
            if now == 0 {
                return Ok(linked);
            }
        }
    }

    async fn link_some(&self, late: i64, most: i64) -> Result<u64, LedgerError> {
        write_on!(&self.database, tx => {
            if let Database::Postgres(_) = &self.database {
                let free = sqlx::query("SELECT pg_try_advisory_xact_lock($1)").bind(LOCK);
                if !free.fetch_one(&mut *tx).await?.try_get::<bool, _>(0).unwrap_or(true) {
                    return Ok(0);
                }
            }
            let last = sqlx::query("SELECT n, seq, hash FROM link ORDER BY n DESC LIMIT 1");
            let (mut n, seq, mut hash) = match last.fetch_optional(&mut *tx).await? {
                None => (0i64, 0i64, origin()),
                Some(row) => {
                    let hash: Vec<u8> = row.try_get(2)?;
                    (row.try_get(0)?, row.try_get(1)?, digest(&hash).ok_or(LedgerError::Unreadable { what: "link.hash" })?)
                }
            };
            let rows = sqlx::query(
                "SELECT e.seq, e.line FROM entry e WHERE e.seq > $1 \
                 AND NOT EXISTS (SELECT 1 FROM link l WHERE l.seq = e.seq) ORDER BY e.seq LIMIT $2",
            );
            let rows = rows.bind(seq.saturating_sub(late)).bind(most).fetch_all(&mut *tx).await?;
            let mut links = Vec::with_capacity(rows.len());
            for row in rows {
                let (seq, line): (i64, String) = (row.try_get(0)?, row.try_get(1)?);
                n += 1;
                hash = next(hash, &line);
                links.push((n, seq, hash.0.to_vec()));
            }
            fill!(tx, "INSERT INTO link (n, seq, hash) ", links, (n, seq, hash) => [*n, *seq, hash]);
            tx.commit().await?;
            let linked = u64::try_from(links.len()).unwrap_or(u64::MAX);
            self.count_anew(n.unsigned_abs(), linked).await?;
            Ok(linked)
        })
    }

    /// Has PostgreSQL count its rows anew after so many linked ones have come to so many, each time that
    /// they have doubled. By itself it does so once a minute, and until then takes tables for so small
    /// that it reads all of them.
    async fn count_anew(&self, n: u64, linked: u64) -> Result<(), LedgerError> {
        let doubled = |n: u64| (n / COUNTED).checked_ilog2();
        match &self.database {
            Database::Postgres(pool) if doubled(n) > doubled(n.saturating_sub(linked)) => {
                sqlx::query("ANALYZE entry, person, identifier").execute(pool).await?;
            }
            Database::Postgres(_) | Database::Sqlite { .. } => {}
        }
        Ok(())
    }

    /// The head of the chain.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn head(&self) -> Result<Head, LedgerError> {
        let last = "SELECT n, hash FROM link ORDER BY n DESC LIMIT 1";
        let row: Option<(i64, Vec<u8>)> =
            on!(&self.database, pool => sqlx::query_as(last).fetch_optional(pool).await)?;
        match row {
            None => Ok(Head { n: 0, hash: origin() }),
            Some((n, hash)) => Ok(Head {
                n: n.unsigned_abs(),
                hash: digest(&hash).ok_or(LedgerError::Unreadable { what: "link.hash" })?,
            }),
        }
    }

    /// How many rows came after the last one that is linked: cheap, for watching the
    /// sequencer. [`Ledger::check`] counts exactly.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn behind(&self) -> Result<u64, LedgerError> {
        let count = "SELECT COUNT(*) FROM entry WHERE seq > (SELECT COALESCE(MAX(seq), 0) FROM link)";
        let (count,): (i64,) = on!(&self.database, pool => sqlx::query_as(count).fetch_one(pool).await)?;
        Ok(count.unsigned_abs())
    }

    /// Signs the head of the chain, once a day; says whether today's was missing.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn checkpoint(&self, signer: &Signer) -> Result<bool, LedgerError> {
        let now = time::now();
        let day = time::utc_day(now);
        let once = format!("checkpointed:{day}");
        let there = "SELECT COUNT(*) FROM entry WHERE once = $1";
        let (there,): (i64,) =
            on!(&self.database, pool => sqlx::query_as(there).bind(&once).fetch_one(pool).await)?;
        if there > 0 {
            return Ok(false);
        }
        self.link_all().await?;
        let checkpoint = Self::sign_head(self.head().await?, signer)?;
        self.add(&[Entry::new(now, "rule", Fact::Checkpointed { day, checkpoint })]).await?;
        Ok(true)
    }

    /// Checks every row: its text against the chain, its columns against its text, what
    /// its record is proved by, and every checkpoint, those kept elsewhere too.
    ///
    /// # Errors
    /// [`LedgerError`] when the database cannot be read; what is wrong with the rows is told in the answer.
    pub async fn check(&self, keys: &[PublicKey], kept: &[String]) -> Result<Checked, LedgerError> {
        let head = Head { n: 0, hash: origin() };
        let mut checked = Checked { head, waiting: 0, checkpoints: 0, altered: None };
        let (signed, unread) = self.signed_heads(keys, kept).await?;
        self.check_chain(&signed, &mut checked).await?;
        // A row before the first that breaks the chain is as it was written.
        let proof = self.altered_proof(checked.head.n).await?;
        let found = checked.altered.take();
        checked.altered = [found, proof, unread].into_iter().flatten().min_by_key(|altered| altered.n);
        if checked.altered.is_none() {
            checked.altered = self.altered_proof_waiting().await?;
        }
        let waiting =
            "SELECT COUNT(*) FROM entry e WHERE NOT EXISTS (SELECT 1 FROM link l WHERE l.seq = e.seq)";
        let (waiting,): (i64,) = on!(&self.database, pool => sqlx::query_as(waiting).fetch_one(pool).await)?;
        checked.waiting = waiting.unsigned_abs();
        Ok(checked)
    }

    /// Goes along the chain to its end, or to the first row where something is wrong.
    async fn check_chain(&self, signed: &[(u64, Digest)], checked: &mut Checked) -> Result<(), LedgerError> {
        loop {
            let links = self.links(checked.head.n).await?;
            if links.is_empty() {
                break;
            }
            for link in links {
                match link.check(checked.head) {
                    Ok(head) => checked.head = head,
                    Err(what) => {
                        checked.altered = Some(Altered { n: checked.head.n + 1, what });
                        return Ok(());
                    }
                }
                for (_, hash) in signed.iter().filter(|(n, _)| *n == checked.head.n) {
                    if *hash != checked.head.hash {
                        let what = format!("a checkpoint says {hash}, found {}", checked.head.hash);
                        checked.altered = Some(Altered { n: checked.head.n, what });
                        return Ok(());
                    }
                    checked.checkpoints += 1;
                }
            }
        }
        if let Some((n, _)) = signed.iter().find(|(n, _)| *n > checked.head.n) {
            let what = format!("a checkpoint was signed over {n} rows, found {}", checked.head.n);
            checked.altered = Some(Altered { n: checked.head.n + 1, what });
        }
        Ok(())
    }

    /// The place of a row in the chain; `None` while it waits to be linked.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn place(&self, seq: i64) -> Result<Option<u64>, LedgerError> {
        let select = "SELECT n FROM link WHERE seq = $1";
        let row: Option<(i64,)> =
            on!(&self.database, pool => sqlx::query_as(select).bind(seq).fetch_optional(pool).await)?;
        Ok(row.map(|(n,)| n.unsigned_abs()))
    }

    /// The hash at a place of the chain.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn hash(&self, n: u64) -> Result<Option<Digest>, LedgerError> {
        if n == 0 {
            return Ok(Some(origin()));
        }
        let select = "SELECT hash FROM link WHERE n = $1";
        let n = i64::try_from(n).unwrap_or(i64::MAX);
        let row: Option<(Vec<u8>,)> =
            on!(&self.database, pool => sqlx::query_as(select).bind(n).fetch_optional(pool).await)?;
        Ok(row.and_then(|(hash,)| digest(&hash)))
    }

    /// Texts of linked rows after a place, in order, some at a time; empty after the last.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn texts(&self, after: u64) -> Result<Vec<(u64, String)>, LedgerError> {
        let links = self.links(after).await?;
        let unreadable = LedgerError::Unreadable { what: "entry.line" };
        let texts: Option<Vec<_>> =
            links.into_iter().map(|link| Some((link.n.unsigned_abs(), link.line?))).collect();
        texts.ok_or(unreadable)
    }

    /// Signs a head without writing it down: for those who get a part of the ledger.
    ///
    /// # Errors
    /// [`LedgerError::Key`].
    pub fn sign_head(head: Head, signer: &Signer) -> Result<String, LedgerError> {
        let checkpoint =
            Checkpoint { format: CHECKPOINT_FORMAT.to_owned(), n: head.n, hash: head.hash, at: time::now() };
        let text = serde_json::to_string(&checkpoint).unwrap_or_default();
        Ok(signer.sign(CHECKPOINT_TYP, text.as_bytes())?)
    }

    /// The heads that checkpoints speak of, in the ledger and kept elsewhere, and the first
    /// that cannot be read: with the place of its row, or 0 for one that is kept elsewhere.
    async fn signed_heads(
        &self,
        keys: &[PublicKey],
        kept: &[String],
    ) -> Result<(Vec<(u64, Digest)>, Option<Altered>), LedgerError> {
        let select = "SELECT COALESCE(l.n, e.seq), e.line FROM entry e LEFT JOIN link l ON l.seq = e.seq \
                      WHERE e.kind = 'checkpointed' ORDER BY e.seq";
        let lines: Vec<(i64, String)> =
            on!(&self.database, pool => sqlx::query_as(select).fetch_all(pool).await)?;
        let rows =
            lines.iter().filter_map(|(n, line)| match serde_json::from_str::<Entry>(line).ok()?.fact {
                Fact::Checkpointed { checkpoint, .. } => Some((n.unsigned_abs(), checkpoint)),
                _ => None,
            });
        let (mut heads, mut unread) = (Vec::new(), None);
        for (n, text) in kept.iter().map(|text| (0, text.clone())).chain(rows) {
            match read_checkpoint(keys, &text) {
                Ok(checkpoint) => heads.push((checkpoint.n, checkpoint.hash)),
                Err(what) => {
                    unread.get_or_insert(Altered { n, what: format!("a checkpoint: {what}") });
                }
            }
        }
        Ok((heads, unread))
    }

    /// The next links after a place, with their rows.
    async fn links(&self, after: u64) -> Result<Vec<Link>, LedgerError> {
        let after = i64::try_from(after).unwrap_or(i64::MAX);
        let select = "SELECT l.n, l.hash, e.line, e.kind, e.at, e.once, e.record, e.learner, e.activity, e.mark \
                      FROM link l LEFT JOIN entry e ON e.seq = l.seq WHERE l.n > $1 ORDER BY l.n LIMIT $2";
        Ok(on!(&self.database, pool =>
            sqlx::query_as(select).bind(after).bind(BATCH).fetch_all(pool).await)?)
    }
}

/// What a row is found by, as the database has it: once, record, learner, activity, mark.
type Places = (Option<String>, Option<String>, Option<String>, Option<String>, Option<String>);

/// A link with its row.
struct Link {
    n: i64,
    hash: Vec<u8>,
    line: Option<String>,
    kind: Option<String>,
    at: Option<i64>,
    places: Places,
}

impl<'r, R: Row> sqlx::FromRow<'r, R> for Link
where
    usize: sqlx::ColumnIndex<R>,
    i64: sqlx::Decode<'r, R::Database> + sqlx::Type<R::Database>,
    Vec<u8>: sqlx::Decode<'r, R::Database> + sqlx::Type<R::Database>,
    String: sqlx::Decode<'r, R::Database> + sqlx::Type<R::Database>,
{
    fn from_row(row: &'r R) -> sqlx::Result<Self> {
        Ok(Self {
            n: row.try_get(0)?,
            hash: row.try_get(1)?,
            line: row.try_get(2)?,
            kind: row.try_get(3)?,
            at: row.try_get(4)?,
            places: (row.try_get(5)?, row.try_get(6)?, row.try_get(7)?, row.try_get(8)?, row.try_get(9)?),
        })
    }
}

impl Link {
    /// The head after it, and what its row says.
    fn check(self, before: Head) -> Result<Head, String> {
        if self.n.unsigned_abs() != before.n + 1 {
            return Err(format!("expected row {}, found row {}", before.n + 1, self.n));
        }
        let line = self.line.ok_or("expected its row, found none")?;
        let hash = next(before.hash, &line);
        if self.hash != hash.0 {
            let found = digest(&self.hash).map_or_else(|| "other bytes".to_owned(), |hash| hash.to_string());
            return Err(format!("expected the hash {hash}, found {found}: the row or its place was changed"));
        }
        let entry: Entry = serde_json::from_str(&line)
            .map_err(|error| format!("expected a row of {ENTRY_FORMAT}; {error}"))?;
        let columns = entry.fact.columns();
        let expected = (columns.once, columns.record, columns.learner, columns.activity, columns.mark);
        if self.kind.as_deref() != Some(columns.kind)
            || self.at != Some(entry.at.0)
            || self.places != expected
        {
            return Err("a column says another thing than the row's text".to_owned());
        }
        Ok(Head { n: before.n + 1, hash })
    }
}

fn read_checkpoint(keys: &[PublicKey], text: &str) -> Result<Checkpoint, String> {
    let compact = Compact::parse(text, CHECKPOINT_TYP).map_err(|error| error.to_string())?;
    let key = keys.iter().find(|key| key.thumbprint() == compact.kid);
    let key = key.ok_or("the checkpoint's key is not among those at hand")?;
    if !verifies(key, &compact) {
        return Err("the checkpoint's signature is not that of its key".to_owned());
    }
    let checkpoint: Checkpoint =
        serde_json::from_slice(&compact.payload).map_err(|error| error.to_string())?;
    if checkpoint.format != CHECKPOINT_FORMAT {
        return Err(format!("expected {CHECKPOINT_FORMAT}, found {:?}", checkpoint.format));
    }
    Ok(checkpoint)
}
