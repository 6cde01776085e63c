//! The only place where a revision moves: the aggregate is saved in a transaction and published after the commit.
//!
//! A feature that needs every new revision begins here: what must be stored with it goes into [`RevisionChange::save`],
//! what must be sent goes into [`Unpublished::publish`].

use tracing::Instrument;

use crate::{
    bus::Bus,
    counters::Counters,
    domain::{budget::Budget, snapshot::Snapshot},
    store::{Store, StoreError, Transaction, aggregates::Aggregate},
};

/// A transaction that moves the revisions of one or more budgets.
pub(super) struct RevisionChange {
    pub(super) transaction: Transaction,
    snapshots: Vec<Snapshot>,
}

/// Committed snapshots that must still be published.
#[must_use = "without publication other nodes see the change only at their next refresh"]
pub(super) struct Unpublished(Vec<Snapshot>);

impl RevisionChange {
    pub(super) async fn begin(store: &Store) -> Result<Self, StoreError> {
        Ok(Self { transaction: store.begin().await?, snapshots: Vec::new() })
    }

    /// Saves an aggregate with its new revision. An incomplete one is saved but never published.
    pub(super) async fn save(&mut self, budget: &Budget, aggregate: &Aggregate) -> Result<(), StoreError> {
        self.transaction.save_aggregate(budget, aggregate).await?;
        if aggregate.complete {
            self.snapshots.push(aggregate.snapshot(budget));
        }
        Ok(())
    }

    pub(super) async fn commit(self) -> Result<Unpublished, StoreError> {
        self.transaction.commit().await?;
        Ok(Unpublished(self.snapshots))
    }
}

impl Unpublished {
    pub(super) async fn publish(self, bus: &Bus, counters: &Counters) {
        for snapshot in self.0 {
            counters.publications.inc();
            let span = tracing::error_span!("publish", budget = snapshot.budget, version = snapshot.revision.version);
            // Boxed, because it is large and part of many futures.
            Box::pin(bus.publish(snapshot.into())).instrument(span).await;
        }
    }
}
