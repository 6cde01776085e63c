//! ExecutionPermits at the processor: however many executions are due at once, all that others wait for, such as a commit's answer, goes
//! between two of them and not behind them all.

use std::{future::poll_fn, pin::Pin, sync::Arc, task::ready};

use futures_util::Stream;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::PollSemaphore;

/// As many as there are processors, given in the order in which they were asked for.
#[derive(Clone)]
pub struct ExecutionPermits(Arc<Semaphore>);

/// Keeps others of its kind waiting until it is over.
#[must_use]
pub struct ExecutionPermit(Option<OwnedSemaphorePermit>);

impl Default for ExecutionPermits {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(std::thread::available_parallelism().map_or(1, Into::into))))
    }
}

impl ExecutionPermits {
    /// The stream's next item, and the permit in which it was made. Only polls take a permit: a stream that waits holds none.
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
    /// Gives way to whatever is ready to run, or becomes so by input and output; then to the next of its kind.
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
    async fn between_two_turns_everybody_else_has_one() {
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
    async fn a_stream_that_waits_holds_no_turn() {
        let permits = ExecutionPermits(Arc::new(Semaphore::new(1)));
        let waiting = {
            let permits = permits.clone();
            tokio::spawn(async move { permits.next(std::pin::pin!(stream::pending::<()>())).await.0 })
        };
        tokio::task::yield_now().await;
        let (item, _turn) = permits.next(std::pin::pin!(stream::once(async { 7 }))).await;
        assert_eq!(item, Some(7));
        waiting.abort();
    }
}
