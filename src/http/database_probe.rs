//! What probes ask the database.

use std::time::Duration;

use tokio::{sync::Mutex, time::Instant};

use crate::store::Store;

/// How long the database may take to answer.
const PROBE_TIMEOUT: Duration = Duration::from_secs(2);
/// For this long an answer of the database holds for every probe.
const MAX_AGE: Duration = Duration::from_millis(200);

/// What probes ask the database. One of them asks at a time, for all who wait: they are answered also where a limit leaves
/// room for nothing else, and must not be a way to keep the database busy.
#[derive(Default)]
pub struct DatabaseProbe {
    is_up: Mutex<Option<(Instant, bool)>>,
    waiting_deltas: Mutex<Option<(Instant, Option<u64>)>>,
}

impl DatabaseProbe {
    /// Whether it answers.
    pub async fn is_up(&self, store: &Store) -> bool {
        recent(&self.is_up, async {
            let answer = tokio::time::timeout(PROBE_TIMEOUT, store.ping()).await;
            matches!(answer, Ok(Ok(())))
        })
        .await
    }

    /// How many batches wait to be folded, where it says so in time.
    pub async fn waiting_deltas(&self, store: &Store) -> Option<u64> {
        recent(&self.waiting_deltas, async {
            let answer = tokio::time::timeout(PROBE_TIMEOUT / 2, store.pending_delta_count()).await;
            answer.ok()?.ok()
        })
        .await
    }
}

/// The value that is kept, or else a new one.
async fn recent<T: Copy>(kept: &Mutex<Option<(Instant, T)>>, ask: impl Future<Output = T>) -> T {
    let mut kept = kept.lock().await;
    if let Some((asked_at, value)) = *kept
        && asked_at.elapsed() < MAX_AGE
    {
        return value;
    }
    let value = ask.await;
    *kept = Some((Instant::now(), value));
    value
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_thousand_probes_at_once_ask_once() {
        let (kept, asked) = (Mutex::default(), AtomicU32::new(0));
        let probe = || {
            recent(&kept, async {
                tokio::time::sleep(MAX_AGE).await;
                asked.fetch_add(1, Relaxed)
            })
        };
        let answers = futures_util::future::join_all((0..1_000).map(|_| probe())).await;
        assert!(answers.iter().all(|answer| *answer == 0), "{answers:?}");
        tokio::time::advance(MAX_AGE).await;
        assert_eq!(probe().await, 1, "later it is asked again");
    }
}
