//! The root of all reading.

use async_graphql::{Context, ID, Object};
use uuid::Uuid;

use super::{
    cost_directives::{cost, list_size},
    error::ApiError,
    public::public,
    types::{budget::BudgetNode, node::Node, submission::SubmissionNode, viewer::Viewer},
};
use crate::{domain::budget::BudgetStatus, service::Services};

/// Everything that can be read.
pub struct Query;

/// Everything that can be read.
#[Object]
impl Query {
    /// The budgets that people may see, oldest first. Drafts are not among them.
    #[graphql(directive = list_size::apply(Some(10), None), directive = public::apply())]
    async fn budgets(&self, context: &Context<'_>) -> Result<Vec<BudgetNode>, ApiError> {
        BudgetNode::visible(context).await
    }

    /// One budget by its slug, e.g. `federal`; null when there is none.
    #[graphql(directive = public::apply())]
    async fn budget(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The stable name in addresses.")] slug: String,
    ) -> Result<Option<BudgetNode>, ApiError> {
        let budget = context.data_unchecked::<Services>().catalogue.by_slug(&slug).await?;
        Ok(budget.filter(|budget| budget.status != BudgetStatus::Draft).map(BudgetNode))
    }

    /// One submission: the shareable result page. Its id cannot be guessed; null when there is none.
    #[graphql(directive = cost::apply("50".to_owned()))]
    async fn submission(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "As `submitAllocation` returned it.")] id: ID,
    ) -> Result<Option<SubmissionNode>, ApiError> {
        let Ok(id) = Uuid::parse_str(&id) else { return Ok(None) };
        Ok(context.data_unchecked::<Services>().store.submission(id).await?.map(SubmissionNode))
    }

    /// Any object by its id; null when there is none, or when this caller may not see it. Drafts are not shown, and a
    /// submission only to the participant who submitted it: `submission` finds it for everybody who has its id.
    // It costs what its dearest object costs. It is not public, because whether there is a submission depends on the caller.
    #[graphql(directive = cost::apply("50".to_owned()))]
    async fn node(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The `id` of any object.")] id: ID,
    ) -> Result<Option<Node>, ApiError> {
        Node::find(context, &id).await
    }

    /// Who this cookie or token is.
    async fn viewer(&self) -> Viewer {
        Viewer
    }
}
