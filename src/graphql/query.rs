//! The root of all reading.

use async_graphql::{Context, ID, Object};
use uuid::Uuid;

use super::{
    cost_directives::{cost, list_size},
    public::public,
    types::{budget::BudgetNode, submission::SubmissionNode, viewer::Viewer},
};
use crate::{fault::Fault, service::Services};

/// Everything that can be read.
pub struct Query;

/// Everything that can be read.
#[Object]
impl Query {
    /// The budgets that people may see, oldest first. Drafts are not among them.
    #[graphql(directive = list_size::apply(Some(10), None), directive = public::apply())]
    async fn budgets(&self, context: &Context<'_>) -> Result<Vec<BudgetNode>, Fault> {
        let budgets = context.data_unchecked::<Services>().catalogue.all_visible().await?;
        Ok(budgets.into_iter().map(BudgetNode).collect())
    }

    /// One budget by its slug, e.g. `federal`; null when there is none.
    #[graphql(directive = public::apply())]
    async fn budget(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The stable name in addresses.")] slug: String,
    ) -> Result<Option<BudgetNode>, Fault> {
        Ok(context.data_unchecked::<Services>().catalogue.visible(&slug).await?.map(BudgetNode))
    }

    /// One submission: the shareable result page. Its id cannot be guessed; null when there is none.
    #[graphql(directive = cost::apply("50".to_owned()))]
    async fn submission(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "As `submitAllocation` returned it.")] id: ID,
    ) -> Result<Option<SubmissionNode>, Fault> {
        let Ok(id) = Uuid::parse_str(&id) else { return Ok(None) };
        Ok(context.data_unchecked::<Services>().store.submission(id).await?.map(SubmissionNode))
    }

    /// Who this cookie or token is.
    async fn viewer(&self) -> Viewer {
        Viewer
    }
}
