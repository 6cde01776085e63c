//! Runs work that takes milliseconds of processor time on threads of its own, few at a time: health checks, sockets and
//! commits share the runtime's threads and would wait behind it.

use std::{panic::resume_unwind, sync::Arc, thread::available_parallelism, time::Duration};

use tokio::{runtime::Handle, sync::Semaphore, task::spawn_blocking, time::timeout};

/// Work that may wait for a thread; what comes then is refused.
const MAX_WAITING: usize = 64;
/// How long it may wait: within the time that a reader waits for an answer.
const WAIT_TIMEOUT: Duration = Duration::from_secs(5);

/// The threads for heavy work.
pub struct HeavyWork {
    /// Half of the processors, so that the other half is free for everything else.
    running: Arc<Semaphore>,
    admitted: Semaphore,
}

/// No thread was free in time; nothing was begun.
#[derive(Debug)]
pub struct Busy;

impl Default for HeavyWork {
    fn default() -> Self {
        let threads = available_parallelism().map_or(1, |processors| (processors.get() / 2).max(1));
        Self { running: Arc::new(Semaphore::new(threads)), admitted: Semaphore::new(threads + MAX_WAITING) }
    }
}

impl HeavyWork {
    /// Runs `work` to its end, also when the caller gives up.
    pub async fn run<F>(&self, work: F) -> Result<F::Output, Busy>
    where
        F: Future + Send + 'static,
        F::Output: Send,
    {
        let _admitted = self.admitted.try_acquire().map_err(|_| Busy)?;
        let running = timeout(WAIT_TIMEOUT, Arc::clone(&self.running).acquire_owned()).await;
        let Ok(Ok(running)) = running else { return Err(Busy) };
        let runtime = Handle::current();
        let ended = spawn_blocking(move || {
            let _running = running;
            runtime.block_on(work)
        });
        ended.await.map_err(|error| match error.try_into_panic() {
            Ok(panic) => resume_unwind(panic),
            // The runtime is being shut down.
            Err(_) => Busy,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use futures_util::future::join_all;
    use tokio::sync::oneshot;

    use super::*;

    #[tokio::test]
    async fn no_more_runs_at_once_than_there_are_threads_for_it_and_what_is_too_much_is_refused() {
        let heavy = HeavyWork::default();
        let threads = heavy.running.available_permits();
        let (running, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let work = || {
            let (running, most) = (Arc::clone(&running), Arc::clone(&most));
            heavy.run(async move {
                most.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                tokio::task::yield_now().await;
                running.fetch_sub(1, Ordering::SeqCst);
            })
        };
        let done = join_all((0..threads + MAX_WAITING + 7).map(|_| work())).await;
        assert_eq!(done.iter().filter(|done| done.is_err()).count(), 7);
        assert_eq!(most.load(Ordering::SeqCst), threads);
    }

    #[tokio::test]
    async fn work_goes_on_when_its_caller_gives_up() {
        let heavy = HeavyWork::default();
        let (begin, has_begun) = oneshot::channel();
        let (end, has_ended) = oneshot::channel();
        let work = heavy.run(async move {
            begin.send(()).unwrap();
            tokio::task::yield_now().await;
            end.send(()).unwrap();
        });
        tokio::select! {
            biased;
            _ = has_begun => {}
            _ = work => {}
        }
        has_ended.await.unwrap();
    }
}
