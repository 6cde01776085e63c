//! Every route on one screen.

use std::{any::Any, sync::Arc, time::Duration};

use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware::map_request,
    response::Response,
    routing::{any, get},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower_http::{catch_panic::CatchPanicLayer, compression::CompressionLayer};

use crate::{
    bus::Bus,
    counters::Counters,
    graphql::executor::Executor,
    service::{Services, identity::NetworkKey},
};

mod assets;
mod caller;
mod cors;
mod documents;
mod downloads;
mod drain;
mod error;
pub mod forwarded;
mod front;
#[doc(hidden)]
pub mod fuzzing;
mod graphql;
mod health;
mod metrics;
mod negotiation;
mod origins;
mod picture;
mod refused;
mod request_id;
mod server;
mod streams;
mod websocket;

pub use drain::Drain;
pub use forwarded::Proxies;
pub use front::Front;
pub use health::DatabaseProbe;
pub use origins::{Origin, Origins};
pub use picture::Pictures;
pub use server::{ConnectionLimiter, Timeouts, connection_capacity, listen, serve};
pub use streams::Streams;

use streams::{StreamPermit, Transport};

/// A request that hands in an allocation is 2 KB; this leaves room for long queries.
const BODY_LIMIT: usize = 128 * 1024;
/// What a process says of itself. Answered also where a limit of connections leaves no room for anything else.
const PROBES: [&str; 3] = ["/metrics", "/healthz", "/readyz"];

/// Addresses that people write with a slash at the end.
const SLASHED: [&str; 6] =
    ["/aggregate/", "/history/", "/results/{id}/", "/graphql/", "/graphql/ws/", "/graphql/stream/"];

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
    fn acquire_stream(&self, transport: Transport, network: NetworkKey) -> Result<StreamPermit, Box<Response>> {
        if self.drain.is_begun() {
            return Err(Box::new(drain::refused()));
        }
        self.streams.acquire(transport, network).map_err(|limit| {
            self.counters.refused_connection("stream", limit.name());
            Box::new(refused::stream(limit, &self.streams.limiter))
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
    pub executor: Arc<Executor>,
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

/// The whole server.
pub fn server(state: HttpState) -> Front {
    // Made for each request, so packed for each request. Files are packed when they are built; streams must not be.
    let texts = Router::new()
        .route("/", get(documents::participation))
        .route("/aggregate", get(documents::aggregate))
        .route("/history", get(documents::history))
        .route("/results/{id}", get(documents::result))
        .route("/api/budgets/{slug}/aggregate.json", get(downloads::json))
        .route("/api/budgets/{slug}/aggregate.csv", get(downloads::csv))
        .layer(CompressionLayer::new());
    let slashed = SLASHED.iter().fold(Router::new(), |router, path| router.route(path, any(documents::without_slash)));
    let router = Router::new()
        .merge(texts)
        .merge(slashed)
        .route(graphql::PATH, get(graphql::get).post(graphql::post).fallback(graphql::method_not_allowed))
        // HTTP/2 opens a WebSocket by CONNECT.
        .route("/graphql/ws", get(websocket::upgrade).connect(websocket::upgrade))
        .route(
            "/graphql/stream",
            get(graphql::get_stream).post(graphql::post_stream).fallback(graphql::method_not_allowed),
        )
        .route("/results/{id}/picture.png", get(picture::of_submission))
        .route("/api/budgets/{slug}/picture.png", get(picture::of_budget))
        .fallback(get(assets::file))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(CatchPanicLayer::custom(panicked))
        .with_state(state.clone())
        .merge(probe_routes(&state))
        .layer(map_request(front::log_route));
    Front::new(state, router)
}

/// What a process that answers no people still says of itself.
pub fn probes(state: HttpState) -> Front {
    let router = probe_routes(&state);
    Front::new(state, router)
}

fn probe_routes(state: &HttpState) -> Router {
    let [metrics, process, ready] = PROBES;
    Router::new()
        .route(metrics, get(metrics::metrics))
        .route(process, get(health::process))
        .route(ready, get(health::ready))
        .with_state(state.clone())
}

// The layer hands over the payload by value.
#[allow(clippy::needless_pass_by_value)]
fn panicked(payload: Box<dyn Any + Send>) -> Response {
    let text = payload.downcast_ref::<&str>().copied().or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    error::internal(|id| tracing::error!(panic = text.unwrap_or("unknown"), error_id = %id, "a request panicked"))
}
