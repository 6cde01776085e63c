//! What a subscription's resolver tells its transport beside the data: which publication an event shows, and how often the
//! client wants one.

use std::{
    sync::{Arc, Mutex, OnceLock, PoisonError},
    time::Duration,
};

use async_graphql::Context;
use tokio::sync::watch;

use crate::domain::snapshot::{Revision, Snapshot};

/// Goes with the execution of a subscription.
#[derive(Clone, Default)]
pub struct PushNotes(Arc<Inner>);

#[derive(Default)]
struct Inner {
    revision: Mutex<Option<Revision>>,
    newest: OnceLock<watch::Receiver<Option<Arc<Snapshot>>>>,
    min_interval: OnceLock<Duration>,
}

impl PushNotes {
    /// Those of this execution.
    pub fn of(context: &Context<'_>) -> Self {
        context.data_opt::<Self>().cloned().unwrap_or_default()
    }

    /// Its events show the snapshots that appear here.
    pub fn follow(&self, newest: watch::Receiver<Option<Arc<Snapshot>>>) {
        let _ = self.0.newest.set(newest);
    }

    /// The event that comes next shows this publication.
    pub fn show(&self, revision: Revision) {
        *self.0.revision.lock().unwrap_or_else(PoisonError::into_inner) = Some(revision);
    }

    /// The client wants no two events within this time.
    pub fn limit(&self, min_interval: Duration) {
        let _ = self.0.min_interval.set(min_interval);
    }

    /// The publication that the latest event shows; none before the first.
    pub fn revision(&self) -> Option<Revision> {
        *self.0.revision.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a newer publication than this one is there already.
    pub fn is_overtaken(&self, revision: Option<Revision>) -> bool {
        let newest = self.0.newest.get().and_then(|newest| newest.borrow().as_ref().map(|snapshot| snapshot.revision));
        newest > revision
    }

    /// The least time between two events.
    pub fn min_interval(&self) -> Option<Duration> {
        self.0.min_interval.get().copied()
    }
}
