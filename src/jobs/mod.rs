//! Background jobs: work that a command leaves for a running server, or that must not end with a request.
//!
//! Each kind has a file that does it and a variant of [`Kind`]. A job may be done twice, after its process died or was cut
//! off from the database for a while: every kind must bear that.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use crate::{
    domain::{budget::Budget, job_outcome::JobOutcome},
    ledger::Ledger,
    store::{Store, StoreError, jobs::VERIFY},
};

mod rebuild;
mod retention;
mod runner;
pub mod schedule;
mod verify;

pub use runner::Runner;

/// What there is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Recount and compare.
    Verify,
    /// Recount and mend.
    Rebuild,
    /// Delete what is kept longer than the retention time of its budget.
    Retention,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Verify, Self::Rebuild, Self::Retention];

    /// How the kind is stored.
    pub fn name(self) -> &'static str {
        match self {
            Self::Verify => VERIFY,
            Self::Rebuild => "rebuild",
            Self::Retention => "retention",
        }
    }

    /// The kind with this stored name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    async fn perform(self, context: Context) -> Result<String, JobError> {
        match self {
            Self::Verify => verify::perform(&context).await,
            Self::Rebuild => rebuild::perform(&context).await,
            Self::Retention => retention::perform(&context).await,
        }
    }
}

/// What a job works with.
struct Context {
    store: Store,
    ledger: Ledger,
    /// The slug of the budget that the job is about; `None` for all of them.
    budget: Option<String>,
    progress: Progress,
}

impl Context {
    /// The budgets that the job is about. Makes their ballots, as far as they are counted, the steps to come.
    async fn budgets(&self) -> Result<Vec<Budget>, JobError> {
        let mut budgets = self.store.budgets().await?;
        budgets.retain(|budget| self.budget.as_ref().is_none_or(|slug| *slug == budget.slug));
        if let (Some(slug), true) = (&self.budget, budgets.is_empty()) {
            let outcome = JobOutcome::UnknownBudget { budget: slug.clone() };
            return Err(JobError { message: outcome.to_string(), is_transient: false });
        }
        let mut total = 0_i64;
        for budget in &budgets {
            let aggregate = self.store.aggregate(budget).await?;
            total = total.saturating_add(aggregate.map_or(0, |aggregate| aggregate.tally.participants));
        }
        self.progress.total.store(total, Ordering::Relaxed);
        Ok(budgets)
    }
}

/// Counts the steps of an attempt. They are stored with each extension of the claim.
#[derive(Clone, Default)]
struct Progress {
    steps: Arc<AtomicI64>,
    /// 0 while it is not known.
    total: Arc<AtomicI64>,
}

impl Progress {
    fn step(&self) {
        self.steps.fetch_add(1, Ordering::Relaxed);
    }

    fn steps(&self) -> i64 {
        self.steps.load(Ordering::Relaxed)
    }

    fn total(&self) -> Option<i64> {
        Some(self.total.load(Ordering::Relaxed)).filter(|total| *total > 0)
    }
}

/// Why an attempt failed.
struct JobError {
    message: String,
    /// True if another attempt may succeed.
    is_transient: bool,
}

impl From<StoreError> for JobError {
    fn from(error: StoreError) -> Self {
        // A value that cannot be read stays unreadable until somebody mends it. All else may pass.
        Self { message: error.to_string(), is_transient: !matches!(error, StoreError::Corrupt(..)) }
    }
}
