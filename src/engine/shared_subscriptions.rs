//! One execution for all subscribers who ask the same: each publication is resolved and serialised once.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, Weak},
};

use futures_util::{Stream, stream};
use tokio::sync::watch;
use tokio_stream::wrappers::WatchStream;

use super::{
    capacity::SubscriptionPermit, permits::ExecutionPermits, result::OperationResult, result_stream::ResultStream,
};
use crate::graphql::subscription_metadata::SubscriptionMetadata;

type Latest = watch::Sender<Option<OperationResult>>;

/// A running execution, as long as somebody follows it.
struct SharedSubscription {
    latest: Weak<Latest>,
    metadata: SubscriptionMetadata,
}

type Running = HashMap<Vec<u8>, SharedSubscription>;

/// The running executions of public subscriptions, by what is asked.
#[derive(Default, Clone)]
pub struct SharedSubscriptions {
    running: Arc<Mutex<Running>>,
    permits: ExecutionPermits,
}

impl SharedSubscriptions {
    /// Follows the feed under this key: its newest event at once, then the newest whenever there is a newer one. Where none
    /// runs, `start` begins the execution, once `acquire` has given a permit for it.
    pub fn follow<S, E>(
        &self,
        key: Vec<u8>,
        acquire: impl FnOnce() -> Result<SubscriptionPermit, E>,
        start: impl FnOnce(SubscriptionMetadata) -> S,
    ) -> Result<ResultStream, E>
    where
        S: Stream<Item = OperationResult> + Send + 'static,
    {
        let mut running = self.running();
        let joined = running.get(&key).and_then(|feed| Some((feed.latest.upgrade()?.subscribe(), &feed.metadata)));
        let Some((follower, metadata)) = joined else {
            let permit = acquire()?;
            let latest = Arc::new(watch::channel(None).0);
            let (follower, metadata) = (latest.subscribe(), SubscriptionMetadata::default());
            running.insert(
                key.clone(),
                SharedSubscription { latest: Arc::downgrade(&latest), metadata: metadata.clone() },
            );
            tokio::spawn(self.clone().run(key, latest, permit.held_by(start(metadata))));
            return Ok(ResultStream::of_feed(WatchStream::new(follower)));
        };
        let overtaken = follower.borrow().as_ref().is_some_and(|event| metadata.is_overtaken(event.revision()));
        if !overtaken {
            return Ok(ResultStream::of_feed(WatchStream::new(follower)));
        }
        // A publication is on its way through the feed. Who has seen it elsewhere must not be shown the one before.
        Ok(ResultStream::beginning_with(start(SubscriptionMetadata::default()), WatchStream::from_changes(follower)))
    }

    /// An execution of its own, which takes permits with all that are shared.
    pub fn with_permits<S>(&self, stream: S) -> impl Stream<Item = S::Item> + Send + use<S>
    where
        S: Stream + Send + 'static,
        S::Item: Send,
    {
        stream::unfold((self.permits.clone(), Box::pin(stream)), |(permits, mut stream)| async move {
            let (item, permit) = permits.next(stream.as_mut()).await;
            permit.end().await;
            Some((item?, (permits, stream)))
        })
    }

    /// Whether one runs under this key.
    pub fn has(&self, key: &[u8]) -> bool {
        self.running().contains_key(key)
    }

    /// How many run.
    pub fn count(&self) -> usize {
        self.running().len()
    }

    async fn run(self, key: Vec<u8>, latest: Arc<Latest>, events: impl Stream<Item = OperationResult> + Send) {
        let mut events = std::pin::pin!(events);
        loop {
            tokio::select! {
                (event, permit) = self.permits.next(events.as_mut()) => {
                    if event.is_none() {
                        return remove(&mut self.running(), &key, &latest);
                    }
                    latest.send_replace(event);
                    permit.end().await;
                }
                () = latest.closed() => {
                    // Somebody may have come since the last one left: looked at while nobody can.
                    let mut running = self.running();
                    if latest.is_closed() {
                        return remove(&mut running, &key, &latest);
                    }
                }
            }
        }
    }

    fn running(&self) -> std::sync::MutexGuard<'_, Running> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn remove(running: &mut Running, key: &[u8], latest: &Arc<Latest>) {
    // The place may already be a later feed's.
    if running.get(key).is_some_and(|feed| feed.latest.as_ptr() == Arc::as_ptr(latest)) {
        running.remove(key);
    }
}
