//! What a session takes from the device: time, and a key that signs.

use std::pin::Pin;

use enduring_core::measure::Millis;
use enduring_core::record::{Assurance, Place, PublicKey};
use enduring_core::session::Moment;
use thiserror::Error;

/// What comes later.
pub type Later<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// The device.
pub trait Device {
    /// Wall clock, offset and zone.
    fn wall(&self) -> Moment;
    /// A clock that only goes forward while this page lives.
    fn monotonic(&self) -> Millis;
    /// Where this page is shown.
    fn place(&self) -> Place;
    /// The public half of the key that signs, and what is known of it.
    fn key(&self) -> Later<'_, Result<(PublicKey, Assurance), Unsigned>>;
    /// r ‖ s over the bytes, by that key.
    fn sign<'a>(&'a self, input: &'a str) -> Later<'a, Result<[u8; 64], Unsigned>>;
}

/// Why there is no signed record.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Unsigned {
    /// The browser did not make a key, or did not sign.
    #[error("this browser did not sign: {0}")]
    Key(String),
    /// A private text that the log binds is not on this device any more.
    #[error("{0} is not on this device any more")]
    SheetMissing(String),
}

/// Visible time over all page loads: it goes on from where the log ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stopwatch {
    counted: Millis,
    running_since: Option<Millis>,
}

impl From<Millis> for Stopwatch {
    /// Stopped, at the time that the log claims.
    fn from(counted: Millis) -> Self {
        Self { counted, running_since: None }
    }
}

impl Stopwatch {
    /// The time so far.
    #[must_use]
    pub fn read(&self, now: Millis) -> Millis {
        let running = self.running_since.map_or(0, |since| now.0.saturating_sub(since.0));
        Millis(self.counted.0.saturating_add(running))
    }

    /// Starts, unless it runs.
    pub fn start(&mut self, now: Millis) {
        self.running_since.get_or_insert(now);
    }

    /// Stops where it is.
    pub fn stop(&mut self, now: Millis) {
        *self = Self::from(self.read(now));
    }

    /// Goes to `least` where it stands before that: another page has counted further.
    pub fn at_least(&mut self, least: Millis, now: Millis) {
        if self.read(now) < least {
            self.counted = least;
            self.running_since = self.running_since.map(|_| now);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_running_time_counts() {
        let mut watch = Stopwatch::from(Millis(1_000));
        assert_eq!(watch.read(Millis(500)), Millis(1_000));
        watch.start(Millis(500));
        watch.start(Millis(600));
        assert_eq!(watch.read(Millis(800)), Millis(1_300));
        watch.stop(Millis(800));
        assert_eq!(watch.read(Millis(9_000)), Millis(1_300));
        watch.at_least(Millis(2_000), Millis(9_000));
        assert_eq!(watch.read(Millis(9_000)), Millis(2_000));
    }
}
