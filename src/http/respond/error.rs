//! Faults outside GraphQL: answered as GraphQL errors all the same, so that a client has one shape to read.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::json;

use crate::store::StoreError;

/// A GraphQL error response without data, which nobody may keep.
pub fn graphql_error(status: StatusCode, code: &str, message: &str) -> Response {
    let body = json!({ "errors": [{ "message": message, "extensions": { "code": code } }] });
    let mut response = (status, Json(body)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// What was asked for does not exist.
pub fn not_found(message: &str) -> Response {
    graphql_error(StatusCode::NOT_FOUND, "NOT_FOUND", message)
}

/// There is no budget with the slug in the address.
pub fn unknown_budget() -> Response {
    not_found("There is no budget with this slug. The query `budgets` lists those that there are.")
}

/// A failure of the store.
pub fn of_store(error: &StoreError) -> Response {
    if error.is_unavailable() {
        tracing::error!(%error, "the database is away");
        let message = "The database does not answer now. Try again in a moment.";
        return graphql_error(StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE", message);
    }
    internal(|id| tracing::error!(%error, error_id = %id, "internal error"))
}

/// A fault of ours: the cause goes into the log under the id that the client is told.
pub fn internal(log: impl FnOnce(uuid::Uuid)) -> Response {
    let id = uuid::Uuid::new_v4();
    log(id);
    let message = format!("Something went wrong here. Tell the operators this error id: {id}");
    graphql_error(StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL", &message)
}
