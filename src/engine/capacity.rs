//! How much running subscriptions may cost together: each is executed again at every publication.

use std::sync::Arc;

use futures_util::{Stream, StreamExt};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::RequestError;
use crate::fault::Fault;

/// The cost (see [`super::limits::cost`]) of everything that one publication executes: about 0.1 s of processor time.
const CAPACITY: usize = 250_000;
const FULL: &str = "This server executes as many different subscriptions as it may. Subscribe to fewer fields, to what the \
    page itself subscribes to, or try again in a moment.";

/// What is left of the capacity.
pub struct SubscriptionCapacity(Arc<Semaphore>);

/// A part of the capacity, until it is dropped.
pub struct SubscriptionPermit(Option<OwnedSemaphorePermit>);

impl Default for SubscriptionCapacity {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(CAPACITY)))
    }
}

impl SubscriptionCapacity {
    /// A permit for a subscription of this cost.
    pub fn acquire(&self, cost: usize) -> Result<SubscriptionPermit, RequestError> {
        let cost = u32::try_from(cost.max(1)).unwrap_or(u32::MAX);
        let permit = Arc::clone(&self.0).try_acquire_many_owned(cost);
        permit
            .map(|permit| SubscriptionPermit(Some(permit)))
            .map_err(|_| RequestError::of_fault(&Fault::overloaded(FULL)))
    }
}

impl SubscriptionPermit {
    /// For what takes nothing from the capacity.
    pub fn free() -> Self {
        Self(None)
    }

    /// The same stream, which holds the permit as long as it lives.
    pub fn held_by<S: Stream>(self, stream: S) -> impl Stream<Item = S::Item> {
        stream.map(move |item| {
            let Self(_held) = &self;
            item
        })
    }
}
