//! The background task that folds deltas into the aggregate and tells everyone. This file decides when; [`fold`] does
//! one fold; [`recount`] verifies and rebuilds.

use std::{sync::Arc, time::Duration};

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::{
    bus::Bus,
    domain::budget::Budget,
    store::{Store, StoreError, jobs},
};

pub mod fold;
pub mod recount;

use recount::Verification;

/// How often to look for what another node left: deltas of a crashed one, jobs of a command.
const TICK: Duration = Duration::from_secs(1);

/// Folds and publishes until the token is cancelled, then once more.
pub async fn run(store: Store, bus: Bus, wake: Arc<Notify>, push_interval: Duration, stop: CancellationToken) {
    let mut tick = tokio::time::interval(TICK);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut failing = false;
    loop {
        let ticked = tokio::select! {
            () = stop.cancelled() => break,
            () = wake.notified() => false,
            _ = tick.tick() => true,
        };
        let result = work(&store, &bus, ticked).await;
        match &result {
            Err(error) if !failing => tracing::error!(%error, "folding failed; the deltas wait"),
            Ok(()) if failing => tracing::info!("folding goes on"),
            _ => {}
        }
        failing = result.is_err();
        // At most one publication each interval; what comes meanwhile is folded together.
        tokio::select! {
            () = stop.cancelled() => break,
            () = tokio::time::sleep(push_interval) => {}
        }
    }
    if let Err(error) = fold_all(&store, &bus).await {
        tracing::warn!(%error, "the last fold failed; another node or the next start makes up for it");
    }
}

async fn work(store: &Store, bus: &Bus, ticked: bool) -> Result<(), StoreError> {
    // Jobs are rare and nobody waits for them: looked for on the tick alone.
    if ticked && let Some((id, kind)) = store.waiting_job().await? {
        run_job(store, bus, id, &kind).await?;
    }
    fold_all(store, bus).await
}

/// Folds until no delta is left for this node, publishing as it goes.
pub async fn fold_all(store: &Store, bus: &Bus) -> Result<(), StoreError> {
    while let Some(folded) = fold::fold_once(store).await? {
        for snapshot in folded.snapshots {
            bus.publish(Arc::new(snapshot)).await;
        }
        for budget in folded.incomplete {
            rebuild(store, bus, &budget, || {}).await?;
        }
    }
    Ok(())
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

async fn run_job(store: &Store, bus: &Bus, id: i64, kind: &str) -> Result<(), StoreError> {
    let result = if kind == jobs::REBUILD {
        let mut drifted = 0;
        for budget in store.budgets().await? {
            if !rebuild(store, bus, &budget, || {}).await?.drift.is_zero() {
                drifted += 1;
            }
        }
        format!("{drifted} budgets had drifted")
    } else {
        format!("this version knows no job \"{kind}\"")
    };
    tracing::info!(job = id, kind, result, "job done");
    store.finish_job(id, &result).await
}
