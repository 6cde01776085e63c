//! Group commit: submissions wait in a bounded queue, and one writer stores all that gathered during the last commit in
//! one transaction. Nobody waits for a batch to fill.

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use tokio::{
    sync::{Notify, mpsc, oneshot},
    task::JoinHandle,
    time::Instant,
};
use tokio_util::sync::CancellationToken;

use crate::{
    domain::budget::NotOpen,
    store::{
        self, Store, StoreError,
        submissions::{NewSubmission, Submission},
    },
};

mod batch;

/// Submissions that may wait; the next one is refused.
pub const QUEUE_LIMIT: usize = 8_192;
/// Submissions in one transaction.
const BATCH_LIMIT: usize = 2_048;
/// How long nobody waits in vain: from the moment in which the first of a batch was handed in.
const PATIENCE: Duration = Duration::from_secs(5);
/// Attempts at a transaction that the database undid for the sake of another.
const CONFLICT_ATTEMPTS: u32 = 5;

/// What became of a submission; every outcome is durable when it is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Stored, and it counts. `replaced` is what counted before.
    Accepted {
        /// The new row.
        submission: Submission,
        /// The same participant's ballot until now.
        replaced: Option<Submission>,
    },
    /// Its idempotency key was used for the same allocation: nothing new is stored.
    Repeated {
        /// The submission that the key was used for.
        first: Submission,
        /// How long ago that was, by the database's clock. Negative where another node stored it a moment ago.
        age: TimeDelta,
    },
    /// Its idempotency key was used for another allocation.
    KeyTaken,
    /// The budget takes no submission at the transaction's time.
    NotOpen(NotOpen),
    /// The categories are no longer those that the allocation was checked against.
    BudgetChanged,
}

/// Why nothing is known to be stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IntakeError {
    /// The queue is full; nothing was kept.
    #[error("too many submissions are waiting")]
    Overloaded,
    /// The transaction failed or its outcome is unknown; a retry with the same key tells.
    #[error("the submission could not be stored")]
    Unavailable,
}

struct Pending {
    submission: NewSubmission,
    since: Instant,
    answer: oneshot::Sender<Result<Outcome, IntakeError>>,
}

/// The way into the ledger.
#[derive(Clone)]
pub struct Intake {
    queue: mpsc::Sender<Pending>,
}

impl Intake {
    /// Starts the one writer of this process. `committed` is notified after each commit. After `stop` it stores what
    /// was already accepted into the queue, then ends.
    pub fn start(store: Store, committed: Arc<Notify>, stop: CancellationToken) -> (Self, JoinHandle<()>) {
        let (queue, waiting) = mpsc::channel(QUEUE_LIMIT);
        (Self { queue }, tokio::spawn(write(store, waiting, committed, stop)))
    }

    /// Hands in a submission and waits until its outcome is durable.
    pub async fn submit(&self, submission: NewSubmission) -> Result<Outcome, IntakeError> {
        let (answer, outcome) = oneshot::channel();
        self.queue.try_send(Pending { submission, since: Instant::now(), answer }).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => IntakeError::Overloaded,
            mpsc::error::TrySendError::Closed(_) => IntakeError::Unavailable,
        })?;
        outcome.await.unwrap_or(Err(IntakeError::Unavailable))
    }
}

async fn write(store: Store, mut waiting: mpsc::Receiver<Pending>, committed: Arc<Notify>, stop: CancellationToken) {
    let mut batch = Vec::with_capacity(BATCH_LIMIT);
    loop {
        let received = tokio::select! {
            biased;
            received = waiting.recv_many(&mut batch, BATCH_LIMIT) => received,
            () = stop.cancelled(), if !waiting.is_closed() => {
                waiting.close();
                continue;
            }
        };
        if received == 0 {
            return;
        }
        // In the order in which they came.
        let waited = batch.first().map(|pending| pending.since.elapsed()).unwrap_or_default();
        let (submissions, answers): (Vec<_>, Vec<_>) =
            batch.drain(..).map(|pending| (pending.submission, pending.answer)).unzip();
        // Given up, its outcome is unknown: it may still be committed. A retry with the same key then finds it.
        match store::with_timeout(PATIENCE.saturating_sub(waited), store_batch(&store, &submissions)).await {
            Ok(outcomes) => {
                committed.notify_one();
                for (answer, outcome) in answers.into_iter().zip(outcomes) {
                    // Whoever asked may be gone; the submission is stored all the same.
                    let _ = answer.send(Ok(outcome));
                }
            }
            Err(error) => {
                tracing::error!(%error, submissions = submissions.len(), "a batch was not stored");
                for answer in answers {
                    let _ = answer.send(Err(IntakeError::Unavailable));
                }
            }
        }
    }
}

/// Stores a batch in one transaction and returns the outcomes in its order.
pub async fn store_batch(store: &Store, batch: &[NewSubmission]) -> Result<Vec<Outcome>, StoreError> {
    let mut attempt = 1;
    loop {
        match batch::store_once(store, batch).await {
            Err(error) if error.is_conflict() && attempt < CONFLICT_ATTEMPTS => attempt += 1,
            result => return result,
        }
    }
}
