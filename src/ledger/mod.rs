//! Everything that moves the revision of a budget: a fold, a rebuild, and a new epoch after a
//! restore. They all save and publish through `publish`.

use crate::{bus::Bus, counters::Counters, store::Store};

mod fold;
mod publish;
pub mod recount;
pub mod restore;

/// Keeps the aggregates of all budgets up to date with the submissions, and publishes them.
#[derive(Clone)]
pub struct Ledger {
    store: Store,
    bus: Bus,
    counters: Counters,
}

impl Ledger {
    /// Keeps the aggregates in this store and publishes them on this bus.
    pub fn new(store: Store, bus: Bus, counters: Counters) -> Self {
        Self { store, bus, counters }
    }
}
