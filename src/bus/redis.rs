//! The link to the other processes. The only file that names the Redis client.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use fred::{
    clients::{Client, SubscriberClient},
    error::{Error, ErrorKind},
    interfaces::{ClientLike, EventInterface, KeysInterface, LuaInterface, PubsubInterface},
    types::{
        Builder, RespVersion,
        config::{Config, ReconnectPolicy},
    },
};
use rand::RngExt;
use tokio::{sync::broadcast::error::RecvError, time::Instant};
use tokio_util::sync::CancellationToken;

use super::hub::Hub;
use crate::{
    clock,
    domain::{rate::Rate, snapshot::Snapshot},
};

/// Writes the snapshot and tells everyone, unless a newer or equal one is already there: one step, so that a slow node
/// can't overwrite what a quick one wrote. A stored epoch beyond the last credible one does not count: it would be the newest
/// for ever. The script relies on the order in which a snapshot's fields are written.
const PUBLISH: &str = r#"
local epoch, version = string.match(redis.call('GETRANGE', KEYS[1], 0, 511), '"epoch":(%d+),"version":(%d+)')
if epoch and tonumber(epoch) <= tonumber(ARGV[5]) then
  local stored_epoch, stored_version = tonumber(epoch), tonumber(version)
  local new_epoch, new_version = tonumber(ARGV[1]), tonumber(ARGV[2])
  if new_epoch < stored_epoch or (new_epoch == stored_epoch and new_version <= stored_version) then return 0 end
end
redis.call('SET', KEYS[1], ARGV[3])
redis.call('PUBLISH', ARGV[4], ARGV[3])
return 1
"#;

/// `Rate::check` by the clock of Redis, which all nodes share. Returns the milliseconds to wait, 0 when admitted.
const CHECK_RATE: &str = r"
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local interval, tolerance = tonumber(ARGV[1]), tonumber(ARGV[2])
local arrival = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now)
local wait = arrival - now - tolerance
if wait > 0 then return wait end
arrival = arrival + interval
redis.call('SET', KEYS[1], string.format('%d', arrival), 'PX', arrival - now)
return 0
";

/// Between two signs of life on each connection: one that the network swallowed is found by the missing answer, and by
/// nothing else where only messages come in.
const PING_INTERVAL: Duration = Duration::from_secs(2);
/// Between two readings of everything that is shown, in milliseconds: for messages that were lost while the database, which
/// is compared with more often, is away. Not all nodes at once.
const REREAD_INTERVAL_MS: std::ops::Range<u64> = 10_000..20_000;
/// A node that starts beside a Redis that is there uses it once it is connected.
const FIRST_CONNECTION_TIMEOUT: Duration = Duration::from_secs(1);
/// An epoch is the time at which it was raised. Two clocks differ by less than this.
const EPOCH_TOLERANCE_MS: i64 = 24 * 60 * 60 * 1000;

/// Why Redis did not answer. Its text is for the log.
#[derive(Debug, thiserror::Error)]
pub enum RedisError {
    /// No connection now, or one over which nothing comes; asked for nothing.
    #[error("not connected")]
    NotConnected,
    /// Refused, failed or too slow.
    #[error("{0}")]
    Failed(#[from] Error),
    /// Not what the program writes.
    #[error("a value that is not a snapshot: {0}")]
    Garbage(#[from] serde_json::Error),
    /// It would be the newest for ever.
    #[error("a snapshot of epoch {0}, which lies more than a day in the future")]
    FarFuture(i64),
}

/// A connection for commands and one for messages; both reconnect for ever.
#[derive(Clone)]
pub struct RedisLink {
    commands: Client,
    subscriber: SubscriberClient,
    prefix: Arc<str>,
    /// Whether the last command was answered, or a ping since. Nobody waits for one that says nothing after it was found so.
    responds: Arc<AtomicBool>,
    /// Until then a first connection may be under way.
    connecting_until: Instant,
}

impl RedisLink {
    /// Begins to connect and returns at once: the program works without Redis, only slower between nodes.
    /// `prefix` stands before every key and channel.
    pub fn connect(url: &str, prefix: &str) -> Result<Self, RedisError> {
        let mut config = Config::from_url(url)?;
        config.fail_fast = false;
        // A connection that receives messages then answers commands too.
        config.version = RespVersion::RESP3;
        let mut builder = Builder::from_config(config);
        builder
            .set_policy(ReconnectPolicy::new_exponential(0, 100, 2_000, 2))
            .with_performance_config(|config| {
                config.default_command_timeout = Duration::from_secs(1);
                config.broadcast_channel_capacity = 256;
            })
            .with_connection_config(|config| {
                config.connection_timeout = Duration::from_secs(2);
                config.internal_command_timeout = Duration::from_secs(2);
            });
        let link = Self {
            commands: builder.build()?,
            subscriber: builder.build_subscriber_client()?,
            prefix: prefix.into(),
            responds: Arc::new(AtomicBool::new(true)),
            connecting_until: Instant::now() + FIRST_CONNECTION_TIMEOUT,
        };
        link.commands.connect();
        Ok(link)
    }

    /// Whether commands and messages get through now.
    pub fn is_connected(&self) -> bool {
        self.check_responds().is_ok() && self.subscriber.is_connected()
    }

    /// Waits for a connection for commands, at most this long.
    pub async fn wait_for_connection(&self, patience: Duration) {
        // Without one, what is sent says so.
        let _ = tokio::time::timeout(patience, self.commands.wait_for_connect()).await;
    }

    /// Writes and announces a snapshot; a newer one that is already there stays.
    pub async fn publish(&self, snapshot: &Snapshot) -> Result<(), RedisError> {
        self.ready().await?;
        let arguments = vec![
            snapshot.revision.epoch.to_string(),
            snapshot.revision.version.to_string(),
            serde_json::to_string(snapshot)?,
            self.channel(),
            last_credible_epoch().to_string(),
        ];
        let written = self.commands.eval(PUBLISH, self.key(&snapshot.budget), arguments).await;
        let _written: i64 = self.noting_silence(written)?;
        Ok(())
    }

    /// The last snapshot that any node wrote for this budget.
    pub async fn load(&self, budget: &str) -> Result<Option<Snapshot>, RedisError> {
        self.ready().await?;
        let read = self.commands.get(self.key(budget)).await;
        let json: Option<String> = self.noting_silence(read)?;
        json.as_deref().map(snapshot_from).transpose()
    }

    /// One event of `key` against its allowance; `Err` in the inner result holds the milliseconds to wait.
    pub async fn check_rate(&self, key: &str, rate: Rate) -> Result<Result<(), u64>, RedisError> {
        self.ready().await?;
        let arguments = vec![rate.interval_ms().to_string(), rate.tolerance_ms().to_string()];
        let checked = self.commands.eval(CHECK_RATE, format!("{}:rate:{key}", self.prefix), arguments).await;
        let wait_ms: u64 = self.noting_silence(checked)?;
        Ok(if wait_ms == 0 { Ok(()) } else { Err(wait_ms) })
    }

    /// Puts what other nodes announce into the hub, until the token is cancelled.
    pub async fn listen(self, hub: Arc<Hub>, stop: CancellationToken) {
        tokio::select! {
            () = self.hear(&hub, &stop) => {}
            () = self.keep_alive() => {}
        }
        // Without a connection there is nobody to take leave of, and the attempt would wait for its time-out.
        let (connected, timeout) = (self.is_connected(), Duration::from_secs(1));
        let leave = async { tokio::join!(self.subscriber.quit(), self.commands.quit()) };
        if connected && tokio::time::timeout(timeout, leave).await.is_err() {
            tracing::debug!("Redis did not take leave in time");
        }
    }

    /// Asks for signs of life, and connects anew where one stays away.
    async fn keep_alive(&self) {
        let mut interval = tokio::time::interval(PING_INTERVAL);
        interval.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            interval.tick().await;
            let (answered, _) = tokio::join!(ping(&self.commands), ping(&self.subscriber));
            self.responds.store(answered, Ordering::Relaxed);
        }
    }

    async fn hear(&self, hub: &Hub, stop: &CancellationToken) {
        let mut connected = self.subscriber.reconnect_rx();
        let mut messages = self.subscriber.message_rx();
        let mut retry = tokio::time::interval(Duration::from_secs(1));
        let mut reread = Instant::now();
        let mut subscribed = false;
        self.subscriber.connect();
        loop {
            tokio::select! {
                () = stop.cancelled() => break,
                _ = connected.recv() => subscribed = false,
                _ = retry.tick() => {}
                message = messages.recv() => match message {
                    Ok(message) => {
                        let json = message.value.as_str().unwrap_or_default();
                        match snapshot_from(&json) {
                            Ok(snapshot) => { hub.put(Arc::new(snapshot)); }
                            Err(error) => tracing::warn!(%error, "a bus message that is not a snapshot"),
                        }
                    }
                    // What was missed is read again.
                    Err(RecvError::Lagged(missed)) => {
                        tracing::warn!(missed, "bus messages came faster than they were read");
                        reread = Instant::now();
                    }
                    Err(RecvError::Closed) => break,
                }
            }
            if !subscribed && self.subscriber.is_connected() {
                match self.subscriber.subscribe(self.channel()).await {
                    Ok(()) => {
                        subscribed = true;
                        // What was announced while nobody listened here.
                        reread = Instant::now();
                        tracing::info!("listening on the bus");
                    }
                    Err(error) => tracing::warn!(%error, "could not listen on the bus; trying again"),
                }
            }
            if subscribed && reread <= Instant::now() {
                self.reread(hub).await;
                reread = Instant::now() + Duration::from_millis(rand::rng().random_range(REREAD_INTERVAL_MS));
            }
        }
    }

    /// Brings what the hub shows up to what the keys hold.
    async fn reread(&self, hub: &Hub) {
        for shown in hub.all() {
            match self.load(&shown.budget).await {
                Ok(Some(snapshot)) => drop(hub.put(Arc::new(snapshot))),
                // Redis was emptied and nothing was published since, or somebody else wrote there.
                Ok(None) | Err(RedisError::Garbage(_) | RedisError::FarFuture(_)) => drop(self.publish(&shown).await),
                Err(error) => return tracing::debug!(%error, "Redis could not be read again"),
            }
        }
    }

    /// Waits for the first connection of a node that has just started, and for no other.
    async fn ready(&self) -> Result<(), RedisError> {
        let connecting = self.connecting_until.saturating_duration_since(Instant::now());
        if !connecting.is_zero() {
            self.wait_for_connection(connecting).await;
        }
        self.check_responds()
    }

    fn check_responds(&self) -> Result<(), RedisError> {
        // Without a connection the client would queue the command and make its caller wait for the time-out.
        let responds = self.commands.is_connected() && self.responds.load(Ordering::Relaxed);
        if responds { Ok(()) } else { Err(RedisError::NotConnected) }
    }

    fn noting_silence<T>(&self, answer: Result<T, Error>) -> Result<T, RedisError> {
        if let Err(error) = &answer
            && *error.kind() == ErrorKind::Timeout
        {
            self.responds.store(false, Ordering::Relaxed);
        }
        Ok(answer?)
    }

    /// The braces are a hash tag: keys of one budget live on one node of a cluster.
    fn key(&self, budget: &str) -> String {
        format!("{}:{{{budget}}}:snapshot", self.prefix)
    }

    fn channel(&self) -> String {
        format!("{}:snapshots", self.prefix)
    }
}

fn snapshot_from(json: &str) -> Result<Snapshot, RedisError> {
    let snapshot: Snapshot = serde_json::from_str(json)?;
    if snapshot.revision.epoch > last_credible_epoch() {
        return Err(RedisError::FarFuture(snapshot.revision.epoch));
    }
    Ok(snapshot)
}

/// In milliseconds since 1970, as epochs are.
fn last_credible_epoch() -> i64 {
    clock::now().timestamp_millis().saturating_add(EPOCH_TOLERANCE_MS)
}

/// Whether a sign of life came back, or none was asked for: without a connection, of which everybody knows, the next one is
/// believed from its beginning. The client's own watch over silent connections begins anew with each command that it sends.
async fn ping(client: &impl ClientLike) -> bool {
    if !client.is_connected() {
        return true;
    }
    let answered: Result<(), Error> = client.ping(None).await;
    if answered.as_ref().is_err_and(|error| *error.kind() == ErrorKind::Timeout) {
        tracing::warn!("a connection to Redis says nothing; connecting anew");
        let connecting = tokio::time::timeout(PING_INTERVAL, client.force_reconnection());
        if let Ok(Err(error)) = connecting.await {
            tracing::debug!(%error, "connecting anew");
        }
    }
    answered.is_ok()
}
