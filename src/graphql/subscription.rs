//! What is pushed.

use async_graphql::{Context, Subscription};
use futures_util::{Stream, StreamExt};
use tokio_util::sync::CancellationToken;

use super::{error::ApiError, types::aggregate::BudgetAggregate};
use crate::{domain::budget::BudgetStatus, service::Services};

/// Everything that can be watched.
pub struct Subscription;

/// Everything that can be watched.
#[Subscription]
impl Subscription {
    /// The current aggregate of a budget at once, then the newest whenever it changes. A slow reader skips what was
    /// overtaken; what it receives is always whole, and its revision only rises.
    async fn aggregate(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The budget's slug.")] budget: String,
    ) -> Result<impl Stream<Item = BudgetAggregate>, ApiError> {
        let services = context.data_unchecked::<Services>();
        let stop = context.data_unchecked::<CancellationToken>().clone();
        let budget = services.catalogue.by_slug(&budget).await?;
        let budget = budget.filter(|budget| budget.status != BudgetStatus::Draft).ok_or_else(|| {
            ApiError::not_found("There is no budget with this slug. The query `budgets` lists those that there are.")
        })?;
        let readings = services.aggregates.watch(&budget).await?;
        let aggregates = readings.map(move |reading| BudgetAggregate { budget: budget.clone(), reading });
        Ok(aggregates.take_until(stop.cancelled_owned()))
    }
}
