//! What a subscription's resolver tells its transport beside the data: which publication an event shows, and how often the
//! client wants one.

use std::{
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
    time::Duration,
};

use async_graphql::Context;
use tokio::sync::watch;

use crate::{
    domain::snapshot::{Revision, Snapshot},
    service::read::AggregateRead,
};

/// Goes with the execution of a subscription.
#[derive(Clone, Default)]
pub struct PushNotes(Arc<Inner>);

#[derive(Default)]
struct Inner {
    shown: Mutex<Shown>,
    changes: OnceLock<Changes>,
    min_interval: OnceLock<Duration>,
}

/// What the latest event shows.
#[derive(Clone, Copy, Default)]
struct Shown {
    revision: Option<Revision>,
    is_stale: bool,
}

/// Where what comes next appears.
struct Changes {
    newest: watch::Receiver<Option<Arc<Snapshot>>>,
    stale: watch::Receiver<bool>,
}

impl PushNotes {
    /// Those of this execution.
    pub fn of(context: &Context<'_>) -> Self {
        context.data_opt::<Self>().cloned().unwrap_or_default()
    }

    /// Its events show what appears here.
    pub fn follow(&self, newest: watch::Receiver<Option<Arc<Snapshot>>>, stale: watch::Receiver<bool>) {
        let _ = self.0.changes.set(Changes { newest, stale });
    }

    /// The event that comes next shows this.
    pub fn show(&self, reading: &AggregateRead) {
        *self.shown() = Shown { revision: Some(reading.snapshot.revision), is_stale: reading.stale };
    }

    /// The client wants no two events within this time.
    pub fn limit(&self, min_interval: Duration) {
        let _ = self.0.min_interval.set(min_interval);
    }

    /// The publication that the latest event shows; none before the first.
    pub fn revision(&self) -> Option<Revision> {
        self.shown().revision
    }

    /// Whether an event that shows this publication is no longer what an execution would show now.
    pub fn is_overtaken(&self, revision: Option<Revision>) -> bool {
        self.0.changes.get().is_some_and(|changes| {
            let newest = changes.newest.borrow().as_ref().map(|snapshot| snapshot.revision);
            newest > revision || *changes.stale.borrow() != self.shown().is_stale
        })
    }

    /// The least time between two events.
    pub fn min_interval(&self) -> Option<Duration> {
        self.0.min_interval.get().copied()
    }

    fn shown(&self) -> MutexGuard<'_, Shown> {
        self.0.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
