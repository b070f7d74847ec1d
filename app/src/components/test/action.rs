//! Which action is the primary one, and which stand beside it.

use enduring_core::content::Reveal;
use enduring_core::id::ItemId;
use enduring_core::session::view::TestRun;

/// The primary action of an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Primary {
    /// Answers, and is told how it went.
    Check,
    /// Answers, and goes on to the next item.
    AnswerAndGo,
    /// Answers.
    Answer,
    /// Goes to an item.
    GoTo(ItemId),
    /// Goes back to the first item without an answer.
    FirstOpen(ItemId),
    /// Hands the attempt in.
    HandIn,
}

/// Whether what is picked differs from what was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Picked {
    /// It was answered so.
    AsAnswered,
    /// It was not.
    Anew,
}

/// The primary action.
#[must_use]
pub fn primary(run: &TestRun, picked: Picked) -> Primary {
    let answered = run.item.response.is_some() || run.item.expired;
    if !run.is_final && (picked == Picked::Anew || !answered) {
        let is_last = usize::from(run.item.number) >= run.slots.len();
        return match run.reveal {
            Reveal::AfterItem => Primary::Check,
            Reveal::Never | Reveal::AfterAttempt | Reveal::AfterPassing if is_last => Primary::Answer,
            Reveal::Never | Reveal::AfterAttempt | Reveal::AfterPassing => Primary::AnswerAndGo,
        };
    }
    let first_open = || run.slots.iter().find(|slot| !slot.settled && slot.open);
    match (&run.next, first_open()) {
        (Some(next), _) => Primary::GoTo(next.clone()),
        (None, Some(slot)) => Primary::FirstOpen(slot.item.clone()),
        (None, None) => Primary::HandIn,
    }
}

/// How many items have no answer.
#[must_use]
pub fn open(run: &TestRun) -> usize {
    run.slots.iter().filter(|slot| !slot.settled).count()
}
