//! The project's own commands: `cargo xtask <command>`.
//!
//! A library too, so that the browser tests start the same server that
//! `cargo xtask start` runs and find the same tools.

pub mod authority;
pub mod bench;
pub mod digest;
pub mod dist;
pub mod encode;
pub mod headers;
pub mod hosting;
pub mod minify;
pub mod player;
pub mod precache;
pub mod process;
pub mod serve;
pub mod setup;
pub mod size;
pub mod split;
pub mod start;
pub mod step;
pub mod suite;
pub mod tidy;
pub mod tools;
pub mod wasm;
pub mod workspace;
