//! Submissions and their shares.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};

use super::{
    super::{
        cost_directives::list_size,
        loaders::{Anonymous, SharedLoader},
    },
    budget::{BudgetNode, CategoryNode},
    date_time::Timestamp,
    exclusion::ExclusionNode,
    global_id::GlobalId,
    percent,
};
use crate::{
    domain::{allocation::Allocation, budget::PresentedBudget, exclusion::ExclusionId, share::Share},
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
        Ok(ShareNode::all(&self.load_budget(context).await?, &self.0.allocation))
    }

    /// The moment of the submission.
    async fn submitted_at(&self) -> Timestamp {
        Timestamp(self.0.submitted_at)
    }

    /// Whether the submission counts now. Of a participant's submissions, only the latest one counts. One that is excluded does
    /// not count.
    async fn counted(&self, context: &Context<'_>) -> Result<bool, Fault> {
        let standing = self.standing(context).await?;
        Ok(standing.is_latest && standing.exclusion.is_none())
    }

    /// The exclusion that holds the submission out of the count. Null if it counts, and also if a later submission of the same
    /// participant has replaced it.
    async fn exclusion(&self, context: &Context<'_>) -> Result<Option<ExclusionNode>, Fault> {
        let standing = self.standing(context).await?;
        let Some(id) = standing.exclusion.filter(|_| standing.is_latest) else { return Ok(None) };
        Ok(self.load_budget(context).await?.exclusion(id).cloned().map(ExclusionNode))
    }
}

/// How a submission stands among the ballots.
struct Standing {
    /// Whether it is the latest of its participant.
    is_latest: bool,
    /// The exclusion of the participant's ballot, or of the submission if it has no participant.
    exclusion: Option<ExclusionId>,
}

impl SubmissionNode {
    async fn standing(&self, context: &Context<'_>) -> Result<Standing, Fault> {
        let loader = context.data_unchecked::<SharedLoader>();
        let standing = if let Some(participant) = self.0.participant {
            loader.load_one((self.0.budget, participant)).await.map(|ballot| Standing {
                is_latest: ballot.is_some_and(|ballot| ballot.submission == self.0.id),
                exclusion: ballot.and_then(|ballot| ballot.exclusion),
            })
        } else {
            let exclusion = loader.load_one(Anonymous(self.0.id)).await;
            exclusion.map(|exclusion| Standing { is_latest: true, exclusion })
        };
        standing.map_err(|error| Fault::of_store(&error))
    }

    async fn load_budget(&self, context: &Context<'_>) -> Result<Arc<PresentedBudget>, Fault> {
        let loader = context.data_unchecked::<SharedLoader>();
        let budget = loader.load_one(self.0.budget).await.map_err(|error| Fault::of_store(&error))?;
        let missing = || StoreError::Corrupt("submission", format!("{} is of no budget", self.0.id));
        Ok(budget.ok_or_else(missing)?)
    }
}

impl ShareNode {
    /// Every share of an allocation, in the order of the categories.
    pub fn all(budget: &Arc<PresentedBudget>, allocation: &Allocation) -> Vec<Self> {
        let shares = allocation.shares().iter().copied();
        CategoryNode::all(budget).into_iter().zip(shares).map(|(category, share)| Self { category, share }).collect()
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
