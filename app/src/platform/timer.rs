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
    After { _timeout: timeout(milliseconds, Box::new(then)) }
}

/// Calls after so many milliseconds, in any case.
pub fn later(milliseconds: u32, then: impl FnOnce() + 'static) {
    timeout(milliseconds, Box::new(then)).forget();
}

// Boxed and not inlined: what is called from JavaScript is made once then, not for every place.
#[inline(never)]
fn timeout(milliseconds: u32, then: Box<dyn FnOnce()>) -> Timeout {
    Timeout::new(milliseconds, then)
}

/// Calls every so many milliseconds.
#[must_use]
pub fn every(milliseconds: u32, then: impl FnMut() + 'static) -> Every {
    Every { _interval: interval(milliseconds, Box::new(then)) }
}

#[inline(never)]
fn interval(milliseconds: u32, then: Box<dyn FnMut()>) -> Interval {
    Interval::new(milliseconds, then)
}
