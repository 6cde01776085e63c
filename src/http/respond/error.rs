//! Faults outside GraphQL. They have the shape of GraphQL errors too, so that clients read only one shape.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::json;

use crate::fault::{ErrorCode, Fault};

/// Returns a GraphQL error response without data, which no cache may store.
pub fn with_status(status: StatusCode, fault: &Fault) -> Response {
    let mut response = (status, Json(json!({ "errors": [fault] }))).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Some(seconds) = fault.retry_after_seconds() {
        headers.insert(header::RETRY_AFTER, seconds.into());
    }
    response
}

impl IntoResponse for Fault {
    /// Chooses the status that the error's code has outside GraphQL.
    fn into_response(self) -> Response {
        let status = match self.code() {
            ErrorCode::BadUserInput
            | ErrorCode::BudgetNotOpen
            | ErrorCode::QueryTooComplex
            | ErrorCode::PersistedQueryNotFound
            | ErrorCode::PersistedQueryNotSupported => StatusCode::BAD_REQUEST,
            ErrorCode::NotFound => StatusCode::NOT_FOUND,
            ErrorCode::RateLimited | ErrorCode::ChallengeRequired => StatusCode::TOO_MANY_REQUESTS,
            ErrorCode::Overloaded | ErrorCode::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            ErrorCode::Unauthenticated => StatusCode::UNAUTHORIZED,
            ErrorCode::Forbidden | ErrorCode::ResultsHidden => StatusCode::FORBIDDEN,
            ErrorCode::Conflict | ErrorCode::Frozen => StatusCode::CONFLICT,
            ErrorCode::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        };
        with_status(status, &self)
    }
}
