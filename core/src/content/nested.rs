//! How deep content may nest: a pack from a stranger must not end the player by
//! running it out of stack, which no error handler can catch.
//!
//! Postcard, unlike serde_json, follows a document as deep as it goes, and a byte
//! buys a level. So every place where a shape holds itself reads through
//! [`nested`], which counts the levels it is in; `wire`, which reads packs, counts
//! in the same places.

use std::cell::Cell;

use serde::{Deserialize, Deserializer};

/// Most levels of lists in quotes in lists, of emphasis in links, and of
/// conditions in conditions.
pub const NESTING_MAX: u32 = 32;

thread_local! {
    /// The levels that are being read now. It is zero between any two reads, so it
    /// is no state: nothing that is read depends on what was read before.
    static LEVELS: Cell<u32> = const { Cell::new(0) };
}

/// A level, for as long as it is being read; also when reading it fails.
struct Level;

impl Level {
    fn enter() -> Option<Self> {
        LEVELS.with(|levels| {
            let deeper = levels.get() + 1;
            (deeper <= NESTING_MAX).then(|| {
                levels.set(deeper);
                Self
            })
        })
    }
}

impl Drop for Level {
    fn drop(&mut self) {
        LEVELS.with(|levels| levels.set(levels.get().saturating_sub(1)));
    }
}

/// Reads what a shape holds of its own kind, one level further down.
pub(super) fn nested<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<T, D::Error> {
    let Some(_level) = Level::enter() else {
        return Err(serde::de::Error::custom(format_args!("expected at most {NESTING_MAX} levels")));
    };
    T::deserialize(deserializer)
}

#[cfg(test)]
mod tests {
    use super::super::{Block, Condition, Inline};
    use super::*;

    fn not(levels: u32) -> Condition {
        (0..levels).fold(Condition::Always, |inner, _| Condition::Not(Box::new(inner)))
    }

    #[test]
    fn a_level_more_than_the_most_is_refused_and_the_next_read_starts_afresh() {
        let bytes = |levels| postcard::to_allocvec(&not(levels)).expect("writes");
        for _ in 0..2 {
            assert_eq!(postcard::from_bytes(&bytes(NESTING_MAX)), Ok(not(NESTING_MAX)));
            assert!(postcard::from_bytes::<Condition>(&bytes(NESTING_MAX + 1)).is_err());
        }
        let text = serde_json::to_string(&not(NESTING_MAX + 1)).expect("writes");
        let error = serde_json::from_str::<Condition>(&text).expect_err("too deep").to_string();
        assert!(error.contains("at most 32 levels"), "{error}");
    }

    /// A byte a level, a million levels: each of these ended the process before.
    #[test]
    fn bytes_that_nest_without_end_are_an_error() {
        let endless = |level: &[u8]| level.repeat(1_000_000);
        assert!(postcard::from_bytes::<Condition>(&endless(&[1])).is_err(), "not");
        assert!(postcard::from_bytes::<Condition>(&endless(&[2, 1])).is_err(), "all");
        assert!(postcard::from_bytes::<Condition>(&endless(&[3, 1])).is_err(), "any");
        assert!(postcard::from_bytes::<Block>(&endless(&[2, 1, 1])).is_err(), "bullets");
        assert!(postcard::from_bytes::<Block>(&endless(&[3, 1, 1, 1])).is_err(), "numbers");
        assert!(postcard::from_bytes::<Block>(&endless(&[4, 1])).is_err(), "quote");
        assert!(postcard::from_bytes::<Inline>(&endless(&[1, 1])).is_err(), "emphasis");
        assert!(postcard::from_bytes::<Inline>(&endless(&[2, 1])).is_err(), "strong");
        assert!(postcard::from_bytes::<Inline>(&endless(&[4, 0, 1])).is_err(), "link");
    }
}
