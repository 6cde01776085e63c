//! When an older database was restored: what people saw is then ahead of it, and they would wait for revisions that do not
//! come. The epoch is raised, so that what the database holds is the newest again.

use chrono::{DateTime, Utc};

use crate::{
    bus::Bus,
    counters::Counters,
    domain::{
        budget::Budget,
        snapshot::{Revision, Snapshot},
    },
    store::{Store, StoreError},
};

/// Whether this snapshot cannot come from the database whose aggregate has this revision and time. It must have been seen
/// before the database was asked: a snapshot is published after it was stored.
pub fn is_ahead(shown: &Snapshot, stored: Revision, as_of: DateTime<Utc>) -> bool {
    // The same revision at another time: a restored database that has counted on.
    shown.revision > stored || (shown.revision == stored && shown.as_of != as_of)
}

/// Raises the epoch of a budget and publishes what the database holds; with `shown` only where that is ahead of it. Returns
/// the new revision, if it was raised.
pub async fn raise_epoch(
    store: &Store,
    bus: &Bus,
    counters: &Counters,
    budget: &Budget,
    shown: Option<&Snapshot>,
) -> Result<Option<Revision>, StoreError> {
    let transaction = store.begin().await?;
    let now = transaction.now().await?;
    let mut aggregate = transaction.hold_aggregate(budget, now).await?;
    // Another node may have raised it meanwhile.
    if shown.is_some_and(|shown| !is_ahead(shown, aggregate.revision, aggregate.as_of)) {
        return Ok(None);
    }
    let before = aggregate.revision.max(shown.map(|shown| shown.revision).unwrap_or_default());
    aggregate.revision.epoch = before.epoch.saturating_add(1).max(now.timestamp_millis());
    aggregate.as_of = aggregate.as_of.max(now);
    transaction.save_aggregate(budget, &aggregate).await?;
    transaction.commit().await?;
    counters.epoch_raises.inc();
    tracing::warn!(
        budget = budget.slug,
        ?before,
        after = ?aggregate.revision,
        "an older database was restored: its numbers are published in a new epoch"
    );
    if aggregate.complete {
        bus.publish(aggregate.snapshot(budget).into()).await;
    } else {
        super::rebuild(store, bus, budget, || {}).await?;
    }
    Ok(Some(aggregate.revision))
}
