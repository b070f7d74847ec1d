//! Adding rows: several lots in one transaction, with few statements for all of them.

use std::collections::HashSet;

use super::database::{on, write_on};
use super::fact::{Columns, Entry, record_key};
use super::grounds::{changed, hold};
use super::lists::{FIRST_ATTEMPT, Lists, list};
use super::people::{fill_gaps, know, latest};
use super::portions::{clear, fill, portion};
use super::rows::{Added, Beside, Lot};
use super::{Grounds, Ledger, LedgerError};

const ENTRY: &str = "INSERT INTO entry (kind, once, record, learner, activity, mark, at, line) ";
/// What is there already is left out: whoever is answered fewer numbers starts again.
const NUMBERED: &str = " ON CONFLICT (once) DO NOTHING RETURNING seq";

/// A row to be added.
struct Row<'a> {
    entry: &'a Entry,
    columns: Columns,
    line: String,
}

impl<'a> Row<'a> {
    fn of(entry: &'a Entry) -> Self {
        Self { entry, columns: entry.fact.columns(), line: entry.line() }
    }
}

/// Which lots can be added, each after those before it, where so much is there already and
/// those at these places rest on what is no longer so.
fn sift(
    lots: &[Vec<Row<'_>>],
    grounds: &[Vec<String>],
    there: &HashSet<String>,
    stale: &HashSet<usize>,
) -> Vec<Added> {
    let mut answers = Vec::with_capacity(lots.len());
    let (mut there, mut decided) = (there.clone(), HashSet::new());
    for (place, (lot, grounds)) in lots.iter().zip(grounds).enumerate() {
        // What is added with another one's grounds may not change what those were.
        if stale.contains(&place) || grounds.iter().any(|name| decided.contains(name)) {
            answers.push(Added::Stale);
            continue;
        }
        let mut own: HashSet<&String> = HashSet::new();
        let there_already = lot.iter().position(|row| {
            row.columns.once.as_ref().is_some_and(|once| there.contains(once) || !own.insert(once))
        });
        match there_already {
            Some(place) => answers.push(Added::Not { place }),
            None => {
                answers.push(Added::All);
                there.extend(own.into_iter().cloned());
                decided.extend(grounds);
            }
        }
    }
    answers
}

/// Inserts rows on a transaction, in their order; says whether all were new.
macro_rules! insert {
    ($tx:expr, $rows:expr) => {{
        let (mut lists, mut added) = (Lists::default(), 0);
        let mut rows = $rows.as_slice();
        while let Some((now, later)) = portion(rows) {
            let mut insert = sqlx::QueryBuilder::new(ENTRY);
            insert.push_values(now, |mut values, row: &&Row<'_>| {
                let columns = &row.columns;
                values.push_bind(columns.kind).push_bind(&columns.once).push_bind(&columns.record);
                values.push_bind(&columns.learner).push_bind(&columns.activity).push_bind(&columns.mark);
                values.push_bind(row.entry.at.0).push_bind(&row.line);
            });
            insert.push(NUMBERED);
            let mut numbers: Vec<i64> = insert.build_query_scalar().fetch_all(&mut *$tx).await?;
            added += numbers.len();
            // They are taken in the order of the rows, and not always told in it.
            numbers.sort_unstable();
            for (seq, row) in numbers.into_iter().zip(now) {
                lists.take(seq, row.entry);
            }
            rows = later;
        }
        let is_all = added == $rows.len();
        if is_all {
            list!($tx, lists);
        }
        is_all
    }};
}

/// A transaction that writes something, and the row that tells of it.
pub(super) trait Telling {
    /// Adds a row that may be there any number of times.
    async fn tell(&mut self, entry: &Entry) -> Result<(), LedgerError>;
}

impl Telling for sqlx::Transaction<'_, sqlx::Sqlite> {
    async fn tell(&mut self, entry: &Entry) -> Result<(), LedgerError> {
        let (row, tx) = (Row::of(entry), self);
        let rows = vec![&row];
        let _is_new = insert!(*tx, rows);
        Ok(())
    }
}

impl Telling for sqlx::Transaction<'_, sqlx::Postgres> {
    async fn tell(&mut self, entry: &Entry) -> Result<(), LedgerError> {
        let (row, tx) = (Row::of(entry), self);
        let rows = vec![&row];
        let _is_new = insert!(*tx, rows);
        Ok(())
    }
}

/// Inserts on a transaction what is kept beside rows.
macro_rules! put {
    ($tx:expr, $besides:expr) => {{
        let besides: &[&Beside] = $besides;
        let proofs: Vec<_> = besides.iter().filter_map(|beside| beside.proof.as_ref()).collect();
        fill!(
            $tx,
            "INSERT INTO proof (record, jws, log, jwk) ",
            proofs,
            (record, proof) => [
                record_key(record),
                &proof.jws,
                &proof.log,
                serde_json::to_string(&proof.key).unwrap_or_default(),
            ]
        );
        let gone: Vec<String> =
            besides.iter().flat_map(|beside| &beside.gone).map(ToString::to_string).collect();
        clear!($tx, "DELETE FROM identifier WHERE learner IN (", gone);
        clear!($tx, "DELETE FROM person WHERE learner IN (", gone);
        let bare: Vec<String> = besides.iter().flat_map(|beside| &beside.bare).map(record_key).collect();
        clear!($tx, "DELETE FROM sheet WHERE record IN (", bare);
        know!($tx, latest(besides.iter().filter_map(|beside| beside.person.as_ref())));
        fill_gaps!($tx, besides.iter().filter_map(|beside| beside.gaps.as_ref()));
        let sheets: Vec<_> = besides.iter().flat_map(|beside| &beside.sheets).collect();
        fill!(
            $tx,
            "INSERT INTO sheet (record, part, text) ",
            sheets,
            (record, part, text) => [record_key(record), *part, text]
        );
        let firsts: Vec<_> = besides.iter().flat_map(|beside| &beside.first_attempts).collect();
        fill!(
            $tx,
            FIRST_ATTEMPT,
            firsts,
            (record, activity, part, passed) => [
                activity.as_str(),
                part.as_str(),
                record_key(record),
                i64::from(*passed),
            ],
            " ON CONFLICT DO NOTHING"
        );
    }};
}

impl Ledger {
    /// Adds rows, all or none.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn add(&self, entries: &[Entry]) -> Result<Added, LedgerError> {
        self.add_lot(entries, &Beside::default()).await
    }

    /// Adds rows with what is kept beside them, all or none.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn add_lot(&self, entries: &[Entry], beside: &Beside) -> Result<Added, LedgerError> {
        let answers = self.add_all(&[(entries, beside)]).await?;
        // One lot, one answer.
        Ok(answers.into_iter().next().unwrap_or(Added::All))
    }

    /// Adds several lots in one transaction, so that they wait for the disk once: each
    /// lot is added whole or not at all, and the answers are in their order.
    ///
    /// # Errors
    /// [`LedgerError`]; none was added then.
    pub async fn add_lots(&self, lots: &[Lot]) -> Result<Vec<Added>, LedgerError> {
        let lots: Vec<_> = lots.iter().map(|(entries, beside)| (entries.as_slice(), beside)).collect();
        self.add_all(&lots).await
    }

    async fn add_all(&self, lots: &[(&[Entry], &Beside)]) -> Result<Vec<Added>, LedgerError> {
        let rows: Vec<Vec<Row<'_>>> =
            lots.iter().map(|(entries, _)| entries.iter().map(Row::of).collect()).collect();
        let names: Vec<Vec<String>> =
            lots.iter().map(|(_, beside)| beside.grounds.names().collect()).collect();
        let (mut there, mut stale) = (HashSet::new(), HashSet::new());
        // Ends: every time more of what is to be there once is there, or more is stale.
        loop {
            let answers = sift(&rows, &names, &there, &stale);
            let taken = || (0..lots.len()).filter(|place| answers.get(*place) == Some(&Added::All));
            let new: Vec<&Row<'_>> = taken().filter_map(|place| rows.get(place)).flatten().collect();
            let besides: Vec<(usize, &Beside)> =
                taken().filter_map(|place| lots.get(place).map(|(_, beside)| (place, *beside))).collect();
            if besides.is_empty() {
                return Ok(answers);
            }
            let grounds: Vec<(usize, &Grounds)> =
                besides.iter().map(|(place, beside)| (*place, &beside.grounds)).collect();
            let besides: Vec<&Beside> = besides.into_iter().map(|(_, beside)| beside).collect();
            write_on!(&self.database, tx => {
                hold!(&self.database, tx, grounds.iter().flat_map(|(_, grounds)| grounds.names()));
                let changed = changed!(&self.database, tx, &grounds);
                if changed.is_empty() && insert!(tx, new) {
                    put!(tx, &besides);
                    tx.commit().await?;
                    return Ok(answers);
                }
                tx.rollback().await?;
                if !changed.is_empty() {
                    stale.extend(changed);
                    continue;
                }
            });
            // Of all of them: what was left out for another lot's sake may have its place now.
            there = self.there(rows.iter().flatten()).await?;
        }
    }

    /// What may be there once of these rows, and is.
    async fn there<'a>(
        &self,
        rows: impl Iterator<Item = &'a Row<'a>>,
    ) -> Result<HashSet<String>, LedgerError> {
        let all: Vec<&String> = rows.filter_map(|row| row.columns.once.as_ref()).collect();
        let mut there = HashSet::new();
        let mut onces = all.as_slice();
        while let Some((now, later)) = portion(onces) {
            let found: Vec<String> = on!(&self.database, pool => {
                let mut select = sqlx::QueryBuilder::new("SELECT once FROM entry WHERE once IN (");
                let mut list = select.separated(", ");
                for once in now {
                    list.push_bind(*once);
                }
                list.push_unseparated(")");
                select.build_query_scalar().fetch_all(pool).await
            })?;
            there.extend(found);
            onces = later;
        }
        Ok(there)
    }
}
