//! Detects idle connections: their activity is checked from time to time.

use std::sync::Arc;

use crate::http::activity::Activity;

/// Checks the activity of one connection.
pub struct IdleWatch {
    activity: Arc<Activity>,
    /// The counters at the last check.
    seen: Option<(usize, usize)>,
    /// How many checks in a row found nothing new.
    unchanged: u32,
}

/// This many checks without activity end a connection. The idle timeout is divided by it.
pub const IDLE_CHECKS: u32 = 2;

impl IdleWatch {
    pub fn new(activity: Arc<Activity>) -> Self {
        Self { activity, seen: None, unchanged: 0 }
    }

    /// Returns whether the connection may stay: it must have had a request by the first check, and any activity since
    /// one of the last two checks at every later one.
    pub fn is_active(&mut self) -> bool {
        let now = self.activity.counts();
        if self.seen.replace(now) == Some(now) {
            self.unchanged += 1;
        } else {
            self.unchanged = 0;
        }
        now.0 > 0 && self.unchanged < IDLE_CHECKS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_without_a_request_ends_at_the_first_look() {
        let activity = Arc::<Activity>::default();
        // HTTP/2 writes its settings frame before there is a request.
        activity.write();
        assert!(!IdleWatch::new(Arc::clone(&activity)).is_active());
        activity.request();
        assert!(IdleWatch::new(activity).is_active());
    }

    #[test]
    fn a_connection_that_does_nothing_for_two_looks_ends_and_one_that_only_writes_stays() {
        let activity = Arc::<Activity>::default();
        activity.request();
        let mut watch = IdleWatch::new(Arc::clone(&activity));
        assert!(watch.is_active());
        for _ in 0..10 {
            assert!(watch.is_active(), "once without anything");
            activity.write();
            assert!(watch.is_active());
        }
        activity.request();
        assert!(watch.is_active() && watch.is_active());
        assert!(!watch.is_active());
    }
}
