//! Stores submissions by group commit. Submissions wait in a bounded queue, and one writer stores all that were queued
//! during the last commit in one transaction. The writer never waits for a batch to fill.

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use tokio::{
    sync::{Notify, mpsc, oneshot},
    task::JoinHandle,
    time::Instant,
};
use tokio_util::sync::CancellationToken;
use tracing::{Instrument, Span};

use crate::{
    counters::IntakeCounters,
    domain::budget::NotOpen,
    store::{
        self, Store, StoreError,
        submissions::{NewSubmission, Submission},
    },
    traces,
};

mod batch;

/// The number of submissions that may wait. The next one is refused.
pub const QUEUE_LIMIT: usize = 8_192;
/// The maximum number of submissions in one transaction.
const BATCH_LIMIT: usize = 2_048;
/// The intake gives up on a batch this long after its first submission was queued.
const STORE_TIMEOUT: Duration = Duration::from_secs(5);
/// The number of attempts at a transaction that the database rolls back because of a conflict with another one.
const CONFLICT_ATTEMPTS: u32 = 5;

/// The outcome of storing a submission. Every outcome is durable when it is returned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoreOutcome {
    /// The submission is stored, and counts.
    Accepted {
        /// The stored submission.
        submission: Submission,
        /// The submission of the same participant that counted before.
        replaced: Option<Submission>,
    },
    /// The idempotency key was used for the same allocation before, so nothing new is stored.
    Replayed {
        /// The submission that the key was used for.
        first: Submission,
        /// The age of that submission by the clock of the database. Negative if another node has only just stored it.
        age: TimeDelta,
    },
    /// The idempotency key was used for another allocation.
    IdempotencyConflict,
    /// The budget takes no submissions at the time of the transaction.
    NotOpen(NotOpen),
    /// The budget's categories or its way of participation have changed since the submission was checked against them.
    BudgetChanged,
}

/// The reason why a submission is not known to be stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IntakeError {
    /// The queue is full. The submission is not stored.
    #[error("too many submissions are waiting")]
    Overloaded,
    /// The transaction failed, or its outcome is unknown. A retry with the same idempotency key finds out.
    #[error("the submission could not be stored")]
    Unavailable,
}

/// A queued submission.
struct Pending {
    submission: NewSubmission,
    queued_at: Instant,
    /// The span of the request, to which the batch links.
    span: Span,
    request_id: Option<Arc<str>>,
    reply: oneshot::Sender<Result<StoreOutcome, IntakeError>>,
}

/// The queue of submissions to store. Clones share one queue.
#[derive(Clone)]
pub struct Intake {
    queue: mpsc::Sender<Pending>,
}

impl Intake {
    /// Starts the only writer of this process. The writer notifies `committed` after each commit. After `stop` it
    /// stores the submissions that are already queued, and then ends.
    pub fn start(
        store: Store,
        committed: Arc<Notify>,
        counters: IntakeCounters,
        stop: CancellationToken,
    ) -> (Self, JoinHandle<()>) {
        let (queue, pending) = mpsc::channel(QUEUE_LIMIT);
        (Self { queue }, tokio::spawn(write(store, pending, committed, counters, stop)))
    }

    /// The number of submissions that wait.
    pub fn waiting(&self) -> usize {
        self.queue.max_capacity().saturating_sub(self.queue.capacity())
    }

    /// Queues a submission and waits until its outcome is durable.
    pub async fn submit(&self, submission: NewSubmission) -> Result<StoreOutcome, IntakeError> {
        let (reply, outcome) = oneshot::channel();
        let (span, request_id) = (Span::current(), traces::request_id());
        let pending = Pending { submission, queued_at: Instant::now(), span, request_id, reply };
        self.queue.try_send(pending).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => IntakeError::Overloaded,
            mpsc::error::TrySendError::Closed(_) => IntakeError::Unavailable,
        })?;
        outcome.await.unwrap_or(Err(IntakeError::Unavailable))
    }
}

async fn write(
    store: Store,
    mut queue: mpsc::Receiver<Pending>,
    committed: Arc<Notify>,
    counters: IntakeCounters,
    stop: CancellationToken,
) {
    let mut batch = Vec::with_capacity(BATCH_LIMIT);
    loop {
        let received = tokio::select! {
            biased;
            received = queue.recv_many(&mut batch, BATCH_LIMIT) => received,
            () = stop.cancelled(), if !queue.is_closed() => {
                queue.close();
                continue;
            }
        };
        if received == 0 {
            return;
        }
        // The batch is in the order of arrival, so the first submission has waited the longest.
        let waited = batch.first().map(|pending| pending.queued_at.elapsed()).unwrap_or_default();
        let span = batch_span(&batch);
        let (submissions, replies): (Vec<_>, Vec<_>) =
            batch.drain(..).map(|pending| (pending.submission, pending.reply)).unzip();
        counters.waits.time(waited);
        counters.sizes.size(submissions.len());
        let started = Instant::now();
        // The outcome of a batch that timed out is unknown: it may still be committed. A retry with the same key then
        // finds it.
        let storing = store::with_timeout(STORE_TIMEOUT.saturating_sub(waited), store_batch(&store, &submissions));
        let stored = storing.instrument(span.clone()).await;
        counters.durations.time(started.elapsed());
        counters.batch(stored.is_ok());
        match stored {
            Ok(outcomes) => {
                committed.notify_one();
                for (reply, outcome) in replies.into_iter().zip(outcomes) {
                    // Sending fails if the caller has given up. The submission is stored all the same.
                    let _ = reply.send(Ok(outcome));
                }
            }
            Err(error) => {
                span.in_scope(|| tracing::error!(%error, "a batch was not stored"));
                for reply in replies {
                    let _ = reply.send(Err(IntakeError::Unavailable));
                }
            }
        }
    }
}

/// Returns the span of a batch, with the ids of the requests that its submissions came with.
fn batch_span(batch: &[Pending]) -> Span {
    let requests: Vec<&str> = batch.iter().filter_map(|pending| pending.request_id.as_deref()).collect();
    let span = tracing::error_span!("batch", submissions = batch.len(), requests = requests.join(","));
    for pending in batch {
        span.follows_from(&pending.span);
    }
    span
}

/// Stores a batch in one transaction. Returns the outcomes in the order of the batch.
pub async fn store_batch(store: &Store, batch: &[NewSubmission]) -> Result<Vec<StoreOutcome>, StoreError> {
    let mut attempt = 1;
    loop {
        match batch::store_once(store, batch).await {
            Err(error) if error.is_conflict() && attempt < CONFLICT_ATTEMPTS => attempt += 1,
            result => return result,
        }
    }
}
