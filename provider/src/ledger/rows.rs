//! Adding rows, and finding them.

use enduring_core::id::{ActivityId, PartId};
use enduring_core::record::{Jwk, RecordRef};

use super::database::{on, write_on};
use super::fact::{Entry, record_key};
use super::lists::list;
use super::people::know;
use super::{Ledger, LedgerError, Person};

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

/// Separate parts of a record, by name, its proof, and who its learner is, that are added
/// with its rows.
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
}

const INSERT: &str = "INSERT INTO entry (kind, once, record, learner, activity, mark, at, line) \
                      VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (once) DO NOTHING RETURNING seq";

/// Inserts rows on a transaction; breaks the labelled block at the first that is there already.
macro_rules! insert {
    ($tx:expr, $entries:expr, $beside:expr) => {{
        let mut conflict = None;
        for (place, entry) in $entries.iter().enumerate() {
            let columns = entry.fact.columns();
            let done: Option<(i64,)> = sqlx::query_as(INSERT)
                .bind(columns.kind)
                .bind(columns.once)
                .bind(columns.record)
                .bind(columns.learner)
                .bind(columns.activity)
                .bind(columns.mark)
                .bind(entry.at.0)
                .bind(entry.line())
                .fetch_optional(&mut *$tx)
                .await?;
            let Some((seq,)) = done else {
                conflict = Some(place);
                break;
            };
            list!($tx, entry, seq);
        }
        if conflict.is_none() {
            if let Some((record, proof)) = &$beside.proof {
                sqlx::query("INSERT INTO proof (record, jws, log, jwk) VALUES ($1, $2, $3, $4)")
                    .bind(record_key(record))
                    .bind(&proof.jws)
                    .bind(&proof.log)
                    .bind(serde_json::to_string(&proof.key).unwrap_or_default())
                    .execute(&mut *$tx)
                    .await?;
            }
            if let Some(person) = &$beside.person {
                know!($tx, person);
            }
            for (record, part, text) in &$beside.sheets {
                sqlx::query("INSERT INTO sheet (record, part, text) VALUES ($1, $2, $3)")
                    .bind(record_key(record))
                    .bind(*part)
                    .bind(text)
                    .execute(&mut *$tx)
                    .await?;
            }
            for (record, activity, part, passed) in &$beside.first_attempts {
                sqlx::query(super::lists::FIRST_ATTEMPT)
                    .bind(activity.as_str())
                    .bind(part.as_str())
                    .bind(record_key(record))
                    .bind(i64::from(*passed))
                    .execute(&mut *$tx)
                    .await?;
            }
        }
        conflict
    }};
}

impl Ledger {
    /// Adds rows, all or none.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn add(&self, entries: &[Entry]) -> Result<Added, LedgerError> {
        self.add_with(entries, &Beside::default()).await
    }

    /// Adds rows with what is kept beside them, all or none.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn add_with(&self, entries: &[Entry], beside: &Beside) -> Result<Added, LedgerError> {
        write_on!(&self.database, tx => {
            match insert!(tx, entries, beside) {
                Some(place) => {
                    tx.rollback().await?;
                    Ok(Added::Not { place })
                }
                None => {
                    tx.commit().await?;
                    Ok(Added::All)
                }
            }
        })
    }

    /// Adds several lots in one transaction, so that SQLite waits for the disk once: each
    /// lot is added whole or not at all, and the answers are in their order.
    ///
    /// # Errors
    /// [`LedgerError`]; none was added then.
    pub async fn add_lots(&self, lots: &[(Vec<Entry>, Beside)]) -> Result<Vec<Added>, LedgerError> {
        write_on!(&self.database, tx => {
            let mut answers = Vec::with_capacity(lots.len());
            for (entries, beside) in lots {
                sqlx::query("SAVEPOINT lot").execute(&mut *tx).await?;
                match insert!(tx, entries, beside) {
                    Some(place) => {
                        sqlx::query("ROLLBACK TO SAVEPOINT lot").execute(&mut *tx).await?;
                        answers.push(Added::Not { place });
                    }
                    None => answers.push(Added::All),
                }
                sqlx::query("RELEASE SAVEPOINT lot").execute(&mut *tx).await?;
            }
            tx.commit().await?;
            Ok(answers)
        })
    }

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
