//! What was asked of the server.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// One request. Logged when it arrives; the status is known once the head of
/// the answer is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    pub method: String,
    /// Path and query, as sent.
    pub path: String,
    pub status: Option<u16>,
}

#[derive(Default)]
pub(super) struct Log(Mutex<Entries>);

#[derive(Default)]
struct Entries {
    /// How many were forgotten, so that numbers stay unique.
    forgotten: usize,
    requests: Vec<Request>,
}

/// The number of a request in the log.
#[derive(Clone, Copy)]
pub(super) struct Number(usize);

impl Log {
    pub fn requests(&self) -> Vec<Request> {
        self.entries().requests.clone()
    }

    pub fn clear(&self) {
        let mut entries = self.entries();
        entries.forgotten += entries.requests.len();
        entries.requests.clear();
    }

    pub(super) fn arrived(&self, request: Request) -> Number {
        let mut entries = self.entries();
        entries.requests.push(request);
        Number(entries.forgotten + entries.requests.len() - 1)
    }

    pub(super) fn answered(&self, Number(number): Number, status: u16) {
        let mut entries = self.entries();
        let at = number.checked_sub(entries.forgotten);
        if let Some(request) = at.and_then(|at| entries.requests.get_mut(at)) {
            request.status = Some(status);
        }
    }

    fn entries(&self) -> MutexGuard<'_, Entries> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
