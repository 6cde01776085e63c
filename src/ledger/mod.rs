//! Everything that moves the revision of a budget: a fold, a rebuild, the end of its window, and a new epoch after a
//! restore. They all save and publish through `publish`. The end of the retention time moves none: the results stay.

use std::{collections::HashMap, sync::Arc, time::Duration};

use parking_lot::Mutex;

use crate::{
    bus::Bus,
    counters::Counters,
    domain::budget::BudgetId,
    store::{Store, aggregates::KnownTally},
};

mod fold;
mod publish;
pub mod recount;
pub mod restore;
mod retention;
mod settle;

/// A transaction that takes longer waits for a database that does not answer. Giving up lets the caller try again.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Keeps the aggregates of all budgets up to date with the submissions, and publishes them.
#[derive(Clone)]
pub struct Ledger {
    store: Store,
    bus: Bus,
    counters: Counters,
    /// The tallies that this process folded last.
    folded: Arc<Mutex<HashMap<BudgetId, KnownTally>>>,
}

impl Ledger {
    /// Keeps the aggregates in this store and publishes them on this bus.
    pub fn new(store: Store, bus: Bus, counters: Counters) -> Self {
        Self { store, bus, counters, folded: Arc::default() }
    }
}
