//! Time as a session sees it: wall clock for dates, visible time for effort.

use serde::{Deserialize, Serialize};

use super::event::{Entry, Moment};
use super::refusal::Refusal;
use crate::measure::{Millis, Timestamp, UtcOffset};

/// A visible gap may exceed the wall clock's by so much before it is an anomaly.
const SLACK: u64 = 2_000;
/// Most anomalies that are kept; the count goes on.
const ANOMALIES_MAX: usize = 32;
/// Offsets in use lie between UTC-12:00 and UTC+14:00.
const OFFSETS: std::ops::RangeInclusive<i16> = -720..=840;
/// Longest IANA zone that is taken.
const ZONE_MAX: usize = 64;

/// The session's clock after its latest event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clock {
    /// The first event.
    pub first: Moment,
    /// The latest event.
    pub last: Moment,
    /// Visible time as claimed by the latest event.
    pub claimed: Millis,
    /// Visible time that counts: each gap cut off where the learner was idle.
    pub active: Millis,
    /// Whether the page is visible.
    pub visibility: Visibility,
    /// What is odd about the times, for review; never a refusal.
    pub anomalies: Vec<Anomaly>,
    /// How many there were in all.
    pub anomaly_count: u32,
}

/// Whether the page is visible.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// Yes.
    Visible,
    /// No: time does not count.
    Hidden,
}

/// Something odd about the times.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Anomaly {
    /// At which event.
    pub n: u32,
    /// What.
    pub kind: AnomalyKind,
    /// By how much.
    pub by: Millis,
}

/// Kinds of oddity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnomalyKind {
    /// The wall clock went backwards.
    ClockBackwards,
    /// More visible time passed than wall time.
    ActiveExceedsWall,
}

impl Clock {
    /// The clock at the first event.
    pub(super) fn begin(entry: &Entry) -> Result<Self, Refusal> {
        possible(entry.offset, &entry.zone)?;
        Ok(Self {
            first: entry.moment(),
            last: entry.moment(),
            claimed: entry.active,
            active: Millis(0),
            visibility: Visibility::Visible,
            anomalies: Vec::new(),
            anomaly_count: 0,
        })
    }

    /// The active time that would count at `entry`.
    pub(super) fn check(&self, entry: &Entry, cutoff: Millis) -> Result<Millis, Refusal> {
        possible(entry.offset, &entry.zone)?;
        let gap = entry.active.0.checked_sub(self.claimed.0).ok_or(Refusal::ActiveBackwards)?;
        Ok(match self.visibility {
            Visibility::Visible => Millis(self.active.0.saturating_add(gap.min(cutoff.0))),
            Visibility::Hidden => self.active,
        })
    }

    /// Moves on to `entry`.
    pub(super) fn advance(&mut self, entry: &Entry, active: Millis) {
        let gap = entry.active.0.saturating_sub(self.claimed.0);
        match entry.at.since(self.last.at) {
            None => self.anomaly(entry, AnomalyKind::ClockBackwards, back(self.last.at, entry.at)),
            Some(wall) if gap > wall.0.saturating_add(SLACK) => {
                self.anomaly(entry, AnomalyKind::ActiveExceedsWall, Millis(gap - wall.0));
            }
            Some(_) => {}
        }
        self.last.at = entry.at;
        self.last.offset = entry.offset;
        if self.last.zone != entry.zone {
            self.last.zone.clone_from(&entry.zone);
        }
        self.claimed = entry.active;
        self.active = active;
    }

    fn anomaly(&mut self, entry: &Entry, kind: AnomalyKind, by: Millis) {
        self.anomaly_count = self.anomaly_count.saturating_add(1);
        if self.anomalies.len() < ANOMALIES_MAX {
            self.anomalies.push(Anomaly { n: entry.n, kind, by });
        }
    }
}

fn back(later: Timestamp, earlier: Timestamp) -> Millis {
    later.since(earlier).unwrap_or_default()
}

fn possible(offset: UtcOffset, zone: &str) -> Result<(), Refusal> {
    let sound = OFFSETS.contains(&offset.0) && !zone.is_empty() && zone.len() <= ZONE_MAX;
    sound.then_some(()).ok_or(Refusal::BadClock)
}
