//! The current aggregate and every later one, through the tiers: memory, Redis, the aggregate table, a live recount.

use std::{
    collections::HashMap,
    future::ready,
    sync::{Arc, PoisonError},
};

use futures_util::{Stream, StreamExt, stream};
use serde::Serialize;
use tokio::sync::{Mutex, watch};
use tokio_stream::wrappers::WatchStream;

use super::refresh::Freshness;
use crate::{
    bus::Bus,
    domain::{
        budget::{Budget, BudgetId},
        snapshot::{Revision, Snapshot},
    },
    ledger::{Ledger, restore},
    store::{self, Store, StoreError},
};

/// Which tier answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Source {
    /// This process's hub.
    Memory,
    /// The snapshot that some node wrote to Redis.
    Redis,
    /// The aggregate table.
    Table,
    /// All ballots, counted for this answer because the aggregate table was empty.
    Recount,
}

/// A snapshot and how it was come by.
#[derive(Debug, Clone)]
pub struct Reading {
    /// The statistics.
    pub snapshot: Arc<Snapshot>,
    /// Which tier had it.
    pub source: Source,
    /// Whether newer numbers may exist that this process could not learn of.
    pub stale: bool,
}

/// Reads aggregates.
#[derive(Clone)]
pub struct Aggregates {
    store: Store,
    bus: Bus,
    ledger: Ledger,
    freshness: Arc<Freshness>,
    /// Below memory one caller looks for a budget's aggregate, the others wait for what it finds.
    looking: Arc<std::sync::Mutex<HashMap<BudgetId, Arc<Mutex<()>>>>>,
}

impl Aggregates {
    /// Reads from these tiers.
    pub fn new(store: Store, bus: Bus, ledger: Ledger, freshness: Arc<Freshness>) -> Self {
        Self { store, bus, ledger, freshness, looking: Arc::default() }
    }

    /// The current aggregate of a budget. Fails only when memory and Redis have nothing and the database is away.
    pub async fn current(&self, budget: &Budget) -> Result<Reading, StoreError> {
        if let Some(reading) = self.in_memory(&budget.slug) {
            return Ok(reading);
        }
        let looking = self.looking(budget.id).lock_owned().await;
        if let Some(reading) = self.in_memory(&budget.slug) {
            return Ok(reading);
        }
        // Goes on when the caller gives up: counting ten million ballots takes longer than anybody waits, and would otherwise
        // begin anew with each who asks.
        let (aggregates, budget) = (self.clone(), budget.clone());
        let look = tokio::spawn(async move {
            let _looking = looking;
            let found = aggregates.look(&budget).await?;
            aggregates.bus.hub.put(Arc::clone(&found.0));
            Ok::<_, StoreError>(found)
        });
        let (snapshot, source) = look.await.unwrap_or_else(|ended| std::panic::resume_unwind(ended.into_panic()))?;
        Ok(Reading { snapshot, source, stale: self.freshness.is_stale() })
    }

    /// The current aggregate, then each newer one; what came while the reader was busy is skipped. Revisions only rise, and
    /// one is shown again only where it has become stale, or is no longer.
    pub async fn watch(&self, budget: &Budget) -> Result<impl Stream<Item = Reading> + Send + use<>, StoreError> {
        // Subscribed before the first is read, so that nothing falls between.
        let newer = WatchStream::from_changes(self.changes(budget)).map(drop);
        let first = self.current(budget).await?;
        let marked = WatchStream::from_changes(self.staleness()).map(drop);
        let (aggregates, slug) = (self.clone(), budget.slug.clone());
        let later = stream::select(newer, marked).filter_map(move |()| ready(aggregates.in_memory(&slug)));
        let mut last: Option<(Revision, bool)> = None;
        Ok(stream::once(ready(first)).chain(later).filter(move |reading| {
            let shown = (reading.snapshot.revision, reading.stale);
            let is_news = last.is_none_or(|last| last.0 < shown.0 || (last.0 == shown.0 && last.1 != shown.1));
            if is_news {
                last = Some(shown);
            }
            ready(is_news)
        }))
    }

    /// Tells when a newer aggregate of this budget is there.
    pub fn changes(&self, budget: &Budget) -> watch::Receiver<Option<Arc<Snapshot>>> {
        self.bus.hub.subscribe(&budget.slug)
    }

    /// Tells when answers become stale, or fresh again.
    pub fn staleness(&self) -> watch::Receiver<bool> {
        self.freshness.changes()
    }

    fn looking(&self, budget: BudgetId) -> Arc<Mutex<()>> {
        Arc::clone(self.looking.lock().unwrap_or_else(PoisonError::into_inner).entry(budget).or_default())
    }

    fn in_memory(&self, slug: &str) -> Option<Reading> {
        let snapshot = self.bus.hub.latest(slug)?;
        Some(Reading { snapshot, source: Source::Memory, stale: self.freshness.is_stale() })
    }

    async fn look(&self, budget: &Budget) -> Result<(Arc<Snapshot>, Source), StoreError> {
        if let Some(redis) = &self.bus.redis {
            match redis.load_snapshot(&budget.slug).await {
                Ok(Some(snapshot)) if !self.is_of_the_table(budget, &snapshot).await => {}
                Ok(Some(snapshot)) => return Ok((Arc::new(snapshot), Source::Redis)),
                Ok(None) => {}
                Err(error) => tracing::warn!(%error, budget = budget.slug, "Redis was passed over"),
            }
        }
        if let Some(aggregate) = store::within(store::READ_PATIENCE, self.store.aggregate(budget)).await? {
            let snapshot = Arc::new(aggregate.snapshot(budget));
            self.bus.reannounce(Arc::clone(&snapshot)).await;
            return Ok((snapshot, Source::Table));
        }
        // A part of the table is missing: fill it again from the ledger and answer from what was counted. The lowest
        // revision, so that whatever is published is newer.
        tracing::warn!(budget = budget.slug, "the aggregate table is empty; counting all ballots");
        let rebuilt = self.ledger.rebuild(budget, || {}).await?;
        let snapshot = Snapshot::derive(budget, &rebuilt.recount, Revision::default(), rebuilt.as_of);
        Ok((Arc::new(snapshot), Source::Recount))
    }

    /// Whether this is what the table holds. The table may have something newer, as after a process died between commit and
    /// publication, or while Redis was away: whoever saw that must not see older again. Or something older, because it was
    /// restored: then its epoch is raised. Without the database nobody can tell, and Redis is believed.
    async fn is_of_the_table(&self, budget: &Budget, snapshot: &Snapshot) -> bool {
        let Ok(stored) = store::within(store::READ_PATIENCE, self.store.revisions()).await else { return true };
        let Some((revision, as_of)) = stored.get(&budget.id) else { return true };
        if restore::is_ahead(snapshot, *revision, *as_of) {
            let raised = self.ledger.raise_epoch(budget, Some(snapshot));
            // Tried again by the next refresh, which finds the same.
            return raised.await.inspect_err(|error| tracing::warn!(%error, "the epoch was not raised")).is_err();
        }
        *revision == snapshot.revision
    }
}
