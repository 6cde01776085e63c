//! What this process has done since its start, for whoever watches over it.

use prometheus_client::metrics::{counter::Counter, family::Family};

/// Counts; a clone counts on the same.
#[derive(Debug, Clone, Default)]
pub struct Counters {
    /// Submissions, by what became of them.
    pub submissions: Family<[(&'static str, &'static str); 1], Counter>,
    /// Transactions that folded deltas.
    pub folds: Counter,
    /// Folds that failed; their deltas wait.
    pub fold_failures: Counter,
    /// Times that an older database was found restored.
    pub epoch_raises: Counter,
    /// Work for the threads for heavy work: `run`, or `refused` because too much was waiting.
    pub heavy_work: Family<[(&'static str, &'static str); 1], Counter>,
    /// Connections, and sockets and streams, for which a limit left no room, by what they were and whose limit it was.
    pub refused_connections: Family<[(&'static str, &'static str); 2], Counter>,
}

/// What became of a submission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubmissionOutcome {
    /// Stored.
    Accepted,
    /// A retry of one that was stored.
    Replayed,
    /// Against a rule, or too often.
    Refused,
    /// The queue was full.
    Overloaded,
    /// Not known to be stored.
    Unavailable,
}

impl Counters {
    /// One more work for the threads for heavy work.
    pub fn heavy_work(&self, is_run: bool) {
        self.heavy_work.get_or_create(&[("outcome", if is_run { "run" } else { "refused" })]).inc();
    }

    /// One more with this outcome.
    pub fn submission(&self, outcome: SubmissionOutcome) {
        let name = match outcome {
            SubmissionOutcome::Accepted => "accepted",
            SubmissionOutcome::Replayed => "repeated",
            SubmissionOutcome::Refused => "refused",
            SubmissionOutcome::Overloaded => "overloaded",
            SubmissionOutcome::Unavailable => "unavailable",
        };
        self.submissions.get_or_create(&[("outcome", name)]).inc();
    }

    /// One more of this kind for which this limit left no room.
    pub fn refused_connection(&self, kind: &'static str, limit: &'static str) {
        self.refused_connections.get_or_create(&[("kind", kind), ("limit", limit)]).inc();
    }
}
