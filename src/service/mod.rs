//! The use cases, free of transport: submit an allocation, read the aggregate, watch it.

use std::sync::Arc;

use crate::store::Store;

pub mod catalogue;
pub mod dependencies;
pub mod identity;
pub mod intake;
pub mod limiter;
pub mod read;
pub mod refresh;
pub mod submit;

/// Everything that a transport needs to answer.
#[derive(Clone)]
pub struct Services {
    /// Reads that need no rule of their own go straight to it.
    pub store: Store,
    /// Which budgets there are.
    pub catalogue: Arc<catalogue::Catalogue>,
    /// Current and coming aggregates.
    pub aggregates: Arc<read::Aggregates>,
    /// Submits allocations.
    pub submissions: Arc<submit::Submissions>,
    /// Who a cookie or token is.
    pub identity: Arc<identity::Identity>,
}
