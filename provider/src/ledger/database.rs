//! The database below the ledger: SQLite in a file, or PostgreSQL. Both run the same
//! statements; only the migrations differ.

use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection, PgConnection, PgPool, SqlSafeStr, SqlitePool};
use thiserror::Error;
use tokio::time::timeout;

/// How long a statement waits for another writer or a free connection.
const PATIENCE: Duration = Duration::from_secs(10);
/// Connections of one process.
const CONNECTIONS: u32 = 16;
/// Texts of statements that a connection keeps prepared: those of many rows are there in
/// several lengths.
const STATEMENTS: usize = 256;
/// Rows that SQLite reads ahead of whoever takes them.
const ROWS_UNREAD: usize = 1_000;
/// What SQLite's writer keeps of the pages that it wrote: 32 MB.
const WRITTEN: &str = "-32000";
/// So many pages in SQLite's journal, 32 MB, are enough to begin it again: [`Database::carry_rest`].
const LONG: i64 = 8_000;
/// So many pages, 256 MB, have the writer carry them into the file by itself, in the middle of its
/// work: where [`Database::carry`] came to nothing.
const TOO_LONG: &str = "64000";
/// Answers with whether somebody was in the way, and how many pages the journal has and were carried.
const CARRY: &str = "PRAGMA wal_checkpoint(PASSIVE)";
/// After so long it is asked whether a connection still holds.
const RESTED: Duration = Duration::from_secs(1);

/// A database that is open and migrated.
#[derive(Clone, Debug)]
pub enum Database {
    /// In a file.
    Sqlite {
        /// Connections.
        pool: SqlitePool,
        /// The one that transactions write on: they wait for their turn in the order of
        /// coming, and it keeps the pages that it wrote.
        writer: SqlitePool,
    },
    /// A server's.
    Postgres(PgPool),
}

/// Why a database cannot be used.
#[derive(Debug, Error)]
pub enum DatabaseError {
    /// The address is neither a server's nor a file's.
    #[error("--database {found}: expected postgres://… or the path of a SQLite file")]
    Address {
        /// As it was given, without a password.
        found: String,
    },
    /// There is none.
    #[error("--database {place}: expected a ledger, found no file")]
    Missing {
        /// Where.
        place: String,
    },
    /// It may only be read, and somebody may be writing it.
    #[error(
        "--database {place}: it may only be read, and is being written or was left in the middle; read a copy made by `enduring ledger backup`, or one made while nobody wrote"
    )]
    Written {
        /// Where.
        place: String,
    },
    /// It may only be read, and is of another version.
    #[error(
        "--database {place}: it may only be read, and was written by another version; make it writable to bring it up to date"
    )]
    Version {
        /// Where.
        place: String,
    },
    /// A server cannot be reached, or lets nobody in.
    #[error("database at {at}: {why}")]
    Server {
        /// Its host and port, or its socket.
        at: String,
        /// What it said, or the system.
        why: String,
    },
    /// The database said no.
    #[error("database: {0}")]
    Sql(#[from] sqlx::Error),
    /// It has another shape than this version writes.
    #[error("database: {0}")]
    Migrate(#[from] sqlx::migrate::MigrateError),
}

/// Runs the same code on either database: `on!(&database, pool => …)`.
macro_rules! on {
    ($database:expr, $pool:ident => $body:expr) => {
        match $database {
            $crate::ledger::Database::Sqlite { pool: $pool, .. } => $body,
            $crate::ledger::Database::Postgres($pool) => $body,
        }
    };
}
pub(crate) use on;

/// Begins a transaction that will write: SQLite then waits for other writers at once,
/// where it would otherwise fail in the middle.
macro_rules! write_on {
    ($database:expr, $tx:ident => $body:expr) => {
        match $database {
            $crate::ledger::Database::Sqlite { writer, .. } => {
                let mut $tx = writer.begin_with("BEGIN IMMEDIATE").await?;
                $body
            }
            $crate::ledger::Database::Postgres(pool) => {
                let mut $tx = pool.begin().await?;
                $body
            }
        }
    };
}
pub(crate) use write_on;

/// Migrations, by number: never change one that was released, add the next.
const SQLITE: [(i64, &str, &str); 3] = [
    (1, "ledger", include_str!("../../migrations/sqlite/0001_ledger.sql")),
    (2, "identifier_typed", include_str!("../../migrations/sqlite/0002_identifier_typed.sql")),
    (3, "compared", include_str!("../../migrations/sqlite/0003_compared.sql")),
];
/// The same for PostgreSQL.
const POSTGRES: [(i64, &str, &str); 4] = [
    (1, "ledger", include_str!("../../migrations/postgres/0001_ledger.sql")),
    (2, "identifier_typed", include_str!("../../migrations/postgres/0002_identifier_typed.sql")),
    (3, "proof_storage", include_str!("../../migrations/postgres/0003_proof_storage.sql")),
    (4, "compared", include_str!("../../migrations/postgres/0004_compared.sql")),
];

impl Database {
    /// Opens a database by its address and brings it up to date: `postgres://…`, or the
    /// path of a SQLite file, which is made where there is none.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn open(address: &str) -> Result<Self, DatabaseError> {
        if address.starts_with("postgres://") || address.starts_with("postgresql://") {
            let options = PgConnectOptions::from_str(address)?;
            let options = options.statement_cache_capacity(STATEMENTS);
            reach(&options).await?;
            let pool = PgPoolOptions::new().max_connections(CONNECTIONS).acquire_timeout(PATIENCE);
            // Whether a connection still holds is asked of one that rested, not before every statement.
            let pool = pool.test_before_acquire(false).before_acquire(|connection, of| {
                Box::pin(async move {
                    if of.idle_for >= RESTED {
                        connection.ping().await?;
                    }
                    Ok(true)
                })
            });
            let pool = pool.connect_with(options).await?;
            migrator(&POSTGRES).run(&pool).await?;
            return Ok(Self::Postgres(pool));
        }
        if let Some((scheme, _)) = address.split_once("://") {
            return Err(DatabaseError::Address { found: format!("{scheme}://…") });
        }
        // FULL: a receipt means a row that a power cut does not take back.
        let options = sqlite(address)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            // What is erased is not left in pages that are free.
            .pragma("secure_delete", "ON");
        let writer = options.clone().pragma("cache_size", WRITTEN).pragma("wal_autocheckpoint", TOO_LONG);
        // What a statement of many rows replaces is kept until its end, in case it alone is taken
        // back: in a file that would be as much as the journal, and nothing needs it after a crash.
        let writer = writer.pragma("temp_store", "MEMORY");
        let writer = pool().max_connections(1).connect_with(writer).await?;
        migrator(&SQLITE).run(&writer).await?;
        let pool = pool().max_connections(CONNECTIONS).connect_with(options).await?;
        Ok(Self::Sqlite { pool, writer })
    }

    /// Opens a database that is there, as [`Database::open`]; of SQLite also a file that may only be read.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn find(address: &str) -> Result<Self, DatabaseError> {
        if address.contains("://") {
            return Self::open(address).await;
        }
        let place = || address.to_owned();
        if !Path::new(address).is_file() {
            return Err(DatabaseError::Missing { place: place() });
        }
        match Self::open(address).await {
            Err(DatabaseError::Sql(error) | DatabaseError::Migrate(MigrateError::Execute(error)))
                if may_only_be_read(&error) => {}
            opened => return opened,
        }
        // Read as it is: what stands in a journal beside it would be passed over.
        if fs::metadata(format!("{address}-wal")).is_ok_and(|journal| journal.len() > 0) {
            return Err(DatabaseError::Written { place: place() });
        }
        let options = sqlite(address).read_only(true).immutable(true);
        let writer = pool().max_connections(1).connect_with(options.clone()).await?;
        let version = sqlx::query_as("SELECT MAX(version) FROM _sqlx_migrations WHERE success");
        let (version,): (Option<i64>,) = version.fetch_one(&writer).await?;
        if version != SQLITE.last().map(|(version, ..)| *version) {
            return Err(DatabaseError::Version { place: place() });
        }
        let pool = pool().max_connections(CONNECTIONS).connect_with(options).await?;
        Ok(Self::Sqlite { pool, writer })
    }

    /// Whether it answers.
    ///
    /// # Errors
    /// What it says instead.
    pub async fn ping(&self) -> Result<(), DatabaseError> {
        on!(self, pool => sqlx::query("SELECT 1").execute(pool).await.map(drop)).map_err(Into::into)
    }

    /// Has what was erased leave the files where it is still in their journal. PostgreSQL takes
    /// it out of its own by vacuuming.
    ///
    /// # Errors
    /// What it says instead.
    pub async fn settle(&self) -> Result<(), DatabaseError> {
        match self {
            Self::Sqlite { writer, .. } => {
                // Where somebody reads all the while, the next one that succeeds does it.
                sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(writer).await?;
            }
            Self::Postgres(_) => {}
        }
        Ok(())
    }

    /// Carries what SQLite's journal holds into its file, as far as nobody who reads or writes
    /// is in the way; they go on meanwhile. PostgreSQL does so by itself. Says whether the journal
    /// is long: then [`Database::carry_rest`] is next.
    ///
    /// # Errors
    /// What it says instead.
    pub async fn carry(&self) -> Result<bool, DatabaseError> {
        match self {
            Self::Sqlite { pool, .. } => {
                let carried: (i64, i64, i64) = sqlx::query_as(CARRY).fetch_one(pool).await?;
                let (_, pages, _) = carried;
                Ok(pages >= LONG)
            }
            Self::Postgres(_) => Ok(false),
        }
    }

    /// Carries what came while the rest was carried, and nobody writes meanwhile: little, after which
    /// the journal is written from its beginning again. While others write, none of it would ever be.
    ///
    /// # Errors
    /// What it says instead.
    pub async fn carry_rest(&self) -> Result<(), DatabaseError> {
        match self {
            Self::Sqlite { writer, .. } => {
                sqlx::query(CARRY).execute(writer).await?;
            }
            Self::Postgres(_) => {}
        }
        Ok(())
    }

    /// Lets go of it, once what is under way is done.
    pub async fn close(&self) {
        if let Self::Sqlite { writer, .. } = self {
            writer.close().await;
        }
        on!(self, pool => pool.close().await);
    }
}

/// A SQLite file, however it is opened.
fn sqlite(address: &str) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(PathBuf::from(address))
        .foreign_keys(true)
        .busy_timeout(PATIENCE)
        .statement_cache_capacity(STATEMENTS)
        .row_buffer_size(ROWS_UNREAD)
}

/// Connections to a SQLite file, which needs no asking whether it is still there.
fn pool() -> SqlitePoolOptions {
    let pool = SqlitePoolOptions::new().acquire_timeout(PATIENCE).test_before_acquire(false);
    // A full disk has SQLite end a transaction by itself, and the connection would be held to be in it for good.
    pool.before_acquire(|connection, _| {
        let is_free = !connection.is_in_transaction();
        Box::pin(async move { Ok(is_free) })
    })
}

/// Whether a file, or the folder in which its journal would be, may not be written.
fn may_only_be_read(error: &sqlx::Error) -> bool {
    // SQLITE_READONLY and SQLITE_CANTOPEN, of which the upper bits say more.
    let code = error.as_database_error().and_then(|error| error.code()?.parse::<i32>().ok());
    code.is_some_and(|code| matches!(code & 0xff, 8 | 14))
}

/// Connects once: a pool would try again in silence until its patience ends, and then say nothing of why.
async fn reach(options: &PgConnectOptions) -> Result<(), DatabaseError> {
    let at = match options.get_socket() {
        Some(socket) => socket.display().to_string(),
        None => format!("{}:{}", options.get_host(), options.get_port()),
    };
    let why = match timeout(PATIENCE, PgConnection::connect_with(options)).await {
        Ok(Ok(connection)) => return Ok(connection.close().await?),
        Ok(Err(error)) => error.to_string(),
        Err(_) => format!("expected an answer within {} seconds, found none", PATIENCE.as_secs()),
    };
    Err(DatabaseError::Server { at, why })
}

fn migrator(scripts: &'static [(i64, &'static str, &'static str)]) -> Migrator {
    let migrations = scripts.iter().map(|(version, name, script)| {
        Migration::new(
            *version,
            (*name).into(),
            MigrationType::Simple,
            SqlSafeStr::into_sql_str(*script),
            false,
        )
    });
    Migrator { migrations: migrations.collect(), ..Migrator::DEFAULT }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_full_disk_is_over_once_there_is_room() {
        let folder = tempfile::tempdir().expect("a folder");
        let address = folder.path().join("ledger.db").display().to_string();
        let database = Database::open(&address).await.expect("a database");
        let Database::Sqlite { writer, .. } = &database else { panic!("a path is SQLite's") };
        sqlx::query("CREATE TABLE much (text TEXT)").execute(writer).await.expect("a table");
        sqlx::query("PRAGMA max_page_count = 1").execute(writer).await.expect("a limit, at what there is");
        let write = async || -> Result<(), sqlx::Error> {
            let mut tx = writer.begin_with("BEGIN IMMEDIATE").await?;
            sqlx::query("INSERT INTO much VALUES (hex(zeroblob(100000)))").execute(&mut *tx).await?;
            tx.commit().await
        };
        let error = write().await.expect_err("no room").to_string();
        assert!(error.contains("full"), "{error}");
        // The limit was the connection's that went.
        write().await.expect("written");
    }

    #[tokio::test]
    async fn a_database_is_found_and_not_made() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("ledger.db");
        let address = path.display().to_string();
        let missing = Database::find(&address).await.expect_err("nothing there").to_string();
        assert!(missing.contains("expected a ledger, found no file") && !path.exists(), "{missing}");
        Database::open(&address).await.expect("a database").close().await;
        Database::find(&address).await.expect("found").close().await;
    }

    #[tokio::test]
    async fn a_long_journal_is_begun_again_while_somebody_writes() {
        let folder = tempfile::tempdir().expect("a folder");
        let address = folder.path().join("ledger.db").display().to_string();
        let database = Database::open(&address).await.expect("a database");
        let Database::Sqlite { writer, .. } = &database else { panic!("a path is SQLite's") };
        sqlx::query("CREATE TABLE much (text TEXT)").execute(writer).await.expect("a table");
        let write = async |bytes: i64| {
            let insert = sqlx::query("INSERT INTO much VALUES (hex(zeroblob($1)))").bind(bytes / 2);
            insert.execute(writer).await.expect("a row");
        };
        write(1_000).await;
        assert!(!database.carry().await.expect("carried"), "short");
        write(LONG * 4_096).await;
        for _ in 0..2 {
            // As of a server that is never idle: what is written meanwhile goes after what is carried.
            let mut tx = writer.begin_with("BEGIN IMMEDIATE").await.expect("a transaction");
            sqlx::query("INSERT INTO much VALUES ('more')").execute(&mut *tx).await.expect("a row");
            assert!(database.carry().await.expect("carried"), "long");
            tx.commit().await.expect("written");
        }
        database.carry_rest().await.expect("carried");
        write(1_000).await;
        assert!(!database.carry().await.expect("carried"), "begun again");
    }

    #[tokio::test]
    async fn what_sqlite_writes_is_durable_and_what_only_a_statement_needs_is_no_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let address = folder.path().join("ledger.db").display().to_string();
        let database = Database::open(&address).await.expect("a database");
        let Database::Sqlite { writer, .. } = &database else { panic!("a path is SQLite's") };
        let set = sqlx::query_as("SELECT synchronous, temp_store FROM pragma_synchronous, pragma_temp_store");
        let (synchronous, temporary): (i64, i64) = set.fetch_one(writer).await.expect("settings");
        assert_eq!((synchronous, temporary), (2, 2), "FULL, and MEMORY");
    }
}
