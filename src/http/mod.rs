//! Every route on one screen.

use std::{any::Any, sync::Arc};

use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware,
    response::Response,
    routing::{any, get},
};
use ipnet::IpNet;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower_http::{catch_panic::CatchPanicLayer, compression::CompressionLayer};

use crate::{bus::Bus, graphql::TaxBudgetSchema, service::Services};

mod assets;
mod caller;
mod documents;
mod downloads;
mod error;
mod graphql;
mod health;
mod https;
mod negotiation;
mod picture;
mod request_id;
mod sse;
mod websocket;

pub use picture::Pictures;

/// A request that hands in an allocation is 2 KB; this leaves room for long queries.
const BODY_LIMIT: usize = 128 * 1024;

/// What the handlers need.
#[derive(Clone)]
pub struct HttpState {
    /// Executes what comes in.
    pub schema: TaxBudgetSchema,
    /// For identity and health.
    pub services: Services,
    /// For health.
    pub bus: Bus,
    /// Whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Arc<[IpNet]>,
    /// Ends open sockets.
    pub stop: CancellationToken,
    /// Open sockets, which the server's own shutdown does not wait for.
    pub sockets: TaskTracker,
    /// Where people reach this server, where that is set.
    pub public_url: Option<Arc<str>>,
    /// Draws previews.
    pub pictures: Arc<Pictures>,
}

/// The whole server.
pub fn router(state: HttpState) -> Router {
    // Made for each request, so packed for each request. Files are packed when they are built; streams must not be.
    let texts = Router::new()
        .route("/", get(documents::participation))
        .route("/aggregate", get(documents::aggregate))
        .route("/history", get(documents::history))
        .route("/results/{id}", get(documents::result))
        .route("/api/budgets/{slug}/aggregate.json", get(downloads::json))
        .route("/api/budgets/{slug}/aggregate.csv", get(downloads::csv))
        .layer(CompressionLayer::new());
    Router::new()
        .merge(texts)
        .route("/graphql", get(graphql::get).post(graphql::post))
        .route("/graphql/ws", any(websocket::upgrade))
        .route("/graphql/stream", get(sse::get).post(sse::post))
        .route("/healthz", get(health::process))
        .route("/readyz", get(health::ready))
        .route("/results/{id}/picture.png", get(picture::of_submission))
        .route("/api/budgets/{slug}/picture.png", get(picture::of_budget))
        .fallback(get(assets::file))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::map_response_with_state(state.clone(), https::insist))
        .layer(middleware::from_fn(request_id::identify))
        .with_state(state)
}

// The layer hands over the payload by value.
#[allow(clippy::needless_pass_by_value)]
fn panicked(payload: Box<dyn Any + Send>) -> Response {
    let text = payload.downcast_ref::<&str>().copied().or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    error::internal(|id| tracing::error!(panic = text.unwrap_or("unknown"), error_id = %id, "a request panicked"))
}
