//! Rates of an activity: who is enrolled, who completed, who passed at the first attempt.
//! Learners are counted, each once; an index is read from end to end, so not for every page.

use std::collections::BTreeMap;

use super::database::on;
use super::{Ledger, LedgerError};

/// How many, of an activity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Learners with a ticket for it, or for every activity, that was not revoked.
    pub enrolled: u64,
    /// Learners with a record that is credited, or in review and shown to be what it says.
    pub completed: u64,
    /// How many of those who are enrolled.
    pub completed_enrolled: u64,
    /// Records that came.
    pub received: u64,
    /// Records that are credited.
    pub credited: u64,
    /// Records that wait for a person, appeals among them.
    pub review: u64,
    /// Records that are not credited.
    pub rejected: u64,
}

/// First attempts at a test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pass {
    /// The test.
    pub part: String,
    /// How many learners' first attempts there are.
    pub attempts: u64,
    /// How many of them passed.
    pub passed: u64,
}

impl Counts {
    fn add(&mut self, state: &str, n: u64) {
        self.received += n;
        match state {
            "credited" => self.credited += n,
            "rejected" => self.rejected += n,
            _ => self.review += n,
        }
    }
}

/// Tickets `t` that hold.
const HOLDS: &str = "t.kind = 'ticketed' AND NOT EXISTS (SELECT 1 FROM entry r WHERE r.mark = t.mark \
                     AND r.kind = 'ticket_revoked')";

/// What rows are to be of: one activity, or every one for an empty name.
fn of(activity: &str, column: &str) -> String {
    if activity.is_empty() { "$1 = ''".to_owned() } else { format!("{column} = $1") }
}

/// Learners by the activities of their tickets. Those who are enrolled in everything are
/// counted apart.
fn enrolled(activity: &str) -> String {
    format!(
        "SELECT o.activity, COUNT(DISTINCT o.learner) FROM (SELECT t.activity, t.learner FROM entry t \
         WHERE {HOLDS} AND t.activity IS NOT NULL AND {}) o WHERE NOT EXISTS (SELECT 1 FROM entry t \
         WHERE t.learner = o.learner AND t.activity IS NULL AND {HOLDS}) GROUP BY o.activity",
        of(activity, "t.activity")
    )
}

/// Records that count as completions, with places for codes from the second on: those with
/// such a reason were not shown to be what they say.
fn completions(activity: &str, columns: &str, codes: usize) -> String {
    let places: Vec<String> = (2..).take(codes).map(|place| format!("${place}")).collect();
    format!(
        "SELECT {columns} FROM standing s WHERE {} AND (s.state = 'credited' \
         OR (s.state = 'review' AND NOT EXISTS (SELECT 1 FROM reason r WHERE r.record = s.record \
         AND r.code IN ({}))))",
        of(activity, "s.activity"),
        places.join(", ")
    )
}

/// Learners with a completion, by activity, and how many of them have a ticket.
fn completed(activity: &str, codes: usize) -> String {
    format!(
        "SELECT c.activity, COUNT(*), CAST(SUM(CASE WHEN EXISTS (SELECT 1 FROM entry t \
         WHERE t.learner = c.learner AND (t.activity = c.activity OR t.activity IS NULL) AND {HOLDS}) \
         THEN 1 ELSE 0 END) AS BIGINT) FROM ({}) c GROUP BY c.activity",
        completions(activity, "DISTINCT s.activity, s.learner", codes)
    )
}

impl Ledger {
    /// How many, by activity: of those that are named, and of all that there are rows about.
    /// Records in review for one of the reasons `except` are no completions.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn counts(
        &self,
        named: impl IntoIterator<Item = String>,
        except: &[&str],
    ) -> Result<BTreeMap<String, Counts>, LedgerError> {
        let mut counts = self.counted("", except).await?;
        for activity in named {
            counts.entry(activity).or_default();
        }
        let general = self.enrolled_in_all().await?;
        counts.values_mut().for_each(|counts| counts.enrolled += general);
        Ok(counts)
    }

    /// How many, of one activity.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn counts_of(&self, activity: &str, except: &[&str]) -> Result<Counts, LedgerError> {
        let mut counts = self.counted(activity, except).await?.remove(activity).unwrap_or_default();
        counts.enrolled += self.enrolled_in_all().await?;
        Ok(counts)
    }

    async fn enrolled_in_all(&self) -> Result<u64, LedgerError> {
        let general =
            format!("SELECT COUNT(DISTINCT t.learner) FROM entry t WHERE t.activity IS NULL AND {HOLDS}");
        let (general,): (i64,) = on!(&self.database, pool =>
            sqlx::query_as(sqlx::AssertSqlSafe(general)).fetch_one(pool).await)?;
        Ok(general.unsigned_abs())
    }

    /// The counts of one activity, or of all for an empty name, without those who are
    /// enrolled in everything.
    async fn counted(
        &self,
        activity: &str,
        except: &[&str],
    ) -> Result<BTreeMap<String, Counts>, LedgerError> {
        let standing = format!(
            "SELECT activity, state, COUNT(*) FROM standing WHERE {} GROUP BY activity, state",
            of(activity, "activity")
        );
        let (enrolled, completed) = (enrolled(activity), completed(activity, except.len()));
        let enrolled: Vec<(String, i64)> = on!(&self.database, pool =>
            sqlx::query_as(sqlx::AssertSqlSafe(enrolled)).bind(activity).fetch_all(pool).await)?;
        let standing: Vec<(String, String, i64)> = on!(&self.database, pool =>
            sqlx::query_as(sqlx::AssertSqlSafe(standing)).bind(activity).fetch_all(pool).await)?;
        let completed: Vec<(String, i64, i64)> = on!(&self.database, pool => {
            let query = sqlx::query_as(sqlx::AssertSqlSafe(completed)).bind(activity);
            except.iter().fold(query, |query, code| query.bind(*code)).fetch_all(pool).await
        })?;
        let mut counts: BTreeMap<String, Counts> = BTreeMap::new();
        for (activity, n) in enrolled {
            counts.entry(activity).or_default().enrolled = n.unsigned_abs();
        }
        for (activity, state, n) in standing {
            counts.entry(activity).or_default().add(&state, n.unsigned_abs());
        }
        for (activity, all, enrolled) in completed {
            let counts = counts.entry(activity).or_default();
            (counts.completed, counts.completed_enrolled) = (all.unsigned_abs(), enrolled.unsigned_abs());
        }
        Ok(counts)
    }

    /// How first attempts at the tests of an activity went, by the first completion of each
    /// learner.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn first_attempts(&self, activity: &str, except: &[&str]) -> Result<Vec<Pass>, LedgerError> {
        let nth = "s.record, ROW_NUMBER() OVER (PARTITION BY s.learner ORDER BY s.at, s.record) AS nth";
        let select = format!(
            "SELECT f.part, COUNT(*), CAST(SUM(f.passed) AS BIGINT) FROM ({}) c \
             JOIN first_attempt f ON f.record = c.record AND f.activity = $1 WHERE c.nth = 1 \
             GROUP BY f.part ORDER BY f.part",
            completions(activity, nth, except.len())
        );
        let rows: Vec<(String, i64, i64)> = on!(&self.database, pool => {
            let query = sqlx::query_as(sqlx::AssertSqlSafe(select)).bind(activity);
            except.iter().fold(query, |query, code| query.bind(*code)).fetch_all(pool).await
        })?;
        let pass = |(part, attempts, passed): (String, i64, i64)| Pass {
            part,
            attempts: attempts.unsigned_abs(),
            passed: passed.unsigned_abs(),
        };
        Ok(rows.into_iter().map(pass).collect())
    }
}
