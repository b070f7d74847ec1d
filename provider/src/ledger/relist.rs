//! Making the desk's lists again from the rows: all of it or nothing. Nobody writes
//! meanwhile.

use super::backup::first_attempts;
use super::database::{Database, on, write_on};
use super::lists::{FIRST_ATTEMPT, Lists, list};
use super::people::{folded, folded_number, name_words};
use super::portions::fill;
use super::rows::read;
use super::{Ledger, LedgerError};

/// Rows, proofs or people that are read at a time.
const PAGE: i64 = 500;

/// How names and numbers are compared now ([`folded`], [`folded_number`]): one more with each change.
const COMPARED: i64 = 2;

impl Ledger {
    /// Makes the lists again if names and numbers were compared otherwise when they were written.
    ///
    /// # Errors
    /// [`LedgerError`]; the lists are then as they were.
    pub(super) async fn compare_as_now(&self) -> Result<(), LedgerError> {
        let is_so = "SELECT COUNT(*) FROM compared WHERE version = $1";
        let (is_so,): (i64,) =
            on!(&self.database, pool => sqlx::query_as(is_so).bind(COMPARED).fetch_one(pool).await)?;
        if is_so > 0 {
            return Ok(());
        }
        self.make_lists().await?;
        write_on!(&self.database, tx => {
            let now = "INSERT INTO compared (version) VALUES ($1) ON CONFLICT DO NOTHING";
            sqlx::query(now).bind(COMPARED).execute(&mut *tx).await?;
            Ok(tx.commit().await?)
        })
    }

    /// Makes the lists again; says of how many rows.
    ///
    /// # Errors
    /// [`LedgerError`]; the lists are then as they were.
    pub async fn make_lists(&self) -> Result<u64, LedgerError> {
        let mut made = 0u64;
        write_on!(&self.database, tx => {
            if let Database::Postgres(_) = &self.database {
                // Whoever writes a list has written a row, a number or a person before: in this
                // order nobody waits for us who holds what we wait for.
                sqlx::query("LOCK TABLE entry, identifier, person, name_word IN SHARE ROW EXCLUSIVE MODE").execute(&mut *tx).await?;
            }
            for table in ["DELETE FROM deed", "DELETE FROM standing", "DELETE FROM reason", "DELETE FROM first_attempt", "DELETE FROM name_word"] {
                sqlx::query(table).execute(&mut *tx).await?;
            }
            let mut after = 0i64;
            loop {
                let lines: Vec<(i64, String)> = sqlx::query_as("SELECT seq, line FROM entry WHERE seq > $1 ORDER BY seq LIMIT $2")
                    .bind(after).bind(PAGE).fetch_all(&mut *tx).await?;
                let Some((last, _)) = lines.last() else { break };
                after = *last;
                let mut lists = Lists::default();
                for (seq, line) in lines {
                    made += 1;
                    // A row that was changed makes no line of a list; checking the chain names it.
                    if let Ok(entry) = read(&line) {
                        lists.take(seq, &entry);
                    }
                }
                list!(tx, lists);
            }
            let mut after = String::new();
            loop {
                let proofs: Vec<(String, String)> = sqlx::query_as("SELECT record, jws FROM proof WHERE record > $1 ORDER BY record LIMIT $2")
                    .bind(&after).bind(PAGE).fetch_all(&mut *tx).await?;
                let Some((last, _)) = proofs.last() else { break };
                after = last.clone();
                let mut firsts = Vec::new();
                for (record, jws) in &proofs {
                    firsts.extend(first_attempts(jws).into_iter().map(|first| (record, first)));
                }
                fill!(
                    tx, FIRST_ATTEMPT, firsts,
                    (record, (activity, part, passed)) => [activity, part, *record, *passed], " ON CONFLICT DO NOTHING"
                );
            }
            let mut after = String::new();
            loop {
                let people: Vec<(String, String, String)> = sqlx::query_as("SELECT learner, first_name, last_name FROM person WHERE learner > $1 ORDER BY learner LIMIT $2")
                    .bind(&after).bind(PAGE).fetch_all(&mut *tx).await?;
                let Some((last, ..)) = people.last() else { break };
                after = last.clone();
                let mut words = Vec::new();
                for (learner, first, last) in people {
                    sqlx::query("UPDATE person SET folded = $2 WHERE learner = $1").bind(&learner).bind(folded(&first, &last)).execute(&mut *tx).await?;
                    words.extend(name_words(&[&first, &last]).into_iter().map(|word| (word, learner.clone())));
                }
                fill!(tx, "INSERT INTO name_word (word, learner) ", words, (word, learner) => [word, learner]);
            }
            let mut after = String::new();
            loop {
                let numbers: Vec<(String, String, String, String)> = sqlx::query_as(
                    "SELECT learner || '/' || kind, learner, kind, typed FROM identifier WHERE typed IS NOT NULL \
                     AND learner || '/' || kind > $1 ORDER BY learner || '/' || kind LIMIT $2",
                ).bind(&after).bind(PAGE).fetch_all(&mut *tx).await?;
                let Some((last, ..)) = numbers.last() else { break };
                after = last.clone();
                for (_, learner, kind, typed) in numbers {
                    sqlx::query("UPDATE identifier SET value = $3 WHERE learner = $1 AND kind = $2 AND value <> $3")
                        .bind(learner).bind(kind).bind(folded_number(&typed)).execute(&mut *tx).await?;
                }
            }
            tx.commit().await?;
            Ok(made)
        })
    }
}
