//! A fold adds pending deltas to the stored aggregates, in one transaction.

use std::time::Instant;

use tracing::Instrument;

use super::{
    Ledger, TIMEOUT,
    publish::{RevisionChange, Unpublished},
};
use crate::{
    domain::{
        budget::{Budget, BudgetId},
        snapshot::Revision,
    },
    store::{self, StoreError},
};

/// Deltas in one fold. Each delta is one batch of submissions.
const LIMIT: u32 = 1_000;

/// What a fold did.
pub struct Fold {
    /// Budgets whose aggregate lacked rows before the fold. Nobody sees their numbers until they are rebuilt.
    pub incomplete: Vec<Budget>,
}

impl Ledger {
    /// Folds and publishes every delta that is pending now; returns whether there was any. Deltas that are added meanwhile
    /// are left to the next call, because under constant load this one would not end.
    pub async fn fold_pending(&self) -> Result<bool, StoreError> {
        let newest = store::with_timeout(TIMEOUT, self.store.newest_pending_delta()).await?;
        let mut oldest = newest;
        let mut has_folded = false;
        while oldest.is_some() && oldest <= newest {
            // `None` where another node is folding the rest.
            let Some(fold) = self.fold_once().await? else { break };
            has_folded = true;
            for budget in fold.incomplete {
                self.rebuild(&budget, || {}).await?;
            }
            oldest = self.oldest_pending().await?;
        }
        Ok(has_folded)
    }

    /// Makes one fold and publishes it; `None` when there was nothing to fold.
    pub async fn fold_once(&self) -> Result<Option<Fold>, StoreError> {
        // Boxed, because it is large and part of many futures.
        Box::pin(self.fold_and_publish()).instrument(tracing::error_span!("fold")).await
    }

    async fn fold_and_publish(&self) -> Result<Option<Fold>, StoreError> {
        let started = Instant::now();
        let folded = store::with_timeout(TIMEOUT, self.fold()).await;
        if folded.is_err() {
            self.counters.fold_failures.inc();
        }
        let Some((fold, unpublished)) = folded? else { return Ok(None) };
        self.counters.folds.inc();
        unpublished.publish(&self.bus, &self.counters).await;
        self.counters.fold_durations.0.time(started.elapsed());
        Ok(Some(fold))
    }

    /// The number of the delta that has been pending for longest.
    pub async fn oldest_pending(&self) -> Result<Option<i64>, StoreError> {
        store::with_timeout(TIMEOUT, self.store.oldest_pending_delta()).await
    }

    async fn fold(&self) -> Result<Option<(Fold, Unpublished)>, StoreError> {
        if self.store.oldest_pending_delta().await?.is_none() {
            return Ok(None);
        }
        let mut change = RevisionChange::begin(&self.store).await?;
        let deltas = change.transaction.claim_deltas(LIMIT).await?;
        let ids: Vec<BudgetId> = deltas.keys().copied().collect();
        let mut locked = change.transaction.lock_budgets(&ids).await?;
        let (mut incomplete, mut folded) = (Vec::new(), Vec::new());
        // Every node locks the aggregates in the order of the budgets' numbers: otherwise two could deadlock.
        for (id, deltas) in &deltas {
            let Some(budget) = locked.readable.remove(id) else {
                // Its deltas stay pending until an operator has mended the row. A deleted budget has nothing to count.
                if locked.unreadable.contains(id) {
                    for delta in deltas {
                        change.transaction.insert_delta(*id, delta).await?;
                    }
                }
                continue;
            };
            let now = change.transaction.now().await?;
            let known = self.folded.lock().get(id).cloned();
            let mut aggregate = change.transaction.lock_known_aggregate(&budget, now, known.as_ref()).await?;
            for delta in deltas {
                delta.add_to(&mut aggregate.tally);
                aggregate.held_back.hold(delta);
            }
            let least = budget.publish_every.ballots();
            aggregate.held_back.release(&aggregate.tally, least, least);
            aggregate.settled = false;
            if aggregate.complete {
                aggregate.revision.version += 1;
            } else {
                // The sum lacks what the missing rows held. Version 0 hides it from every reader, on other nodes and after a
                // crash too, until a recount has completed it. The epoch rises because revisions must never go down.
                let epoch = aggregate.revision.epoch.saturating_add(1).max(now.timestamp_millis());
                aggregate.revision = Revision { epoch, version: 0 };
            }
            // The database's clock may step back; the time that is shown must not.
            aggregate.as_of = aggregate.as_of.max(now);
            change.save(&budget, &aggregate).await?;
            if aggregate.complete {
                folded.push((*id, aggregate.known()));
            } else {
                incomplete.push(budget);
            }
        }
        let unpublished = change.commit().await?;
        self.folded.lock().extend(folded);
        // These deltas named who erased what.
        if deltas.values().flatten().any(|delta| !(delta.removed.is_empty() && delta.forgotten.is_empty())) {
            self.store.note_deletion();
        }
        Ok((!deltas.is_empty()).then_some((Fold { incomplete }, unpublished)))
    }
}
