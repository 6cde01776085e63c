//! Batches the look-ups inside lists, so that a page of twenty costs as many statements as a page of one.

use std::{collections::HashMap, sync::Arc};

use async_graphql::dataloader::{DataLoader, Loader};
use uuid::Uuid;

use crate::{
    domain::{
        budget::{BudgetId, PresentedBudget},
        exclusion::ExclusionId,
    },
    service::Services,
    store::{
        StoreError,
        ballots::{BallotKey, HeldBallot},
        submissions::Submission,
    },
};

/// The loader for all requests of a schema. Look-ups that several requests make at the same time share one statement.
pub type SharedLoader = Arc<DataLoader<Loaders>>;

/// Returns a loader over the services.
pub fn shared(services: &Services) -> SharedLoader {
    Arc::new(DataLoader::new(Loaders(services.clone()), tokio::spawn))
}

/// What loads for the loader.
pub struct Loaders(Services);

impl Loader<BudgetId> for Loaders {
    type Value = Arc<PresentedBudget>;
    type Error = Arc<StoreError>;

    /// Loads budgets with their categories.
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
    type Value = HeldBallot;
    type Error = Arc<StoreError>;

    /// Loads the ballot of each participant and budget.
    async fn load(&self, keys: &[BallotKey]) -> Result<HashMap<BallotKey, HeldBallot>, Arc<StoreError>> {
        Ok(self.0.store.ballots(keys).await?)
    }
}

/// A submission without a participant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Anonymous(pub Uuid);

impl Loader<Anonymous> for Loaders {
    type Value = ExclusionId;
    type Error = Arc<StoreError>;

    /// Loads the exclusion of each submission without a participant. One that counts has none.
    async fn load(&self, ids: &[Anonymous]) -> Result<HashMap<Anonymous, ExclusionId>, Arc<StoreError>> {
        let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
        let excluded = self.0.store.exclusions_of_submissions(&ids).await?;
        Ok(excluded.into_iter().map(|(id, exclusion)| (Anonymous(id), exclusion)).collect())
    }
}

impl Loader<Uuid> for Loaders {
    type Value = Submission;
    type Error = Arc<StoreError>;

    async fn load(&self, ids: &[Uuid]) -> Result<HashMap<Uuid, Submission>, Arc<StoreError>> {
        let submissions = self.0.store.submissions(ids).await?;
        Ok(submissions.into_iter().map(|submission| (submission.id, submission)).collect())
    }
}
