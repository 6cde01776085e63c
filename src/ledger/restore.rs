//! After an older database was restored, clients have seen revisions that are newer than the stored ones and would ignore
//! everything older. Raising the epoch makes the stored aggregate the newest again.

use chrono::{DateTime, Utc};

use super::{Ledger, publish::RevisionChange};
use crate::{
    domain::{
        budget::Budget,
        snapshot::{Revision, Snapshot},
    },
    store::StoreError,
};

/// True if this snapshot cannot come from the database whose aggregate has this revision and time. The caller must have seen
/// the snapshot before it read the database: every snapshot is stored before it is published.
pub fn is_ahead(shown: &Snapshot, stored: Revision, as_of: DateTime<Utc>) -> bool {
    // The same revision with another time comes from a restored database that has counted on.
    shown.revision > stored || (shown.revision == stored && shown.as_of != as_of)
}

impl Ledger {
    /// Raises the epoch of a budget and publishes the stored aggregate. With `shown`, does so only if that snapshot is ahead
    /// of the stored one. Returns the new revision if the epoch was raised.
    pub async fn raise_epoch(&self, budget: &Budget, shown: Option<&Snapshot>) -> Result<Option<Revision>, StoreError> {
        let mut change = RevisionChange::begin(&self.store).await?;
        let now = change.transaction.now().await?;
        let mut aggregate = change.transaction.lock_aggregate(budget, now).await?;
        // Another node may have raised it meanwhile.
        if shown.is_some_and(|shown| !is_ahead(shown, aggregate.revision, aggregate.as_of)) {
            return Ok(None);
        }
        let before = aggregate.revision.max(shown.map(|shown| shown.revision).unwrap_or_default());
        aggregate.revision.epoch = before.epoch.saturating_add(1).max(now.timestamp_millis());
        aggregate.as_of = aggregate.as_of.max(now);
        change.save(budget, &aggregate).await?;
        let unpublished = change.commit().await?;
        self.counters.epoch_raises.inc();
        tracing::warn!(
            budget = budget.slug,
            ?before,
            after = ?aggregate.revision,
            "an older database was restored: its numbers are published in a new epoch"
        );
        unpublished.publish(&self.bus, &self.counters).await;
        if !aggregate.complete {
            self.rebuild(budget, || {}).await?;
        }
        Ok(Some(aggregate.revision))
    }
}
