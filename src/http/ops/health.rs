//! Health checks: whether this process is alive, and whether it is ready.

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::json;

use crate::http::state::HttpState;

/// Serves `/healthz`: the process responds.
pub async fn process() -> &'static str {
    "ok\n"
}

/// Serves `/readyz`: 200 when this node can serve clients, else 503. Without the database it can, as long as it has
/// numbers to show: if every node reported 503 for that, nobody would be left to show them. A bus that is away only
/// delays updates between nodes, so it does not count.
pub async fn ready(State(state): State<HttpState>) -> Response {
    let database = state.database.is_up(&state.services.store).await;
    let bus = match &state.bus.redis {
        None => "in-process",
        Some(redis) if redis.is_connected() => "connected",
        Some(_) => "away",
    };
    let can_answer = database || !state.bus.hub.all().is_empty();
    let status = if can_answer && !state.drain.is_begun() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let database = if database { "connected" } else { "away" };
    (status, Json(json!({ "database": database, "bus": bus }))).into_response()
}
