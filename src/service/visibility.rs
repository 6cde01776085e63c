//! Who sees the results of a budget now. Every way out of this process asks here: GraphQL, files and pictures.

use std::{sync::Arc, time::Duration};

use futures_util::{Stream, stream};

use super::Services;
use crate::{
    domain::{
        budget::{Budget, BudgetId, BudgetStatus, PresentedBudget},
        participant::ParticipantId,
        visibility::ResultVisibility,
    },
    store::StoreError,
};

/// The longest sleep until the time of closing is looked at again.
const LONGEST_SLEEP: Duration = Duration::from_secs(3600);
/// The database may say that the time of closing has not come yet, although this machine has slept for it.
const SHORTEST_SLEEP: Duration = Duration::from_millis(50);

impl Services {
    /// Whether everybody may see the results of this budget now.
    pub async fn results_are_public(&self, budget: &Budget) -> Result<bool, StoreError> {
        // The time is asked for only if it matters: most budgets show their results always.
        if budget.visibility == ResultVisibility::Always || budget.status == BudgetStatus::Closed {
            return Ok(true);
        }
        if budget.closes_at.is_none() {
            return Ok(false);
        }
        Ok(budget.shows_results(self.store.now().await?, false))
    }

    /// Whether this participant has a ballot in the budget.
    pub async fn has_taken_part(&self, budget: BudgetId, participant: ParticipantId) -> Result<bool, StoreError> {
        Ok(!self.store.ballots(&[(budget, participant)]).await?.is_empty())
    }

    /// The budget, whenever it begins or ceases to show its results to everybody, or its rule changes.
    pub fn visibility_changes(
        &self,
        budget: Arc<PresentedBudget>,
    ) -> impl Stream<Item = Arc<PresentedBudget>> + Send + use<> {
        let budgets = self.catalogue.changes();
        let start = (self.clone(), budget, budgets, None::<(ResultVisibility, bool)>);
        stream::unfold(start, |(services, mut budget, mut budgets, mut known)| async move {
            loop {
                let is_public = services.results_are_public(&budget).await.unwrap_or(false);
                let now = (budget.visibility, is_public);
                if let Some(before) = known.replace(now)
                    && before != now
                {
                    return Some((Arc::clone(&budget), (services, budget, budgets, known)));
                }
                let closing = services.until_closing(&budget, is_public);
                tokio::select! {
                    changed = budgets.changed() => {
                        // The catalogue lives as long as the services.
                        changed.ok()?;
                        let found = budgets.borrow_and_update().as_ref().and_then(|budgets| {
                            budgets.iter().find(|other| other.id == budget.id).cloned()
                        });
                        budget = found.unwrap_or(budget);
                    }
                    () = closing => {}
                }
            }
        })
    }

    /// Completes when the time of closing may have come. Never, if nothing depends on it.
    async fn until_closing(&self, budget: &Budget, is_public: bool) {
        let Some(closes_at) = budget.closes_at.filter(|_| !is_public) else { return std::future::pending().await };
        let left = match self.store.now().await {
            Ok(now) => (closes_at - now).to_std().unwrap_or_default(),
            Err(_) => Duration::from_secs(1),
        };
        tokio::time::sleep(left.clamp(SHORTEST_SLEEP, LONGEST_SLEEP)).await;
    }
}
