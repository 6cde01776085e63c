//! The use cases, independent of any transport: submitting an allocation, and reading and watching the aggregate.

use std::sync::Arc;

use uuid::Uuid;

use crate::{
    domain::budget::PresentedBudget,
    store::{Store, StoreError, submissions::Submission},
};

pub mod catalogue;
pub mod codes;
pub mod cohorts;
pub mod dependencies;
pub mod desk;
pub mod form_views;
pub mod identity;
pub mod installation;
pub mod intake;
pub mod limiter;
pub mod my_data;
pub mod networks;
pub mod proof_of_work;
pub mod read;
pub mod refresh;
pub mod seal;
pub mod submit;
pub mod visibility;

/// The services that the transports and resolvers need to answer requests.
#[derive(Clone)]
#[allow(missing_docs)] // the names say it
pub struct Services {
    /// The store, for reads that need no rules of a service.
    pub store: Store,
    pub catalogue: Arc<catalogue::Catalogue>,
    pub aggregates: Arc<read::Aggregates>,
    pub submissions: Arc<submit::Submissions>,
    pub codes: Arc<codes::Codes>,
    pub identity: Arc<identity::Identity>,
    pub my_data: Arc<my_data::MyData>,
    pub installation: Arc<installation::Installation>,
    pub networks: Arc<networks::Networks>,
    pub cohorts: Arc<cohorts::Cohorts>,
    pub answers: Arc<desk::answers::Answers>,
    pub exclusions: Arc<desk::exclusions::Exclusions>,
    pub operations: Arc<desk::operations::Operations>,
    pub form_views: Arc<form_views::FormViews>,
    pub accounts: Arc<desk::accounts::Accounts>,
}

impl Services {
    /// Finds the submission with this id, and its budget.
    pub async fn submission(&self, id: &str) -> Result<Option<(Arc<PresentedBudget>, Submission)>, StoreError> {
        let Ok(id) = Uuid::parse_str(id) else { return Ok(None) };
        let Some(submission) = self.store.submission(id).await? else { return Ok(None) };
        let budgets = self.catalogue.all().await?;
        let budget = budgets.iter().find(|budget| budget.id == submission.budget);
        Ok(budget.map(|budget| (Arc::clone(budget), submission)))
    }
}
