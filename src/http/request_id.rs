//! A name for each request: in the log beside everything that it caused, and in the response.

use axum::{
    extract::Request,
    http::{HeaderName, HeaderValue},
    middleware::Next,
    response::Response,
};
use tracing::Instrument;

const HEADER: HeaderName = HeaderName::from_static("x-request-id");
const MAX_LENGTH: usize = 64;

/// Keeps the id that a proxy gave, where it is a plain one, or gives a new one.
pub async fn identify(request: Request, next: Next) -> Response {
    let given = request.headers().get(HEADER).filter(|id| is_plain(id)).cloned();
    let id = given.or_else(|| HeaderValue::from_str(&uuid::Uuid::new_v4().simple().to_string()).ok());
    let text = id.as_ref().and_then(|id| id.to_str().ok()).unwrap_or_default();
    let span = tracing::info_span!("request", id = text, method = %request.method(), path = request.uri().path());
    let started = tokio::time::Instant::now();
    let mut response = async {
        let response = next.run(request).await;
        let elapsed_us = started.elapsed().as_micros();
        tracing::debug!(status = response.status().as_u16(), elapsed_us, "answered");
        response
    }
    .instrument(span)
    .await;
    if let Some(id) = id {
        response.headers_mut().insert(HEADER, id);
    }
    response
}

/// Anything else could forge a line of the log.
fn is_plain(id: &HeaderValue) -> bool {
    let id = id.as_bytes();
    (1..=MAX_LENGTH).contains(&id.len()) && id.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(byte))
}
