//! Looking for several things with one statement: what those want who ask at the same time.

use std::collections::BTreeMap;

use enduring_core::id::{ActivityId, IdentifierId, LearnerRef};
use enduring_core::record::{Birthday, RecordRef};
use serde_json::json;

use super::database::on;
use super::fact::record_key;
use super::people::folded;
use super::portions::MOST;
use super::rows::{Found, read};
use super::{Ledger, LedgerError};

/// What rows are looked for by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Look {
    /// All about a record.
    Record(RecordRef),
    /// All with a mark, such as `key:…`.
    Mark(String),
    /// The notices of an activity.
    Notices(ActivityId),
}

/// What people are looked for by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whom {
    /// A number of a board or licence.
    Number(IdentifierId, String),
    /// A name, as [`folded`] has it: those whose birthday it is, or of whom a roster says
    /// anything. Others of a common name are too many to look at one by one.
    Name(String, Birthday),
}

/// Somebody who was looked for, with what tells them from others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alike {
    /// In the ledger.
    pub learner: LearnerRef,
    /// Last name.
    pub last_name: String,
    /// Birth month and day, where known.
    pub birthday: Option<Birthday>,
    /// Whether the provider's roster says so; else the learner did.
    pub roster: bool,
}

/// A row of [`Alike`] by the place of what it was found by: learner, last name, birth month
/// and day, roster.
pub(super) type AlikeRow = (i64, String, String, Option<i64>, Option<i64>, i64);

/// Most people that are looked at who are found by one thing: the limit of the statements below.
pub(super) const MOST_ALIKE: usize = 50;

pub(super) const ALIKE: &str = "SELECT learner, last_name, birth_month, birth_day, roster FROM person WHERE ";

/// Not those of whom a person has yet to say who they are: no device is theirs, and what their
/// one record says of them is not held against the next.
pub(super) const IS_SOMEBODY: &str = "(roster <> 0 OR EXISTS (SELECT 1 FROM entry e \
     WHERE e.learner = person.learner AND e.kind IN ('bound', 'ticketed')))";

impl Whom {
    /// By the name and birthday of a learner.
    #[must_use]
    pub fn named(first: &str, last: &str, birthday: Birthday) -> Self {
        Self::Name(folded(first, last), birthday)
    }
}

/// So many places of a statement for keys from one on: a power of two of them, so that there
/// are few texts; those after the last key look for nothing.
pub(super) fn places(keys: usize) -> usize {
    keys.next_power_of_two()
}

/// The places that look for a key.
type Places = BTreeMap<String, Vec<usize>>;

impl Ledger {
    /// The rows of each look, the first first.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn look(&self, looks: &[Look]) -> Result<Vec<Vec<Found>>, LedgerError> {
        let (mut records, mut marks, mut notices) = (Places::new(), Places::new(), Places::new());
        for (place, look) in looks.iter().enumerate() {
            let (places, key) = match look {
                Look::Record(record) => (&mut records, record_key(record)),
                Look::Mark(mark) => (&mut marks, mark.clone()),
                Look::Notices(activity) => (&mut notices, activity.to_string()),
            };
            places.entry(key).or_default().push(place);
        }
        let mut found = vec![Vec::new(); looks.len()];
        self.rows_by("record", "", records, &mut found).await?;
        self.rows_by("mark", "", marks, &mut found).await?;
        self.rows_by("activity", "kind = 'noticed' AND ", notices, &mut found).await?;
        for rows in &mut found {
            rows.sort_unstable_by_key(|row| row.seq);
        }
        Ok(found)
    }

    /// Adds the rows that keys find in a column to those of their places, in no order. The keys
    /// are one list: PostgreSQL takes milliseconds to plan a statement of a part for each, and
    /// starts processes to help with them where it has no statistics yet.
    async fn rows_by(
        &self,
        column: &'static str,
        only: &'static str,
        of: Places,
        found: &mut [Vec<Found>],
    ) -> Result<(), LedgerError> {
        let keys: Vec<&String> = of.keys().collect();
        for keys in keys.chunks(MOST) {
            let rows: Vec<(String, i64, String)> = on!(&self.database, pool => {
                let mut select = sqlx::QueryBuilder::new("SELECT ");
                select.push(column).push(", seq, line FROM entry WHERE ").push(only).push(column).push(" IN (");
                let mut list = select.separated(", ");
                for place in 0..places(keys.len()) {
                    list.push_bind(keys.get(place).copied());
                }
                list.push_unseparated(")");
                select.build_query_as().fetch_all(pool).await
            })?;
            for (key, seq, line) in rows {
                let entry = read(&line)?;
                for place in of.get(&key).into_iter().flatten() {
                    if let Some(found) = found.get_mut(*place) {
                        found.push(Found { seq, entry: entry.clone() });
                    }
                }
            }
        }
        Ok(())
    }

    /// The people of each look, the first fifty by name.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn look_for(&self, looks: &[Whom]) -> Result<Vec<Vec<Alike>>, LedgerError> {
        Ok(on!(&self.database, pool => alike!(&self.database, pool, looks)))
    }
}

/// Numbers of a kind, each with the place of its look.
type Numbers<'a> = [(usize, &'a str, String)];
/// Names and birthdays, each with the place of its look.
type Names<'a> = [(usize, &'a String, Birthday)];

/// As the selects of [`alike`], in one part and of a list. PostgreSQL takes milliseconds to plan
/// a statement of many parts, and plans it several times on every connection.
pub(super) const NUMBERED: &str = "SELECT k.place, a.* \
     FROM json_to_recordset(CAST($1 AS JSON)) AS k (place BIGINT, kind TEXT, value TEXT), LATERAL \
     (SELECT learner, last_name, birth_month, birth_day, roster FROM person WHERE learner IN \
     (SELECT learner FROM identifier WHERE kind = k.kind AND value = k.value) AND (roster <> 0 OR EXISTS \
     (SELECT 1 FROM entry e WHERE e.learner = person.learner AND e.kind IN ('bound', 'ticketed'))) \
     ORDER BY folded LIMIT 50) AS a";
/// The same of names.
pub(super) const NAMED: &str = "SELECT k.place, a.* \
     FROM json_to_recordset(CAST($1 AS JSON)) AS k (place BIGINT, name TEXT, month BIGINT, day BIGINT), LATERAL \
     (SELECT learner, last_name, birth_month, birth_day, roster FROM person WHERE folded = k.name \
     AND (roster <> 0 OR birth_month = k.month AND birth_day = k.day) AND (roster <> 0 OR EXISTS \
     (SELECT 1 FROM entry e WHERE e.learner = person.learner AND e.kind IN ('bound', 'ticketed'))) \
     ORDER BY folded LIMIT 50) AS a";

/// The list for [`NUMBERED`].
pub(super) fn list_numbers(numbers: &Numbers<'_>) -> String {
    let rows = numbers.iter().enumerate();
    let rows = rows.map(|(place, (_, kind, value))| json!({"place": place, "kind": kind, "value": value}));
    serde_json::Value::Array(rows.collect()).to_string()
}

/// The list for [`NAMED`].
pub(super) fn list_names(names: &Names<'_>) -> String {
    let rows = names.iter().enumerate().map(|(place, (_, name, birthday))| {
        json!({"place": place, "name": name, "month": birthday.month, "day": birthday.day})
    });
    serde_json::Value::Array(rows.collect()).to_string()
}

/// The people of each look, asked of a pool or on a transaction.
macro_rules! alike {
    ($database:expr, $on:expr, $looks:expr) => {{
        use $crate::ledger::looks::{
            ALIKE, AlikeRow, IS_SOMEBODY, NAMED, NUMBERED, Whom, list_names, list_numbers, places, sort,
        };
        use $crate::ledger::people::folded_number;
        use $crate::ledger::portions::MOST;
        let looks: &[Whom] = $looks;
        let (mut numbers, mut names) = (Vec::new(), Vec::new());
        for (place, look) in looks.iter().enumerate() {
            match look {
                Whom::Number(kind, value) => {
                    let number = folded_number(value);
                    numbers.extend((!number.is_empty()).then_some((place, kind.as_str(), number)));
                }
                Whom::Name(name, day) => names.push((place, name, *day)),
            }
        }
        let mut found = vec![Vec::new(); looks.len()];
        for numbers in numbers.chunks(MOST) {
            let rows: Vec<AlikeRow> = match $database {
                $crate::ledger::Database::Postgres(_) => {
                    sqlx::query_as(NUMBERED).bind(list_numbers(numbers)).fetch_all($on).await?
                }
                $crate::ledger::Database::Sqlite { .. } => {
                    let mut select = sqlx::QueryBuilder::new("");
                    for place in 0..places(numbers.len()) {
                        let (kind, value) = numbers.get(place).map(|(_, kind, value)| (*kind, value)).unzip();
                        select.push(if place == 0 { "" } else { " UNION ALL " });
                        select
                            .push("SELECT CAST(")
                            .push(place)
                            .push(" AS BIGINT) AS place, a.* FROM (")
                            .push(ALIKE);
                        select
                            .push("learner IN (SELECT learner FROM identifier WHERE kind = ")
                            .push_bind(kind);
                        select.push(" AND value = ").push_bind(value).push(") AND ").push(IS_SOMEBODY);
                        select.push(" ORDER BY folded LIMIT 50) AS a");
                    }
                    select.build_query_as().fetch_all($on).await?
                }
            };
            sort(rows, numbers.iter().map(|(of, ..)| *of).collect(), &mut found)?;
        }
        for names in names.chunks(MOST) {
            let rows: Vec<AlikeRow> = match $database {
                $crate::ledger::Database::Postgres(_) => {
                    sqlx::query_as(NAMED).bind(list_names(names)).fetch_all($on).await?
                }
                $crate::ledger::Database::Sqlite { .. } => {
                    let mut select = sqlx::QueryBuilder::new("");
                    for place in 0..places(names.len()) {
                        let (name, day) = names.get(place).map(|(_, name, day)| (*name, *day)).unzip();
                        select.push(if place == 0 { "" } else { " UNION ALL " });
                        select
                            .push("SELECT CAST(")
                            .push(place)
                            .push(" AS BIGINT) AS place, a.* FROM (")
                            .push(ALIKE);
                        select.push("folded = ").push_bind(name).push(" AND (roster <> 0 OR birth_month = ");
                        select.push_bind(day.map(|day| i64::from(day.month))).push(" AND birth_day = ");
                        select.push_bind(day.map(|day| i64::from(day.day))).push(") AND ").push(IS_SOMEBODY);
                        select.push(" ORDER BY folded LIMIT 50) AS a");
                    }
                    select.build_query_as().fetch_all($on).await?
                }
            };
            sort(rows, names.iter().map(|(of, ..)| *of).collect(), &mut found)?;
        }
        found
    }};
}
pub(super) use alike;

/// Adds people to those of their places.
pub(super) fn sort(rows: Vec<AlikeRow>, of: Vec<usize>, found: &mut [Vec<Alike>]) -> Result<(), LedgerError> {
    for (place, learner, last_name, month, day, roster) in rows {
        let number = |number: Option<i64>| number.and_then(|number| u8::try_from(number).ok());
        let learner =
            LearnerRef::parse(&learner).ok_or(LedgerError::Unreadable { what: "person.learner" })?;
        let birthday = number(month).zip(number(day)).map(|(month, day)| Birthday { month, day });
        let of = usize::try_from(place).ok().and_then(|place| of.get(place));
        if let Some(found) = of.and_then(|of| found.get_mut(*of)) {
            found.push(Alike { learner, last_name, birthday, roster: roster != 0 });
        }
    }
    Ok(())
}
