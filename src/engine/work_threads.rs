//! Threads for work that takes longer than a moment of processor time. On the threads of the runtime it would delay health
//! checks, WebSockets and commits.

use std::{
    io,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    sync::{Arc, mpsc},
    thread::{Builder, available_parallelism},
    time::Duration,
};

use parking_lot::Mutex;
use tokio::{runtime::Handle, sync::oneshot, time::timeout};

use crate::traces;

/// The timeout of waiting and running together. It is longer than the timeouts of everything that the work waits for.
const TIMEOUT: Duration = Duration::from_secs(20);

/// Threads that do one piece of work each at a time. They end when this value is dropped.
pub struct WorkThreads(mpsc::SyncSender<Box<dyn FnOnce() + Send>>);

/// When the threads run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Priority {
    /// Like all other threads.
    Normal,
    /// Only while a processor has nothing else to do.
    Idle,
}

/// The error when no thread was free in time. Work that has not started by then never starts.
#[derive(Debug)]
pub struct Busy;

impl WorkThreads {
    /// Starts half as many threads as there are processors, and at least one. Of further work, `max_waiting` pieces wait for
    /// a thread, and the rest is refused.
    pub fn start(name: &str, priority: Priority, max_waiting: usize) -> io::Result<Self> {
        let threads = available_parallelism().map_or(1, |processors| (processors.get() / 2).max(1));
        Self::with_threads(threads, name, priority, max_waiting)
    }

    fn with_threads(threads: usize, name: &str, priority: Priority, max_waiting: usize) -> io::Result<Self> {
        let (queue, waiting) = mpsc::sync_channel::<Box<dyn FnOnce() + Send>>(max_waiting);
        let waiting = Arc::new(Mutex::new(waiting));
        for number in 0..threads {
            let waiting = Arc::clone(&waiting);
            Builder::new().name(format!("{name}-{number}")).spawn(move || {
                if priority == Priority::Idle {
                    run_only_while_idle();
                }
                loop {
                    // The lock is released before the work runs, so that other threads can take the next piece of work.
                    let next = waiting.lock().recv();
                    let Ok(work) = next else { return };
                    work();
                }
            })?;
        }
        Ok(Self(queue))
    }

    /// Runs `work`. Work that has started runs to its end, even if the caller gives up.
    pub async fn run<F>(&self, work: F) -> Result<F::Output, Busy>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        let (sender, receiver) = oneshot::channel();
        let (runtime, work) = (Handle::current(), traces::carried(work));
        let work = move || {
            if !sender.is_closed() {
                // A panic is passed to the caller, and the thread goes on. Sending fails if the caller has given up
                // meanwhile.
                let _ = sender.send(catch_unwind(AssertUnwindSafe(|| runtime.block_on(work))));
            }
        };
        if self.0.try_send(Box::new(work)).is_err() {
            return Err(Busy);
        }
        match timeout(TIMEOUT, receiver).await {
            Ok(Ok(Ok(output))) => Ok(output),
            Ok(Ok(Err(panic))) => resume_unwind(panic),
            Ok(Err(_)) | Err(_) => Err(Busy),
        }
    }
}

/// Lets this thread run only while a processor has nothing else to do (`SCHED_IDLE`). With a low priority alone it would
/// keep its processor until the end of its time slice, which is longer than most responses take. On a system other than
/// Linux the priority stays the same.
fn run_only_while_idle() {
    #[cfg(target_os = "linux")]
    {
        use thread_priority::{
            NormalThreadSchedulePolicy, ThreadPriority, ThreadSchedulePolicy, set_thread_priority_and_policy,
            thread_native_id,
        };
        let idle = ThreadSchedulePolicy::Normal(NormalThreadSchedulePolicy::Idle);
        if let Err(error) = set_thread_priority_and_policy(thread_native_id(), ThreadPriority::Min, idle) {
            tracing::debug!(?error, "heavy work runs with the priority of everything else");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use futures_util::future::join_all;

    use super::*;

    const MAX_WAITING: usize = 64;

    #[tokio::test(flavor = "multi_thread")]
    async fn no_more_runs_at_once_than_there_are_threads_and_what_is_too_much_is_refused() {
        let threads = WorkThreads::with_threads(2, "work", Priority::Normal, MAX_WAITING).unwrap();
        let (running, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let (open, opened) = tokio::sync::watch::channel(false);
        let work = || {
            let (running, most, mut opened) = (Arc::clone(&running), Arc::clone(&most), opened.clone());
            threads.run(async move {
                most.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                opened.wait_for(|open| *open).await.unwrap();
                running.fetch_sub(1, Ordering::SeqCst);
            })
        };
        let all = join_all((0..MAX_WAITING + 50).map(|_| work()));
        let opening = async {
            while running.load(Ordering::SeqCst) < 2 {
                tokio::task::yield_now().await;
            }
            open.send(true).unwrap();
        };
        let (done, ()) = tokio::join!(all, opening);
        let refused = done.iter().filter(|done| done.is_err()).count();
        assert!((48..=50).contains(&refused), "{refused}");
        assert_eq!(most.load(Ordering::SeqCst), 2);
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn work_of_idle_priority_runs_only_while_a_processor_is_idle() {
        let threads = WorkThreads::with_threads(1, "work", Priority::Idle, 1).unwrap();
        let stat = threads.run(async { std::fs::read_to_string("/proc/thread-self/stat").unwrap() }).await.unwrap();
        // Field 41, counted from 1, is the scheduling policy; the name in field 2 may contain spaces.
        let policy = stat.rsplit(')').next().unwrap().split_whitespace().nth(38).unwrap();
        assert_eq!(policy, "5", "SCHED_IDLE");
    }

    #[tokio::test]
    async fn a_panic_is_the_callers_and_the_thread_goes_on() {
        let threads = WorkThreads::with_threads(1, "work", Priority::Idle, 1).unwrap();
        let threads = Arc::new(threads);
        let panicking = tokio::spawn({
            let threads = Arc::clone(&threads);
            async move { threads.run(async { panic!("as a resolver might") }).await }
        });
        assert!(panicking.await.unwrap_err().is_panic());
        assert_eq!(threads.run(async { 7 }).await.unwrap(), 7);
    }
}
