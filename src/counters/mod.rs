//! Counters of what this process has done since its start, for its operators.

use prometheus_client::metrics::{counter::Counter, family::Family, gauge::Gauge};

use crate::clock;

pub mod histogram;
pub mod http;
pub mod operations;
pub mod pushes;

use histogram::{Histogram, Table};
use http::HttpCounters;
use operations::OperationCounters;
use pushes::PushCounters;

/// All counters. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct Counters {
    /// HTTP requests.
    pub http: HttpCounters,
    /// GraphQL operations.
    pub operations: OperationCounters,
    /// Results for subscribers.
    pub pushes: PushCounters,
    /// Batches of submissions.
    pub intake: IntakeCounters,
    /// Recounts that compared.
    pub recounts: RecountCounters,
    /// Submissions, by outcome.
    pub submissions: Family<[(&'static str, &'static str); 1], Counter>,
    /// Transactions that folded deltas.
    pub folds: Counter,
    /// The time of a fold, with its publication.
    pub fold_durations: Durations,
    /// Folds that failed; their deltas stay pending.
    pub fold_failures: Counter,
    /// Snapshots that this node committed and published.
    pub publications: Counter,
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

/// A histogram of durations, which is made as a default.
#[derive(Debug, Clone)]
pub struct Durations(pub Histogram);

impl Default for Durations {
    fn default() -> Self {
        Self(Histogram::of_durations())
    }
}

/// Counts of the batches in which submissions are stored.
#[derive(Debug, Clone)]
pub struct IntakeCounters {
    /// Batches, by whether they were stored.
    pub batches: Table<Counter>,
    /// How many submissions a batch had.
    pub sizes: Histogram,
    /// The time of a batch's transaction.
    pub durations: Histogram,
    /// How long the first submission of a batch waited in the queue.
    pub waits: Histogram,
}

impl Default for IntakeCounters {
    fn default() -> Self {
        Self {
            batches: Table::by("outcome", &["stored", "failed"], Counter::default),
            sizes: Histogram::of_sizes(),
            durations: Histogram::of_durations(),
            waits: Histogram::of_durations(),
        }
    }
}

impl IntakeCounters {
    /// Counts one batch.
    pub fn batch(&self, is_stored: bool) {
        self.batches.at(usize::from(!is_stored)).inc();
    }
}

/// What the last recounts by this node found.
#[derive(Debug, Clone, Default)]
pub struct RecountCounters {
    /// 1 for a budget whose aggregate differed.
    pub drift: Family<[(&'static str, String); 1], Gauge>,
    /// The time of the recount.
    pub times: Family<[(&'static str, String); 1], Gauge>,
}

impl RecountCounters {
    /// Notes what a recount of this budget found.
    pub fn found(&self, budget: &str, has_drift: bool) {
        let labels = [("budget", budget.to_owned())];
        self.drift.get_or_create(&labels).set(has_drift.into());
        self.times.get_or_create(&labels).set(clock::now().timestamp());
    }
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
