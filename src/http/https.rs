//! Where people reach this server over https, their browsers are told to stay with it.

use axum::{
    extract::State,
    http::{HeaderValue, header},
    response::Response,
};

use super::HttpState;

/// A year, for this host alone: its owner may have others.
const A_YEAR: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// Adds `Strict-Transport-Security` where the public URL begins with `https://`.
pub async fn insist(State(state): State<HttpState>, mut response: Response) -> Response {
    if state.public_url.as_deref().is_some_and(|url| url.starts_with("https://")) {
        response.headers_mut().insert(header::STRICT_TRANSPORT_SECURITY, A_YEAR);
    }
    response
}
