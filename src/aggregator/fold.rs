//! One fold: waiting deltas into the stored aggregate, in one transaction.

use crate::{
    domain::{
        budget::{Budget, BudgetId},
        snapshot::{Revision, Snapshot},
    },
    store::{Store, StoreError},
};

/// Deltas in one fold; each is a batch of submissions.
const LIMIT: u32 = 1_000;

/// What a fold did.
#[derive(Default)]
pub struct Fold {
    /// The new snapshot of each budget that changed.
    pub snapshots: Vec<Snapshot>,
    /// Budgets whose aggregate was not all there before. Nobody sees their numbers until they are rebuilt.
    pub incomplete: Vec<Budget>,
}

/// Folds what waits; `None` when nothing waited.
pub async fn fold_once(store: &Store) -> Result<Option<Fold>, StoreError> {
    if store.oldest_waiting_delta().await?.is_none() {
        return Ok(None);
    }
    let transaction = store.begin().await?;
    let deltas = transaction.take_deltas(LIMIT).await?;
    let ids: Vec<BudgetId> = deltas.keys().copied().collect();
    let mut held = transaction.hold_budgets(&ids).await?;
    let mut fold = Fold::default();
    // In the order of the budgets' numbers, so that two nodes can't wait for each other.
    for (id, delta) in &deltas {
        let Some(budget) = held.readable.remove(id) else {
            // Until somebody has mended its row. Of a budget that is gone there is nothing to count.
            if held.unreadable.contains(id) {
                transaction.insert_delta(*id, delta).await?;
            }
            continue;
        };
        let now = transaction.now().await?;
        let mut aggregate = transaction.hold_aggregate(&budget, now).await?;
        aggregate.tally.add(delta);
        if aggregate.complete {
            aggregate.revision.version += 1;
        } else {
            // What is saved now is a part. Version 0 hides it from every reader, also elsewhere and after a crash, until
            // a recount has made it whole; a new epoch, because revisions never go down.
            let epoch = aggregate.revision.epoch.saturating_add(1).max(now.timestamp_millis());
            aggregate.revision = Revision { epoch, version: 0 };
        }
        // Clocks may step back; what people see as the time of the numbers does not.
        aggregate.as_of = aggregate.as_of.max(now);
        transaction.save_aggregate(&budget, &aggregate).await?;
        if aggregate.complete {
            fold.snapshots.push(aggregate.snapshot(&budget));
        } else {
            fold.incomplete.push(budget);
        }
    }
    transaction.commit().await?;
    Ok(if deltas.is_empty() { None } else { Some(fold) })
}
