//! The interface of all objects with an id, and the look-up of an object by its id.

use async_graphql::{Context, ID, Interface};

use super::{
    super::{caller::Caller, loaders::SharedLoader},
    budget::{BudgetNode, CategoryNode},
    global_id::GlobalId,
    submission::SubmissionNode,
};
use crate::{fault::Fault, service::Services};

/// An object with an id. The query `node` finds the object by this id.
#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "The opaque id of the object. No other object has the same id."))]
pub enum Node {
    /// A budget that is not a draft.
    Budget(BudgetNode),
    /// A category of a budget that is not a draft.
    Category(CategoryNode),
    /// A submission of the caller.
    Submission(SubmissionNode),
}

impl Node {
    /// Returns the object with this id. Returns `None` if there is no such object, and also if this caller may not see
    /// it, so that the caller cannot tell whether it exists.
    pub async fn find(context: &Context<'_>, id: &str) -> Result<Option<Self>, Fault> {
        let services = context.data_unchecked::<Services>();
        match GlobalId::decode(id) {
            Some(GlobalId::Budget(id)) => {
                let budget = services.catalogue.all_visible().await?.into_iter().find(|budget| budget.id == id);
                Ok(budget.map(BudgetNode).map(Self::Budget))
            }
            Some(GlobalId::Category(id)) => {
                let mut categories =
                    services.catalogue.all_visible().await?.into_iter().flat_map(|budget| CategoryNode::all(&budget));
                Ok(categories.find(|category| category.number() == id).map(Self::Category))
            }
            Some(GlobalId::Submission(id)) => {
                let Some(participant) = context.data_unchecked::<Caller>().participant else { return Ok(None) };
                let loader = context.data_unchecked::<SharedLoader>();
                let submission = loader.load_one(id).await.map_err(|error| Fault::of_store(&error))?;
                let own = submission.filter(|submission| submission.participant == Some(participant));
                Ok(own.map(SubmissionNode).map(Self::Submission))
            }
            None => Ok(None),
        }
    }
}
