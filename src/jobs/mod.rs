//! Background jobs: work that a command leaves for a running server, or that must not end with a request.
//!
//! Each kind has a file that does it and a variant of [`Kind`]. A job may be done twice, after its process died or was cut
//! off from the database for a while: every kind must bear that.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use crate::{
    ledger::Ledger,
    store::{Store, StoreError},
};

mod rebuild;
mod runner;

pub use runner::Runner;

/// What there is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Recount and rebuild every budget.
    Rebuild,
}

impl Kind {
    const ALL: [Self; 1] = [Self::Rebuild];

    /// How the kind is stored.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rebuild => "rebuild",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    async fn perform(self, context: Context) -> Result<String, JobError> {
        match self {
            Self::Rebuild => rebuild::perform(&context).await,
        }
    }
}

/// What a job works with.
struct Context {
    store: Store,
    ledger: Ledger,
    progress: Progress,
}

/// Counts the steps of an attempt. They are stored with each extension of the claim.
#[derive(Clone, Default)]
struct Progress(Arc<AtomicI64>);

impl Progress {
    fn step(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    fn steps(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
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
