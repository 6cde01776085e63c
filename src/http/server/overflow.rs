//! Connections over a limit. A few are served for a moment each, so that health checks get through even when all
//! permits are taken.

use std::{collections::VecDeque, sync::Arc, time::Duration};

use tokio::{task::AbortHandle, time::Instant};
use tokio_util::task::TaskTracker;

use crate::http::activity::Activity;
use crate::http::limits::connections::LimitReached;

/// The most that may be open at once. Each further one ends the oldest that has not sent a request yet.
pub const MAX_OVERFLOW: usize = 1_024;
/// How long each may stay: for one request and its response.
const OVERFLOW_TIMEOUT: Duration = Duration::from_secs(5);
/// After this many accepted connections, other tasks run before more are accepted: else a flood would end connections
/// before their request was read.
const YIELD_EVERY: usize = 32;
/// The shortest time between two log lines.
const LOG_INTERVAL: Duration = Duration::from_mins(1);

/// The connections over a limit, roughly from the oldest to the newest.
#[derive(Default)]
pub struct Overflow {
    open: VecDeque<OverflowConnection>,
    /// How many there were so far.
    count: usize,
    logged_at: Option<Instant>,
}

/// One connection over a limit.
struct OverflowConnection {
    task: AbortHandle,
    activity: Arc<Activity>,
}

impl Overflow {
    /// Serves one connection for its short time, as one of these tasks.
    pub async fn serve(
        &mut self,
        tasks: &TaskTracker,
        activity: Arc<Activity>,
        serving: impl Future<Output = ()> + Send + 'static,
    ) {
        if self.open.len() >= MAX_OVERFLOW {
            self.make_room();
        }
        let task = tasks.spawn(async move {
            // The connection ends, whether it was served in time or not.
            let _ = tokio::time::timeout(OVERFLOW_TIMEOUT, serving).await;
        });
        self.open.push_back(OverflowConnection { task: task.abort_handle(), activity });
        self.count = self.count.wrapping_add(1);
        if self.count.is_multiple_of(YIELD_EVERY) {
            tokio::task::yield_now().await;
        }
    }

    /// Makes room for one more: removes one that has ended, or ends the oldest that has not sent a request, or else the
    /// oldest of all.
    fn make_room(&mut self) {
        for _ in 0..self.open.len() {
            let Some(oldest) = self.open.pop_front() else { return };
            if oldest.task.is_finished() {
                return;
            }
            if !oldest.activity.has_request() {
                return oldest.task.abort();
            }
            self.open.push_back(oldest);
        }
        if let Some(oldest) = self.open.pop_front() {
            oldest.task.abort();
        }
    }

    /// Logs that a limit is reached, at most once a minute.
    pub fn log(&mut self, limit: LimitReached, open: usize) {
        let now = Instant::now();
        if self.logged_at.is_none_or(|logged_at| now - logged_at >= LOG_INTERVAL) {
            self.logged_at = Some(now);
            let limit = limit.name();
            tracing::warn!(limit, open, "too many connections: only health checks are answered on further ones");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn one_too_many_ends_the_oldest_that_has_not_asked_and_each_ends_after_its_moment() {
        let (mut overflow, tasks) = (Overflow::default(), TaskTracker::new());
        let asked = Arc::<Activity>::default();
        asked.request();
        overflow.serve(&tasks, asked, pending()).await;
        for _ in 0..2 * MAX_OVERFLOW {
            overflow.serve(&tasks, Arc::default(), pending()).await;
            tokio::task::yield_now().await;
        }
        assert_eq!(overflow.open.len(), MAX_OVERFLOW);
        assert!(tasks.len() <= MAX_OVERFLOW + 1, "{}", tasks.len());
        let asking: Vec<_> = overflow.open.iter().filter(|connection| connection.activity.has_request()).collect();
        assert!(asking.len() == 1 && !asking[0].task.is_finished());
        tasks.close();
        tokio::time::timeout(2 * OVERFLOW_TIMEOUT, tasks.wait()).await.unwrap();
    }

    #[tokio::test]
    async fn where_all_have_asked_one_too_many_ends_the_oldest() {
        let (mut overflow, tasks) = (Overflow::default(), TaskTracker::new());
        for _ in 0..2 * MAX_OVERFLOW {
            let asked = Arc::<Activity>::default();
            asked.request();
            overflow.serve(&tasks, asked, pending()).await;
            tokio::task::yield_now().await;
        }
        assert_eq!(overflow.open.len(), MAX_OVERFLOW);
        assert!(tasks.len() <= MAX_OVERFLOW + 1, "{}", tasks.len());
    }
}
