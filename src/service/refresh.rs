//! The safety net under the bus: once a second compare what this process shows with what the table holds.
//!
//! It makes up for lost messages, for Redis being away, and for a node that died between commit and publish; and it
//! knows whether the database answers.

use std::{sync::Arc, time::Duration};

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::catalogue::Catalogue;
use crate::{
    bus::Bus,
    ledger::{Ledger, restore},
    store::{Store, StoreError},
};

const INTERVAL: Duration = Duration::from_secs(1);
/// A database that takes longer counts as away.
const PATIENCE: Duration = Duration::from_secs(2);

/// Whether the last comparison with the table succeeded.
#[derive(Default)]
pub struct Freshness {
    stale: watch::Sender<bool>,
}

impl Freshness {
    /// Whether newer numbers may exist that this process could not learn of.
    pub fn is_stale(&self) -> bool {
        *self.stale.borrow()
    }

    /// Tells when that changes.
    pub fn changes(&self) -> watch::Receiver<bool> {
        self.stale.subscribe()
    }

    /// Sets it; what it was before.
    fn set_stale(&self, stale: bool) -> bool {
        let mut before = stale;
        self.stale.send_if_modified(|known| {
            before = std::mem::replace(known, stale);
            before != stale
        });
        before
    }
}

/// Refreshes until the token is cancelled.
pub async fn run(
    store: Store,
    catalogue: Arc<Catalogue>,
    bus: Bus,
    ledger: Ledger,
    freshness: Arc<Freshness>,
    stop: CancellationToken,
) {
    let mut interval = tokio::time::interval(INTERVAL);
    interval.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = interval.tick() => {}
        }
        let outcome = tokio::time::timeout(PATIENCE, refresh_once(&store, &catalogue, &bus, &ledger)).await;
        let failure = match outcome {
            Ok(Ok(())) => None,
            Ok(Err(error)) => Some(error.to_string()),
            Err(_) => Some(format!("no answer within {} ms", PATIENCE.as_millis())),
        };
        let was_stale = freshness.set_stale(failure.is_some());
        match failure {
            Some(failure) if !was_stale => {
                tracing::error!(failure, "the database is away; readers see the last snapshots");
            }
            None if was_stale => tracing::info!("the database answers again"),
            _ => {}
        }
    }
}

/// Brings every budget that the hub shows up to what the table holds, and the catalogue up to the budgets' table: answers
/// that are kept ask for neither.
pub async fn refresh_once(store: &Store, catalogue: &Catalogue, bus: &Bus, ledger: &Ledger) -> Result<(), StoreError> {
    catalogue.all().await?;
    // Before the table is read: what is then ahead of the table was not published from it.
    let shown = bus.hub.all();
    let stored = store.revisions().await?;
    for snapshot in shown {
        let Some(budget) = catalogue.by_slug(&snapshot.budget).await? else { continue };
        let Some((revision, as_of)) = stored.get(&budget.id) else { continue };
        if restore::is_ahead(&snapshot, *revision, *as_of) {
            ledger.raise_epoch(&budget, Some(&snapshot)).await?;
        }
        if *revision <= snapshot.revision {
            continue;
        }
        if let Some(aggregate) = store.aggregate(&budget).await? {
            bus.reannounce(Arc::new(aggregate.snapshot(&budget))).await;
        }
    }
    Ok(())
}
