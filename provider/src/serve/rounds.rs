//! What is done now and then: rows of the ledger are linked, its head is signed once a
//! day, the folders are listed again, and who asked is forgotten.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};

use super::Server;
use crate::ledger::chain::PACE;

/// How often the folders are listed again and who asked is forgotten.
const ROUND: Duration = Duration::from_secs(10);
/// How often it is asked whether today's head is signed.
const WATCH: Duration = Duration::from_secs(600);

/// Does all of it until it is dropped.
pub(super) async fn go(server: Server) {
    tokio::join!(link(&server), sign(&server), tidy(&server));
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

async fn tidy(server: &Server) {
    let mut round = interval(ROUND);
    round.set_missed_tick_behavior(MissedTickBehavior::Delay);
    round.tick().await;
    loop {
        round.tick().await;
        server.limits.forget();
        let site = Arc::clone(&server.site);
        match tokio::task::spawn_blocking(move || site.refresh()).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!(%error, "the files served stay as they were"),
            Err(error) => tracing::error!(%error, "the files served stay as they were"),
        }
    }
}
