//! `enduring serve` as browsers, players and those who run it meet it: the real
//! command, over HTTP.

mod api;
#[path = "../databases/mod.rs"]
mod databases;
mod files;
mod packs;
mod place;
#[path = "../python/mod.rs"]
mod python;
mod running;

/// Runs a test's work on threads of its own, as a server has them.
fn run(work: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("threads").block_on(work);
}
