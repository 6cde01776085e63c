//! Shares one execution among all subscribers to the same operation, so that each publication is resolved and
//! serialised once.

use std::{
    collections::HashMap,
    sync::{Arc, Weak},
};

use futures_util::{Stream, stream};
use parking_lot::Mutex;

use super::{
    capacity::SubscriptionPermit, fan_out::FanOut, permits::ExecutionPermits, result::OperationResult,
    result_stream::ResultStream,
};
use crate::graphql::subscription_metadata::SubscriptionMetadata;

/// A running execution. It ends when its last subscriber leaves.
struct SharedSubscription {
    fan_out: Weak<FanOut>,
    metadata: SubscriptionMetadata,
}

type Running = HashMap<Vec<u8>, SharedSubscription>;

/// The running executions of public subscriptions, by the key of their operation.
#[derive(Default, Clone)]
pub struct SharedSubscriptions {
    running: Arc<Mutex<Running>>,
    permits: ExecutionPermits,
}

impl SharedSubscriptions {
    /// Subscribes to the shared subscription under this key. The stream yields the latest result at once, then each
    /// newer one. If no execution is running, `acquire` gets a permit and `start` starts one.
    pub fn subscribe<S, E>(
        &self,
        key: Vec<u8>,
        acquire: impl FnOnce() -> Result<SubscriptionPermit, E>,
        start: impl FnOnce(SubscriptionMetadata) -> S,
    ) -> Result<ResultStream, E>
    where
        S: Stream<Item = OperationResult> + Send + 'static,
    {
        let mut running = self.running();
        let joined = running.get(&key).and_then(|shared| {
            let fan_out = shared.fan_out.upgrade()?;
            // Before the look at the newest result: one that comes between the two must not be skipped.
            Some((fan_out.subscribe(), fan_out, &shared.metadata))
        });
        let Some((subscriber, fan_out, metadata)) = joined else {
            let permit = acquire()?;
            let (fan_out, metadata) = (Arc::<FanOut>::default(), SubscriptionMetadata::default());
            let subscriber = fan_out.subscribe();
            running.insert(
                key.clone(),
                SharedSubscription { fan_out: Arc::downgrade(&fan_out), metadata: metadata.clone() },
            );
            tokio::spawn(self.clone().run(key, fan_out, permit.held_by(start(metadata))));
            return Ok(ResultStream::shared(subscriber));
        };
        let shown = fan_out.newest().as_ref().map(OperationResult::revision);
        if shown.is_some_and(|shown| metadata.is_behind(shown)) {
            // The shared execution has not emitted the latest publication yet. The client may have seen it elsewhere, so
            // it skips the older one and starts with the next, which is on its way: an execution of its own for each of a
            // crowd would be work for nothing.
            return Ok(ResultStream::shared(subscriber));
        }
        if shown.is_none() || !metadata.has_other_staleness() {
            return Ok(ResultStream::shared(subscriber.with_newest()));
        }
        // The data became stale or current again. The shared execution emits nothing if its selection does not show that,
        // so the client starts with an execution of its own.
        Ok(ResultStream::starting_with(start(SubscriptionMetadata::default()), subscriber))
    }

    /// Makes an execution that is not shared take the same permits as the shared ones.
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

    /// Returns whether a shared subscription is running under this key.
    pub fn has(&self, key: &[u8]) -> bool {
        self.running().contains_key(key)
    }

    /// Returns the number of running shared subscriptions.
    pub fn count(&self) -> usize {
        self.running().len()
    }

    async fn run(self, key: Vec<u8>, fan_out: Arc<FanOut>, results: impl Stream<Item = OperationResult> + Send) {
        let mut results = std::pin::pin!(results);
        loop {
            tokio::select! {
                (result, permit) = self.permits.next(results.as_mut()) => {
                    let Some(result) = result else {
                        remove(&mut self.running(), &key, &fan_out);
                        return fan_out.end();
                    };
                    permit.end().await;
                    fan_out.publish(result).await;
                }
                () = fan_out.emptied() => {
                    // A subscriber may have joined since the last one left. While the lock is held, none can join.
                    let mut running = self.running();
                    if fan_out.is_empty() {
                        return remove(&mut running, &key, &fan_out);
                    }
                }
            }
        }
    }

    fn running(&self) -> parking_lot::MutexGuard<'_, Running> {
        self.running.lock()
    }
}

fn remove(running: &mut Running, key: &[u8], fan_out: &Arc<FanOut>) {
    // A later execution may already be running under the same key.
    if running.get(key).is_some_and(|shared| shared.fan_out.as_ptr() == Arc::as_ptr(fan_out)) {
        running.remove(key);
    }
}
