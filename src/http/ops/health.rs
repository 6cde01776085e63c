//! Whether this process lives, and whether it can do its work.

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::json;

use crate::http::state::HttpState;

/// `/healthz`: the process answers.
pub async fn process() -> &'static str {
    "ok\n"
}

/// `/readyz`: 200 when people can be answered, else 503: while the database is away they can be as long as there are numbers
/// to show, and if every node sent them away for its sake there would be nobody to show them. A bus that is away slows news
/// between nodes and nothing else.
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
