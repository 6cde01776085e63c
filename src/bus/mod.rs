//! Telling everyone about new snapshots: the hub inside this process, Redis between processes.
//!
//! The bus is a hint, the store is the truth: a message that is lost, repeated or late changes latency, never what is
//! finally shown.

use std::sync::Arc;

use crate::domain::snapshot::Snapshot;

pub mod hub;
pub mod redis;

use hub::Hub;
use redis::RedisLink;

/// The way to every subscriber. Without Redis there is only this process.
#[derive(Clone)]
pub struct Bus {
    /// Local fan-out.
    pub hub: Arc<Hub>,
    /// The link to the other processes.
    pub redis: Option<RedisLink>,
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

    /// A hub, a Redis or another node that has a newer snapshot keeps it.
    async fn offer(&self, snapshot: Arc<Snapshot>) {
        self.hub.put(Arc::clone(&snapshot));
        if let Some(redis) = &self.redis
            && let Err(error) = redis.publish(&snapshot).await
        {
            // The other nodes find it in the table within their next refresh.
            tracing::warn!(%error, budget = snapshot.budget, "the snapshot did not reach Redis");
        }
    }
}
