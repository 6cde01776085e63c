//! The two connections: one for commands, one for messages.

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
    interfaces::ClientLike,
    types::{
        Builder, RespVersion,
        config::{Config, ReconnectPolicy},
    },
};
use prometheus_client::metrics::counter::Counter;
use tokio::time::Instant;

use crate::{counters::histogram::Table, domain::format::FormatError};

/// The time between two pings on each connection. A half-open connection is found by a missing answer, and where only
/// messages come in, by nothing else.
const PING_INTERVAL: Duration = Duration::from_secs(2);
/// A node that starts waits this long for its first connection, so that it uses a Redis that is there.
const FIRST_CONNECTION_TIMEOUT: Duration = Duration::from_secs(1);
const CLOSE_TIMEOUT: Duration = Duration::from_secs(1);

/// Why Redis did not answer. Its text is for the log.
#[derive(Debug, thiserror::Error)]
pub enum RedisError {
    /// There is no connection, or the last command timed out. The command was not sent.
    #[error("not connected")]
    NotConnected,
    /// Refused, failed or too slow.
    #[error("{0}")]
    Failed(#[from] Error),
    /// The value is not what this release or an older one writes.
    #[error("a value that is not a snapshot: {0}")]
    Malformed(#[from] FormatError),
    /// The snapshot would be the newest for ever.
    #[error("a snapshot of epoch {0}, which lies more than a day in the future")]
    EpochOutOfRange(i64),
}

/// A connection for commands and one for messages; both reconnect for ever.
#[derive(Clone)]
pub struct RedisClient {
    pub(super) commands: Client,
    pub(super) subscriber: SubscriberClient,
    pub(super) prefix: Arc<str>,
    /// False since a command timed out, until a ping is answered: callers must not wait for a time-out one after the other.
    responds: Arc<AtomicBool>,
    /// Until then the first connection may be under way.
    connecting_until: Instant,
    /// Snapshots that were published, could not be published, and came from other nodes.
    pub messages: Table<Counter>,
}

/// The numbers of the messages in [`RedisClient::messages`].
pub(super) mod messages {
    pub(crate) const NAMES: [&str; 3] = ["published", "failed", "received"];
    pub(crate) const PUBLISHED: usize = 0;
    pub(crate) const FAILED: usize = 1;
    pub(crate) const RECEIVED: usize = 2;
}

impl RedisClient {
    /// Begins to connect and returns at once: the program works without Redis, only slower between nodes.
    /// `prefix` stands before every key and channel.
    pub fn connect(url: &str, prefix: &str) -> Result<Self, RedisError> {
        let mut config = Config::from_url(url)?;
        config.fail_fast = false;
        // With version 3 a connection that receives messages answers pings too.
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
        let client = Self {
            commands: builder.build()?,
            subscriber: builder.build_subscriber_client()?,
            prefix: prefix.into(),
            responds: Arc::new(AtomicBool::new(true)),
            connecting_until: Instant::now() + FIRST_CONNECTION_TIMEOUT,
            messages: Table::by("outcome", &messages::NAMES, Counter::default),
        };
        client.commands.connect();
        Ok(client)
    }

    /// Whether commands and messages get through now.
    pub fn is_connected(&self) -> bool {
        self.check_responds().is_ok() && self.subscriber.is_connected()
    }

    /// Waits for an answer of Redis. The caller says for how long.
    pub async fn ping(&self) -> Result<(), RedisError> {
        Ok(self.commands.ping(None).await?)
    }

    /// Waits for a connection for commands, at most this long.
    pub async fn wait_for_connection(&self, timeout: Duration) {
        // After a time-out the next command says that there is no connection.
        let _ = tokio::time::timeout(timeout, self.commands.wait_for_connect()).await;
    }

    /// Pings both connections for ever and reconnects one that does not answer.
    pub async fn keep_alive(&self) {
        let mut interval = tokio::time::interval(PING_INTERVAL);
        interval.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            interval.tick().await;
            let (answered, _) = tokio::join!(ping(&self.commands), ping(&self.subscriber));
            self.responds.store(answered, Ordering::Relaxed);
        }
    }

    /// Closes both connections.
    pub async fn close(&self) {
        // Without a connection the attempt to say goodbye would only wait for its time-out.
        let is_connected = self.is_connected();
        let quit = async { tokio::join!(self.subscriber.quit(), self.commands.quit()) };
        if is_connected && tokio::time::timeout(CLOSE_TIMEOUT, quit).await.is_err() {
            tracing::debug!("Redis did not close the connections in time");
        }
    }

    /// Waits for the first connection after the start, and for no later one.
    pub(super) async fn ready(&self) -> Result<(), RedisError> {
        let connecting = self.connecting_until.saturating_duration_since(Instant::now());
        if !connecting.is_zero() {
            self.wait_for_connection(connecting).await;
        }
        self.check_responds()
    }

    fn check_responds(&self) -> Result<(), RedisError> {
        // Without a connection the library would queue the command and make its caller wait for the time-out.
        let responds = self.commands.is_connected() && self.responds.load(Ordering::Relaxed);
        if responds { Ok(()) } else { Err(RedisError::NotConnected) }
    }

    /// Remembers that a command timed out.
    pub(super) fn track_timeouts<T>(&self, answer: Result<T, Error>) -> Result<T, RedisError> {
        if let Err(error) = &answer
            && *error.kind() == ErrorKind::Timeout
        {
            self.responds.store(false, Ordering::Relaxed);
        }
        Ok(answer?)
    }
}

/// Pings the connection. Returns true when it answers, or when there is none (callers check that themselves). Forces a
/// reconnect on time-out, because the library does not detect half-open connections: its own check starts anew with each
/// command that it sends.
async fn ping(client: &impl ClientLike) -> bool {
    if !client.is_connected() {
        return true;
    }
    let answered: Result<(), Error> = client.ping(None).await;
    if answered.as_ref().is_err_and(|error| *error.kind() == ErrorKind::Timeout) {
        tracing::warn!("a connection to Redis does not answer; reconnecting");
        let connecting = tokio::time::timeout(PING_INTERVAL, client.force_reconnection());
        if let Ok(Err(error)) = connecting.await {
            tracing::debug!(%error, "reconnecting");
        }
    }
    answered.is_ok()
}
