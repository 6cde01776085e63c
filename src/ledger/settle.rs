//! The end of a window: what is still held back is shown, as far as it can be. No submission comes any more that would cause a
//! fold.

use super::{Ledger, TIMEOUT, publish::RevisionChange};
use crate::{
    domain::budget::BudgetId,
    store::{self, StoreError},
};

impl Ledger {
    /// Looks at the budgets that have closed, and at those of which no record says what was shown.
    pub async fn settle(&self) -> Result<(), StoreError> {
        let now = store::with_timeout(TIMEOUT, self.store.now()).await?;
        for budget in store::with_timeout(TIMEOUT, self.store.unsettled_budgets(now)).await? {
            store::with_timeout(TIMEOUT, self.settle_one(budget)).await?;
        }
        store::with_timeout(TIMEOUT, self.store.overwrite_deleted()).await
    }

    async fn settle_one(&self, budget: BudgetId) -> Result<(), StoreError> {
        let mut change = RevisionChange::begin(&self.store).await?;
        let Some(budget) = change.transaction.lock_budget_after_submissions(budget).await? else { return Ok(()) };
        let now = change.transaction.now().await?;
        let mut aggregate = change.transaction.lock_aggregate(&budget, now).await?;
        // Another node may have done it, and a fold or a rebuild may be due first.
        if !aggregate.complete || change.transaction.has_pending_delta(budget.id).await? {
            return Ok(());
        }
        let is_closed = budget.is_closed(now);
        if is_closed && !aggregate.settled {
            aggregate.settled = true;
            let (least, least_shown) = (budget.publish_every.at_closing(), budget.publish_every.ballots());
            if aggregate.held_back.release(&aggregate.tally, least, least_shown) {
                aggregate.revision.version += 1;
                aggregate.as_of = aggregate.as_of.max(now);
                change.save(&budget, &aggregate).await?;
                change.commit().await?.publish(&self.bus, &self.counters).await;
                return Ok(());
            }
        }
        change.transaction.save_held_back(budget.id, &aggregate.held_back, aggregate.settled).await?;
        change.transaction.commit().await
    }
}
