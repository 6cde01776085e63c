//! The door before the results of a budget.

use std::sync::Arc;

use async_graphql::Context;

use super::{admin::caller::DeskCaller, caller::Caller, subscription_metadata::SubscriptionMetadata};
use crate::{
    domain::{budget::PresentedBudget, visibility::ResultVisibility},
    fault::Fault,
    service::{Services, dependencies::DependencyTracker},
};

/// Fails if the budget does not show its results to this caller now. Every resolver asks here before it shows a number that
/// depends on single answers, other than how many there are.
pub async fn check(context: &Context<'_>, budget: &PresentedBudget) -> Result<(), Fault> {
    let services = context.data_unchecked::<Services>();
    // At the desk, whoever reaches a budget has a role in it.
    if context.data_opt::<DeskCaller>().is_some() || services.results_are_public(budget).await? {
        return Ok(());
    }
    if let Some(tracker) = context.data_opt::<Arc<DependencyTracker>>() {
        tracker.depend_on_caller();
    }
    let participant = context.data_opt::<Caller>().and_then(|caller| caller.participant);
    if budget.visibility == ResultVisibility::AfterTakingPart
        && let Some(participant) = participant
    {
        let metadata = SubscriptionMetadata::of(context);
        if metadata.has_taken_part() || services.has_taken_part(budget.id, participant).await? {
            metadata.set_taken_part();
            return Ok(());
        }
    }
    Err(Fault::results_hidden(budget.visibility))
}
