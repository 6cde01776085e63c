//! Counters of what this process has done since its start, for its operators.

use prometheus_client::metrics::{counter::Counter, family::Family};

/// All counters. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct Counters {
    /// Submissions, by outcome.
    pub submissions: Family<[(&'static str, &'static str); 1], Counter>,
    /// Transactions that folded deltas.
    pub folds: Counter,
    /// Folds that failed; their deltas stay pending.
    pub fold_failures: Counter,
    /// Times that a restored older database was detected.
    pub epoch_raises: Counter,
    /// Work for the threads for heavy work: `run`, or `refused` because too much was waiting.
    pub heavy_work: Family<[(&'static str, &'static str); 1], Counter>,
    /// Cohorts of submissions that reached the size of a flag on this node, by kind.
    pub cohorts: Family<[(&'static str, &'static str); 1], Counter>,
    /// Reads of aggregates, by the tier that answered.
    pub reads: Family<[(&'static str, &'static str); 1], Counter>,
    /// Connections, WebSockets and streams that a limit refused, by kind and by limit (total or network).
    pub refused_connections: Family<[(&'static str, &'static str); 2], Counter>,
}

/// The outcome of a submission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubmissionOutcome {
    /// Stored.
    Accepted,
    /// A retry of a stored submission.
    Replayed,
    /// Refused because of a rule or the rate limit.
    Refused,
    /// Answered with a challenge, because the network's allowance was used up.
    Challenged,
    /// Refused because the queue was full.
    Overloaded,
    /// It is unknown whether the submission was stored.
    Unavailable,
}

impl Counters {
    /// Counts one piece of heavy work.
    pub fn heavy_work(&self, is_run: bool) {
        self.heavy_work.get_or_create(&[("outcome", if is_run { "run" } else { "refused" })]).inc();
    }

    /// Counts one submission with this outcome.
    pub fn submission(&self, outcome: SubmissionOutcome) {
        let name = match outcome {
            SubmissionOutcome::Accepted => "accepted",
            SubmissionOutcome::Replayed => "repeated",
            SubmissionOutcome::Refused => "refused",
            SubmissionOutcome::Challenged => "challenged",
            SubmissionOutcome::Overloaded => "overloaded",
            SubmissionOutcome::Unavailable => "unavailable",
        };
        self.submissions.get_or_create(&[("outcome", name)]).inc();
    }

    /// Counts one read of an aggregate from this tier.
    pub fn read(&self, tier: &'static str) {
        self.reads.get_or_create(&[("tier", tier)]).inc();
    }

    /// Returns how many aggregates were read from this tier.
    pub fn reads_from(&self, tier: &'static str) -> u64 {
        self.reads.get_or_create(&[("tier", tier)]).get()
    }

    /// Counts one cohort of this kind.
    pub fn cohort(&self, kind: &'static str) {
        self.cohorts.get_or_create(&[("kind", kind)]).inc();
    }

    /// Counts one connection of this kind that this limit refused.
    pub fn refused_connection(&self, kind: &'static str, limit: &'static str) {
        self.refused_connections.get_or_create(&[("kind", kind), ("limit", limit)]).inc();
    }
}
