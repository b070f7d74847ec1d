//! Timers; most end when they are dropped.

use gloo_timers::callback::{Interval, Timeout};

/// Once, later; not at all where it is dropped before.
#[derive(Debug)]
pub struct After {
    _timeout: Timeout,
}

/// Again and again, until it is dropped.
#[derive(Debug)]
pub struct Every {
    _interval: Interval,
}

/// Calls after so many milliseconds.
#[must_use]
pub fn after(milliseconds: u32, then: impl FnOnce() + 'static) -> After {
    After { _timeout: Timeout::new(milliseconds, then) }
}

/// Calls after so many milliseconds, in any case.
pub fn later(milliseconds: u32, then: impl FnOnce() + 'static) {
    Timeout::new(milliseconds, then).forget();
}

/// Calls every so many milliseconds.
#[must_use]
pub fn every(milliseconds: u32, then: impl FnMut() + 'static) -> Every {
    Every { _interval: Interval::new(milliseconds, then) }
}
