//! Whether this process lives, and whether it can do its work.

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::json;
use std::time::Duration;

use super::HttpState;

const PATIENCE: Duration = Duration::from_secs(2);

/// `/healthz`: the process answers.
pub async fn process() -> &'static str {
    "ok\n"
}

/// `/readyz`: 200 when submissions can be stored, else 503. A bus that is away slows news between nodes and nothing else.
pub async fn ready(State(state): State<HttpState>) -> Response {
    let database = tokio::time::timeout(PATIENCE, state.services.store.ping()).await;
    let database = matches!(database, Ok(Ok(())));
    let bus = match &state.bus.redis {
        None => "in-process",
        Some(redis) if redis.is_connected() => "connected",
        Some(_) => "away",
    };
    let status = if database && !state.drain.is_begun() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let database = if database { "connected" } else { "away" };
    (status, Json(json!({ "database": database, "bus": bus }))).into_response()
}
