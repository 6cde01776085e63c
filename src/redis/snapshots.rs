//! The newest snapshot of each budget: a key that any node reads, and a channel that announces it to all nodes.

use std::{ops::Range, time::Duration};

use fred::{
    interfaces::{ClientLike, EventInterface, KeysInterface, LuaInterface, PubsubInterface},
    types::{Message, config::Server},
};
use rand::RngExt;
use tokio::{
    sync::broadcast::{Receiver, error::RecvError},
    time::{Instant, Interval},
};

use super::{RedisClient, RedisError, client::messages};
use crate::{
    clock,
    domain::{
        format::{self, FormatError},
        snapshot::Snapshot,
    },
};

/// Stores and announces a snapshot unless the stored one is as new: one step, so that a slow node cannot overwrite what a
/// fast one stored.
///
/// KEYS: the snapshot, and its revision as "epoch version digest". ARGV: epoch, version, JSON, channel, and the last credible
/// epoch; a stored epoch beyond it does not count, because it would be the newest for ever.
///
/// The digest of the snapshot's first 512 bytes says which snapshot the revision belongs to. Where it does not match, a node
/// of a release without revision keys stored the snapshot (its revision is in those bytes), or somebody wrote by hand, or
/// Redis evicted a key: then the script reads the revision out of the JSON. A digest of the whole snapshot would
/// more than triple what a publication costs Redis.
const PUBLISH: &str = r"
local epoch, version, digest = string.match(redis.call('GET', KEYS[2]) or '', '^(%d+) (%d+) (%x+)$')
if digest ~= redis.sha1hex(redis.call('GETRANGE', KEYS[1], 0, 511)) then
  epoch, version = nil, nil
  local is_json, stored = pcall(cjson.decode, redis.call('GET', KEYS[1]) or '')
  if is_json and type(stored) == 'table' then epoch, version = stored.epoch, stored.version end
end
local stored_epoch, stored_version = tonumber(epoch), tonumber(version)
if stored_epoch and stored_version and stored_epoch <= tonumber(ARGV[5]) then
  local new_epoch, new_version = tonumber(ARGV[1]), tonumber(ARGV[2])
  if new_epoch < stored_epoch or (new_epoch == stored_epoch and new_version <= stored_version) then return 0 end
end
redis.call('SET', KEYS[1], ARGV[3])
redis.call('SET', KEYS[2], ARGV[1] .. ' ' .. ARGV[2] .. ' ' .. redis.sha1hex(string.sub(ARGV[3], 1, 512)))
redis.call('PUBLISH', ARGV[4], ARGV[3])
return 1
";

/// The time between two resyncs, in milliseconds. They make up for lost messages while the database is away, with which
/// the hub is compared more often. Random, so that not all nodes read at once.
const RESYNC_INTERVAL_MS: Range<u64> = 10_000..20_000;
/// The time between two attempts to subscribe.
const RETRY_INTERVAL: Duration = Duration::from_secs(1);
/// An epoch is the time at which it was raised. Two clocks differ by less than this.
const EPOCH_TOLERANCE_MS: i64 = 24 * 60 * 60 * 1000;

impl RedisClient {
    /// Stores and announces a snapshot; a newer one that is stored already stays.
    pub async fn publish_snapshot(&self, snapshot: &Snapshot) -> Result<(), RedisError> {
        let published = self.publish(snapshot).await;
        let outcome = if published.is_ok() { messages::PUBLISHED } else { messages::FAILED };
        self.messages.at(outcome).inc();
        published
    }

    async fn publish(&self, snapshot: &Snapshot) -> Result<(), RedisError> {
        self.ready().await?;
        let keys = vec![self.snapshot_key(&snapshot.budget), self.revision_key(&snapshot.budget)];
        let arguments = vec![
            snapshot.revision.epoch.to_string(),
            snapshot.revision.version.to_string(),
            format::to_json(snapshot).map_err(FormatError::Malformed)?,
            self.channel(),
            last_credible_epoch().to_string(),
        ];
        let written = self.commands.eval(PUBLISH, keys, arguments).await;
        let _written: i64 = self.track_timeouts(written)?;
        Ok(())
    }

    /// The newest snapshot that any node stored for this budget.
    pub async fn load_snapshot(&self, budget: &str) -> Result<Option<Snapshot>, RedisError> {
        self.ready().await?;
        let read = self.commands.get(self.snapshot_key(budget)).await;
        let json: Option<String> = self.track_timeouts(read)?;
        json.as_deref().map(snapshot_from).transpose()
    }

    /// Begins to receive what all nodes announce.
    pub fn events(&self) -> Events {
        let events = Events {
            client: self.clone(),
            reconnections: self.subscriber.reconnect_rx(),
            messages: self.subscriber.message_rx(),
            retry: tokio::time::interval(RETRY_INTERVAL),
            is_subscribed: false,
            resync_at: Instant::now(),
        };
        self.subscriber.connect();
        events
    }

    /// The braces are a hash tag: both keys of a budget live on one node of a Redis cluster.
    fn snapshot_key(&self, budget: &str) -> String {
        format!("{}:{{{budget}}}:snapshot", self.prefix)
    }

    fn revision_key(&self, budget: &str) -> String {
        format!("{}:{{{budget}}}:revision", self.prefix)
    }

    fn channel(&self) -> String {
        format!("{}:snapshots", self.prefix)
    }
}

/// What happens on the channel.
pub enum Event {
    /// A node announced a snapshot.
    Published(Box<Snapshot>),
    /// Messages may have been missed: the keys must be read again.
    Resync,
}

/// Everything that happens on the channel, for as long as it is asked for.
pub struct Events {
    client: RedisClient,
    reconnections: Receiver<Server>,
    messages: Receiver<Message>,
    retry: Interval,
    is_subscribed: bool,
    resync_at: Instant,
}

impl Events {
    /// Waits for the next event; `None` when the client is closed.
    pub async fn next(&mut self) -> Option<Event> {
        loop {
            if self.is_subscribed && self.resync_at <= Instant::now() {
                let interval = Duration::from_millis(rand::rng().random_range(RESYNC_INTERVAL_MS));
                self.resync_at = Instant::now() + interval;
                return Some(Event::Resync);
            }
            tokio::select! {
                _ = self.reconnections.recv() => self.is_subscribed = false,
                _ = self.retry.tick() => {}
                message = self.messages.recv() => match message {
                    Ok(message) => match snapshot_from(&message.value.as_str().unwrap_or_default()) {
                        Ok(snapshot) => {
                            self.client.messages.at(messages::RECEIVED).inc();
                            return Some(Event::Published(Box::new(snapshot)));
                        }
                        Err(error) => tracing::warn!(%error, "a bus message that is not a snapshot"),
                    },
                    Err(RecvError::Lagged(missed)) => {
                        tracing::warn!(missed, "bus messages came faster than they were read");
                        self.resync_at = Instant::now();
                    }
                    Err(RecvError::Closed) => return None,
                }
            }
            self.subscribe().await;
        }
    }

    async fn subscribe(&mut self) {
        if self.is_subscribed || !self.client.subscriber.is_connected() {
            return;
        }
        match self.client.subscriber.subscribe(self.client.channel()).await {
            Ok(()) => {
                self.is_subscribed = true;
                // For what was announced before.
                self.resync_at = Instant::now();
                tracing::info!("listening on the bus");
            }
            Err(error) => tracing::warn!(%error, "could not listen on the bus; trying again"),
        }
    }
}

fn snapshot_from(json: &str) -> Result<Snapshot, RedisError> {
    let snapshot: Snapshot = format::from_json(json)?;
    if snapshot.revision.epoch > last_credible_epoch() {
        return Err(RedisError::EpochOutOfRange(snapshot.revision.epoch));
    }
    Ok(snapshot)
}

/// In milliseconds since 1970, as epochs are.
fn last_credible_epoch() -> i64 {
    clock::now().timestamp_millis().saturating_add(EPOCH_TOLERANCE_MS)
}
