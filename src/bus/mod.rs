//! Publication: the hub inside this process, Redis between processes.
//!
//! The bus is a hint, the store is the truth: a message that is lost, repeated or late changes latency, never what is
//! finally shown.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use crate::{
    domain::snapshot::Snapshot,
    redis::{Event, RedisClient, RedisError},
};

pub mod hub;

use hub::Hub;

/// The way to every subscriber. Without Redis there is only this process.
#[derive(Clone)]
pub struct Bus {
    /// Reaches the subscribers of this process.
    pub hub: Arc<Hub>,
    /// Reaches the other processes.
    pub redis: Option<RedisClient>,
}

impl Bus {
    /// Publishes a snapshot that was just committed. Only the ledger calls this.
    pub async fn publish(&self, snapshot: Arc<Snapshot>) {
        self.offer(snapshot).await;
    }

    /// Tells the hub and Redis again what the aggregate table holds already, because either may have missed it.
    pub async fn reannounce(&self, snapshot: Arc<Snapshot>) {
        self.offer(snapshot).await;
    }

    /// Puts what other nodes publish into the hub, until the token is cancelled. Then closes the connections to Redis.
    pub async fn listen(self, stop: CancellationToken) {
        let Some(redis) = &self.redis else { return };
        tokio::select! {
            () = stop.cancelled() => {}
            () = self.receive(redis) => {}
            () = redis.keep_alive() => {}
        }
        redis.close().await;
    }

    /// A hub, a Redis or another node that has a newer snapshot keeps it.
    async fn offer(&self, snapshot: Arc<Snapshot>) {
        self.hub.put(Arc::clone(&snapshot));
        if let Some(redis) = &self.redis
            && let Err(error) = redis.publish_snapshot(&snapshot).await
        {
            // The other nodes find it in the table within their next refresh.
            tracing::warn!(%error, budget = snapshot.budget, "the snapshot did not reach Redis");
        }
    }

    async fn receive(&self, redis: &RedisClient) {
        let mut events = redis.events();
        while let Some(event) = events.next().await {
            match event {
                Event::Published(snapshot) => drop(self.hub.put(Arc::from(snapshot))),
                Event::Resync => self.resync(redis).await,
            }
        }
    }

    /// Brings what the hub shows up to what Redis holds, and Redis up to the hub where it holds nothing that can be read.
    async fn resync(&self, redis: &RedisClient) {
        for shown in self.hub.all() {
            match redis.load_snapshot(&shown.budget).await {
                Ok(Some(snapshot)) => drop(self.hub.put(Arc::new(snapshot))),
                // Redis was emptied and nothing was published since, or the value was written by hand.
                Ok(None) | Err(RedisError::Malformed(_) | RedisError::EpochOutOfRange(_)) => {
                    drop(redis.publish_snapshot(&shown).await);
                }
                Err(error) => return tracing::debug!(%error, "Redis could not be read again"),
            }
        }
    }
}
