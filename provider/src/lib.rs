//! The provider's side of Enduring: from an author's folder to a signed pack, and
//! what a provider does with records. The `enduring` command dispatches to
//! [`command`]; everything below that can be used and tested without it.

// They panic where a pipe was closed; commands print by `command/say.rs`.
#![deny(clippy::print_stdout, clippy::print_stderr)]

pub mod audit;
pub mod author;
pub mod certificate;
pub mod command;
pub mod desk;
pub mod export;
pub mod intake;
pub mod key;
pub mod ledger;
pub mod ordered;
pub mod pack;
pub mod private;
pub mod rehearse;
pub mod report;
pub mod serve;
pub mod starter;
pub mod time;
pub mod verify;
