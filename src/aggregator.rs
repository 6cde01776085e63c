//! Decides when to fold. What a fold does is in [`ledger`](crate::ledger).

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::Notify,
    time::{Instant, MissedTickBehavior},
};
use tokio_util::sync::CancellationToken;

use crate::ledger::Ledger;

/// The longest that a delta stays pending while a node is there that folds.
const MAX_POLL_INTERVAL: Duration = Duration::from_secs(1);
/// The longest that expired submissions wait until they are deleted.
const RETENTION_INTERVAL: Duration = Duration::from_mins(1);
/// The longest that a closed budget waits until the rest of its ballots is shown.
const SETTLE_INTERVAL: Duration = Duration::from_secs(1);
const MIN_POLL_INTERVAL: Duration = Duration::from_millis(50);

/// How often an aggregator does what.
#[derive(Debug, Clone, Copy)]
pub struct Intervals {
    /// The least time between two publications.
    pub push: Duration,
    /// The time between two checks for deltas that other processes stored.
    pub poll: Duration,
}

impl Intervals {
    /// A shared database is checked at every push interval, because other nodes store there all the time.
    pub fn new(push: Duration, is_shared: bool) -> Self {
        let poll = if is_shared { push.clamp(MIN_POLL_INTERVAL, MAX_POLL_INTERVAL) } else { MAX_POLL_INTERVAL };
        Self { push, poll }
    }
}

/// Folds and publishes until the token is cancelled, then once more. Also settles budgets that have closed, and deletes
/// submissions whose retention time is over.
pub async fn run(ledger: Ledger, wake: Arc<Notify>, intervals: Intervals, stop: CancellationToken) {
    tokio::join!(fold(&ledger, &wake, intervals, &stop), settle(&ledger, &stop), delete_expired(&ledger, &stop));
    final_fold(&ledger).await;
}

async fn fold(ledger: &Ledger, wake: &Notify, intervals: Intervals, stop: &CancellationToken) {
    let mut poll = tokio::time::interval(intervals.poll);
    poll.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut failing = false;
    let mut earliest = Instant::now();
    loop {
        tokio::select! {
            () = stop.cancelled() => break,
            () = wake.notified() => {}
            _ = poll.tick() => {}
        }
        // Deltas that are stored during this pause are folded together.
        let begins = earliest.max(Instant::now());
        tokio::select! {
            () = stop.cancelled() => break,
            () = tokio::time::sleep_until(earliest) => {}
        }
        let result = ledger.fold_pending().await;
        match &result {
            Err(error) if !failing => tracing::error!(%error, "folding failed; the deltas stay pending"),
            Ok(_) if failing => tracing::info!("folding works again"),
            _ => {}
        }
        failing = result.is_err();
        // Without a publication there is nothing to space out.
        if !matches!(result, Ok(false)) {
            earliest = begins + intervals.push;
        }
    }
}

/// Folds only deltas that have been pending for a second, so that a cluster whose worker is gone gets slower but does not
/// stand still. For nodes with the role `web`.
pub async fn run_fallback(ledger: Ledger, stop: CancellationToken) {
    tokio::join!(fold_what_is_left(&ledger, &stop), settle(&ledger, &stop));
    final_fold(&ledger).await;
}

async fn fold_what_is_left(ledger: &Ledger, stop: &CancellationToken) {
    let mut poll = tokio::time::interval(MAX_POLL_INTERVAL);
    poll.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut oldest_before = None;
    loop {
        tokio::select! {
            () = stop.cancelled() => break,
            _ = poll.tick() => {}
        }
        // The refresh logs that the database is away.
        let Ok(oldest) = ledger.oldest_pending().await else { continue };
        if oldest.is_some() && oldest == oldest_before {
            tracing::debug!("no aggregator folds; this node does it");
            if let Err(error) = ledger.fold_pending().await {
                tracing::warn!(%error, "folding in place of an aggregator failed");
            }
        }
        oldest_before = oldest;
    }
}

/// Settles budgets that have closed. Beside the folds, because one may have to wait for a lock.
async fn settle(ledger: &Ledger, stop: &CancellationToken) {
    let mut interval = tokio::time::interval(SETTLE_INTERVAL);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = interval.tick() => {}
        }
        // The refresh logs that the database is away.
        if let Err(error) = ledger.settle().await
            && !error.is_unavailable()
        {
            tracing::warn!(%error, "the rest of a closed budget could not be shown; the next attempt is in a second");
        }
    }
}

/// Deletes submissions whose retention time is over, a batch at a time. An end in the middle leaves the rest to the next
/// start.
async fn delete_expired(ledger: &Ledger, stop: &CancellationToken) {
    let mut interval = tokio::time::interval(RETENTION_INTERVAL);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let deletions = async {
        loop {
            interval.tick().await;
            if let Err(error) = ledger.delete_expired().await
                && !error.is_unavailable()
            {
                tracing::warn!(%error, "expired submissions could not be deleted; the next attempt is in a minute");
            }
        }
    };
    // Boxed, because it is large and lives as long as the node.
    stop.run_until_cancelled(Box::pin(deletions)).await;
}

async fn final_fold(ledger: &Ledger) {
    if let Err(error) = ledger.fold_pending().await {
        tracing::warn!(%error, "the final fold failed; another node or the next start folds the rest");
    }
}
