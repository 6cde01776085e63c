//! Reads the current aggregate and watches for newer ones. A read asks the tiers in order: memory, Redis, the aggregate
//! table, a recount of all ballots.

use std::{collections::HashMap, future::ready, sync::Arc};

use futures_util::{Stream, StreamExt, stream};
use serde::Serialize;
use tokio::sync::{Mutex, watch};
use tokio_stream::wrappers::WatchStream;

use super::refresh::Freshness;
use crate::{
    bus::Bus,
    counters::Counters,
    domain::{
        budget::{Budget, BudgetId},
        snapshot::{Revision, Snapshot},
    },
    ledger::{Ledger, restore},
    store::{self, Store, StoreError},
};

/// The tier that answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Source {
    /// The hub of this process.
    Memory,
    /// The snapshot that a node stored in Redis.
    Redis,
    /// The aggregate table.
    Table,
    /// All ballots, counted for this read because the stored aggregate was incomplete.
    Recount,
}

impl Source {
    /// Every tier, in the order in which they are asked.
    pub const ALL: [Self; 4] = [Self::Memory, Self::Redis, Self::Table, Self::Recount];

    /// The name in metrics.
    pub fn name(self) -> &'static str {
        match self {
            Self::Memory => "memory",
            Self::Redis => "redis",
            Self::Table => "table",
            Self::Recount => "recount",
        }
    }
}

/// A snapshot and where it was read from.
#[derive(Debug, Clone)]
pub struct AggregateRead {
    /// The statistics.
    pub snapshot: Arc<Snapshot>,
    /// The tier that had it.
    pub source: Source,
    /// True while newer numbers may exist that this process cannot learn of.
    pub stale: bool,
}

/// Reads aggregates.
#[derive(Clone)]
pub struct Aggregates {
    store: Store,
    bus: Bus,
    ledger: Ledger,
    freshness: Arc<Freshness>,
    counters: Counters,
    /// Below memory, one caller at a time loads a budget's aggregate; the others wait for it.
    in_flight: Arc<parking_lot::Mutex<HashMap<BudgetId, Arc<Mutex<()>>>>>,
}

impl Aggregates {
    /// Reads through these tiers.
    pub fn new(store: Store, bus: Bus, ledger: Ledger, freshness: Arc<Freshness>, counters: Counters) -> Self {
        Self { store, bus, ledger, freshness, counters, in_flight: Arc::default() }
    }

    /// The current aggregate of a budget. Fails only if memory and Redis have nothing and the database is away.
    pub async fn current(&self, budget: &Budget) -> Result<AggregateRead, StoreError> {
        let read = self.find(budget).await?;
        self.counters.read(read.source.name());
        Ok(read)
    }

    async fn find(&self, budget: &Budget) -> Result<AggregateRead, StoreError> {
        if let Some(reading) = self.in_memory(&budget.slug) {
            return Ok(reading);
        }
        let turn = self.turn(budget.id).lock_owned().await;
        if let Some(reading) = self.in_memory(&budget.slug) {
            return Ok(reading);
        }
        // A task of its own, which goes on when the caller gives up: a recount of ten million ballots takes longer than a
        // client waits, and would otherwise begin anew with each request.
        let (aggregates, budget) = (self.clone(), budget.clone());
        let load = tokio::spawn(async move {
            let _turn = turn;
            let found = aggregates.load(&budget).await?;
            aggregates.bus.hub.put(Arc::clone(&found.0));
            Ok::<_, StoreError>(found)
        });
        let (snapshot, source) = load.await.unwrap_or_else(|ended| std::panic::resume_unwind(ended.into_panic()))?;
        Ok(AggregateRead { snapshot, source, stale: self.freshness.is_stale() })
    }

    /// The current aggregate, then each newer one. A slow reader skips to the newest. Revisions only rise; the same one comes
    /// again only when its staleness changes.
    pub async fn watch(&self, budget: &Budget) -> Result<impl Stream<Item = AggregateRead> + Send + use<>, StoreError> {
        // Subscribes before the first read: otherwise a snapshot in between would be missed.
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

    /// Changes with each newer aggregate of this budget.
    pub fn changes(&self, budget: &Budget) -> watch::Receiver<Option<Arc<Snapshot>>> {
        self.bus.hub.subscribe(&budget.slug)
    }

    /// Changes when reads become stale or fresh again.
    pub fn staleness(&self) -> watch::Receiver<bool> {
        self.freshness.changes()
    }

    fn turn(&self, budget: BudgetId) -> Arc<Mutex<()>> {
        Arc::clone(self.in_flight.lock().entry(budget).or_default())
    }

    fn in_memory(&self, slug: &str) -> Option<AggregateRead> {
        let snapshot = self.bus.hub.latest(slug)?;
        Some(AggregateRead { snapshot, source: Source::Memory, stale: self.freshness.is_stale() })
    }

    async fn load(&self, budget: &Budget) -> Result<(Arc<Snapshot>, Source), StoreError> {
        if let Some(redis) = &self.bus.redis {
            match redis.load_snapshot(&budget.slug).await {
                Ok(Some(snapshot)) if !self.is_of_the_table(budget, &snapshot).await => {}
                Ok(Some(snapshot)) => return Ok((Arc::new(snapshot), Source::Redis)),
                Ok(None) => {}
                Err(error) => tracing::warn!(%error, budget = budget.slug, "Redis was skipped"),
            }
        }
        if let Some(aggregate) = store::with_timeout(store::READ_TIMEOUT, self.store.aggregate(budget)).await? {
            let snapshot = Arc::new(aggregate.snapshot(budget));
            self.bus.reannounce(Arc::clone(&snapshot)).await;
            return Ok((snapshot, Source::Table));
        }
        // The recount is shown with the lowest revision, so that everything that is published replaces it.
        tracing::warn!(budget = budget.slug, "the stored aggregate is incomplete; counting all ballots");
        let rebuilt = self.ledger.rebuild(budget, || {}).await?;
        let snapshot = Snapshot { revision: Revision::default(), ..rebuilt.aggregate.snapshot(budget) };
        Ok((Arc::new(snapshot), Source::Recount))
    }

    /// True if a snapshot from Redis is what the table holds, or if the database cannot be asked.
    ///
    /// The table may be newer: a process died between commit and publication, or Redis was away. Clients may have seen the
    /// newer numbers already. The table may also be older, because an older database was restored: then its epoch is raised.
    async fn is_of_the_table(&self, budget: &Budget, snapshot: &Snapshot) -> bool {
        let Ok(stored) = store::with_timeout(store::READ_TIMEOUT, self.store.revisions()).await else { return true };
        let Some((revision, as_of)) = stored.get(&budget.id) else { return true };
        if restore::is_ahead(snapshot, *revision, *as_of) {
            let raised = self.ledger.raise_epoch(budget, Some(snapshot));
            // The next refresh finds the same and tries again.
            return raised.await.inspect_err(|error| tracing::warn!(%error, "the epoch was not raised")).is_err();
        }
        *revision == snapshot.revision
    }
}
