//! What the handlers share.

use std::{sync::Arc, time::Duration};

use axum::response::Response;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{
    access::{forwarded::Proxies, origins::Origins},
    database_probe::DatabaseProbe,
    drain::{self, Drain},
    limits::{
        connections::ConnectionLimiter,
        streams::{StreamPermit, Streams, Transport},
    },
    pictures::Pictures,
    respond::over_limit,
};
use crate::{
    bus::Bus,
    counters::Counters,
    engine::Engine,
    service::{Services, identity::NetworkKey},
};

/// What the handlers need; cheap to clone.
#[derive(Clone)]
pub struct HttpState(Arc<HttpParts>);

impl HttpState {
    /// Of these parts.
    pub fn new(parts: HttpParts) -> Self {
        Self(Arc::new(parts))
    }
}

impl HttpState {
    /// A permit for one more socket or stream from this network, or the answer to one too many.
    pub fn acquire_stream(&self, transport: Transport, network: NetworkKey) -> Result<StreamPermit, Box<Response>> {
        if self.drain.is_begun() {
            return Err(Box::new(drain::refused()));
        }
        self.streams.acquire(transport, network).map_err(|limit| {
            self.counters.refused_connection("stream", limit.name());
            Box::new(over_limit::stream(limit, &self.streams.limiter))
        })
    }
}

impl std::ops::Deref for HttpState {
    type Target = HttpParts;

    fn deref(&self) -> &HttpParts {
        &self.0
    }
}

/// What the handlers need.
pub struct HttpParts {
    /// Executes what comes in.
    pub engine: Arc<Engine>,
    /// For identity and health.
    pub services: Services,
    /// For health.
    pub bus: Bus,
    /// Whose `X-Forwarded-For` is believed.
    pub proxies: Proxies,
    /// Whose pages may act for their visitors.
    pub origins: Origins,
    /// For metrics.
    pub counters: Counters,
    /// Sends sockets and streams elsewhere.
    pub drain: Drain,
    /// Ends subscriptions.
    pub stop: CancellationToken,
    /// Open sockets, which the server's own shutdown does not wait for.
    pub sockets: TaskTracker,
    /// How many connections may be open.
    pub connections: Arc<ConnectionLimiter>,
    /// What probes ask the database.
    pub database: DatabaseProbe,
    /// Open sockets and streams, and how many there may be.
    pub streams: Arc<Streams>,
    /// Between two signs of life on a silent socket or stream.
    pub keep_alive: Duration,
    /// Whether the older subprotocol `graphql-ws` is spoken.
    pub legacy_websocket: bool,
    /// Where people reach this server, where that is set.
    pub public_url: Option<Arc<str>>,
    /// Whether that is over https.
    pub is_https: bool,
    /// Draws previews.
    pub pictures: Arc<Pictures>,
}
