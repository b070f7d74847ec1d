//! The desk: ledger and intake, on SQLite and on PostgreSQL.

mod audit;
mod browser;
mod certificates;
mod command;
mod conflicts;
mod consent;
mod copies;
#[path = "../databases/mod.rs"]
mod databases;
mod export;
mod intake;
mod killed;
mod later;
mod ledger;
mod lists;
mod material;
mod notices;
mod orders;
mod pages;
mod people;
mod proofs;
#[path = "../python/mod.rs"]
mod python;
mod rates;
mod reported;
mod reports;
mod rules;
mod together;
mod told;
mod unset;

/// Runs a test's work on threads of its own, as a server has them.
fn run(work: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("threads").block_on(work);
}
