//! People at the desk, their sessions, and how often somebody failed to sign in.

use enduring_core::id::Digest;
use enduring_core::measure::Timestamp;

use super::database::{on, write_on};
use super::lots::Telling;
use super::{Entry, Ledger, LedgerError};

/// Who causes rows without being a person at the desk; nobody can have such a name.
pub const RESERVED: [&str; 3] = ["rule", "learner", "command"];

/// What somebody may do at the desk. Stored; never reuse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum)]
pub enum Role {
    /// Looks at records and decides.
    Reviewer,
    /// Also accounts, erasure, notices.
    Administrator,
}

impl Role {
    /// As it is stored and shown.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Reviewer => "reviewer",
            Self::Administrator => "administrator",
        }
    }

    /// Reads a role.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Reviewer, Self::Administrator].into_iter().find(|role| role.name() == name)
    }
}

/// Somebody with an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staff {
    /// The name at the desk, as ledger rows have it.
    pub name: String,
    /// The password's hash.
    pub password: String,
    /// What they may do.
    pub role: Role,
    /// Whether they may sign in.
    pub active: bool,
    /// Whether somebody else set the password, so that it has to be changed first.
    pub temporary: bool,
}

/// A session at the desk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// SHA-256 of what the cookie holds.
    pub token: Digest,
    /// Whose.
    pub staff: String,
    /// When it began.
    pub began: Timestamp,
    /// When it was used last.
    pub seen: Timestamp,
}

type StaffRow = (String, String, String, i64, i64);

fn staff((name, password, role, active, temporary): StaffRow) -> Result<Staff, LedgerError> {
    let role = Role::parse(&role).ok_or(LedgerError::Unreadable { what: "staff.role" })?;
    Ok(Staff { name, password, role, active: active != 0, temporary: temporary != 0 })
}

impl Ledger {
    /// Adds an account, with the row that tells of it; says whether the name was free.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn add_staff(&self, staff: &Staff, told: &Entry) -> Result<bool, LedgerError> {
        let insert = "INSERT INTO staff (name, password, role, active, temporary) VALUES ($1, $2, $3, $4, $5) \
                      ON CONFLICT (name) DO NOTHING RETURNING name";
        write_on!(&self.database, tx => {
            let added: Option<(String,)> = sqlx::query_as(insert)
                .bind(&staff.name)
                .bind(&staff.password)
                .bind(staff.role.name())
                .bind(i64::from(staff.active))
                .bind(i64::from(staff.temporary))
                .fetch_optional(&mut *tx)
                .await?;
            if added.is_none() {
                tx.rollback().await?;
                return Ok(false);
            }
            tx.tell(told).await?;
            tx.commit().await?;
            Ok(true)
        })
    }

    /// An account by its name.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn staff(&self, name: &str) -> Result<Option<Staff>, LedgerError> {
        let select = "SELECT name, password, role, active, temporary FROM staff WHERE name = $1";
        let row: Option<StaffRow> =
            on!(&self.database, pool => sqlx::query_as(select).bind(name).fetch_optional(pool).await)?;
        row.map(staff).transpose()
    }

    /// All accounts by name.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn all_staff(&self) -> Result<Vec<Staff>, LedgerError> {
        let select = "SELECT name, password, role, active, temporary FROM staff ORDER BY name";
        let rows: Vec<StaffRow> = on!(&self.database, pool => sqlx::query_as(select).fetch_all(pool).await)?;
        rows.into_iter().map(staff).collect()
    }

    /// Sets a password's hash, with the row that tells of it, and ends every session but the
    /// one that is kept.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn set_password(
        &self,
        name: &str,
        (password, temporary): (&str, bool),
        keep: Option<Digest>,
        told: &Entry,
    ) -> Result<(), LedgerError> {
        let keep = keep.map(|token| token.to_string()).unwrap_or_default();
        write_on!(&self.database, tx => {
            sqlx::query("UPDATE staff SET password = $2, temporary = $3 WHERE name = $1")
                .bind(name)
                .bind(password)
                .bind(i64::from(temporary))
                .execute(&mut *tx)
                .await?;
            let end = sqlx::query("DELETE FROM desk_session WHERE staff = $1 AND token <> $2");
            end.bind(name).bind(&keep).execute(&mut *tx).await?;
            tx.tell(told).await?;
            tx.commit().await?;
            Ok(())
        })
    }

    /// Sets what somebody may do and whether they may sign in, with the row that tells of it;
    /// who may not any more has no session any more. Refuses, by `false`, to leave no administrator.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn set_staff(&self, staff: &Staff, told: &Entry) -> Result<bool, LedgerError> {
        write_on!(&self.database, tx => {
            // One change at a time, so that two administrators do not remove each other.
            sqlx::query("UPDATE staff SET active = active WHERE role = 'administrator'").execute(&mut *tx).await?;
            let others = "SELECT COUNT(*) FROM staff WHERE role = 'administrator' AND active = 1 AND name <> $1";
            let (others,): (i64,) = sqlx::query_as(others).bind(&staff.name).fetch_one(&mut *tx).await?;
            if others == 0 && !(staff.active && staff.role == Role::Administrator) {
                tx.rollback().await?;
                return Ok(false);
            }
            let set = sqlx::query("UPDATE staff SET role = $2, active = $3 WHERE name = $1");
            set.bind(&staff.name).bind(staff.role.name()).bind(i64::from(staff.active)).execute(&mut *tx).await?;
            if !staff.active {
                sqlx::query("DELETE FROM desk_session WHERE staff = $1").bind(&staff.name).execute(&mut *tx).await?;
            }
            tx.tell(told).await?;
            tx.commit().await?;
            Ok(true)
        })
    }

    /// Begins a session, and forgets those that began before `oldest`.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn begin_session(&self, session: &Session, oldest: Timestamp) -> Result<(), LedgerError> {
        write_on!(&self.database, tx => {
            sqlx::query("DELETE FROM desk_session WHERE began < $1").bind(oldest.0).execute(&mut *tx).await?;
            sqlx::query("INSERT INTO desk_session (token, staff, began, seen) VALUES ($1, $2, $3, $4)")
                .bind(session.token.to_string())
                .bind(&session.staff)
                .bind(session.began.0)
                .bind(session.seen.0)
                .execute(&mut *tx)
                .await?;
            tx.commit().await?;
            Ok(())
        })
    }

    /// The session of a token, whoever's and however old.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn session(&self, token: Digest) -> Result<Option<Session>, LedgerError> {
        let select = "SELECT staff, began, seen FROM desk_session WHERE token = $1";
        let row: Option<(String, i64, i64)> = on!(&self.database, pool =>
            sqlx::query_as(select).bind(token.to_string()).fetch_optional(pool).await)?;
        Ok(row.map(|(staff, began, seen)| Session {
            token,
            staff,
            began: Timestamp(began),
            seen: Timestamp(seen),
        }))
    }

    /// A session was used.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn see_session(&self, token: Digest, now: Timestamp) -> Result<(), LedgerError> {
        let set = "UPDATE desk_session SET seen = $2 WHERE token = $1";
        on!(&self.database, pool =>
            sqlx::query(set).bind(token.to_string()).bind(now.0).execute(pool).await.map(drop))?;
        Ok(())
    }

    /// Ends a session.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn end_session(&self, token: Digest) -> Result<(), LedgerError> {
        let end = "DELETE FROM desk_session WHERE token = $1";
        on!(&self.database, pool => sqlx::query(end).bind(token.to_string()).execute(pool).await.map(drop))?;
        Ok(())
    }

    /// Counts an attempt to sign in before it is looked at, so that many at once count
    /// too. `Err` says from when on the next is taken. An attempt that waited out its
    /// delay counts on; a quiet day forgets.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn try_sign_in(
        &self,
        who: Digest,
        now: Timestamp,
        delay: impl Fn(i64) -> i64,
    ) -> Result<Result<i64, Timestamp>, LedgerError> {
        const DAY: i64 = 86_400_000;
        let who = who.to_string();
        write_on!(&self.database, tx => {
            let row = sqlx::query("INSERT INTO sign_in (who, failures, until) VALUES ($1, 0, 0) ON CONFLICT DO NOTHING");
            row.bind(&who).execute(&mut *tx).await?;
            // Locks the row on PostgreSQL; SQLite has one writer.
            sqlx::query("UPDATE sign_in SET failures = failures WHERE who = $1").bind(&who).execute(&mut *tx).await?;
            let select = "SELECT failures, until FROM sign_in WHERE who = $1";
            let (failures, until): (i64, i64) = sqlx::query_as(select).bind(&who).fetch_one(&mut *tx).await?;
            if now.0 < until {
                tx.rollback().await?;
                return Ok(Err(Timestamp(until)));
            }
            let failures = if now.0 > until.saturating_add(DAY) { 1 } else { failures.saturating_add(1) };
            let set = sqlx::query("UPDATE sign_in SET failures = $2, until = $3 WHERE who = $1");
            let until = now.0.saturating_add(delay(failures));
            set.bind(&who).bind(failures).bind(until).execute(&mut *tx).await?;
            sqlx::query("DELETE FROM sign_in WHERE until < $1")
                .bind(now.0.saturating_sub(DAY))
                .execute(&mut *tx)
                .await?;
            tx.commit().await?;
            Ok(Ok(failures))
        })
    }

    /// Somebody signed in: what failed before does not count any more.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn signed_in(&self, who: Digest) -> Result<(), LedgerError> {
        let forget = "DELETE FROM sign_in WHERE who = $1";
        on!(&self.database, pool => sqlx::query(forget).bind(who.to_string()).execute(pool).await.map(drop))?;
        Ok(())
    }
}
