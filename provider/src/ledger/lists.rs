//! What lists are made from: a line per record with how it stands, its reasons, and who
//! did what. Written with the rows in one transaction, and never decided upon.

use std::collections::{BTreeMap, BTreeSet};

use super::fact::{Entry, Fact, record_key};

pub(super) const DECIDED: &str = "UPDATE standing SET learner = $2, state = $3, waits = $4 WHERE record = $1";
pub(super) const NO_REASONS: &str = "DELETE FROM reason WHERE record = $1";
pub(super) const REASON: &str = "INSERT INTO reason (record, code) VALUES ($1, $2) ON CONFLICT DO NOTHING";
pub(super) const RECEIPTED: &str = "UPDATE standing SET reversed = $2 WHERE record = $1";
pub(super) const APPEALED: &str =
    "UPDATE standing SET state = 'appealed', waits = 'appealed' WHERE record = $1 AND state = 'rejected'";
pub(super) const FIRST_ATTEMPT: &str = "INSERT INTO first_attempt (activity, part, record, passed) ";

/// A record in the lists `standing` and `reason`.
#[derive(Default)]
pub(super) struct Line {
    pub learner: String,
    pub activity: String,
    pub at: i64,
    pub completed: String,
    pub state: String,
    pub waits: Option<String>,
    pub reversed: i64,
    pub session: String,
    pub reasons: BTreeSet<String>,
}

/// What a row changes in the lists.
pub(super) enum Change {
    /// A record is new.
    Received(String, Box<Line>),
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
        Fact::Received(received) => {
            let line = Line {
                learner: received.learner.to_string(),
                activity: received.activity.id.to_string(),
                at: entry.at.0,
                completed: received.completed.clone(),
                state: "review".to_owned(),
                waits: Some("review".to_owned()),
                reversed: 0,
                session: received.record.id.to_string(),
                reasons: BTreeSet::new(),
            };
            Change::Received(record_key(&received.record), Box::new(line))
        }
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
        Fact::Appealed { record, .. } => Change::Appealed(record_key(record)),
        _ => Change::None,
    }
}

/// Whether a row belongs into the audit: what a person did, or what concerns accounts.
pub(super) fn is_deed(entry: &Entry) -> bool {
    !matches!(entry.by.as_str(), "rule" | "learner") || matches!(entry.fact, Fact::Acted { .. })
}

impl Line {
    /// Carries what a later row about the record changes.
    pub fn take(&mut self, change: Change) {
        match change {
            Change::Decided(_, learner, state, reasons) => {
                self.learner = learner;
                self.state = state.to_owned();
                self.waits = (state == "review").then(|| state.to_owned());
                self.reasons = reasons.into_iter().collect();
            }
            Change::Receipted(_, reversed) => self.reversed = reversed,
            // What was credited in the same moment needs no other look.
            Change::Appealed(_) if self.state == "rejected" => {
                self.state = "appealed".to_owned();
                self.waits = Some("appealed".to_owned());
            }
            Change::Received(..) | Change::Appealed(_) | Change::None => {}
        }
    }
}

/// What several rows change in the lists.
#[derive(Default)]
pub(super) struct Lists {
    /// Rows that belong into the audit, and who did them.
    pub deeds: Vec<(i64, String)>,
    /// Records that came with them, as they stand after the last.
    pub new: BTreeMap<String, Line>,
    /// Changes to records that had come before, the first first.
    pub changes: Vec<Change>,
}

impl Lists {
    /// Takes the next row, by its number.
    pub fn take(&mut self, seq: i64, entry: &Entry) {
        if is_deed(entry) {
            self.deeds.push((seq, entry.by.clone()));
        }
        let change = change(entry);
        let record = match &change {
            Change::Decided(record, ..) | Change::Receipted(record, _) | Change::Appealed(record) => record,
            Change::Received(..) => {
                if let Change::Received(record, line) = change {
                    self.new.entry(record).or_insert(*line);
                }
                return;
            }
            Change::None => return,
        };
        match self.new.get_mut(record) {
            Some(line) => line.take(change),
            None => self.changes.push(change),
        }
    }
}

/// Carries what rows change into the lists, on the transaction that adds them.
macro_rules! list {
    ($tx:expr, $lists:expr) => {{
        use $crate::ledger::lists::{APPEALED, Change, DECIDED, Lists, NO_REASONS, REASON, RECEIPTED};
        use $crate::ledger::portions::fill;
        let Lists { deeds, new, changes } = $lists;
        fill!($tx, "INSERT INTO deed (seq, staff) ", deeds, (seq, staff) => [*seq, staff]);
        let lines: Vec<_> = new.iter().collect();
        fill!(
            $tx,
            "INSERT INTO standing (record, learner, activity, at, completed, state, waits, reversed, session) ",
            lines,
            (record, line) => [
                *record, &line.learner, &line.activity, line.at, &line.completed, &line.state,
                &line.waits, line.reversed, &line.session,
            ]
        );
        let reasons: Vec<_> =
            lines.iter().flat_map(|(record, line)| line.reasons.iter().map(|code| (*record, code))).collect();
        fill!($tx, "INSERT INTO reason (record, code) ", reasons, (record, code) => [*record, *code]);
        for change in changes {
            match change {
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
                Change::Received(..) | Change::None => {}
            }
        }
    }};
}
pub(super) use list;
