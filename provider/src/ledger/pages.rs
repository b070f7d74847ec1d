//! Reading the whole ledger by pages, for those who go through all of it.

use std::collections::BTreeMap;

use super::database::on;
use super::rows::read;
use super::{Found, Ledger, LedgerError};

/// A record with everything that the ledger has of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PagedRecord {
    /// The number of the row by which it came.
    pub seq: i64,
    /// All rows about it, the first first.
    pub rows: Vec<Found>,
    /// The signed record.
    pub jws: String,
    /// Its log.
    pub log: String,
}

const RECORDS: &str = "SELECT e.seq, e.record, p.jws, p.log FROM entry e JOIN proof p ON p.record = e.record \
                       WHERE e.kind = 'received' AND e.seq > $1 AND e.seq <= $2 ORDER BY e.seq LIMIT $3";
const OF_RECORDS: &str = "SELECT e.record, e.seq, e.line FROM entry e WHERE e.seq <= $3 AND e.record IN \
                          (SELECT r.record FROM entry r WHERE r.kind = 'received' AND r.seq > $1 AND r.seq <= $2) \
                          ORDER BY e.seq";
const DECISIONS: &str = "SELECT seq, line FROM entry WHERE kind IN ('decided', 'credited', 'reversed') \
                         AND seq > $1 AND seq <= $2 ORDER BY seq LIMIT $3";
const COUNT: &str = "SELECT COUNT(*) FROM entry WHERE kind = $1 AND seq <= $2";

impl Ledger {
    /// The number of the last row; 0 without one.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn latest(&self) -> Result<i64, LedgerError> {
        let select = "SELECT COALESCE(MAX(seq), 0) FROM entry";
        let (seq,): (i64,) = on!(&self.database, pool => sqlx::query_as(select).fetch_one(pool).await)?;
        Ok(seq)
    }

    /// How many rows of a kind there are up to a number.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn count(&self, kind: &str, until: i64) -> Result<u64, LedgerError> {
        let (count,): (i64,) = on!(&self.database, pool =>
            sqlx::query_as(COUNT).bind(kind).bind(until).fetch_one(pool).await)?;
        Ok(count.unsigned_abs())
    }

    /// How many decisions, credits and reversals there are up to a number.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn decisions(&self, until: i64) -> Result<u64, LedgerError> {
        let mut all = 0;
        for kind in ["decided", "credited", "reversed"] {
            all += self.count(kind, until).await?;
        }
        Ok(all)
    }

    /// The next records after a number and up to another, in the order in which they
    /// came; empty after the last.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn page_of_records(
        &self,
        after: i64,
        until: i64,
        most: u32,
    ) -> Result<Vec<PagedRecord>, LedgerError> {
        let records: Vec<(i64, String, String, String)> = on!(&self.database, pool =>
            sqlx::query_as(RECORDS).bind(after).bind(until).bind(i64::from(most)).fetch_all(pool).await)?;
        let Some((last, ..)) = records.last() else { return Ok(Vec::new()) };
        let lines: Vec<(String, i64, String)> = on!(&self.database, pool =>
            sqlx::query_as(OF_RECORDS).bind(after).bind(last).bind(until).fetch_all(pool).await)?;
        let mut rows: BTreeMap<String, Vec<Found>> = BTreeMap::new();
        for (record, seq, line) in lines {
            rows.entry(record).or_default().push(Found { seq, entry: read(&line)? });
        }
        let page = records.into_iter().map(|(seq, record, jws, log)| {
            let rows = rows.remove(&record).unwrap_or_default();
            PagedRecord { seq, rows, jws, log }
        });
        Ok(page.collect())
    }

    /// The next decisions, credits and reversals after a number and up to another; empty
    /// after the last.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn page_of_decisions(
        &self,
        after: i64,
        until: i64,
        most: u32,
    ) -> Result<Vec<Found>, LedgerError> {
        let rows: Vec<(i64, String)> = on!(&self.database, pool =>
            sqlx::query_as(DECISIONS).bind(after).bind(until).bind(i64::from(most)).fetch_all(pool).await)?;
        rows.into_iter().map(|(seq, line)| Ok(Found { seq, entry: read(&line)? })).collect()
    }
}
