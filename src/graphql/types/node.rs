//! Any object by its id.

use async_graphql::{Context, ID, Interface, dataloader::DataLoader};

use super::{
    super::{caller::Caller, error::ApiError, loaders::Loaders},
    budget::{BudgetNode, CategoryNode},
    global_id::GlobalId,
    submission::SubmissionNode,
};

/// An object with an id, by which `node` finds it again.
#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "Opaque, and different from every other object's id."))]
pub enum Node {
    /// A budget that is no draft.
    Budget(BudgetNode),
    /// A category of such a budget.
    Category(CategoryNode),
    /// A submission of the caller.
    Submission(SubmissionNode),
}

impl Node {
    /// The object with this id; `None` where there is none or this caller may not see it, so that the two look alike.
    pub async fn find(context: &Context<'_>, id: &str) -> Result<Option<Self>, ApiError> {
        match GlobalId::decode(id) {
            Some(GlobalId::Budget(id)) => {
                let budget = BudgetNode::visible(context).await?.into_iter().find(|budget| budget.0.id == id);
                Ok(budget.map(Self::Budget))
            }
            Some(GlobalId::Category(id)) => {
                let budgets = BudgetNode::visible(context).await?;
                let mut categories = budgets.iter().flat_map(|budget| CategoryNode::all(&budget.0));
                Ok(categories.find(|category| category.number() == id).map(Self::Category))
            }
            Some(GlobalId::Submission(id)) => {
                let Some(participant) = context.data_unchecked::<Caller>().participant else { return Ok(None) };
                let loader = context.data_unchecked::<DataLoader<Loaders>>();
                let submission = loader.load_one(id).await.map_err(|error| ApiError::from_store(&error))?;
                let own = submission.filter(|submission| submission.participant == Some(participant));
                Ok(own.map(SubmissionNode).map(Self::Submission))
            }
            None => Ok(None),
        }
    }
}
