//! The metadata that the resolver of a subscription gives to the transport: the publication that a result shows, and
//! the minimum time between two results.

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use async_graphql::Context;
use chrono::{DateTime, Utc};
use parking_lot::{Mutex, MutexGuard};
use tokio::sync::watch;

use crate::{
    domain::snapshot::{Revision, Snapshot},
    service::read::AggregateRead,
};

/// The metadata of one execution of a subscription.
#[derive(Clone, Default)]
pub struct SubscriptionMetadata(Arc<Inner>);

#[derive(Default)]
struct Inner {
    latest: Mutex<Latest>,
    changes: OnceLock<Changes>,
    min_interval: OnceLock<Duration>,
    has_taken_part: OnceLock<()>,
}

/// The state of the data that the latest result shows.
#[derive(Clone, Copy, Default)]
struct Latest {
    revision: Option<Revision>,
    as_of: Option<DateTime<Utc>>,
    is_stale: bool,
}

/// The channels on which newer data appears.
struct Changes {
    newest: watch::Receiver<Option<Arc<Snapshot>>>,
    stale: watch::Receiver<bool>,
}

impl SubscriptionMetadata {
    /// Returns the metadata of this execution.
    pub fn of(context: &Context<'_>) -> Self {
        context.data_opt::<Self>().cloned().unwrap_or_default()
    }

    /// Sets the channels on which newer data appears.
    pub fn watch(&self, newest: watch::Receiver<Option<Arc<Snapshot>>>, stale: watch::Receiver<bool>) {
        let _ = self.0.changes.set(Changes { newest, stale });
    }

    /// Records the data that the next result shows.
    pub fn record(&self, reading: &AggregateRead) {
        let snapshot = &reading.snapshot;
        let (revision, as_of) = (Some(snapshot.revision), Some(snapshot.as_of));
        *self.latest() = Latest { revision, as_of, is_stale: reading.stale };
    }

    /// Sets the minimum time between two results for this client.
    pub fn set_min_interval(&self, min_interval: Duration) {
        let _ = self.0.min_interval.set(min_interval);
    }

    /// Remembers that the subscriber has taken part, so that the database is not asked for each result.
    pub fn set_taken_part(&self) {
        let _ = self.0.has_taken_part.set(());
    }

    /// Returns whether the subscriber is known to have taken part.
    pub fn has_taken_part(&self) -> bool {
        self.0.has_taken_part.get().is_some()
    }

    /// Returns the publication that the latest result shows, or none before the first result.
    pub fn revision(&self) -> Option<Revision> {
        self.latest().revision
    }

    /// Returns the time of that publication.
    pub fn as_of(&self) -> Option<DateTime<Utc>> {
        self.latest().as_of
    }

    /// Returns whether there is a newer publication than this one.
    pub fn is_behind(&self, revision: Option<Revision>) -> bool {
        self.0.changes.get().is_some_and(|changes| {
            let newest = changes.newest.borrow().as_ref().map(|snapshot| snapshot.revision);
            newest > revision
        })
    }

    /// Returns whether the data became stale or current again since the latest result.
    pub fn has_other_staleness(&self) -> bool {
        self.0.changes.get().is_some_and(|changes| *changes.stale.borrow() != self.latest().is_stale)
    }

    /// Returns the minimum time between two results.
    pub fn min_interval(&self) -> Option<Duration> {
        self.0.min_interval.get().copied()
    }

    fn latest(&self) -> MutexGuard<'_, Latest> {
        self.0.latest.lock()
    }
}
