//! A copy of everything in one file, of one moment, while servers go on; and putting it
//! into an empty database, of either kind. `docs/formats/ledger.md` has the format.

use std::io::{self, BufRead, Write};

use enduring_core::id::Digest;
use enduring_core::record::{Compact, Payload, RECORD_TYP};
use serde::{Deserialize, Serialize};
use sha2::Digest as _;
use thiserror::Error;

use super::database::{Database, write_on};
use super::lists::{FIRST_ATTEMPT, Lists, list};
use super::people::name_words;
use super::portions::fill;
use super::rows::read;
use super::{Ledger, LedgerError};

/// The format of a copy. Stored; never reuse.
pub const BACKUP_FORMAT: &str = "enduring-ledger-backup/2";
/// That of before, which is still put back: its numbers are not as they were typed.
const BEFORE: &str = "enduring-ledger-backup/1";
/// Rows that are read at a time.
const PAGE: i64 = 2_000;
/// Longest line of a copy in bytes: a record with its log, twice escaped.
const LINE_MAX: u64 = 8 * 1024 * 1024;

/// Why a copy cannot be made or put back.
#[derive(Debug, Error)]
pub enum BackupError {
    /// The file.
    #[error("the copy: {0}")]
    File(#[from] io::Error),
    /// The ledger.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// A statement.
    #[error("database: {0}")]
    Sql(#[from] sqlx::Error),
    /// The copy is not one, or not whole.
    #[error("the copy, line {line}: expected {expected}, found {found}")]
    Malformed {
        /// From 1.
        line: u64,
        /// What should be there.
        expected: &'static str,
        /// What is.
        found: String,
    },
    /// The database does not take a line.
    #[error("the copy, line {line}: expected a row that fits those before it; {error}")]
    Row {
        /// From 1.
        line: u64,
        /// What the database says.
        error: sqlx::Error,
    },
    /// There is something in the database already.
    #[error("expected an empty database, found {rows} rows in it; nothing was changed")]
    NotEmpty {
        /// How many.
        rows: i64,
    },
}

/// A line of a copy: a row of a table, or the first or last line.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum Line {
    Backup {
        format: String,
    },
    Entry {
        seq: i64,
        kind: String,
        once: Option<String>,
        record: Option<String>,
        learner: Option<String>,
        activity: Option<String>,
        mark: Option<String>,
        at: i64,
        line: String,
    },
    Link {
        n: i64,
        seq: i64,
        hash: Digest,
    },
    Proof {
        record: String,
        jws: String,
        log: String,
        jwk: String,
    },
    Person {
        learner: String,
        first_name: String,
        last_name: String,
        folded: String,
        birth_month: Option<i64>,
        birth_day: Option<i64>,
        profession: Option<String>,
        roster: i64,
    },
    Identifier {
        learner: String,
        kind: String,
        value: String,
        #[serde(default)]
        typed: Option<String>,
    },
    Sheet {
        record: String,
        part: String,
        text: String,
    },
    Staff {
        name: String,
        password: String,
        role: String,
        active: i64,
        temporary: i64,
    },
    End {
        lines: u64,
        sha256: Digest,
    },
}

/// Writes lines and remembers what the last one has to say of them.
struct Copy<'a> {
    out: &'a mut dyn Write,
    lines: u64,
    hash: sha2::Sha256,
}

impl Copy<'_> {
    fn add(&mut self, line: &Line) -> io::Result<()> {
        let text = serde_json::to_string(line).map_err(io::Error::other)? + "\n";
        self.hash.update(text.as_bytes());
        self.lines += 1;
        self.out.write_all(text.as_bytes())
    }

    fn end(mut self) -> io::Result<u64> {
        let sha256 = Digest(self.hash.clone().finalize().into());
        let lines = self.lines;
        self.add(&Line::End { lines, sha256 })?;
        self.out.flush()?;
        Ok(lines)
    }
}

/// Reads a table in pages by a key that orders it, all within one transaction.
macro_rules! pages {
    ($tx:expr, $copy:expr, $select:expr, $first:expr, $tell:pat => $line:expr, $key:expr) => {{
        let mut after = $first;
        loop {
            let rows = sqlx::query_as($select).bind(after.clone()).bind(PAGE).fetch_all(&mut *$tx).await?;
            let full = i64::try_from(rows.len()).unwrap_or(PAGE) == PAGE;
            for row in rows {
                after = $key(&row);
                let $tell = row;
                $copy.add(&$line)?;
            }
            if !full {
                break;
            }
        }
    }};
}

type EntryRow = (
    i64,
    String,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
    i64,
    String,
);
type PersonRow = (String, String, String, String, Option<i64>, Option<i64>, Option<String>, i64);

/// Copies every table of a transaction.
macro_rules! copy_all {
    ($tx:expr, $copy:expr) => {{
        $copy.add(&Line::Backup { format: BACKUP_FORMAT.to_owned() })?;
        pages!($tx, $copy,
            "SELECT seq, kind, once, record, learner, activity, mark, at, line FROM entry WHERE seq > $1 ORDER BY seq LIMIT $2",
            0i64,
            (seq, kind, once, record, learner, activity, mark, at, line)
                => Line::Entry { seq, kind, once, record, learner, activity, mark, at, line },
            |row: &EntryRow| row.0);
        pages!($tx, $copy, "SELECT n, seq, hash FROM link WHERE n > $1 ORDER BY n LIMIT $2", 0i64,
            (n, seq, hash) => Line::Link { n, seq, hash: bytes(&hash)? },
            |row: &(i64, i64, Vec<u8>)| row.0);
        pages!($tx, $copy, "SELECT record, jws, log, jwk FROM proof WHERE record > $1 ORDER BY record LIMIT $2",
            String::new(),
            (record, jws, log, jwk) => Line::Proof { record, jws, log, jwk },
            |row: &(String, String, String, String)| row.0.clone());
        pages!($tx, $copy,
            "SELECT learner, first_name, last_name, folded, birth_month, birth_day, profession, roster \
             FROM person WHERE learner > $1 ORDER BY learner LIMIT $2",
            String::new(),
            (learner, first_name, last_name, folded, birth_month, birth_day, profession, roster)
                => Line::Person { learner, first_name, last_name, folded, birth_month, birth_day, profession, roster },
            |row: &PersonRow| row.0.clone());
        pages!($tx, $copy,
            "SELECT learner, kind, value, typed FROM identifier WHERE learner || '/' || kind > $1 \
             ORDER BY learner || '/' || kind LIMIT $2",
            String::new(),
            (learner, kind, value, typed) => Line::Identifier { learner, kind, value, typed },
            |row: &(String, String, String, Option<String>)| format!("{}/{}", row.0, row.1));
        pages!($tx, $copy,
            "SELECT record, part, text FROM sheet WHERE record || '/' || part > $1 \
             ORDER BY record || '/' || part LIMIT $2",
            String::new(),
            (record, part, text) => Line::Sheet { record, part, text },
            |row: &(String, String, String)| format!("{}/{}", row.0, row.1));
        pages!($tx, $copy, "SELECT name, password, role, active, temporary FROM staff WHERE name > $1 ORDER BY name LIMIT $2",
            String::new(),
            (name, password, role, active, temporary) => Line::Staff { name, password, role, active, temporary },
            |row: &(String, String, String, i64, i64)| row.0.clone());
    }};
}

fn bytes(hash: &[u8]) -> Result<Digest, LedgerError> {
    hash.try_into().map(Digest).map_err(|_| LedgerError::Unreadable { what: "link.hash" })
}

impl Ledger {
    /// Writes a copy of this moment, while others go on writing; says how many lines.
    ///
    /// # Errors
    /// [`BackupError`].
    pub async fn back_up(&self, out: &mut (dyn Write + Send)) -> Result<u64, BackupError> {
        match &self.database {
            Database::Sqlite { pool, .. } => {
                let mut tx = pool.begin().await?;
                let mut copy = Copy { out, lines: 0, hash: sha2::Sha256::new() };
                copy_all!(tx, copy);
                Ok(copy.end()?)
            }
            Database::Postgres(pool) => {
                let mut tx = pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
                let mut copy = Copy { out, lines: 0, hash: sha2::Sha256::new() };
                copy_all!(tx, copy);
                Ok(copy.end()?)
            }
        }
    }

    /// Puts a copy into an empty database, all of it or nothing, and says how many lines.
    /// Whether the chain holds is for [`Ledger::check`] to say.
    ///
    /// # Errors
    /// [`BackupError`].
    pub async fn restore(&self, from: &mut (dyn BufRead + Send)) -> Result<u64, BackupError> {
        write_on!(&self.database, tx => {
            let (rows,): (i64,) = sqlx::query_as("SELECT (SELECT COUNT(*) FROM entry) + (SELECT COUNT(*) FROM person) + (SELECT COUNT(*) FROM staff)")
                .fetch_one(&mut *tx)
                .await?;
            if rows > 0 {
                return Err(BackupError::NotEmpty { rows });
            }
            let mut reading = Reading { from, lines: 0, hash: sha2::Sha256::new() };
            while let Some(line) = reading.next()? {
                let place = reading.lines;
                let put = async {
                    match line {
                    Line::Backup { .. } | Line::End { .. } => {}
                    Line::Entry { seq, kind, once, record, learner, activity, mark, at, line } => {
                        let insert = match &self.database {
                            Database::Sqlite { .. } => "INSERT INTO entry (seq, kind, once, record, learner, activity, mark, at, line) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                            Database::Postgres(_) => "INSERT INTO entry (seq, kind, once, record, learner, activity, mark, at, line) OVERRIDING SYSTEM VALUE VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                        };
                        // A row that was changed makes no line of a list; checking the chain names it.
                        let entry = read(&line).ok();
                        sqlx::query(insert).bind(seq).bind(kind).bind(once).bind(record).bind(learner).bind(activity).bind(mark).bind(at).bind(line).execute(&mut *tx).await?;
                        if let Some(entry) = &entry {
                            let mut lists = Lists::default();
                            lists.take(seq, entry);
                            list!(tx, lists);
                        }
                    }
                    Line::Link { n, seq, hash } => {
                        sqlx::query("INSERT INTO link (n, seq, hash) VALUES ($1, $2, $3)").bind(n).bind(seq).bind(hash.0.to_vec()).execute(&mut *tx).await?;
                    }
                    Line::Proof { record, jws, log, jwk } => {
                        let firsts = first_attempts(&jws);
                        fill!(
                            tx, FIRST_ATTEMPT, firsts,
                            (activity, part, passed) => [activity, part, &record, *passed], " ON CONFLICT DO NOTHING"
                        );
                        sqlx::query("INSERT INTO proof (record, jws, log, jwk) VALUES ($1, $2, $3, $4)").bind(record).bind(jws).bind(log).bind(jwk).execute(&mut *tx).await?;
                    }
                    Line::Person { learner, first_name, last_name, folded, birth_month, birth_day, profession, roster } => {
                        let words = name_words(&[&first_name, &last_name]);
                        sqlx::query("INSERT INTO person (learner, first_name, last_name, folded, birth_month, birth_day, profession, roster) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)")
                            .bind(&learner).bind(first_name).bind(last_name).bind(folded).bind(birth_month).bind(birth_day).bind(profession).bind(roster).execute(&mut *tx).await?;
                        for word in words {
                            sqlx::query("INSERT INTO name_word (word, learner) VALUES ($1, $2)").bind(word).bind(&learner).execute(&mut *tx).await?;
                        }
                    }
                    Line::Identifier { learner, kind, value, typed } => {
                        sqlx::query("INSERT INTO identifier (learner, kind, value, typed) VALUES ($1, $2, $3, $4)").bind(learner).bind(kind).bind(value).bind(typed).execute(&mut *tx).await?;
                    }
                    Line::Sheet { record, part, text } => {
                        sqlx::query("INSERT INTO sheet (record, part, text) VALUES ($1, $2, $3)").bind(record).bind(part).bind(text).execute(&mut *tx).await?;
                    }
                    Line::Staff { name, password, role, active, temporary } => {
                        sqlx::query("INSERT INTO staff (name, password, role, active, temporary) VALUES ($1, $2, $3, $4, $5)").bind(name).bind(password).bind(role).bind(active).bind(temporary).execute(&mut *tx).await?;
                    }
                }
                    Ok(())
                };
                put.await.map_err(|error| BackupError::Row { line: place, error })?;
            }
            let lines = reading.lines;
            if let Database::Postgres(_) = &self.database {
                // The next row takes the next number.
                sqlx::query("SELECT setval(pg_get_serial_sequence('entry', 'seq'), (SELECT COALESCE(MAX(seq), 1) FROM entry))")
                    .execute(&mut *tx)
                    .await?;
            }
            tx.commit().await?;
            Ok(lines)
        })
    }
}

/// Whether the first attempts at the tests of a record passed: activity, part, 1 or 0.
pub(super) fn first_attempts(jws: &str) -> Vec<(String, String, i64)> {
    let compact = Compact::parse(jws, RECORD_TYP).ok();
    let payload =
        compact.and_then(|compact| enduring_core::json::read_bytes::<Payload>(&compact.payload).ok());
    let Some(payload) = payload else { return Vec::new() };
    let tests = payload.score.tests.iter().filter_map(|test| Some((test, test.attempts.first()?)));
    tests
        .map(|(test, first)| {
            (payload.activity.id.to_string(), test.part.to_string(), i64::from(first.passed))
        })
        .collect()
}

/// Reads lines and compares the last one with them.
struct Reading<'a> {
    from: &'a mut (dyn BufRead + Send),
    lines: u64,
    hash: sha2::Sha256,
}

impl Reading<'_> {
    /// The next line; `None` after the last, which has to say the right thing.
    fn next(&mut self) -> Result<Option<Line>, BackupError> {
        let place = self.lines + 1;
        let malformed = |expected, found: String| BackupError::Malformed { line: place, expected, found };
        let mut text = Vec::new();
        io::Read::take(&mut *self.from, LINE_MAX).read_until(b'\n', &mut text)?;
        if text.last() != Some(&b'\n') {
            return Err(malformed("the last line of a copy", "the end of the file".to_owned()));
        }
        let line: Line = serde_json::from_slice(&text)
            .map_err(|error| malformed("a line of enduring-ledger-backup", error.to_string()))?;
        match &line {
            Line::Backup { format } if place == 1 && (format == BACKUP_FORMAT || format == BEFORE) => {}
            Line::Backup { format } => return Err(malformed("it once, as the first line", format.clone())),
            _ if place == 1 => return Err(malformed(BACKUP_FORMAT, "another line".to_owned())),
            Line::End { lines, sha256 } => {
                let found = Digest(self.hash.clone().finalize().into());
                if *lines != self.lines || *sha256 != found {
                    let expected = "the copy as it was written";
                    return Err(malformed(expected, format!("{} lines of SHA-256 {found}", self.lines)));
                }
                return Ok(None);
            }
            _ => {}
        }
        self.hash.update(&text);
        self.lines += 1;
        Ok(Some(line))
    }
}
