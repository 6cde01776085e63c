//! The door before the results of a budget.

use std::sync::Arc;

use async_graphql::Context;

use super::{admin::caller::DeskCaller, caller::Caller, subscription_metadata::SubscriptionMetadata};
use crate::{
    domain::{budget::PresentedBudget, participant::ParticipantId, visibility::ResultVisibility},
    fault::Fault,
    service::{Services, dependencies::DependencyTracker},
};

/// Whoever asks for results.
pub struct Reader {
    services: Services,
    participant: Option<ParticipantId>,
    is_organiser: bool,
    execution: Option<Arc<DependencyTracker>>,
    metadata: SubscriptionMetadata,
    /// Whether more than the counts is asked for.
    wants_results: bool,
}

impl Reader {
    /// Creates the reader of an aggregate. Must be called in the resolver of the field that returns the aggregate.
    pub fn of_aggregate(context: &Context<'_>) -> Self {
        Self { wants_results: context.look_ahead().field("categories").exists(), ..Self::of_results(context) }
    }

    /// Creates the reader of what is hidden.
    pub fn of_results(context: &Context<'_>) -> Self {
        Self {
            services: context.data_unchecked::<Services>().clone(),
            participant: context.data_opt::<Caller>().and_then(|caller| caller.participant),
            // At the desk, whoever reaches a budget has a role in it.
            is_organiser: context.data_opt::<DeskCaller>().is_some(),
            execution: context.data_opt::<Arc<DependencyTracker>>().cloned(),
            metadata: SubscriptionMetadata::of(context),
            wants_results: true,
        }
    }

    /// Fails if the budget does not show this reader now what they ask for. Every resolver asks here before it shows a number
    /// that depends on single answers, other than how many there are.
    pub async fn check(&self, budget: &PresentedBudget) -> Result<(), Fault> {
        if !self.wants_results || self.is_organiser || self.services.results_are_public(budget).await? {
            return Ok(());
        }
        if let Some(execution) = &self.execution {
            execution.depend_on_caller();
        }
        if budget.visibility == ResultVisibility::AfterTakingPart
            && let Some(participant) = self.participant
            && (self.metadata.has_taken_part() || self.services.has_taken_part(budget.id, participant).await?)
        {
            self.metadata.set_taken_part();
            return Ok(());
        }
        Err(Fault::results_hidden(budget.visibility))
    }
}
