//! Rows, and finding them.

use enduring_core::id::{ActivityId, LearnerRef, PartId};
use enduring_core::record::{ClaimRecord, Compact, Jwk, Payload, RECORD_TYP, RecordRef};

use super::database::on;
use super::fact::{Entry, record_key};
use super::{Grounds, Ledger, LedgerError, Person};

/// What becomes of rows that are to be added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Added {
    /// They are there, durably.
    All,
    /// None was added: the one at that place may be there only once, and is.
    Not {
        /// Its place among those given.
        place: usize,
    },
    /// None was added: what they were decided on is no longer so. Decide again.
    Stale,
}

/// A row that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its number: later rows have higher ones.
    pub seq: i64,
    /// The row.
    pub entry: Entry,
}

/// What a record is proved by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// The signed record.
    pub jws: String,
    /// Its log.
    pub log: String,
    /// Its key.
    pub key: Jwk,
}

/// Rows that are added whole or not at all, with what is kept beside them.
pub type Lot = (Vec<Entry>, Beside);

/// What is kept beside rows and written with them: separate parts of a record, by name, its
/// proof, who its learner is; and what is personal that goes with them.
#[derive(Clone, Debug, Default)]
pub struct Beside {
    /// The proof with its record.
    pub proof: Option<(RecordRef, Proof)>,
    /// `learner`, `consent`, `evaluation` with their texts.
    pub sheets: Vec<(RecordRef, &'static str, String)>,
    /// Whether the first attempt at a test passed, by part: for rates without reading records.
    pub first_attempts: Vec<(RecordRef, ActivityId, PartId, bool)>,
    /// Who the learner is, where that is news.
    pub person: Option<Person>,
    /// What a learner says who is known: only what was not known yet is written down.
    pub gaps: Option<Person>,
    /// Learners of whom nothing personal is kept any more.
    pub gone: Vec<LearnerRef>,
    /// Records whose separate parts are kept no more.
    pub bare: Vec<RecordRef>,
    /// What the rows were decided on: they are added only where it still is so.
    pub grounds: Grounds,
}

impl Ledger {
    /// The row that may be there once, if it is.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn once(&self, once: &str) -> Result<Option<Found>, LedgerError> {
        let select = "SELECT seq, line FROM entry WHERE once = $1";
        Ok(self.rows(select, once).await?.pop())
    }

    /// All rows about a record, the first first.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn of_record(&self, record: &RecordRef) -> Result<Vec<Found>, LedgerError> {
        self.rows("SELECT seq, line FROM entry WHERE record = $1 ORDER BY seq", &record_key(record)).await
    }

    /// All rows about a learner, the first first.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn of_learner(&self, learner: &str) -> Result<Vec<Found>, LedgerError> {
        self.rows("SELECT seq, line FROM entry WHERE learner = $1 ORDER BY seq", learner).await
    }

    /// All rows of a kind about an activity, the first first.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn of_activity(&self, kind: &str, activity: &str) -> Result<Vec<Found>, LedgerError> {
        let select = "SELECT seq, line FROM entry WHERE activity = $1 AND kind = $2 ORDER BY seq";
        let rows: Vec<(i64, String)> = on!(&self.database, pool =>
            sqlx::query_as(select).bind(activity).bind(kind).fetch_all(pool).await)?;
        rows.into_iter().map(|(seq, line)| Ok(Found { seq, entry: read(&line)? })).collect()
    }

    /// Some records that were received of an activity after a row, the first first; none after
    /// the last.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn some_received(&self, activity: &ActivityId, after: i64) -> Result<Vec<Found>, LedgerError> {
        let select = "SELECT seq, line FROM entry WHERE activity = $1 AND kind = 'received' AND seq > $2 \
                      ORDER BY seq LIMIT 500";
        let rows: Vec<(i64, String)> = on!(&self.database, pool =>
            sqlx::query_as(select).bind(activity.as_str()).bind(after).fetch_all(pool).await)?;
        rows.into_iter().map(|(seq, line)| Ok(Found { seq, entry: read(&line)? })).collect()
    }

    /// All rows with a mark, such as `key:…`, the first first.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn of_mark(&self, mark: &str) -> Result<Vec<Found>, LedgerError> {
        self.rows("SELECT seq, line FROM entry WHERE mark = $1 ORDER BY seq", mark).await
    }

    /// All rows of a kind, the first first.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn of_kind(&self, kind: &str) -> Result<Vec<Found>, LedgerError> {
        self.rows("SELECT seq, line FROM entry WHERE kind = $1 ORDER BY seq", kind).await
    }

    async fn rows(&self, select: &'static str, key: &str) -> Result<Vec<Found>, LedgerError> {
        let rows: Vec<(i64, String)> =
            on!(&self.database, pool => sqlx::query_as(select).bind(key).fetch_all(pool).await)?;
        rows.into_iter().map(|(seq, line)| Ok(Found { seq, entry: read(&line)? })).collect()
    }

    /// The number of the last row.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn rows_taken(&self) -> Result<u64, LedgerError> {
        let last = "SELECT COALESCE(MAX(seq), 0) FROM entry";
        let (last,): (i64,) = on!(&self.database, pool => sqlx::query_as(last).fetch_one(pool).await)?;
        Ok(last.unsigned_abs())
    }

    /// What a record is proved by.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn proof(&self, record: &RecordRef) -> Result<Option<Proof>, LedgerError> {
        let select = "SELECT jws, log, jwk FROM proof WHERE record = $1";
        let row: Option<(String, String, String)> = on!(&self.database, pool =>
            sqlx::query_as(select).bind(record_key(record)).fetch_optional(pool).await)?;
        let Some((jws, log, key)) = row else { return Ok(None) };
        let key = serde_json::from_str(&key).map_err(|_| LedgerError::Unreadable { what: "proof.jwk" })?;
        Ok(Some(Proof { jws, log, key }))
    }

    /// What a record claims, as it was signed; `None` where that cannot be read.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn claims(&self, record: &RecordRef) -> Result<Option<Vec<ClaimRecord>>, LedgerError> {
        let select = "SELECT jws FROM proof WHERE record = $1";
        let row: Option<(String,)> = on!(&self.database, pool =>
            sqlx::query_as(select).bind(record_key(record)).fetch_optional(pool).await)?;
        let compact = row.and_then(|(jws,)| Compact::parse(&jws, RECORD_TYP).ok());
        let payload = compact.and_then(|compact| serde_json::from_slice::<Payload>(&compact.payload).ok());
        Ok(payload.map(|payload| payload.claims))
    }

    /// The separate parts of a record that are still there, by name.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn sheets(&self, record: &RecordRef) -> Result<Vec<(String, String)>, LedgerError> {
        let select = "SELECT part, text FROM sheet WHERE record = $1 ORDER BY part";
        Ok(on!(&self.database, pool =>
            sqlx::query_as(select).bind(record_key(record)).fetch_all(pool).await)?)
    }
}

/// Reads the text of a row.
pub(super) fn read(line: &str) -> Result<Entry, LedgerError> {
    serde_json::from_str(line).map_err(|_| LedgerError::Unreadable { what: "entry.line" })
}
