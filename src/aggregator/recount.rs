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
    /// The stored one.
    aggregate: Aggregate,
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

/// Verifies, and leaves any drift as one more delta, which the aggregator folds like any other.
pub async fn rebuild(store: &Store, budget: &Budget, mut counted: impl FnMut()) -> Result<Verification, StoreError> {
    loop {
        let found = verify(store, budget, &mut counted).await?;
        if found.drift.is_zero() && found.aggregate.complete {
            return Ok(found);
        }
        let transaction = store.begin().await?;
        if !found.aggregate.exists {
            // The row comes first: without it there is nothing to compare with at the end.
            let now = transaction.now().await?;
            transaction.hold_aggregate(budget, now).await?;
            transaction.commit().await?;
            continue;
        }
        // Two rebuilds at once would both add the drift: of those that saw the same count only one may.
        if transaction.count_rebuild(budget.id, found.aggregate.rebuilds).await? {
            // Also when it is zero: the fold then writes the rows that are missing.
            transaction.insert_delta(budget.id, &found.drift).await?;
            transaction.commit().await?;
            return Ok(found);
        }
    }
}
