//! The player: a thin Yew page over `enduring-core`.
//! `platform` and `store` are the only homes of browser interfaces; everything else is props in, callbacks out.

// Markup is taken in token by token.
#![recursion_limit = "1024"]
#![deny(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod app;
pub mod components;
mod effect;
mod few;
mod hooks;
mod intake;
mod markup;
pub mod pack;
mod pages;
pub mod platform;
mod records;
pub mod route;
pub mod session;
pub mod store;
pub mod strings;
mod words;

pub use app::App;
