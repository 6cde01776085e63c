//! Limits concurrent executions to the number of processors, and yields between them. Short tasks, such as answering a
//! commit, then run between two executions instead of behind thousands of pushes.

use std::{future::poll_fn, pin::Pin, sync::Arc, task::ready};

use futures_util::Stream;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::PollSemaphore;

/// The permits, one for each processor. They are given in the order of the requests.
#[derive(Clone)]
pub struct ExecutionPermits(Arc<Semaphore>);

/// The permit of one execution. Until it ends, another execution may have to wait for it.
#[must_use]
pub struct ExecutionPermit(Option<OwnedSemaphorePermit>);

impl Default for ExecutionPermits {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(std::thread::available_parallelism().map_or(1, Into::into))))
    }
}

impl ExecutionPermits {
    /// Returns the next item of the stream, and the permit that producing it took. A permit is held only while the
    /// stream is polled: a stream that waits holds none.
    pub async fn next<S: Stream>(&self, mut stream: Pin<&mut S>) -> (Option<S::Item>, ExecutionPermit) {
        let mut permits = PollSemaphore::new(Arc::clone(&self.0));
        poll_fn(|context| {
            let permit = ExecutionPermit(ready!(permits.poll_acquire(context)));
            stream.as_mut().poll_next(context).map(|item| (item, permit))
        })
        .await
    }
}

impl ExecutionPermit {
    /// Yields to every task that is ready, or that input or output makes ready, and then to the next execution.
    pub async fn end(self) {
        tokio::task::yield_now().await;
        drop(self.0);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use futures_util::stream;
    use tokio::task::JoinSet;

    use super::*;

    #[tokio::test]
    async fn other_tasks_run_between_two_executions() {
        let permits = ExecutionPermits(Arc::new(Semaphore::new(1)));
        let others = Arc::new(AtomicUsize::new(0));
        let mut executions = JoinSet::new();
        for _ in 0..100 {
            let (permits, others) = (permits.clone(), Arc::clone(&others));
            executions.spawn(async move {
                let items = std::pin::pin!(stream::once(async move { others.load(Ordering::Relaxed) }));
                let (seen, permit) = permits.next(items).await;
                permit.end().await;
                seen.unwrap()
            });
        }
        let other = tokio::spawn({
            let others = Arc::clone(&others);
            async move {
                loop {
                    others.fetch_add(1, Ordering::Relaxed);
                    tokio::task::yield_now().await;
                }
            }
        });
        let mut seen = executions.join_all().await;
        other.abort();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 100, "the other waited for several: {seen:?}");
    }

    #[tokio::test]
    async fn a_stream_that_waits_holds_no_permit() {
        let permits = ExecutionPermits(Arc::new(Semaphore::new(1)));
        let waiting = {
            let permits = permits.clone();
            tokio::spawn(async move { permits.next(std::pin::pin!(stream::pending::<()>())).await.0 })
        };
        tokio::task::yield_now().await;
        let (item, _permit) = permits.next(std::pin::pin!(stream::once(async { 7 }))).await;
        assert_eq!(item, Some(7));
        waiting.abort();
    }
}
