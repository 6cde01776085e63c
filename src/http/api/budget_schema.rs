//! The JSON Schema of a budget file, for editors and other programs.

use axum::{
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};

use crate::{engine::response_cache::entity_tag, http::respond::negotiation};

/// Printed by `taxbudget schema --budget-file`.
const SCHEMA: &str = include_str!("../../../budgets/budget.schema.json");

/// Serves `/budget.schema.json`.
pub async fn get(headers: HeaderMap) -> Response {
    let mut response = SCHEMA.into_response();
    for (name, value) in [
        (header::CONTENT_TYPE, "application/schema+json"),
        (header::CACHE_CONTROL, "public, no-cache"),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    negotiation::tagged(&headers, &entity_tag(SCHEMA.as_bytes()), response)
}
