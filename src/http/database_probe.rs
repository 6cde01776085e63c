//! Probes of the database.

use std::time::Duration;

use tokio::{sync::Mutex, time::Instant};

use crate::store::Store;

/// How long the database may take to respond.
const PROBE_TIMEOUT: Duration = Duration::from_secs(2);
/// How long one result is shared by all probes.
const MAX_AGE: Duration = Duration::from_millis(200);

/// Probes the database for health checks and metrics. One query runs at a time, and all waiting probes share its
/// result: probes are answered even when every limit is reached, so they must not be a way to overload the database.
#[derive(Default)]
pub struct DatabaseProbe {
    is_up: Mutex<Option<(Instant, bool)>>,
    pending_deltas: Mutex<Option<(Instant, Option<u64>)>>,
}

impl DatabaseProbe {
    /// Returns whether the database responds.
    pub async fn is_up(&self, store: &Store) -> bool {
        recent(&self.is_up, async {
            let answer = tokio::time::timeout(PROBE_TIMEOUT, store.ping()).await;
            matches!(answer, Ok(Ok(())))
        })
        .await
    }

    /// Returns how many batches wait to be folded, if the database responds in time.
    pub async fn pending_deltas(&self, store: &Store) -> Option<u64> {
        recent(&self.pending_deltas, async {
            let answer = tokio::time::timeout(PROBE_TIMEOUT / 2, store.pending_delta_count()).await;
            answer.ok()?.ok()
        })
        .await
    }
}

/// Returns the cached value, or runs `query` for a new one.
async fn recent<T: Copy>(cached: &Mutex<Option<(Instant, T)>>, query: impl Future<Output = T>) -> T {
    let mut cached = cached.lock().await;
    if let Some((queried_at, value)) = *cached
        && queried_at.elapsed() < MAX_AGE
    {
        return value;
    }
    let value = query.await;
    *cached = Some((Instant::now(), value));
    value
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_thousand_probes_at_once_ask_once() {
        let (cached, queries) = (Mutex::default(), AtomicU32::new(0));
        let probe = || {
            recent(&cached, async {
                tokio::time::sleep(MAX_AGE).await;
                queries.fetch_add(1, Relaxed)
            })
        };
        let answers = futures_util::future::join_all((0..1_000).map(|_| probe())).await;
        assert!(answers.iter().all(|answer| *answer == 0), "{answers:?}");
        tokio::time::advance(MAX_AGE).await;
        assert_eq!(probe().await, 1, "later the database is queried again");
    }
}
