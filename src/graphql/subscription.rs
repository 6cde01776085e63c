//! The root type of subscriptions.

use std::{future::ready, sync::Arc, time::Duration};

use async_graphql::{Context, Subscription};
use futures_util::{Stream, StreamExt, stream};
use tokio_util::sync::CancellationToken;

use super::{
    public::public, subscription_metadata::SubscriptionMetadata, types::aggregate::BudgetAggregate, visibility::Reader,
};
use crate::{
    domain::{budget::PresentedBudget, violation::Violation},
    fault::Fault,
    service::{Services, read::AggregateRead},
};

/// The updates per second that a client may ask for: from one in an hour to 1000 a second.
const RATES: std::ops::RangeInclusive<f64> = (1.0 / 3600.0)..=1000.0;

/// Everything that can be watched.
pub struct Subscription;

/// Everything that can be watched.
#[Subscription]
impl Subscription {
    /// The current aggregate of a budget at once, then the latest one whenever it changes. A slow client skips the
    /// aggregates in between. Each aggregate is complete, and the revision only rises. When the budget begins or ceases to show
    /// its results, the same revision comes again.
    #[graphql(directive = public::apply())]
    async fn aggregate(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The slug of the budget.")] budget: String,
        #[graphql(
            desc = "The maximum number of updates per second, for example 0.5 for one in two seconds. Each update is the latest."
        )]
        max_rate: Option<f64>,
    ) -> Result<impl Stream<Item = Result<BudgetAggregate, Fault>>, Fault> {
        let services = context.data_unchecked::<Services>();
        let metadata = SubscriptionMetadata::of(context);
        if let Some(rate) = max_rate {
            metadata.set_min_interval(interval_of(rate).map_err(|violation| Fault::invalid(vec![violation]))?);
        }
        let stop = context.data_unchecked::<CancellationToken>().clone();
        let budget = services.catalogue.visible(&budget).await?.ok_or_else(Fault::unknown_budget)?;
        metadata.watch(services.aggregates.changes(&budget), services.aggregates.staleness());
        let readings = services.aggregates.watch(&budget).await?.map(News::Reading);
        let rules = services.visibility_changes(Arc::clone(&budget)).map(News::Rule);
        let (mut budget, mut latest) = (budget, None);
        let aggregates = stream::select(readings, rules).filter_map(move |news| {
            match news {
                News::Reading(reading) => latest = Some(reading),
                News::Rule(changed) => budget = changed,
            }
            ready(latest.clone().map(|reading| BudgetAggregate { budget: Arc::clone(&budget), reading }))
        });
        let reader = Arc::new(Reader::of_aggregate(context));
        // An item that is an error does not end the stream: the results may be shown later.
        let aggregates = aggregates.then(move |aggregate| {
            let (reader, metadata) = (Arc::clone(&reader), metadata.clone());
            async move {
                metadata.record(&aggregate.reading);
                reader.check(&aggregate.budget).await?;
                Ok(aggregate)
            }
        });
        Ok(aggregates.take_until(stop.cancelled_owned()))
    }
}

/// What a subscriber is told: newer numbers, or the same ones because other people may see them now.
enum News {
    Reading(AggregateRead),
    Rule(Arc<PresentedBudget>),
}

/// Converts a number of updates per second into the minimum time between two updates.
fn interval_of(rate: f64) -> Result<Duration, Violation> {
    if RATES.contains(&rate) {
        return Ok(Duration::from_secs_f64(1.0 / rate));
    }
    let message =
        format!("{rate} updates a second are not possible. Ask for 1000 at the most and one in an hour at the least.");
    Err(Violation::new("maxRate", "RANGE", message))
}
