//! Whether a connection still does anything. Looked at from time to time, so that a request costs two additions and no clock.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering::Relaxed},
};

/// What a connection has done.
#[derive(Default)]
pub struct Activity {
    requests: AtomicUsize,
    writes: AtomicUsize,
}

impl Activity {
    /// The head of a request was read.
    pub fn request(&self) {
        self.requests.fetch_add(1, Relaxed);
    }

    /// Whether there was a request.
    pub fn has_request(&self) -> bool {
        self.requests.load(Relaxed) > 0
    }

    /// The system took something that was written.
    pub fn write(&self) {
        self.writes.fetch_add(1, Relaxed);
    }
}

/// Looks at the activity of one connection.
pub struct Watch {
    activity: Arc<Activity>,
    /// What there was at the last look.
    seen: Option<(usize, usize)>,
    /// How many looks found nothing new in a row.
    quiet: u32,
}

/// So many looks without anything new end a connection: the idle time is divided by it.
pub const QUIET_LOOKS: u32 = 2;

impl Watch {
    /// Nothing was seen yet.
    pub fn new(activity: Arc<Activity>) -> Self {
        Self { activity, seen: None, quiet: 0 }
    }

    /// Whether the connection may stay: if it had a request at the first look, and did something since one of the last two at
    /// each other.
    pub fn look(&mut self) -> bool {
        let now = (self.activity.requests.load(Relaxed), self.activity.writes.load(Relaxed));
        if self.seen.replace(now) == Some(now) {
            self.quiet += 1;
        } else {
            self.quiet = 0;
        }
        now.0 > 0 && self.quiet < QUIET_LOOKS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_without_a_request_ends_at_the_first_look() {
        let activity = Arc::<Activity>::default();
        // The settings frame of HTTP/2 is written before there is a request.
        activity.write();
        assert!(!Watch::new(Arc::clone(&activity)).look());
        activity.request();
        assert!(Watch::new(activity).look());
    }

    #[test]
    fn a_connection_that_does_nothing_for_two_looks_ends_and_one_that_only_writes_stays() {
        let activity = Arc::<Activity>::default();
        activity.request();
        let mut watch = Watch::new(Arc::clone(&activity));
        assert!(watch.look());
        for _ in 0..10 {
            assert!(watch.look(), "once without anything");
            activity.write();
            assert!(watch.look());
        }
        activity.request();
        assert!(watch.look() && watch.look());
        assert!(!watch.look());
    }
}
