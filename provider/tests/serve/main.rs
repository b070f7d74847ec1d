//! `enduring serve` as browsers, players and those who run it meet it: the real
//! command, over HTTP.

mod api;
mod files;
mod packs;
mod place;
#[path = "../python/mod.rs"]
mod python;
mod running;
