//! Connections over a limit: few, and only for a moment, so that health checks get through whoever holds the others.

use std::{collections::VecDeque, time::Duration};

use tokio::{task::AbortHandle, time::Instant};
use tokio_util::task::TaskTracker;

use super::limiter::LimitReached;

/// So many may be open at once; each further one ends the oldest.
pub const MAX_OVERFLOW: usize = 256;
/// How long each may stay: for one request and its answer.
const TIME: Duration = Duration::from_secs(2);
/// Between two lines in the log.
const LOG_PAUSE: Duration = Duration::from_mins(1);

/// The newest connections over a limit.
#[derive(Default)]
pub struct Overflow {
    newest: VecDeque<AbortHandle>,
    logged_at: Option<Instant>,
}

impl Overflow {
    /// Serves one for its moment, as one of these tasks.
    pub fn serve(&mut self, tasks: &TaskTracker, serving: impl Future<Output = ()> + Send + 'static) {
        if self.newest.len() >= MAX_OVERFLOW
            && let Some(oldest) = self.newest.pop_front()
        {
            oldest.abort();
        }
        let task = tasks.spawn(async move {
            // Over in time or not: it ends.
            let _ = tokio::time::timeout(TIME, serving).await;
        });
        self.newest.push_back(task.abort_handle());
    }

    /// Says in the log that a limit is reached, once a minute.
    pub fn log(&mut self, limit: LimitReached, open: usize) {
        let now = Instant::now();
        if self.logged_at.is_none_or(|logged_at| now - logged_at >= LOG_PAUSE) {
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
    async fn one_too_many_ends_the_oldest_and_each_ends_after_its_moment() {
        let (mut overflow, tasks) = (Overflow::default(), TaskTracker::new());
        for _ in 0..2 * MAX_OVERFLOW {
            overflow.serve(&tasks, pending());
            tokio::task::yield_now().await;
        }
        assert_eq!(overflow.newest.len(), MAX_OVERFLOW);
        assert!(tasks.len() <= MAX_OVERFLOW + 1, "{}", tasks.len());
        tasks.close();
        tokio::time::timeout(2 * TIME, tasks.wait()).await.unwrap();
    }
}
