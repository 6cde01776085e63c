//! Recount, verify and rebuild are one thing: count every ballot again and compare, in one snapshot of the database.
//!
//! Drift = recount - (stored tally + waiting deltas). Nothing is locked and nobody waits: a submission that comes
//! meanwhile adds the same to both sides.

use chrono::{DateTime, Utc};

use crate::{
    domain::{
        budget::Budget,
        tally::{Delta, Tally},
    },
    store::{Store, StoreError, aggregates::Aggregate},
};

/// What a recount found.
#[derive(Debug, Clone)]
pub struct Verification {
    /// The true tally.
    pub recount: Tally,
    /// What the stored one lacks; zero when it is right.
    pub drift: Delta,
    /// The moment of both.
    pub as_of: DateTime<Utc>,
    /// The stored one; after a rebuild, the one that it left.
    pub aggregate: Aggregate,
}

/// Counts all ballots of a budget and compares; `counted` is called for each ballot.
pub async fn verify(store: &Store, budget: &Budget, counted: impl FnMut()) -> Result<Verification, StoreError> {
    let snapshot = store.begin_snapshot().await?;
    let as_of = snapshot.now().await?;
    let aggregate = snapshot.aggregate(budget).await?;
    let waiting = snapshot.waiting_deltas(budget.id).await?;
    let recount = snapshot.recount(budget.id, counted).await?;
    let mut drift = recount.clone();
    drift.add(&aggregate.tally.inverse());
    drift.add(&waiting.inverse());
    Ok(Verification { recount, drift, as_of, aggregate })
}

/// Verifies, and adds any drift to the stored aggregate.
pub async fn rebuild(store: &Store, budget: &Budget, mut counted: impl FnMut()) -> Result<Verification, StoreError> {
    loop {
        let mut found = verify(store, budget, &mut counted).await?;
        if found.drift.is_zero() && found.aggregate.complete {
            return Ok(found);
        }
        let transaction = store.begin().await?;
        let now = transaction.now().await?;
        let mut aggregate = transaction.hold_aggregate(budget, now).await?;
        // Two rebuilds at once would both add the drift: of those that saw the same count only one may. Folds since
        // then change nothing: they only move what was waiting into the tally.
        if aggregate.rebuilds == found.aggregate.rebuilds {
            aggregate.tally.add(&found.drift);
            aggregate.revision.version += 1;
            aggregate.rebuilds = aggregate.rebuilds.wrapping_add(1);
            aggregate.as_of = aggregate.as_of.max(now);
            aggregate.complete = true;
            transaction.save_aggregate(budget, &aggregate).await?;
            transaction.commit().await?;
            found.aggregate = aggregate;
            return Ok(found);
        }
    }
}
