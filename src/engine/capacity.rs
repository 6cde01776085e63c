//! Limits the total cost of running subscriptions, because each is executed again at every publication.

use std::sync::Arc;

use futures_util::{Stream, StreamExt};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::RequestError;
use crate::fault::Fault;

/// The highest total cost (see [`super::limits::cost`]) of the executions for one publication: about 0.1 s of processor
/// time.
const CAPACITY: usize = 250_000;
const FULL: &str = "This server executes as many different subscriptions as it may. Subscribe to fewer fields, to what the \
    page itself subscribes to, or try again in a moment.";

/// The capacity that is left for subscriptions.
pub struct SubscriptionCapacity(Arc<Semaphore>);

/// A part of the capacity, which is free again when the permit is dropped.
pub struct SubscriptionPermit(Option<OwnedSemaphorePermit>);

impl Default for SubscriptionCapacity {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(CAPACITY)))
    }
}

impl SubscriptionCapacity {
    /// Acquires a permit for a subscription of this cost. Fails if less capacity is left.
    pub fn acquire(&self, cost: usize) -> Result<SubscriptionPermit, RequestError> {
        let cost = u32::try_from(cost.max(1)).unwrap_or(u32::MAX);
        let permit = Arc::clone(&self.0).try_acquire_many_owned(cost);
        permit
            .map(|permit| SubscriptionPermit(Some(permit)))
            .map_err(|_| RequestError::of_fault(&Fault::overloaded(FULL)))
    }
}

impl SubscriptionPermit {
    /// Creates a permit that takes no capacity.
    pub fn free() -> Self {
        Self(None)
    }

    /// Returns the same stream, which holds the permit until it is dropped.
    pub fn held_by<S: Stream>(self, stream: S) -> impl Stream<Item = S::Item> {
        stream.map(move |item| {
            let Self(_held) = &self;
            item
        })
    }
}
