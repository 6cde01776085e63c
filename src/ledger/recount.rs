//! Recounting all ballots: `verify` compares the count with the stored aggregate, `rebuild` also adds the difference.
//!
//! Drift = recount - (stored tally + pending deltas), all three from one snapshot of the database. Nothing is locked
//! meanwhile: a submission that is stored during the recount adds the same to both sides.

use chrono::{DateTime, Utc};

use super::{Ledger, publish::RevisionChange};
use crate::{
    domain::{budget::Budget, held_back::HeldBack, tally::Tally},
    store::{Store, StoreError, aggregates::Aggregate},
};

/// The result of a recount.
#[derive(Debug, Clone)]
pub struct Verification {
    /// The true tally.
    pub recount: Tally,
    /// What must be added to the stored tally; zero when it is right.
    pub drift: Tally,
    /// The time of the recount.
    pub as_of: DateTime<Utc>,
    /// The stored aggregate; after a rebuild, the mended one.
    pub aggregate: Aggregate,
}

/// Counts all ballots of a budget and compares. Calls `counted` for each ballot.
pub async fn verify(store: &Store, budget: &Budget, counted: impl FnMut()) -> Result<Verification, StoreError> {
    let snapshot = store.begin_snapshot().await?;
    let as_of = snapshot.now().await?;
    let aggregate = snapshot.aggregate(budget).await?;
    let pending = snapshot.pending_deltas(budget.id).await?;
    let recount = snapshot.recount(budget.id, counted).await?;
    let mut drift = recount.clone();
    drift.add(&aggregate.tally.inverse());
    drift.add(&pending.inverse());
    Ok(Verification { recount, drift, as_of, aggregate })
}

impl Verification {
    /// True if the ballots are those that were folded: then the drift is damage to the stored aggregate, and what it mends may
    /// be shown at once.
    fn ballots_are_as_folded(&self) -> bool {
        let mut mended = self.aggregate.tally.clone();
        mended.add(&self.drift);
        self.aggregate.held_back.agrees_with(&mended)
    }
}

impl Ledger {
    /// Counts all ballots of a budget and compares, and notes what it found for operators.
    pub async fn verify(&self, budget: &Budget, counted: impl FnMut()) -> Result<Verification, StoreError> {
        let found = verify(&self.store, budget, counted).await?;
        self.counters.recounts.found(&budget.slug, !found.drift.is_zero());
        Ok(found)
    }

    /// Verifies, adds any drift to the stored aggregate, and publishes it.
    pub async fn rebuild(&self, budget: &Budget, mut counted: impl FnMut()) -> Result<Verification, StoreError> {
        loop {
            let mut found = verify(&self.store, budget, &mut counted).await?;
            if found.drift.is_zero() && found.aggregate.complete {
                self.counters.recounts.found(&budget.slug, false);
                self.bus.reannounce(found.aggregate.snapshot(budget).into()).await;
                return Ok(found);
            }
            let mut change = RevisionChange::begin(&self.store).await?;
            let now = change.transaction.now().await?;
            let mut aggregate = change.transaction.lock_aggregate(budget, now).await?;
            // Of several rebuilds that found the same drift only one may add it; the others count again, and so does one whose
            // aggregate was damaged again since. A fold since the recount does not matter: it moved a pending delta into
            // the tally, and the drift is the same.
            let damage = |aggregate: &Aggregate| aggregate.held_back.damage(&aggregate.tally);
            if aggregate.rebuilds == found.aggregate.rebuilds && damage(&aggregate) == damage(&found.aggregate) {
                aggregate.tally.add(&found.drift);
                if !aggregate.has_record {
                    aggregate.held_back = HeldBack::without_record(&aggregate.tally, budget.publish_every);
                } else if !found.ballots_are_as_folded() {
                    aggregate.held_back.hold_drift(&found.drift);
                    let least = budget.publish_every.ballots();
                    aggregate.held_back.release(&aggregate.tally, least, least);
                }
                aggregate.settled = false;
                aggregate.revision.version += 1;
                aggregate.rebuilds = aggregate.rebuilds.wrapping_add(1);
                aggregate.as_of = aggregate.as_of.max(now);
                aggregate.complete = true;
                aggregate.write_all();
                change.save(budget, &aggregate).await?;
                change.commit().await?.publish(&self.bus, &self.counters).await;
                self.counters.recounts.found(&budget.slug, false);
                found.aggregate = aggregate;
                return Ok(found);
            }
        }
    }
}
