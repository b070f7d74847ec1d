//! Whether the lists of the desk say what the rows say, page by page, at one moment while
//! servers go on.

use std::collections::{BTreeMap, BTreeSet};

use super::backup::first_attempts;
use super::database::Database;
use super::fact::Entry;
use super::lists::{Change, Line, change, is_deed};
use super::people::{folded, folded_number, name_words};
use super::rows::read;
use super::{Ledger, LedgerError};

/// Records, rows, proofs or people that are read at a time.
const PAGE: i64 = 500;

/// The first place where a list says another thing than the rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Differs {
    /// The list.
    pub list: &'static str,
    /// The record, the row or the learner that it is about.
    pub of: String,
    /// What was expected and found; never a name.
    pub what: String,
}

/// A row of `standing`: record, learner, activity, at, completed, state, waits, reversed, session.
type StandingRow = (String, String, String, i64, String, String, Option<String>, i64, String);

impl Line {
    /// What the rows of a record come to, the first first.
    fn of(rows: &[Entry]) -> Option<Self> {
        let mut line: Option<Self> = None;
        for entry in rows {
            match (change(entry), &mut line) {
                (Change::Received(_, new), None) => line = Some(*new),
                (change, Some(line)) => line.take(change),
                (_, None) => {}
            }
        }
        line
    }

    /// The first column that says another thing.
    fn differs(&self, found: &Self) -> Option<(&'static str, String)> {
        let none = || "none".to_owned();
        let standing = [
            ("learner", self.learner.clone(), found.learner.clone()),
            ("activity", self.activity.clone(), found.activity.clone()),
            ("at", self.at.to_string(), found.at.to_string()),
            ("completed", self.completed.clone(), found.completed.clone()),
            ("state", self.state.clone(), found.state.clone()),
            ("waits", self.waits.clone().unwrap_or_else(none), found.waits.clone().unwrap_or_else(none)),
            ("reversed", self.reversed.to_string(), found.reversed.to_string()),
            ("session", self.session.clone(), found.session.clone()),
        ];
        let differs = standing.into_iter().find(|(_, expected, found)| expected != found);
        let differs = differs.map(|(column, expected, found)| {
            ("standing", format!("{column}: expected {expected}, found {found}"))
        });
        differs.or_else(|| {
            let words =
                |codes: &BTreeSet<String>| codes.iter().map(String::as_str).collect::<Vec<_>>().join(" ");
            let (expected, found) = (words(&self.reasons), words(&found.reasons));
            (expected != found).then(|| ("reason", format!("expected {expected:?}, found {found:?}")))
        })
    }
}

/// Compares a page of records: rows by record, and what the lists say of them.
fn records(
    order: Vec<String>,
    lines: Vec<(String, String)>,
    standing: Vec<StandingRow>,
    reasons: Vec<(String, String)>,
) -> Option<Differs> {
    let mut rows: BTreeMap<String, Vec<Entry>> = BTreeMap::new();
    for (record, line) in lines {
        // A row that was changed makes no line of a list; the chain names it.
        rows.entry(record).or_default().extend(read(&line).ok());
    }
    let mut found: BTreeMap<String, Line> = BTreeMap::new();
    for (record, learner, activity, at, completed, state, waits, reversed, session) in standing {
        let reasons = BTreeSet::new();
        found.insert(
            record,
            Line { learner, activity, at, completed, state, waits, reversed, session, reasons },
        );
    }
    for (record, code) in reasons {
        found.entry(record).or_default().reasons.insert(code);
    }
    order.into_iter().find_map(|record| {
        let expected = Line::of(rows.get(&record).map(Vec::as_slice).unwrap_or_default())?;
        let (list, what) = match found.get(&record).filter(|line| !line.state.is_empty()) {
            None => ("standing", "expected a line, found none".to_owned()),
            Some(found) => expected.differs(found)?,
        };
        Some(Differs { list, of: format!("record {record}"), what })
    })
}

/// Compares a page of rows with who did them.
fn deeds(lines: Vec<(i64, String)>, found: Vec<(i64, String)>) -> Option<Differs> {
    let expected: BTreeMap<i64, String> = lines
        .into_iter()
        .filter_map(|(seq, line)| Some((seq, read(&line).ok()?)))
        .filter(|(_, entry)| is_deed(entry))
        .map(|(seq, entry)| (seq, entry.by))
        .collect();
    let found: BTreeMap<i64, String> = found.into_iter().collect();
    let seq = expected.keys().chain(found.keys()).filter(|seq| expected.get(seq) != found.get(seq)).min()?;
    let words = |by: Option<&String>| by.map_or_else(|| "nobody".to_owned(), Clone::clone);
    let what = format!("expected {}, found {}", words(expected.get(seq)), words(found.get(seq)));
    Some(Differs { list: "deed", of: format!("the row of number {seq}"), what })
}

/// Compares a page of proofs with the first attempts that are listed.
fn attempts(proofs: Vec<(String, String)>, listed: Vec<(String, String, String, i64)>) -> Option<Differs> {
    let mut found: BTreeMap<String, BTreeMap<(String, String), i64>> = BTreeMap::new();
    for (record, activity, part, passed) in listed {
        found.entry(record).or_default().insert((activity, part), passed);
    }
    let words = |attempts: &BTreeMap<(String, String), i64>| {
        let each = attempts.iter().map(|((activity, part), passed)| {
            format!("{activity}/{part} {}", if *passed == 0 { "failed" } else { "passed" })
        });
        each.collect::<Vec<_>>().join(", ")
    };
    proofs.into_iter().find_map(|(record, jws)| {
        let mut expected = BTreeMap::new();
        for (activity, part, passed) in first_attempts(&jws) {
            expected.entry((activity, part)).or_insert(passed);
        }
        let found = found.remove(&record).unwrap_or_default();
        (expected != found).then(|| Differs {
            list: "first_attempt",
            of: format!("record {record}"),
            what: format!("expected {:?}, found {:?}", words(&expected), words(&found)),
        })
    })
}

/// Compares a page of people with the words by which they are found. No word is told.
fn words(people: Vec<(String, String, String, String)>, listed: Vec<(String, String)>) -> Option<Differs> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (learner, word) in listed {
        found.entry(learner).or_default().insert(word);
    }
    people.into_iter().find_map(|(learner, first, last, kept)| {
        let expected = name_words(&[&first, &last]);
        let found = found.remove(&learner).unwrap_or_default();
        let what = if expected != found {
            format!(
                "expected the {} words of the name, found {} of them and {} others",
                expected.len(),
                expected.intersection(&found).count(),
                found.difference(&expected).count()
            )
        } else if kept != folded(&first, &last) {
            "expected the name as it is compared, found another".to_owned()
        } else {
            return None;
        };
        Some(Differs { list: "name_word", of: format!("learner {learner}"), what })
    })
}

/// Compares numbers as they are compared with how they were typed. No number is told.
fn numbers(typed: Vec<(String, String, String)>) -> Option<Differs> {
    let differs = typed.into_iter().find(|(_, value, typed)| *value != folded_number(typed));
    differs.map(|(learner, ..)| Differs {
        list: "identifier",
        of: format!("learner {learner}"),
        what: "expected the number as it is compared, found another".to_owned(),
    })
}

fn stray(list: &'static str, of: String) -> Differs {
    Differs { list, of, what: "expected no line, found one".to_owned() }
}

const RECORDS: &str =
    "SELECT seq, record FROM entry WHERE kind = 'received' AND seq > $1 ORDER BY seq LIMIT $2";
const STRAYS: [(&str, &str, &str); 4] = [
    (
        "standing",
        "record ",
        "SELECT s.record FROM standing s WHERE NOT EXISTS \
         (SELECT 1 FROM entry e WHERE e.record = s.record AND e.kind = 'received') ORDER BY s.record LIMIT 1",
    ),
    (
        "reason",
        "record ",
        "SELECT r.record FROM reason r WHERE NOT EXISTS \
         (SELECT 1 FROM standing s WHERE s.record = r.record) ORDER BY r.record LIMIT 1",
    ),
    (
        "first_attempt",
        "record ",
        "SELECT f.record FROM first_attempt f WHERE NOT EXISTS \
         (SELECT 1 FROM proof p WHERE p.record = f.record) ORDER BY f.record LIMIT 1",
    ),
    (
        "name_word",
        "learner ",
        "SELECT w.learner FROM name_word w WHERE NOT EXISTS \
         (SELECT 1 FROM person p WHERE p.learner = w.learner) ORDER BY w.learner LIMIT 1",
    ),
];

/// The rows of a table about what a page of another is about.
macro_rules! of_received {
    ($columns:literal, $table:literal, $order:literal) => {
        concat!(
            "SELECT ",
            $columns,
            " FROM ",
            $table,
            " t WHERE t.record IN (SELECT r.record FROM entry r \
             WHERE r.kind = 'received' AND r.seq > $1 AND r.seq <= $2)",
            $order
        )
    };
}
const ROWS: &str = of_received!("t.record, t.line", "entry", " ORDER BY t.seq");
const STANDING: &str = of_received!(
    "t.record, t.learner, t.activity, t.at, t.completed, t.state, t.waits, t.reversed, t.session",
    "standing",
    ""
);
const REASONS: &str = of_received!("t.record, t.code", "reason", "");

/// The first difference that a transaction sees.
macro_rules! compare_all {
    ($tx:expr) => {{
        let (mut after, mut last) = (0i64, true);
        while last {
            let page: Vec<(i64, String)> =
                sqlx::query_as(RECORDS).bind(after).bind(PAGE).fetch_all(&mut *$tx).await?;
            let Some((until, _)) = page.last() else { break };
            let until = *until;
            last = i64::try_from(page.len()).unwrap_or(PAGE) == PAGE;
            let lines = sqlx::query_as(ROWS).bind(after).bind(until).fetch_all(&mut *$tx).await?;
            let standing = sqlx::query_as(STANDING).bind(after).bind(until).fetch_all(&mut *$tx).await?;
            let reasons = sqlx::query_as(REASONS).bind(after).bind(until).fetch_all(&mut *$tx).await?;
            let order = page.into_iter().map(|(_, record)| record).collect();
            if let Some(differs) = records(order, lines, standing, reasons) {
                return Ok(Some(differs));
            }
            after = until;
        }
        let mut after = 0i64;
        loop {
            let lines: Vec<(i64, String)> =
                sqlx::query_as("SELECT seq, line FROM entry WHERE seq > $1 ORDER BY seq LIMIT $2")
                    .bind(after).bind(PAGE).fetch_all(&mut *$tx).await?;
            // After the last row there is nothing that a deed could be about.
            let until = lines.last().map(|(seq, _)| *seq);
            let found = sqlx::query_as("SELECT seq, staff FROM deed WHERE seq > $1 AND seq <= $2")
                .bind(after).bind(until.unwrap_or(i64::MAX)).fetch_all(&mut *$tx).await?;
            if let Some(differs) = deeds(lines, found) {
                return Ok(Some(differs));
            }
            let Some(until) = until else { break };
            after = until;
        }
        let mut after = String::new();
        loop {
            let proofs: Vec<(String, String)> =
                sqlx::query_as("SELECT record, jws FROM proof WHERE record > $1 ORDER BY record LIMIT $2")
                    .bind(&after).bind(PAGE).fetch_all(&mut *$tx).await?;
            let Some((until, _)) = proofs.last() else { break };
            let until = until.clone();
            let listed = sqlx::query_as(
                "SELECT record, activity, part, passed FROM first_attempt WHERE record IN \
                 (SELECT record FROM proof WHERE record > $1 AND record <= $2)",
            );
            let listed = listed.bind(&after).bind(&until).fetch_all(&mut *$tx).await?;
            if let Some(differs) = attempts(proofs, listed) {
                return Ok(Some(differs));
            }
            after = until;
        }
        let mut after = String::new();
        loop {
            let people: Vec<(String, String, String, String)> = sqlx::query_as(
                "SELECT learner, first_name, last_name, folded FROM person WHERE learner > $1 ORDER BY learner LIMIT $2",
            ).bind(&after).bind(PAGE).fetch_all(&mut *$tx).await?;
            let Some((until, ..)) = people.last() else { break };
            let until = until.clone();
            let listed = sqlx::query_as(
                "SELECT learner, word FROM name_word WHERE learner IN \
                 (SELECT learner FROM person WHERE learner > $1 AND learner <= $2)",
            );
            let listed = listed.bind(&after).bind(&until).fetch_all(&mut *$tx).await?;
            if let Some(differs) = words(people, listed) {
                return Ok(Some(differs));
            }
            let typed = sqlx::query_as(
                "SELECT learner, value, typed FROM identifier WHERE typed IS NOT NULL AND learner IN \
                 (SELECT learner FROM person WHERE learner > $1 AND learner <= $2) ORDER BY learner, kind",
            );
            let typed = typed.bind(&after).bind(&until).fetch_all(&mut *$tx).await?;
            if let Some(differs) = numbers(typed) {
                return Ok(Some(differs));
            }
            after = until;
        }
        for (list, of, select) in STRAYS {
            let found: Option<(String,)> = sqlx::query_as(select).fetch_optional(&mut *$tx).await?;
            if let Some((key,)) = found {
                return Ok(Some(stray(list, format!("{of}{key}"))));
            }
        }
        Ok(None)
    }};
}

impl Ledger {
    /// Compares the desk's lists with what is made from the rows, and names the first
    /// difference.
    ///
    /// # Errors
    /// [`LedgerError`] when the database cannot be read.
    pub async fn check_lists(&self) -> Result<Option<Differs>, LedgerError> {
        match &self.database {
            Database::Sqlite { pool, .. } => {
                let mut tx = pool.begin().await?;
                compare_all!(tx)
            }
            Database::Postgres(pool) => {
                let mut tx = pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
                compare_all!(tx)
            }
        }
    }
}
