//! The headers that say what is left of a caller's allowances (draft-ietf-httpapi-ratelimit-headers, version 10), and
//! when to come again. They name policies, and nobody.

use axum::{
    http::{HeaderName, HeaderValue, header},
    response::Response,
};

use crate::{graphql::caller::Reported, service::limiter::Allowance};

const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const LIMIT: HeaderName = HeaderName::from_static("ratelimit");

/// Adds the headers to the response of a submission.
pub fn add(response: &mut Response, reported: &Reported) {
    // What is left for a wide network would tell when its neighbours submit.
    let allowances: Vec<_> = reported.allowances.iter().filter(|allowance| !allowance.is_shared_widely).collect();
    let list = |item: fn(&Allowance) -> String| {
        allowances.iter().map(|allowance| item(allowance)).collect::<Vec<_>>().join(", ")
    };
    let policies = list(|it| format!("\"{}\";q={};w={}", it.policy, it.burst, it.window.as_secs().max(1)));
    let limits = list(|it| format!("\"{}\";r={};t={}", it.policy, it.remaining, it.reset.as_millis().div_ceil(1000)));
    for (name, value) in [(POLICY, policies), (LIMIT, limits)] {
        if let Some(value) = HeaderValue::try_from(value).ok().filter(|value| !value.is_empty()) {
            response.headers_mut().insert(name, value);
        }
    }
    if let Some(wait) = reported.retry_after {
        let seconds = u64::try_from(wait.as_millis().div_ceil(1000)).unwrap_or(u64::MAX);
        response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
}
