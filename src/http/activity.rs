//! What a connection has done. It is only counted, so that a request costs two additions and no clock.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// Counters of what a connection has done.
#[derive(Default)]
pub struct Activity {
    requests: AtomicUsize,
    writes: AtomicUsize,
}

impl Activity {
    /// Counts the head of a request.
    pub fn request(&self) {
        self.requests.fetch_add(1, Relaxed);
    }

    /// Returns the numbers of requests and writes.
    pub fn counts(&self) -> (usize, usize) {
        (self.requests.load(Relaxed), self.writes.load(Relaxed))
    }

    /// Returns whether there was a request.
    pub fn has_request(&self) -> bool {
        self.requests.load(Relaxed) > 0
    }

    /// Counts a write that the system accepted.
    pub fn write(&self) {
        self.writes.fetch_add(1, Relaxed);
    }
}
