//! The response when a limit is reached: it names the limit and says what to do.

use std::time::Duration;

use axum::{http::StatusCode, response::Response};

use super::error;
use crate::{
    fault::{ErrorCode, Fault},
    http::limits::connections::{ConnectionLimiter, LimitReached},
};

/// Room may be free again soon, when a client closes something.
const RETRY_AFTER: Duration = Duration::from_secs(5);

/// Refuses a connection.
pub fn connection(limit: LimitReached, limiter: &ConnectionLimiter) -> Response {
    refused(limit, limiter, "connections")
}

/// Refuses a WebSocket or stream.
pub fn stream(limit: LimitReached, limiter: &ConnectionLimiter) -> Response {
    refused(limit, limiter, "WebSockets and streams")
}

fn refused(limit: LimitReached, limiter: &ConnectionLimiter, what: &str) -> Response {
    // A proxy retries a 503 on another server, which may have room. The limit of a network is the same on every server.
    let (status, message) = match limit {
        LimitReached::Total => (
            StatusCode::SERVICE_UNAVAILABLE,
            format!("This server has as many open {what} as it may ({}). Try again in a moment.", limiter.total),
        ),
        LimitReached::Network => (
            StatusCode::TOO_MANY_REQUESTS,
            format!(
                "Your network has as many open {what} here as one network may ({}). Close some that you do not need, or try \
                 again in a moment.",
                limiter.per_network
            ),
        ),
    };
    error::with_status(status, &Fault::new(ErrorCode::Overloaded, message).retry_after(RETRY_AFTER))
}
