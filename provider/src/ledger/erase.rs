//! Erasing what is personal of a learner. Rows, chain and proofs hold without it.

use std::collections::BTreeSet;

use enduring_core::id::LearnerRef;
use enduring_core::record::RecordRef;

use super::database::write_on;
use super::fact::{Entry, Fact, record_key};
use super::people::fill_gaps;
use super::portions::fill;
use super::rows::{Beside, Found};
use super::{Ledger, LedgerError, Person};
use crate::time;

/// Whose a record was by each row that says so, the first first: the last holds.
fn owners(rows: &[Found]) -> Vec<LearnerRef> {
    let owner = |row: &Found| match &row.entry.fact {
        Fact::Received(received) => Some(received.learner),
        Fact::Decided { learner, .. } => Some(*learner),
        _ => None,
    };
    rows.iter().filter_map(owner).collect()
}

/// The records that rows about a learner put down to them, each once.
fn records(rows: &[Found]) -> Vec<RecordRef> {
    let mut seen = Vec::new();
    for row in rows {
        let record = match &row.entry.fact {
            Fact::Received(received) => received.record,
            Fact::Decided { record, .. } => *record,
            _ => continue,
        };
        if !seen.contains(&record) {
            seen.push(record);
        }
    }
    seen
}

impl Ledger {
    /// The records that are a learner's by what was decided last about each, in the order in
    /// which they came to be.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn records_of(&self, learner: &LearnerRef) -> Result<Vec<RecordRef>, LedgerError> {
        let mut own = Vec::new();
        for record in records(&self.of_learner(&learner.to_string()).await?) {
            if owners(&self.of_record(&record).await?).last() == Some(learner) {
                own.push(record);
            }
        }
        Ok(own)
    }

    /// Learners that a record was put down to before it was another's, and who are nobody
    /// apart from it: no other record is theirs, no ticket, no line of a roster. What is
    /// known of them is what this record says.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn nobody_else(
        &self,
        record: &RecordRef,
        learner: &LearnerRef,
    ) -> Result<Vec<LearnerRef>, LedgerError> {
        let mut nobody = Vec::new();
        let before: BTreeSet<LearnerRef> = owners(&self.of_record(record).await?).into_iter().collect();
        for before in before.into_iter().filter(|before| before != learner) {
            let rows = self.of_learner(&before.to_string()).await?;
            let has_ticket = rows.iter().any(|row| matches!(row.entry.fact, Fact::Ticketed { .. }));
            let is_listed = self.person(&before).await?.is_none_or(|person| person.roster);
            if has_ticket || is_listed {
                continue;
            }
            if self.records_of(&before).await?.iter().all(|own| own == record) {
                nobody.push(before);
            }
        }
        Ok(nobody)
    }

    /// Erases what is personal of a learner, the separate parts of their records too, and
    /// what is known of learners that those were put down to before; and writes down that it
    /// was done. All of it, or nothing.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn erase(&self, learner: &LearnerRef, by: &str) -> Result<(), LedgerError> {
        let bare = self.records_of(learner).await?;
        let mut gone = vec![*learner];
        for record in &bare {
            gone.extend(self.nobody_else(record, learner).await?);
        }
        let erased = Entry::new(time::now(), by, Fact::Erased { learner: *learner });
        self.add_lot(&[erased], &Beside { gone, bare, ..Beside::default() }).await?;
        Ok(self.database.settle().await?)
    }

    /// Keeps separate parts of a record that came after it, and what they say of its learner
    /// that is not known yet; not those of a learner who was erased since the record came.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn complete(
        &self,
        sheets: &[(RecordRef, &'static str, String)],
        learners: [LearnerRef; 2],
        came: i64,
        gaps: Option<&Person>,
    ) -> Result<(), LedgerError> {
        let sheets: Vec<_> = sheets.iter().collect();
        let [one, other] = learners.map(|learner| learner.to_string());
        write_on!(&self.database, tx => {
            let erased: Option<(i64,)> = sqlx::query_as(
                "SELECT seq FROM entry WHERE kind = 'erased' AND learner IN ($1, $2) AND seq > $3 LIMIT 1",
            ).bind(one).bind(other).bind(came).fetch_optional(&mut *tx).await?;
            if erased.is_none() {
                fill!(
                    tx,
                    "INSERT INTO sheet (record, part, text) ",
                    sheets,
                    (record, part, text) => [record_key(record), *part, text],
                    " ON CONFLICT DO NOTHING"
                );
                fill_gaps!(tx, gaps);
            }
            tx.commit().await?;
        });
        Ok(())
    }
}
