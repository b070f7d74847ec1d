//! Writing in groups: submissions that come while the disk is busy share its next
//! answer. Nobody is told anything before their rows are durable.

use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout_at};

use super::IntakeError;
use crate::ledger::{Added, Beside, Database, Entry, Ledger, LedgerError};

/// Most submissions of one transaction.
const GROUP: usize = 128;
/// Submissions that may wait; more are asked to come again.
const WAITING: usize = 1_024;
/// On SQLite a group that is smaller than [`MANY`] is written at the earliest so long after the one before:
/// a page of an index is written once for all of a group.
const GATHERED: Duration = Duration::from_millis(5);
/// So many submissions are a group at once.
const MANY: usize = 16;
/// After so many submissions what is durable in a journal is carried into the database's file,
/// beside the writing: who waits for their rows would wait for that too.
const CARRIED: usize = 128;
/// How often a group is tried again that two servers stood in each other's way with.
const TRIES: usize = 3;

struct Lot {
    rows: (Vec<Entry>, Beside),
    done: oneshot::Sender<Result<Added, LedgerError>>,
}

/// The way to the ledger of all submissions of a server.
#[derive(Clone)]
pub(super) struct Writer {
    lots: mpsc::Sender<Lot>,
}

impl Writer {
    /// Starts it on the current runtime; it ends when the last handle is gone.
    pub fn start(ledger: Ledger) -> Self {
        let (lots, mut waiting) = mpsc::channel::<Lot>(WAITING);
        tokio::spawn(async move {
            let mut group = Vec::with_capacity(GROUP);
            let (mut written, mut carrying) = (0, None::<JoinHandle<bool>>);
            let mut last = None::<Instant>;
            while waiting.recv_many(&mut group, GROUP).await > 0 {
                if let (Some(last), Database::Sqlite { .. }) = (last, ledger.database()) {
                    gather(&mut waiting, &mut group, last + GATHERED).await;
                }
                written += group.len();
                write(&ledger, std::mem::take(&mut group)).await;
                last = Some(Instant::now());
                if let Some(carried) = carrying.take_if(|carrying| carrying.is_finished()) {
                    let is_long = carried.await.unwrap_or(false);
                    // What it leaves behind, the next one carries.
                    let _ = if is_long { ledger.database().carry_rest().await } else { Ok(()) };
                }
                if written >= CARRIED && carrying.is_none() {
                    let ledger = ledger.clone();
                    carrying =
                        Some(tokio::spawn(async move { ledger.database().carry().await.unwrap_or(false) }));
                    written = 0;
                }
            }
        });
        Self { lots }
    }

    /// Adds rows, all or none, and waits until they are durable.
    pub async fn add(&self, entries: Vec<Entry>, beside: Beside) -> Result<Added, IntakeError> {
        let (done, answer) = oneshot::channel();
        let lot = Lot { rows: (entries, beside), done };
        self.lots.try_send(lot).map_err(|_| IntakeError::Busy)?;
        Ok(answer.await.map_err(|_| IntakeError::Busy)??)
    }
}

/// Waits for more submissions until there are many, or it is time.
async fn gather(waiting: &mut mpsc::Receiver<Lot>, group: &mut Vec<Lot>, until: Instant) {
    while group.len() < MANY {
        let Ok(Some(lot)) = timeout_at(until, waiting.recv()).await else { return };
        group.push(lot);
    }
}

async fn write(ledger: &Ledger, group: Vec<Lot>) {
    let (rows, mut done): (Vec<_>, Vec<_>) = group.into_iter().map(|lot| (lot.rows, lot.done)).unzip();
    for _ in 0..TRIES {
        if let Ok(answers) = ledger.add_lots(&rows).await {
            for (done, answer) in done.drain(..).zip(answers) {
                // Whoever asked may be gone; the rows are there all the same.
                let _ = done.send(Ok(answer));
            }
            return;
        }
    }
    // One by one, so that each hears what is wrong with its own.
    for ((entries, beside), done) in rows.iter().zip(done) {
        let _ = done.send(ledger.add_lot(entries, beside).await);
    }
}
