//! How many records wait for a pack that is not at hand.

use super::database::on;
use super::{Ledger, LedgerError};

const COUNT: &str = "SELECT COUNT(*) FROM standing s WHERE s.waits = 'review' \
                     AND EXISTS (SELECT 1 FROM reason r WHERE r.record = s.record AND r.code = $1)";

impl Ledger {
    /// How many records wait for a person with this reason.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn how_many_wait_for(&self, reason: &str) -> Result<u64, LedgerError> {
        let (count,): (i64,) =
            on!(&self.database, pool => sqlx::query_as(COUNT).bind(reason).fetch_one(pool).await)?;
        Ok(count.unsigned_abs())
    }
}
