//! The root type of queries.

use async_graphql::{Context, ID, Object};
use uuid::Uuid;

use super::{
    cost_directives::{cost, list_size},
    public::public,
    types::{
        budget::BudgetNode, installation::InstallationNode, node::Node, submission::SubmissionNode, viewer::Viewer,
    },
};
use crate::{fault::Fault, service::Services};

/// Everything that can be read.
pub struct Query;

/// Everything that can be read.
#[Object]
impl Query {
    /// The budgets that everybody may see, oldest first. Drafts and archived budgets are not among them.
    #[graphql(directive = list_size::apply(Some(10), None), directive = public::apply())]
    async fn budgets(&self, context: &Context<'_>) -> Result<Vec<BudgetNode>, Fault> {
        let budgets = context.data_unchecked::<Services>().catalogue.listed().await?;
        Ok(budgets.into_iter().map(BudgetNode).collect())
    }

    /// The budget with this slug, for example `federal`. Null if there is none that everybody may see.
    #[graphql(directive = public::apply())]
    async fn budget(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The stable name of the budget in addresses.")] slug: String,
    ) -> Result<Option<BudgetNode>, Fault> {
        Ok(context.data_unchecked::<Services>().catalogue.visible(&slug).await?.map(BudgetNode))
    }

    /// What people should know of this server: who runs it.
    #[graphql(directive = public::apply())]
    async fn installation<'a>(&self, context: &'a Context<'_>) -> InstallationNode<'a> {
        InstallationNode(&context.data_unchecked::<Services>().installation)
    }

    /// The submission with this id, as for a shared result page. The id cannot be guessed. Null if there is no such
    /// submission.
    #[graphql(directive = cost::apply("50".to_owned()))]
    async fn submission(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The id that `submitAllocation` returned.")] id: ID,
    ) -> Result<Option<SubmissionNode>, Fault> {
        let Ok(id) = Uuid::parse_str(&id) else { return Ok(None) };
        Ok(context.data_unchecked::<Services>().store.submission(id).await?.map(SubmissionNode))
    }

    /// The object with this id, of whatever type. Null if there is none, or if this caller may not see it: drafts are
    /// hidden, and a submission is visible only to the participant who submitted it. The field `submission` returns it
    /// to everybody who has its id.
    // The cost is that of the most expensive object. The field is not public, because whether it finds a submission
    // depends on the caller.
    #[graphql(directive = cost::apply("50".to_owned()))]
    async fn node(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The id of any object.")] id: ID,
    ) -> Result<Option<Node>, Fault> {
        Node::find(context, &id).await
    }

    /// The caller, as a cookie or bearer token identifies them.
    async fn viewer(&self) -> Viewer {
        Viewer
    }
}
