//! Serves cached responses on the fast path: without routing, a log line, or identifying the caller.

use axum::{
    body::Bytes,
    http::{Method, header, request::Parts},
    response::Response,
};

use super::{PATH, media::Accepted, request, result};
use crate::{
    counters::operations::{Kind, Outcome},
    engine::response_cache::CacheKey,
    http::{caller, state::HttpState},
};

/// The longest request that is looked up here, in bytes. Reading a longer one twice, here and after routing, would cost more
/// than the routing.
const MAX_REQUEST: usize = 4 * 1024;

/// Returns the cached response to a GET. Returns none where nothing is cached, or where the client asks for another form
/// than a single result.
pub fn cached_by_url(state: &HttpState, request: &Parts) -> Option<Response> {
    let headers = &request.headers;
    if request.method != Method::GET || !is_plain(request) || headers.contains_key(header::UPGRADE) {
        return None;
    }
    // The URL itself is a cache key: the same URL is requested again and again, and need not be parsed each time.
    let query = request.uri.query().filter(|query| query.len() <= MAX_REQUEST)?;
    let responses = &state.engine.responses;
    let response = responses.get(CacheKey::url(query)).or_else(|| {
        let response = state.engine.cached(&mut request::in_url(Some(query)).ok()?)?;
        responses.insert(CacheKey::url(query), &response);
        Some(response)
    })?;
    let accepted = Accepted::of(headers);
    let media = accepted.result.filter(|_| !accepted.html)?;
    state.counters.operations.ended(Kind::Query, Outcome::Cached);
    Some(result::public(headers, media, &response, true))
}

/// Returns whether the response may be cached by the body, which has this length in bytes if it is known.
pub fn may_be_cached_by_body(request: &Parts, length: Option<u64>) -> bool {
    request.method == Method::POST && length.is_some_and(|length| length <= MAX_REQUEST as u64) && is_plain(request)
}

/// Returns the cached response to a POST. Where there is none, the parameters stay with the request if they could be
/// read.
pub fn cached_by_body(state: &HttpState, request: &mut Parts, body: &Bytes) -> Option<Response> {
    let responses = &state.engine.responses;
    let known = request::is_json(&request.headers).then(|| responses.get(CacheKey::body(body))).flatten();
    let response = known.or_else(|| {
        let mut params = request::in_body(&request.headers, Ok(body.clone())).ok()?;
        let response = state.engine.cached(&mut params);
        match &response {
            Some(response) => responses.insert(CacheKey::body(body), response),
            None => drop(request.extensions.insert(params)),
        }
        response
    })?;
    let media = Accepted::of(&request.headers).result?;
    state.counters.operations.ended(Kind::Query, Outcome::Cached);
    Some(result::public(&request.headers, media, &response, false))
}

/// Returns whether the request is for GraphQL and has no token. A client that sends a token expects it to be checked.
fn is_plain(request: &Parts) -> bool {
    request.uri.path() == PATH && caller::bearer_token(&request.headers).is_none()
}
