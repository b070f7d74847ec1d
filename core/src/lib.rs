//! The pure core of Enduring: what an activity is, what a session is, how it is
//! scored, and what a completion record says.
//!
//! Deliberately absent: clocks, randomness, locales, files, networks, databases,
//! web types and floats. Time, chance and identity arrive as data inside events,
//! so the same log over the same pack gives the same state, byte for byte, in the
//! browser and at the provider.

#![deny(
    clippy::expect_used,
    clippy::float_arithmetic,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    missing_docs
)]

pub mod content;
pub mod encode;
pub mod id;
pub mod json;
pub mod measure;
pub mod order;
pub mod record;
pub mod score;
pub mod session;
mod wire;
