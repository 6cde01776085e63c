//! All routes of the server, on one screen.

#![allow(missing_docs)] // an item without a doc comment has a name that says it all

use std::any::Any;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware::{map_request, map_response},
    response::{IntoResponse, Response},
    routing::{any, get},
};
use tower_http::{catch_panic::CatchPanicLayer, compression::CompressionLayer};

mod access;
mod activity;
mod api;
mod caller;
mod database_probe;
mod desk;
mod drain;
#[doc(hidden)]
pub mod fuzzing;
mod graphql;
mod limits;
mod ops;
mod outlet;
mod pages;
mod pictures;
mod respond;
mod server;
mod state;

pub use access::embed_origins::EmbedOrigins;
pub use access::{
    forwarded::{self, Proxies},
    origins::{Origin, Origins},
    trusted_user::TrustedUserHeader,
};
pub use database_probe::DatabaseProbe;
pub use drain::Drain;
pub use limits::{connections::ConnectionLimiter, streams::Streams};
pub use pages::language::Language;
pub use pictures::Pictures;
pub use server::{Timeouts, connection_capacity, fast_path::FastPath, listener::listen, serve};
pub use state::{HttpParts, HttpState};

use crate::fault::Fault;
use api::{aggregate, budget_schema, my_data};
use desk::downloads;
use graphql::websocket;
use limits::body::BODY_LIMIT;
use ops::{PROBES, health, metrics};
use pages::{page, preview};
use server::fast_path;

/// Paths that people write with a trailing slash.
const SLASHED: [&str; 12] = [
    "/admin/",
    "/b/{slug}/",
    "/b/{slug}/results/",
    "/b/{slug}/projector/",
    "/embed/{slug}/",
    "/aggregate/",
    "/history/",
    "/privacy/",
    "/results/{id}/",
    "/graphql/",
    "/graphql/ws/",
    "/graphql/stream/",
];

/// Returns the whole server.
pub fn server(state: HttpState) -> FastPath {
    // Responses that are made for each request are compressed for each request. Files are compressed when they are
    // built, and streams must not be compressed.
    let texts = Router::new()
        .route("/", get(page::participation))
        .route("/aggregate", get(page::aggregate))
        .route("/b/{slug}", get(page::budget))
        .route("/b/{slug}/results", get(page::budget_results))
        .route("/b/{slug}/projector", get(page::projector))
        .route("/embed/{slug}", get(page::embedded))
        .route("/history", get(page::history))
        .route("/results/{id}", get(page::result))
        .route("/privacy", get(page::privacy))
        .route("/budget.schema.json", get(budget_schema::get))
        .route("/api/my-data.json", get(my_data::json))
        .route("/api/budgets/{slug}/aggregate.json", get(aggregate::json))
        .route("/api/budgets/{slug}/aggregate.csv", get(aggregate::csv))
        .layer(CompressionLayer::new());
    let desk = Router::new()
        .route("/admin", get(page::desk))
        .route("/admin/{*path}", get(page::desk))
        .route("/admin/budgets/{slug}/answers.csv", get(downloads::csv))
        .route("/admin/budgets/{slug}/answers.jsonl", get(downloads::json_lines))
        .route("/admin/budgets/{slug}/answers.dictionary.csv", get(downloads::dictionary))
        .route("/admin/graphql", get(desk::explorer).post(desk::post).fallback(desk::method_not_allowed))
        .layer(CompressionLayer::new())
        .route("/admin/graphql/ws", get(desk::websocket::upgrade).connect(desk::websocket::upgrade))
        .layer(map_response(desk::keep_private));
    let slashed = SLASHED.iter().fold(Router::new(), |router, path| router.route(path, any(page::without_slash)));
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
        .merge(desk)
        .route("/results/{id}/picture.png", get(preview::of_submission))
        .route("/api/budgets/{slug}/picture.png", get(preview::of_budget))
        .fallback(get(page::file))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(CatchPanicLayer::custom(panicked))
        .with_state(state.clone())
        .merge(probe_routes(&state))
        .layer(map_request(fast_path::log_route));
    FastPath::new(state, router)
}

/// Returns the server of a process without web role: health and metrics alone.
pub fn probes(state: HttpState) -> FastPath {
    let router = probe_routes(&state);
    FastPath::new(state, router)
}

fn probe_routes(state: &HttpState) -> Router {
    let [metrics, process, ready] = PROBES;
    Router::new()
        .route(metrics, get(metrics::metrics))
        .route(process, get(health::process))
        .route(ready, get(health::ready))
        .with_state(state.clone())
}

// The layer passes the payload by value.
#[allow(clippy::needless_pass_by_value)]
fn panicked(payload: Box<dyn Any + Send>) -> Response {
    let text = payload.downcast_ref::<&str>().copied().or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    let log = |id| tracing::error!(panic = text.unwrap_or("unknown"), error_id = %id, "a request panicked");
    Fault::internal(log).into_response()
}
