//! Answers to those for whom a limit leaves no room: which limit it is, and what to do.

use std::time::Duration;

use axum::{http::StatusCode, response::Response};

use super::error;
use crate::{
    fault::{ErrorCode, Fault},
    http::limits::connections::{ConnectionLimiter, LimitReached},
};

/// A client that closed something else may have room soon.
const RETRY_AFTER: Duration = Duration::from_secs(5);

/// One connection too many.
pub fn connection(limit: LimitReached, limiter: &ConnectionLimiter) -> Response {
    refused(limit, limiter, "connections")
}

/// One socket or stream too many.
pub fn stream(limit: LimitReached, limiter: &ConnectionLimiter) -> Response {
    refused(limit, limiter, "sockets and streams")
}

fn refused(limit: LimitReached, limiter: &ConnectionLimiter, what: &str) -> Response {
    // A proxy passes 503 on to another server, which may have room. A network has the same share everywhere.
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
