//! What an answer was made from, and whether that is still the newest.

use std::sync::Arc;

use parking_lot::Mutex;
use tokio::sync::watch;

use super::{Services, catalogue::Budgets};
use crate::domain::{budget::Budget, snapshot::Snapshot};

/// The state of everything that an answer was made from. Taken before the first read, so that a change between reading
/// and answering is seen as one.
#[derive(Clone)]
pub struct Epoch {
    budgets: watch::Receiver<Option<Budgets>>,
    stale: watch::Receiver<bool>,
    snapshots: Vec<watch::Receiver<Option<Arc<Snapshot>>>>,
}

impl Epoch {
    /// Whether nothing has changed since.
    pub fn is_current(&self) -> bool {
        unchanged(&self.budgets) && unchanged(&self.stale) && self.snapshots.iter().all(unchanged)
    }
}

fn unchanged<T>(receiver: &watch::Receiver<T>) -> bool {
    receiver.has_changed().is_ok_and(|changed| !changed)
}

/// Notes what one execution reads.
pub struct Readings(Mutex<Epoch>);

impl Readings {
    /// Before anything is read.
    pub fn begin(services: &Services) -> Self {
        Self(Mutex::new(Epoch {
            budgets: services.catalogue.changes(),
            stale: services.aggregates.staleness(),
            snapshots: Vec::new(),
        }))
    }

    /// Before the aggregate of this budget is read.
    pub fn note(&self, services: &Services, budget: &Budget) {
        let changes = services.aggregates.changes(budget);
        self.0.lock().snapshots.push(changes);
    }

    /// Everything that was read.
    pub fn epoch(&self) -> Epoch {
        self.0.lock().clone()
    }
}
