//! Submissions and their shares.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, dataloader::DataLoader};

use super::{
    super::{cost_directives::list_size, loaders::Loaders},
    budget::{BudgetNode, CategoryNode},
    date_time::Timestamp,
    global_id::GlobalId,
    percent,
};
use crate::{
    domain::{budget::PresentedBudget, share::Share},
    fault::Fault,
    store::{StoreError, submissions::Submission},
};

/// A submitted allocation. It never changes, but a later submission of the same participant replaces it.
pub struct SubmissionNode(pub Submission);

/// The share that a submission gives one category.
pub struct ShareNode {
    category: CategoryNode,
    share: Share,
}

/// A submitted allocation. It never changes, but a later submission of the same participant replaces it.
#[Object(name = "Submission")]
impl SubmissionNode {
    /// The submission's id, which cannot be guessed. Everybody who has it may see the submission.
    pub async fn id(&self) -> ID {
        GlobalId::Submission(self.0.id).encode()
    }

    /// The budget that the allocation is for.
    async fn budget(&self, context: &Context<'_>) -> Result<BudgetNode, Fault> {
        Ok(BudgetNode(self.load_budget(context).await?))
    }

    /// The share of each category, in the order of the budget's categories. The shares add up to exactly 100 %.
    #[graphql(directive = list_size::apply(Some(10), None))]
    async fn shares(&self, context: &Context<'_>) -> Result<Vec<ShareNode>, Fault> {
        let categories = CategoryNode::all(&self.load_budget(context).await?);
        let shares = self.0.allocation.shares().iter().copied();
        Ok(categories.into_iter().zip(shares).map(|(category, share)| ShareNode { category, share }).collect())
    }

    /// The moment of the submission.
    async fn submitted_at(&self) -> Timestamp {
        Timestamp(self.0.submitted_at)
    }

    /// Whether the submission counts now. Of a participant's submissions, only the latest one counts. A submission
    /// without a participant always counts.
    async fn counted(&self, context: &Context<'_>) -> Result<bool, Fault> {
        let Some(participant) = self.0.participant else { return Ok(true) };
        let loader = context.data_unchecked::<DataLoader<Loaders>>();
        let counting = loader.load_one((self.0.budget, participant)).await.map_err(|error| Fault::of_store(&error))?;
        Ok(counting == Some(self.0.id))
    }
}

impl SubmissionNode {
    async fn load_budget(&self, context: &Context<'_>) -> Result<Arc<PresentedBudget>, Fault> {
        let loader = context.data_unchecked::<DataLoader<Loaders>>();
        let budget = loader.load_one(self.0.budget).await.map_err(|error| Fault::of_store(&error))?;
        let missing = || StoreError::Corrupt("submission", format!("{} is of no budget", self.0.id));
        Ok(budget.ok_or_else(missing)?)
    }
}

/// The share that a submission gives one category.
#[Object(name = "Share")]
impl ShareNode {
    /// The category that gets the share.
    async fn category(&self) -> &CategoryNode {
        &self.category
    }

    /// The share in per cent, with at most 2 decimals.
    async fn percent(&self) -> f64 {
        percent(self.share.basis_points())
    }
}
