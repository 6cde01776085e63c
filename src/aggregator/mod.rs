//! The background task that folds deltas into the aggregate and tells everyone. This file decides when; [`fold`] does
//! one fold; [`recount`] verifies and rebuilds; [`jobs`] do so in a task of their own.

use std::{sync::Arc, time::Duration};

use tokio::{sync::Notify, time::MissedTickBehavior};
use tokio_util::sync::CancellationToken;

use crate::{
    bus::Bus,
    counters::Counters,
    domain::budget::Budget,
    store::{self, Store, StoreError},
};

pub mod fold;
pub mod jobs;
pub mod recount;
pub mod restore;

use recount::Verification;

/// The longest that a delta waits for a node that folds.
const TICK: Duration = Duration::from_secs(1);
/// A fold that takes longer waits for a database that does not answer, and must not hold up this task for ever.
const PATIENCE: Duration = Duration::from_secs(5);

/// How often an aggregator does what.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// At most one publication in this time.
    pub push_interval: Duration,
    /// Between two looks for what other nodes stored: as soon as it may be published where there are other nodes.
    pub look_interval: Duration,
}

impl Pace {
    /// For a database that has other nodes or none.
    pub fn new(push_interval: Duration, is_shared: bool) -> Self {
        let look_interval = if is_shared { push_interval.clamp(Duration::from_millis(50), TICK) } else { TICK };
        Self { push_interval, look_interval }
    }
}

/// Folds and publishes until the token is cancelled, then once more.
pub async fn run(store: Store, bus: Bus, wake: Arc<Notify>, pace: Pace, counters: Counters, stop: CancellationToken) {
    let mut look = tokio::time::interval(pace.look_interval);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut failing = false;
    loop {
        tokio::select! {
            () = stop.cancelled() => break,
            () = wake.notified() => {}
            _ = look.tick() => {}
        }
        let result = fold_waiting(&store, &bus, &counters).await;
        match &result {
            Err(error) if !failing => tracing::error!(%error, "folding failed; the deltas wait"),
            Ok(_) if failing => tracing::info!("folding goes on"),
            _ => {}
        }
        failing = result.is_err();
        // Nothing was published: the next commit need not wait.
        if matches!(result, Ok(false)) {
            continue;
        }
        // At most one publication each interval; what comes meanwhile is folded together.
        tokio::select! {
            () = stop.cancelled() => break,
            () = tokio::time::sleep(pace.push_interval) => {}
        }
    }
    last_fold(&store, &bus, &counters).await;
}

/// Folds only what no aggregator folds: what has waited for a second. For nodes that are not to fold, so that a cluster
/// without a worker is slow and never stands still.
pub async fn stand_in(store: Store, bus: Bus, counters: Counters, stop: CancellationToken) {
    let mut tick = tokio::time::interval(TICK);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut waiting = None;
    loop {
        tokio::select! {
            () = stop.cancelled() => break,
            _ = tick.tick() => {}
        }
        // Failures are the refresh's to tell.
        let Ok(oldest) = store::within(PATIENCE, store.oldest_waiting_delta()).await else { continue };
        if oldest.is_some() && oldest == waiting {
            tracing::debug!("no aggregator folds; standing in for one");
            if let Err(error) = fold_waiting(&store, &bus, &counters).await {
                tracing::warn!(%error, "standing in for an aggregator failed");
            }
        }
        waiting = oldest;
    }
    last_fold(&store, &bus, &counters).await;
}

async fn last_fold(store: &Store, bus: &Bus, counters: &Counters) {
    if let Err(error) = fold_waiting(store, bus, counters).await {
        tracing::warn!(%error, "the last fold failed; another node or the next start makes up for it");
    }
}

/// Folds what waits now, publishing as it goes, and returns whether anything was folded. What comes meanwhile is left to the
/// next time, or there might be no end.
pub async fn fold_waiting(store: &Store, bus: &Bus, counters: &Counters) -> Result<bool, StoreError> {
    let newest = store::within(PATIENCE, store.newest_waiting_delta()).await?;
    let mut oldest = newest;
    let mut has_folded = false;
    while oldest.is_some() && oldest <= newest {
        let folded = store::within(PATIENCE, fold::fold_once(store)).await;
        if folded.is_err() {
            counters.fold_failures.inc();
        }
        // Nothing, where another node is folding what is left.
        let Some(folded) = folded? else { break };
        counters.folds.inc();
        has_folded = true;
        for snapshot in folded.snapshots {
            bus.publish(Arc::new(snapshot)).await;
        }
        for budget in folded.incomplete {
            rebuild(store, bus, &budget, || {}).await?;
        }
        oldest = store::within(PATIENCE, store.oldest_waiting_delta()).await?;
    }
    Ok(has_folded)
}

/// Mends the aggregate of a budget where it differs from the ledger, and publishes it.
pub async fn rebuild(
    store: &Store,
    bus: &Bus,
    budget: &Budget,
    counted: impl FnMut(),
) -> Result<Verification, StoreError> {
    let found = recount::rebuild(store, budget, counted).await?;
    bus.publish(Arc::new(found.aggregate.snapshot(budget))).await;
    Ok(found)
}
