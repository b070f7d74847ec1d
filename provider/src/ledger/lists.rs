//! What lists are made from: a line per record with how it stands, its reasons, and who
//! did what. Written with the rows in one transaction, and never decided upon.

use super::fact::{Entry, Fact, record_key};

pub(super) const RECEIVED: &str = "INSERT INTO standing (record, learner, activity, at, completed, state, waits, reversed, session) \
                                   VALUES ($1, $2, $3, $4, $5, 'review', 'review', 0, $6)";
pub(super) const DECIDED: &str = "UPDATE standing SET learner = $2, state = $3, waits = $4 WHERE record = $1";
pub(super) const NO_REASONS: &str = "DELETE FROM reason WHERE record = $1";
pub(super) const REASON: &str = "INSERT INTO reason (record, code) VALUES ($1, $2) ON CONFLICT DO NOTHING";
pub(super) const RECEIPTED: &str = "UPDATE standing SET reversed = $2 WHERE record = $1";
pub(super) const APPEALED: &str =
    "UPDATE standing SET state = 'appealed', waits = 'appealed' WHERE record = $1";
pub(super) const DEED: &str = "INSERT INTO deed (seq, staff) VALUES ($1, $2)";
pub(super) const FIRST_ATTEMPT: &str = "INSERT INTO first_attempt (activity, part, record, passed) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";

/// What a row changes in the lists.
pub(super) enum Change {
    /// A record is new: record, learner, activity, day of completion, session.
    Received(String, String, String, String, String),
    /// It was decided: record, learner, state, reasons.
    Decided(String, String, &'static str, Vec<String>),
    /// A receipt was signed: record, and whether it takes back.
    Receipted(String, i64),
    /// A learner appealed.
    Appealed(String),
    /// Nothing.
    None,
}

/// What a row changes in the lists.
pub(super) fn change(entry: &Entry) -> Change {
    use enduring_core::record::{Decision, Standing};
    match &entry.fact {
        Fact::Received(received) => Change::Received(
            record_key(&received.record),
            received.learner.to_string(),
            received.activity.id.to_string(),
            received.completed.clone(),
            received.record.id.to_string(),
        ),
        Fact::Decided { record, learner, decision, reasons, .. } => {
            let (state, reasons) = match decision {
                Decision::Credit => ("credited", Vec::new()),
                Decision::Review => ("review", reasons.clone()),
                Decision::Reject => ("rejected", reasons.clone()),
            };
            Change::Decided(record_key(record), learner.to_string(), state, reasons)
        }
        Fact::Receipted { record, standing, .. } => {
            Change::Receipted(record_key(record), i64::from(*standing == Standing::Reversed))
        }
        Fact::Appealed { record } => Change::Appealed(record_key(record)),
        _ => Change::None,
    }
}

/// Whether a row belongs into the audit: what a person did, or what concerns accounts.
pub(super) fn is_deed(entry: &Entry) -> bool {
    !matches!(entry.by.as_str(), "rule" | "learner") || matches!(entry.fact, Fact::Acted { .. })
}

/// Carries what a row changes into the lists, on the transaction that adds it.
macro_rules! list {
    ($tx:expr, $entry:expr, $seq:expr) => {{
        use $crate::ledger::lists::*;
        if is_deed($entry) {
            sqlx::query(DEED).bind($seq).bind(&$entry.by).execute(&mut *$tx).await?;
        }
        match change($entry) {
            Change::Received(record, learner, activity, completed, session) => {
                let add = sqlx::query(RECEIVED).bind(record).bind(learner).bind(activity);
                add.bind($entry.at.0).bind(completed).bind(session).execute(&mut *$tx).await?;
            }
            Change::Decided(record, learner, state, reasons) => {
                let set = sqlx::query(DECIDED).bind(&record).bind(learner).bind(state);
                let set = set.bind((state == "review").then_some(state));
                set.execute(&mut *$tx).await?;
                sqlx::query(NO_REASONS).bind(&record).execute(&mut *$tx).await?;
                for code in reasons {
                    sqlx::query(REASON).bind(&record).bind(code).execute(&mut *$tx).await?;
                }
            }
            Change::Receipted(record, reversed) => {
                sqlx::query(RECEIPTED).bind(record).bind(reversed).execute(&mut *$tx).await?;
            }
            Change::Appealed(record) => {
                sqlx::query(APPEALED).bind(record).execute(&mut *$tx).await?;
            }
            Change::None => {}
        }
    }};
}
pub(super) use list;
