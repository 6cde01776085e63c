//! Tracks the data that a response depends on, and whether that data is still current.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use parking_lot::Mutex;
use tokio::sync::watch;

use super::{Services, catalogue::Budgets};
use crate::domain::{budget::Budget, snapshot::Snapshot};

/// The state of all data that a response depends on. The state is taken before the first read, so that a change during
/// the execution makes the response outdated.
#[derive(Clone)]
pub struct Dependencies {
    budgets: watch::Receiver<Option<Budgets>>,
    stale: watch::Receiver<bool>,
    snapshots: Vec<watch::Receiver<Option<Arc<Snapshot>>>>,
}

impl Dependencies {
    /// Returns whether nothing has changed since.
    pub fn is_current(&self) -> bool {
        unchanged(&self.budgets) && unchanged(&self.stale) && self.snapshots.iter().all(unchanged)
    }
}

fn unchanged<T>(receiver: &watch::Receiver<T>) -> bool {
    receiver.has_changed().is_ok_and(|changed| !changed)
}

/// Tracks the dependencies of one execution.
pub struct DependencyTracker {
    dependencies: Mutex<Dependencies>,
    depends_on_caller: AtomicBool,
}

impl DependencyTracker {
    /// Starts tracking. Must be called before the execution reads anything.
    pub fn begin(services: &Services) -> Self {
        let dependencies = Dependencies {
            budgets: services.catalogue.changes(),
            stale: services.aggregates.staleness(),
            snapshots: Vec::new(),
        };
        Self { dependencies: Mutex::new(dependencies), depends_on_caller: AtomicBool::new(false) }
    }

    /// Adds the aggregate of a budget. Must be called before the execution reads it.
    pub fn note(&self, services: &Services, budget: &Budget) {
        let changes = services.aggregates.changes(budget);
        self.dependencies.lock().snapshots.push(changes);
    }

    /// Says that the result is for this caller alone. It must be called before the execution uses who the caller is.
    pub fn depend_on_caller(&self) {
        self.depends_on_caller.store(true, Ordering::Release);
    }

    /// Returns whether the result is for one caller alone.
    pub fn depends_on_caller(&self) -> bool {
        self.depends_on_caller.load(Ordering::Acquire)
    }

    /// Returns the dependencies so far.
    pub fn dependencies(&self) -> Dependencies {
        self.dependencies.lock().clone()
    }
}
