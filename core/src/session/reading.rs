//! A reading in progress.

use serde::{Deserialize, Serialize};

use super::apply::when;
use super::event::Event;
use super::refusal::Refusal;
use crate::content::Reading;

/// Which page is shown, and how far the learner came.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadingState {
    /// The page shown, 0 for the first.
    pub page: u16,
    /// The last page that was shown, by order; so all before it were.
    pub furthest: u16,
}

pub(super) fn check(reading: &Reading, state: &ReadingState, event: &Event) -> Result<(), Refusal> {
    match event {
        Event::PageShown { page } => {
            when(usize::from(*page) < reading.pages.len(), Refusal::NoSuchPage)?;
            when(*page <= state.furthest.saturating_add(1), Refusal::PageSkipped)
        }
        Event::PartFinished { .. } => {
            when(usize::from(state.furthest) + 1 >= reading.pages.len(), Refusal::PartUnfinished)
        }
        _ => Err(Refusal::WrongKind),
    }
}

pub(super) fn change(state: &mut ReadingState, event: &Event) {
    if let Event::PageShown { page } = event {
        state.page = *page;
        state.furthest = state.furthest.max(*page);
    }
}
