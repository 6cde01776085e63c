//! State that the handlers share.

use std::{sync::Arc, time::Duration};

use axum::response::Response;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{
    access::{embed_origins::EmbedOrigins, forwarded::Proxies, origins::Origins, trusted_user::TrustedUserHeader},
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
    bus::Bus, counters::Counters, domain::network::ClientAddress, engine::Engine, graphql::admin::AdminSchema,
    service::Services,
};

/// The handlers' shared state; cheap to clone.
#[derive(Clone)]
pub struct HttpState(Arc<HttpParts>);

impl HttpState {
    pub fn new(parts: HttpParts) -> Self {
        Self(Arc::new(parts))
    }
}

impl HttpState {
    /// Returns a permit for one more WebSocket or stream from this network, or the response that refuses it.
    pub fn acquire_stream(&self, transport: Transport, address: ClientAddress) -> Result<StreamPermit, Box<Response>> {
        if self.drain.is_begun() {
            return Err(Box::new(drain::refused()));
        }
        let network = self.services.networks.key(&address.narrowest());
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

/// The parts of [`HttpState`].
pub struct HttpParts {
    /// Executes operations.
    pub engine: Arc<Engine>,
    /// Executes operations of the organisers' desk.
    pub admin: AdminSchema,
    /// For identity and health.
    pub services: Services,
    /// For health.
    pub bus: Bus,
    /// The trusted proxies, which tell the client's address in `X-Forwarded-For`.
    pub proxies: Proxies,
    /// The header in which a trusted proxy tells who uses the desk.
    pub trusted_user: TrustedUserHeader,
    /// The allow-list of origins; their pages may act for their visitors.
    pub origins: Origins,
    /// Which pages of other sites may show a result in a frame.
    pub embed_origins: EmbedOrigins,
    /// For metrics.
    pub counters: Counters,
    /// Closes WebSockets and streams one by one before the node stops.
    pub drain: Drain,
    /// Ends subscriptions at once.
    pub stop: CancellationToken,
    /// Open WebSockets and streams, which the server's own shutdown does not wait for.
    pub websockets: TaskTracker,
    /// How many connections may be open.
    pub connections: Arc<ConnectionLimiter>,
    /// Probes of the database, for health and metrics.
    pub database: DatabaseProbe,
    /// Open WebSockets and streams, and how many there may be.
    pub streams: Arc<Streams>,
    /// The interval between two keep-alive messages on a silent WebSocket or stream.
    pub keep_alive: Duration,
    /// Whether the older subprotocol `graphql-ws` is spoken.
    pub legacy_websocket: bool,
    /// The public URL of this server, if it is set.
    pub public_url: Option<Arc<str>>,
    /// Whether the public URL is HTTPS.
    pub is_https: bool,
    /// Draws previews.
    pub pictures: Arc<Pictures>,
}
