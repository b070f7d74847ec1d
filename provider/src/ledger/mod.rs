//! The ledger: rows that are added and never changed, chained by their hashes, over
//! opaque ids. `docs/formats/ledger.md` has the rows and the arithmetic.

pub mod backup;
pub mod chain;
mod compare;
mod database;
mod erase;
mod fact;
mod grounds;
mod later;
mod lists;
mod looks;
mod lots;
mod pages;
mod people;
mod portions;
mod proofs;
mod rates;
mod relist;
mod reported;
pub mod roster;
mod rows;
mod search;
mod staff;

pub use compare::Differs;
pub use database::{Database, DatabaseError};
pub use fact::{Binding, Columns, ENTRY_FORMAT, Entry, Fact, Received, credit_key, record_key};
pub use grounds::Grounds;
pub use looks::{Alike, Look, Whom};
pub use pages::PagedRecord;
pub use people::{Person, folded, folded_number};
pub use rates::{Counts, Pass};
pub use reported::{ReportAct, Reported, Told};
pub use rows::{Added, Beside, Found, Lot, Proof};
pub use search::{ListState, Listed, PAGE, Scope, record_of};
pub use staff::{RESERVED, Role, Session, Staff};
use thiserror::Error;

use crate::key::KeyError;

/// A ledger.
#[derive(Clone, Debug)]
pub struct Ledger {
    database: Database,
}

/// Why a ledger cannot be used.
#[derive(Debug, Error)]
pub enum LedgerError {
    /// The database.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// A statement.
    #[error("database: {0}")]
    Sql(#[from] sqlx::Error),
    /// Something in it cannot be read: it was changed, or written by a newer version.
    #[error("{what}: expected what this version writes; run `enduring ledger verify`")]
    Unreadable {
        /// Where.
        what: &'static str,
    },
    /// A key.
    #[error(transparent)]
    Key(#[from] KeyError),
}

impl Ledger {
    /// Opens a ledger by its address, and makes it where there is none. One that was written when names were
    /// compared otherwise has its lists made again, since nobody would be found by them.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn open(address: &str) -> Result<Self, LedgerError> {
        let ledger = Self { database: Database::open(address).await? };
        ledger.compare_as_now().await?;
        Ok(ledger)
    }

    /// Opens a ledger that is there: where there is none, none is made, so that nobody reads an empty one
    /// for a wrong path. One that may only be read can be read.
    ///
    /// # Errors
    /// [`LedgerError::Database`].
    pub async fn find(address: &str) -> Result<Self, LedgerError> {
        Ok(Self { database: Database::find(address).await? })
    }

    /// The database below.
    #[must_use]
    pub fn database(&self) -> &Database {
        &self.database
    }
}
