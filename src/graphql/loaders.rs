//! Look-ups inside lists, gathered: a page of twenty costs what a page of one costs.

use std::{collections::HashMap, sync::Arc};

use async_graphql::dataloader::Loader;
use uuid::Uuid;

use crate::{
    domain::budget::{BudgetId, PresentedBudget},
    service::Services,
    store::{StoreError, ballots::BallotKey, submissions::Submission},
};

/// Loads for every request; what several requests look up at the same time is one statement.
pub struct Loaders(pub Services);

impl Loader<BudgetId> for Loaders {
    type Value = Arc<PresentedBudget>;
    type Error = Arc<StoreError>;

    /// Budgets with their categories.
    async fn load(&self, ids: &[BudgetId]) -> Result<HashMap<BudgetId, Arc<PresentedBudget>>, Arc<StoreError>> {
        let budgets = self.0.catalogue.all().await?;
        Ok(budgets
            .iter()
            .filter(|budget| ids.contains(&budget.id))
            .map(|budget| (budget.id, Arc::clone(budget)))
            .collect())
    }
}

impl Loader<BallotKey> for Loaders {
    type Value = Uuid;
    type Error = Arc<StoreError>;

    /// The counting submission of each voice.
    async fn load(&self, voices: &[BallotKey]) -> Result<HashMap<BallotKey, Uuid>, Arc<StoreError>> {
        Ok(self.0.store.ballots(voices).await?)
    }
}

impl Loader<Uuid> for Loaders {
    type Value = Submission;
    type Error = Arc<StoreError>;

    /// Submissions.
    async fn load(&self, ids: &[Uuid]) -> Result<HashMap<Uuid, Submission>, Arc<StoreError>> {
        let submissions = self.0.store.submissions(ids).await?;
        Ok(submissions.into_iter().map(|submission| (submission.id, submission)).collect())
    }
}
