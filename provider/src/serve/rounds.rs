//! What is done now and then: rows of the ledger are linked, its head is signed once a
//! day, the folders are looked at again, and who asked is forgotten.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use tokio::signal::unix::Signal;
use tokio::time::{MissedTickBehavior, interval};

use super::Server;
use crate::intake::PacksNow;
use crate::ledger::chain::PACE;

/// How often the folders are looked at again and who asked is forgotten.
const ROUND: Duration = Duration::from_secs(10);
/// How often it is asked whether today's head is signed.
const WATCH: Duration = Duration::from_secs(600);

/// Does all of it until it is dropped; a hangup has the folders looked at at once.
pub(super) async fn go(server: Server, hangup: Signal) {
    tokio::join!(link(&server), sign(&server), tidy(&server, hangup));
}

/// Any number of servers may do this at once: the ledger lets one.
async fn link(server: &Server) {
    let mut pace = interval(PACE);
    pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        pace.tick().await;
        if let Err(error) = server.intake.ledger().link().await {
            tracing::error!(%error, "rows of the ledger wait to be linked");
        }
    }
}

async fn sign(server: &Server) {
    let mut watch = interval(WATCH);
    watch.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        watch.tick().await;
        match server.intake.ledger().checkpoint(server.intake.signer()).await {
            Ok(true) => tracing::info!("the head of the ledger is signed"),
            Ok(false) => {}
            Err(error) => tracing::error!(%error, "the head of the ledger is not signed"),
        }
    }
}

async fn tidy(server: &Server, mut hangup: Signal) {
    let mut round = interval(ROUND);
    round.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut told = server.intake.packs().unlisted().map(str::to_owned).collect();
    let mut decided_by = None;
    loop {
        tokio::select! {
            _ = round.tick() => {}
            Some(()) = hangup.recv() => tracing::info!("looking at the folders again"),
        }
        server.limits.forget();
        // Before the files: what is handed out can then be judged.
        told = packs(server, told).await;
        decided_by = waiting(server, decided_by).await;
        let site = Arc::clone(&server.site);
        match tokio::task::spawn_blocking(move || site.refresh()).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!(%error, "the files served stay as they were"),
            Err(error) => tracing::error!(%error, "the files served stay as they were"),
        }
    }
}

/// Decides about records that waited for a pack, once for every change of the packs and
/// once at the start.
async fn waiting(server: &Server, decided_by: Option<PacksNow>) -> Option<PacksNow> {
    let packs = server.intake.packs();
    if decided_by.as_ref().is_some_and(|before| before.is(&packs)) {
        return decided_by;
    }
    match server.intake.decide_waiting().await {
        Ok(decided) if decided.is_empty() => {}
        Ok(decided) => tracing::info!(records = decided.len(), "records that waited for a pack are decided"),
        Err(error) => {
            tracing::error!(%error, "records wait for a pack that may be at hand");
            return decided_by;
        }
    }
    Some(packs)
}

/// Takes up what changed in the folder of packs, opens what is new, and logs once what is
/// wrong with a pack; the others are used.
async fn packs(server: &Server, told: BTreeSet<String>) -> BTreeSet<String> {
    let intake = server.intake.clone();
    let looked = tokio::task::spawn_blocking(move || {
        let changed = intake.look_for_packs();
        let packs = intake.packs();
        packs.open_all();
        let problems: BTreeSet<String> =
            packs.unlisted().chain(packs.problems()).map(str::to_owned).collect();
        (changed, packs.len(), problems)
    });
    let Ok((changed, number, problems)) = looked.await else { return told };
    match changed {
        Ok(true) => tracing::info!(packs = number, "the packs changed"),
        Ok(false) => {}
        Err(error) => tracing::error!(%error, "the packs stay as they were"),
    }
    for problem in problems.difference(&told) {
        tracing::warn!(problem, "pack not used");
    }
    problems
}
