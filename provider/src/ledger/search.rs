//! Lists of records, credits and deeds, page by page and by index: a page costs the
//! same with ten million rows behind it.

use enduring_core::id::{Digest, LearnerRef, SessionId};
use enduring_core::measure::Timestamp;
use enduring_core::record::RecordRef;

use super::database::on;
use super::rows::{Found, read};
use super::{Ledger, LedgerError};

/// Lines of a page.
pub const PAGE: i64 = 50;

/// How a record stands, as lists tell it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListState {
    /// For a person to look at.
    Review,
    /// Not credited, and the learner asks for another look.
    Appealed,
    /// Credited.
    Credited,
    /// Not credited.
    Rejected,
    /// Credited once, and no longer.
    Reversed,
}

/// A record in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Which.
    pub record: RecordRef,
    /// Whose.
    pub learner: LearnerRef,
    /// Of which activity.
    pub activity: String,
    /// When it was received.
    pub at: Timestamp,
    /// The local date of completion.
    pub completed: String,
    /// How it stands.
    pub state: ListState,
    /// Codes of the last decision that did not credit it.
    pub reasons: Vec<String>,
}

/// Which records.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    /// Of this activity only.
    pub activity: Option<String>,
    /// With this reason only; for the queue.
    pub reason: Option<String>,
    /// Only what was continued in two places; for [`Ledger::received`].
    pub conflicted: bool,
    /// Received from this moment on.
    pub from: Option<Timestamp>,
    /// Received before this moment.
    pub until: Option<Timestamp>,
    /// After this place, as [`Listed::place`] has it.
    pub after: Option<(i64, String)>,
}

type Row = (String, String, String, i64, String, String, i64);

impl Listed {
    /// Its place in the list.
    #[must_use]
    pub fn place(&self) -> (i64, String) {
        (self.at.0, super::record_key(&self.record))
    }
}

/// Reads what [`super::record_key`] wrote.
#[must_use]
pub fn record_of(key: &str) -> Option<RecordRef> {
    let (kid, id) = key.split_once(':')?;
    Some(RecordRef { kid: Digest::parse(kid)?, id: SessionId::parse(id)? })
}

macro_rules! listed {
    ($rest:literal) => {
        concat!(
            "SELECT s.record, s.learner, s.activity, s.at, s.completed, s.state, s.reversed FROM standing s WHERE ",
            $rest
        )
    };
}

/// In one state, the oldest first.
const WAITING: &str = listed!(
    "s.waits = $1 AND s.at >= $2 AND s.at < $3 AND (s.at, s.record) > ($4, $5) \
     AND ($6 = '' OR EXISTS (SELECT 1 FROM reason r WHERE r.record = s.record AND r.code = $6)) \
     ORDER BY s.at, s.record LIMIT $7"
);
const WAITING_OF: &str = listed!(
    "s.activity = $8 AND s.waits = $1 AND s.at >= $2 AND s.at < $3 AND (s.at, s.record) > ($4, $5) \
     AND ($6 = '' OR EXISTS (SELECT 1 FROM reason r WHERE r.record = s.record AND r.code = $6)) \
     ORDER BY s.at, s.record LIMIT $7"
);
/// In any state, the newest first.
const RECEIVED: &str = listed!(
    "s.at >= $1 AND s.at < $2 AND (s.at, s.record) < ($3, $4) ORDER BY s.at DESC, s.record DESC LIMIT $5"
);
/// Of one activity in one state: the index has them in this order.
const RECEIVED_OF: &str = listed!(
    "s.activity = $6 AND s.state = $7 AND s.at >= $1 AND s.at < $2 AND (s.at, s.record) < ($3, $4) \
     ORDER BY s.at DESC, s.record DESC LIMIT $5"
);
/// Of those that came again with another log, which are few: from their rows to the list.
const CONFLICTED: &str = "SELECT s.record, s.learner, s.activity, s.at, s.completed, s.state, s.reversed \
     FROM (SELECT DISTINCT e.record FROM entry e WHERE e.kind = 'conflicted') c CROSS JOIN standing s \
     WHERE s.record = c.record AND s.at >= $1 AND s.at < $2 AND (s.at, s.record) < ($3, $4) \
     AND ($6 = '' OR s.activity = $6) ORDER BY s.at DESC, s.record DESC LIMIT $5";
const STATES: [&str; 4] = ["review", "appealed", "credited", "rejected"];

impl Ledger {
    /// Records that wait for a person, the oldest first: for review, or on appeal.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn waiting(&self, state: ListState, scope: &Scope) -> Result<Vec<Listed>, LedgerError> {
        let state = if state == ListState::Appealed { "appealed" } else { "review" };
        let (at, record) = scope.after.clone().unwrap_or((i64::MIN, String::new()));
        let reason = scope.reason.clone().unwrap_or_default();
        let (from, until) = (bound(scope.from, i64::MIN), bound(scope.until, i64::MAX));
        let rows: Vec<Row> = on!(&self.database, pool => {
            let select = if scope.activity.is_some() { WAITING_OF } else { WAITING };
            let mut query = sqlx::query_as(select).bind(state).bind(from).bind(until).bind(at).bind(record);
            query = query.bind(reason).bind(PAGE + 1);
            if let Some(activity) = &scope.activity {
                query = query.bind(activity);
            }
            query.fetch_all(pool).await
        })?;
        self.listed(rows).await
    }

    /// Records by when they came, the newest first.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn received(&self, scope: &Scope) -> Result<Vec<Listed>, LedgerError> {
        let (at, record) = scope.after.clone().unwrap_or((i64::MAX, String::new()));
        let (from, until) = (bound(scope.from, i64::MIN), bound(scope.until, i64::MAX));
        let mut rows: Vec<Row> = Vec::new();
        if scope.conflicted {
            let activity = scope.activity.clone().unwrap_or_default();
            let rows = on!(&self.database, pool => {
                let query = sqlx::query_as(CONFLICTED).bind(from).bind(until).bind(at).bind(record);
                query.bind(PAGE + 1).bind(activity).fetch_all(pool).await
            })?;
            return self.listed(rows).await;
        }
        // The index of an activity has its states apart: a page of each, merged.
        let states = if scope.activity.is_some() { STATES.as_slice() } else { &[""] };
        for state in states {
            let some: Vec<Row> = on!(&self.database, pool => {
                let select = if scope.activity.is_some() { RECEIVED_OF } else { RECEIVED };
                let mut query = sqlx::query_as(select).bind(from).bind(until).bind(at).bind(&record);
                query = query.bind(PAGE + 1);
                if let Some(activity) = &scope.activity {
                    query = query.bind(activity).bind(*state);
                }
                query.fetch_all(pool).await
            })?;
            rows.extend(some);
        }
        rows.sort_by(|one, other| (other.3, &other.0).cmp(&(one.3, &one.0)));
        rows.truncate(usize::try_from(PAGE + 1).unwrap_or(usize::MAX));
        self.listed(rows).await
    }

    /// The first record of a session.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn record_of_session(&self, session: &SessionId) -> Result<Option<RecordRef>, LedgerError> {
        let select = "SELECT record FROM standing WHERE session = $1 ORDER BY at LIMIT 1";
        let row: Option<(String,)> = on!(&self.database, pool =>
            sqlx::query_as(select).bind(session.to_string()).fetch_optional(pool).await)?;
        Ok(row.and_then(|(record,)| record_of(&record)))
    }

    /// A record that a device signed, if one came.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn record_of_key(&self, kid: Digest) -> Result<Option<RecordRef>, LedgerError> {
        // It looks at all of them: only a person asks, and rarely.
        let select = "SELECT record FROM standing WHERE record LIKE $1 LIMIT 1";
        let row: Option<(String,)> = on!(&self.database, pool =>
            sqlx::query_as(select).bind(format!("{kid}:%")).fetch_optional(pool).await)?;
        Ok(row.and_then(|(record,)| record_of(&record)))
    }

    async fn listed(&self, rows: Vec<Row>) -> Result<Vec<Listed>, LedgerError> {
        let unreadable = |what| LedgerError::Unreadable { what };
        let mut listed = Vec::with_capacity(rows.len());
        for (record, learner, activity, at, completed, state, reversed) in rows {
            let select = "SELECT code FROM reason WHERE record = $1 ORDER BY code";
            let reasons: Vec<(String,)> = on!(&self.database, pool =>
                sqlx::query_as(select).bind(&record).fetch_all(pool).await)?;
            listed.push(Listed {
                record: record_of(&record).ok_or_else(|| unreadable("standing.record"))?,
                learner: LearnerRef::parse(&learner).ok_or_else(|| unreadable("standing.learner"))?,
                activity,
                at: Timestamp(at),
                completed,
                state: match (state.as_str(), reversed) {
                    ("review", _) => ListState::Review,
                    ("appealed", _) => ListState::Appealed,
                    ("credited", _) => ListState::Credited,
                    ("rejected", 0) => ListState::Rejected,
                    ("rejected", _) => ListState::Reversed,
                    _ => return Err(unreadable("standing.state")),
                },
                reasons: reasons.into_iter().map(|(code,)| code).collect(),
            });
        }
        Ok(listed)
    }

    /// How many records wait for review, and how many on appeal.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn how_many_wait(&self) -> Result<(u64, u64), LedgerError> {
        let count = "SELECT waits, COUNT(*) FROM standing WHERE waits IS NOT NULL GROUP BY waits";
        let rows: Vec<(String, i64)> =
            on!(&self.database, pool => sqlx::query_as(count).fetch_all(pool).await)?;
        let of = |name| rows.iter().find(|(state, _)| state == name).map_or(0, |(_, n)| n.unsigned_abs());
        Ok((of("review"), of("appealed")))
    }

    /// How many records came again with another log.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn how_many_conflict(&self) -> Result<u64, LedgerError> {
        let count = "SELECT COUNT(DISTINCT record) FROM entry WHERE kind = 'conflicted'";
        let (count,): (i64,) = on!(&self.database, pool => sqlx::query_as(count).fetch_one(pool).await)?;
        Ok(count.unsigned_abs())
    }

    /// Codes of the reasons for which records wait.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn waiting_reasons(&self) -> Result<Vec<String>, LedgerError> {
        let select = "SELECT DISTINCT r.code FROM standing s JOIN reason r ON r.record = s.record \
                      WHERE s.waits IS NOT NULL ORDER BY r.code";
        let rows: Vec<(String,)> = on!(&self.database, pool => sqlx::query_as(select).fetch_all(pool).await)?;
        Ok(rows.into_iter().map(|(code,)| code).collect())
    }

    /// How many rows of a kind were written from a moment on.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn count_since(&self, kind: &str, from: Timestamp) -> Result<u64, LedgerError> {
        let count = "SELECT COUNT(*) FROM entry WHERE kind = $1 AND at >= $2";
        let (count,): (i64,) = on!(&self.database, pool =>
            sqlx::query_as(count).bind(kind).bind(from.0).fetch_one(pool).await)?;
        Ok(count.unsigned_abs())
    }

    /// The last row of a kind.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn last_of_kind(&self, kind: &str) -> Result<Option<Found>, LedgerError> {
        let select = "SELECT seq, line FROM entry WHERE kind = $1 ORDER BY seq DESC LIMIT 1";
        let row: Option<(i64, String)> =
            on!(&self.database, pool => sqlx::query_as(select).bind(kind).fetch_optional(pool).await)?;
        row.map(|(seq, line)| Ok(Found { seq, entry: read(&line)? })).transpose()
    }

    /// Rows of a kind by when they were written, so many after a place.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn of_kind_between(
        &self,
        kind: &str,
        (from, until): (Timestamp, Timestamp),
        (after_at, after_seq): (i64, i64),
        most: i64,
    ) -> Result<Vec<Found>, LedgerError> {
        let select = "SELECT seq, line FROM entry WHERE kind = $1 AND at >= $2 AND at < $3 AND (at, seq) > ($4, $5) \
                      ORDER BY at, seq LIMIT $6";
        let rows: Vec<(i64, String)> = on!(&self.database, pool => {
            let query = sqlx::query_as(select).bind(kind).bind(from.0).bind(until.0);
            query.bind(after_at).bind(after_seq).bind(most).fetch_all(pool).await
        })?;
        rows.into_iter().map(|(seq, line)| Ok(Found { seq, entry: read(&line)? })).collect()
    }

    /// What people did, the newest first, of one of them or of all.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn deeds(&self, staff: Option<&str>, before: Option<i64>) -> Result<Vec<Found>, LedgerError> {
        let all = "SELECT e.seq, e.line FROM deed d JOIN entry e ON e.seq = d.seq \
                   WHERE d.seq < $1 ORDER BY d.seq DESC LIMIT $2";
        let of = "SELECT e.seq, e.line FROM deed d JOIN entry e ON e.seq = d.seq \
                  WHERE d.seq < $1 AND d.staff = $3 ORDER BY d.seq DESC LIMIT $2";
        let rows: Vec<(i64, String)> = on!(&self.database, pool => {
            let mut query = sqlx::query_as(if staff.is_some() { of } else { all });
            query = query.bind(before.unwrap_or(i64::MAX)).bind(PAGE + 1);
            if let Some(staff) = staff {
                query = query.bind(staff);
            }
            query.fetch_all(pool).await
        })?;
        rows.into_iter().map(|(seq, line)| Ok(Found { seq, entry: read(&line)? })).collect()
    }
}

fn bound(time: Option<Timestamp>, otherwise: i64) -> i64 {
    time.map_or(otherwise, |time| time.0)
}
