//! Tracks the data that a response depends on, and whether that data is still current.

use std::sync::Arc;

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
pub struct DependencyTracker(Mutex<Dependencies>);

impl DependencyTracker {
    /// Starts tracking. Must be called before the execution reads anything.
    pub fn begin(services: &Services) -> Self {
        Self(Mutex::new(Dependencies {
            budgets: services.catalogue.changes(),
            stale: services.aggregates.staleness(),
            snapshots: Vec::new(),
        }))
    }

    /// Adds the aggregate of a budget. Must be called before the execution reads it.
    pub fn note(&self, services: &Services, budget: &Budget) {
        let changes = services.aggregates.changes(budget);
        self.0.lock().snapshots.push(changes);
    }

    /// Returns the dependencies so far.
    pub fn dependencies(&self) -> Dependencies {
        self.0.lock().clone()
    }
}
