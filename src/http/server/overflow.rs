//! Connections over a limit: few, and only for a moment, so that health checks get through whoever holds the others.

use std::{collections::VecDeque, sync::Arc, time::Duration};

use tokio::{task::AbortHandle, time::Instant};
use tokio_util::task::TaskTracker;

use super::watch::Activity;
use crate::http::limits::connections::LimitReached;

/// So many may be open at once. Each further one ends the oldest that has not asked for anything yet.
pub const MAX_OVERFLOW: usize = 1_024;
/// How long each may stay: for one request and its answer.
const TIME: Duration = Duration::from_secs(5);
/// After so many the others get their turn before more are accepted: else a flood would end connections whose request was
/// never looked at.
const AT_A_TIME: usize = 32;
/// Between two lines in the log.
const LOG_PAUSE: Duration = Duration::from_mins(1);

/// The connections over a limit, roughly from the oldest to the newest.
#[derive(Default)]
pub struct Overflow {
    open: VecDeque<Guest>,
    /// How many there were so far.
    count: usize,
    logged_at: Option<Instant>,
}

/// One connection over a limit.
struct Guest {
    task: AbortHandle,
    activity: Arc<Activity>,
}

impl Overflow {
    /// Serves one for its moment, as one of these tasks.
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
            // Over in time or not: it ends.
            let _ = tokio::time::timeout(TIME, serving).await;
        });
        self.open.push_back(Guest { task: task.abort_handle(), activity });
        self.count = self.count.wrapping_add(1);
        if self.count.is_multiple_of(AT_A_TIME) {
            tokio::task::yield_now().await;
        }
    }

    /// Forgets one that is over, or ends the oldest that has not asked, or else the oldest of all.
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
        let asking: Vec<_> = overflow.open.iter().filter(|guest| guest.activity.has_request()).collect();
        assert!(asking.len() == 1 && !asking[0].task.is_finished());
        tasks.close();
        tokio::time::timeout(2 * TIME, tasks.wait()).await.unwrap();
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
