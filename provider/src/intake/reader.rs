//! Reading in groups, as [`super::writer`] writes: what is asked while the database answers
//! shares its next answer.

use std::future::Future;

use tokio::sync::{mpsc, oneshot};

use super::IntakeError;
use crate::ledger::{Ledger, LedgerError};

/// Most who share an answer.
const GROUP: usize = 64;
/// Those who may wait.
const WAITING: usize = 1_024;

struct Ask<Q, A> {
    looks: Vec<Q>,
    done: oneshot::Sender<Result<Vec<A>, LedgerError>>,
}

/// The way to the ledger of all who look for a sort of things: for each look an answer.
pub(super) struct Reader<Q, A> {
    asks: mpsc::Sender<Ask<Q, A>>,
}

impl<Q, A> Clone for Reader<Q, A> {
    fn clone(&self) -> Self {
        Self { asks: self.asks.clone() }
    }
}

impl<Q, A> Reader<Q, A>
where
    Q: Clone + Send + Sync + 'static,
    A: Send + 'static,
{
    /// Starts it on the current runtime; it ends when the last handle is gone.
    pub fn start<F, Looked>(ledger: Ledger, look: F) -> Self
    where
        F: Fn(Ledger, Vec<Q>) -> Looked + Send + Sync + 'static,
        Looked: Future<Output = Result<Vec<A>, LedgerError>> + Send,
    {
        let (asks, mut waiting) = mpsc::channel::<Ask<Q, A>>(WAITING);
        tokio::spawn(async move {
            let mut group = Vec::with_capacity(GROUP);
            while waiting.recv_many(&mut group, GROUP).await > 0 {
                answer(&ledger, &look, std::mem::take(&mut group)).await;
            }
        });
        Self { asks }
    }

    /// Looks for things; for each what was found, in their order.
    pub async fn look(&self, looks: Vec<Q>) -> Result<Vec<A>, IntakeError> {
        let (done, answer) = oneshot::channel();
        self.asks.send(Ask { looks, done }).await.map_err(|_| IntakeError::Busy)?;
        Ok(answer.await.map_err(|_| IntakeError::Busy)??)
    }
}

async fn answer<Q, A, F, Looked>(ledger: &Ledger, look: &F, group: Vec<Ask<Q, A>>)
where
    Q: Clone,
    F: Fn(Ledger, Vec<Q>) -> Looked,
    Looked: Future<Output = Result<Vec<A>, LedgerError>>,
{
    let all = group.iter().flat_map(|ask| ask.looks.iter().cloned()).collect();
    if let Ok(answers) = look(ledger.clone(), all).await {
        let mut answers = answers.into_iter();
        for Ask { looks, done } in group {
            // Whoever asked may be gone.
            let _ = done.send(Ok(answers.by_ref().take(looks.len()).collect()));
        }
        return;
    }
    // One by one, so that each hears what is wrong with its own.
    for Ask { looks, done } in group {
        let _ = done.send(look(ledger.clone(), looks).await);
    }
}
