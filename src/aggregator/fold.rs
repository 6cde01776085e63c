//! One fold: waiting deltas into the stored aggregate, in one transaction.

use crate::{
    domain::{
        budget::{Budget, BudgetId},
        snapshot::Snapshot,
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
    /// Budgets whose aggregate was not all there before. Their numbers are to be recounted before anybody sees them;
    /// for a budget's very first fold that is quick.
    pub incomplete: Vec<Budget>,
}

/// Folds what waits; `None` when nothing waited.
pub async fn fold_once(store: &Store) -> Result<Option<Fold>, StoreError> {
    if store.waiting_delta_count().await? == 0 {
        return Ok(None);
    }
    let transaction = store.begin().await?;
    let deltas = transaction.take_deltas(LIMIT).await?;
    let ids: Vec<BudgetId> = deltas.keys().copied().collect();
    let mut budgets = transaction.hold_budgets(&ids).await?;
    let mut fold = Fold::default();
    // In the order of the budgets' numbers, so that two nodes can't wait for each other.
    for (id, delta) in &deltas {
        let Some(budget) = budgets.remove(id) else { continue };
        let now = transaction.now().await?;
        let mut aggregate = transaction.hold_aggregate(&budget, now).await?;
        aggregate.tally.add(delta);
        aggregate.revision.version += 1;
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
