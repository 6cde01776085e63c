//! Submissions and their shares.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, dataloader::DataLoader};
use chrono::{DateTime, Utc};

use super::{
    super::{cost_directives::list_size, error::ApiError, loaders::Loaders},
    budget::{BudgetNode, CategoryNode},
    percent,
};
use crate::{
    domain::{budget::PresentedBudget, share::Share},
    store::{StoreError, submissions::Submission},
};

/// An allocation that was handed in: never changed, only replaced by a later one.
pub struct SubmissionNode(pub Submission);

/// What one submission gives one category.
pub struct ShareNode {
    category: CategoryNode,
    share: Share,
}

/// An allocation that was handed in: never changed, only replaced by a later one.
#[Object(name = "Submission")]
impl SubmissionNode {
    /// Cannot be guessed: whoever has it may see the submission.
    async fn id(&self) -> ID {
        ID(self.0.id.to_string())
    }

    /// The budget that it answers.
    async fn budget(&self, context: &Context<'_>) -> Result<BudgetNode, ApiError> {
        Ok(BudgetNode(self.load_budget(context).await?))
    }

    /// One for each category of the budget, in order; together exactly 100 %.
    #[graphql(directive = list_size::apply(Some(10), None))]
    async fn shares(&self, context: &Context<'_>) -> Result<Vec<ShareNode>, ApiError> {
        let categories = CategoryNode::all(&self.load_budget(context).await?);
        let shares = self.0.allocation.shares().iter().copied();
        Ok(categories.into_iter().zip(shares).map(|(category, share)| ShareNode { category, share }).collect())
    }

    /// When it was handed in.
    async fn submitted_at(&self) -> DateTime<Utc> {
        self.0.submitted_at
    }

    /// Whether it counts now. A participant's latest does; one without participant always does.
    async fn counted(&self, context: &Context<'_>) -> Result<bool, ApiError> {
        let Some(participant) = self.0.participant else { return Ok(true) };
        let loader = context.data_unchecked::<DataLoader<Loaders>>();
        let counting =
            loader.load_one((self.0.budget, participant)).await.map_err(|error| ApiError::from_store(&error))?;
        Ok(counting == Some(self.0.id))
    }
}

impl SubmissionNode {
    async fn load_budget(&self, context: &Context<'_>) -> Result<Arc<PresentedBudget>, ApiError> {
        let loader = context.data_unchecked::<DataLoader<Loaders>>();
        let budget = loader.load_one(self.0.budget).await.map_err(|error| ApiError::from_store(&error))?;
        let missing = || StoreError::Corrupt("submission", format!("{} is of no budget", self.0.id));
        Ok(budget.ok_or_else(missing)?)
    }
}

/// What one submission gives one category.
#[Object(name = "Share")]
impl ShareNode {
    /// The category.
    async fn category(&self) -> &CategoryNode {
        &self.category
    }

    /// Its share, with at most 2 decimals.
    async fn percent(&self) -> f64 {
        percent(u32::from(self.share.basis_points()))
    }
}
