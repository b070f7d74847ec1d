//! What goes to a provider's intake by an act of the learner, and what comes back:
//! `docs/formats/intake.md`. What is judged here is pure; `courier` does the sending.

pub mod courier;
pub mod listen;
pub mod reply;
pub mod sending;
pub mod signed;
pub mod tickets;

pub use self::reply::{Outcome, Reason, Standing};
pub use self::sending::{Answer, Enrolment, Round, Sending, Trouble};
pub use self::signed::NotSigned;

/// The host of a whole address.
#[must_use]
pub fn host(address: &str) -> &str {
    let rest = address.split_once("//").map_or(address, |(_, rest)| rest);
    rest.split_once('/').map_or(rest, |(host, _)| host)
}
