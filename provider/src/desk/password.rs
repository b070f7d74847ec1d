//! Passwords: Argon2id with the crate's recommended parameters (19 MiB, two passes), and
//! the same time for a name that nobody has.

use std::sync::OnceLock;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use thiserror::Error;

/// Least characters of a password.
pub const LEAST: usize = 12;
/// Most bytes of a password: hashing more is work for nothing.
pub const MOST: usize = 1_024;

/// Why a password is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum PasswordError {
    /// Too short.
    #[error("expected at least {LEAST} characters")]
    Short,
    /// Too long.
    #[error("expected at most {MOST} bytes")]
    Long,
    /// It is the name.
    #[error("expected a password that does not hold the name")]
    Name,
    /// The system gives no chance, or no memory.
    #[error("the password cannot be hashed")]
    Hash,
}

/// Hashes a new password of somebody.
///
/// # Errors
/// [`PasswordError`].
pub fn hash(name: &str, password: &str) -> Result<String, PasswordError> {
    if password.chars().count() < LEAST {
        return Err(PasswordError::Short);
    }
    if password.len() > MOST {
        return Err(PasswordError::Long);
    }
    if password.to_lowercase().contains(&name.to_lowercase()) {
        return Err(PasswordError::Name);
    }
    hashed(password)
}

fn hashed(password: &str) -> Result<String, PasswordError> {
    let hash = Argon2::default().hash_password(password.as_bytes());
    hash.map(|hash| hash.to_string()).map_err(|_| PasswordError::Hash)
}

/// Whether a password is the one of a hash. Without a hash, the answer is no after the
/// same work.
#[must_use]
pub fn is(password: &str, hash: Option<&str>) -> bool {
    static NOBODY: OnceLock<Option<String>> = OnceLock::new();
    let nobody = || NOBODY.get_or_init(|| hashed("nobody has this password").ok()).as_deref();
    let Some(parsed) = hash.or_else(nobody).and_then(|hash| PasswordHash::new(hash).ok()) else {
        return false;
    };
    let short = password.get(..MOST).unwrap_or(password);
    let same = Argon2::default().verify_password(short.as_bytes(), &parsed).is_ok();
    same && hash.is_some() && password.len() <= MOST
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_hashed_by_argon2id_and_known_again() {
        let hash = hash("ada", "correct horse battery").expect("a hash");
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(is("correct horse battery", Some(&hash)));
        assert!(!is("correct horse batterz", Some(&hash)));
        assert!(!is("nobody has this password", None));
    }

    #[test]
    fn short_long_and_obvious_ones_are_refused() {
        assert_eq!(hash("ada", "eleven char"), Err(PasswordError::Short));
        assert_eq!(hash("ada", &"x".repeat(MOST + 1)), Err(PasswordError::Long));
        assert_eq!(hash("ada.lovelace", "Ada.Lovelace1"), Err(PasswordError::Name));
    }
}
