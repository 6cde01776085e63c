//! The clock of subscriptions that look again and again.

use std::time::Duration;

use async_graphql::Context;
use futures_util::{Stream, StreamExt, stream};
use tokio_util::sync::CancellationToken;

/// One now, and one after each interval, until the server stops. A slow reader gets no backlog.
pub fn ticks(context: &Context<'_>, interval: Duration) -> impl Stream<Item = ()> + use<> {
    let stop = context.data_unchecked::<CancellationToken>().clone();
    let mut timer = tokio::time::interval(interval);
    timer.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let ticks = stream::unfold(timer, |mut timer| async {
        timer.tick().await;
        Some(((), timer))
    });
    ticks.take_until(stop.cancelled_owned())
}
