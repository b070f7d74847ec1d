//! Time for those who only show it.

use enduring_core::measure::{Millis, Timestamp, UtcOffset};
use yew::prelude::*;

use crate::strings::PlayStrings;

/// What a scene asks of the clock.
#[derive(Clone, PartialEq)]
pub struct SceneClock {
    /// The wall clock.
    pub now: Callback<(), Timestamp>,
    /// Minutes east of UTC on this device at an instant.
    pub offset: Callback<Timestamp, UtcOffset>,
    /// Active time since the latest event, counted as the next event would.
    pub since: Callback<(), Millis>,
}

impl SceneClock {
    /// An instant as date and time on this device: `November 23, 2026, 14:20`.
    #[must_use]
    pub fn written(&self, at: Timestamp, words: &PlayStrings) -> String {
        let offset = self.offset.emit(at);
        let minutes = at.0.div_euclid(60_000) + i64::from(offset.0);
        let (hour, minute) = (minutes.div_euclid(60).rem_euclid(24), minutes.rem_euclid(60));
        at.date(offset).map_or_else(String::new, |date| (words.date_time)(date, hour, minute))
    }
}

/// A span in the largest unit that fits, rounded up.
#[must_use]
pub fn span(span: Millis, words: &PlayStrings) -> String {
    let minutes = span.0.div_ceil(60_000);
    match minutes {
        0..=90 => (words.minutes)(minutes),
        91..=2_879 => (words.hours)(minutes.div_ceil(60)),
        _ => (words.days)(minutes.div_ceil(1_440)),
    }
}

/// `1:05`, for a clock that runs.
#[must_use]
pub fn running(left: Millis) -> String {
    let seconds = left.0.div_ceil(1_000);
    let (minutes, seconds) = (seconds / 60, seconds % 60);
    let seconds = (100 + seconds).to_string();
    [&minutes.to_string(), seconds.get(1..).unwrap_or_default()].join(":")
}
