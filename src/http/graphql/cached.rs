//! Serves cached responses on the fast path: without routing, a log line, or identifying the caller.

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::Request,
    http::{HeaderMap, Method, header},
    response::Response,
};
use futures_util::{future::ready, stream};

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
pub fn cached_by_url(state: &HttpState, request: &Request) -> Option<Response> {
    let headers = request.headers();
    if request.method() != Method::GET || !is_plain(request) || headers.contains_key(header::UPGRADE) {
        return None;
    }
    // The URL itself is a cache key: the same URL is requested again and again, and need not be parsed each time.
    let query = request.uri().query().filter(|query| query.len() <= MAX_REQUEST)?;
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

/// Returns the cached response to a POST, or the request, with its parameters if they could be read.
pub async fn cached_by_body(state: &HttpState, request: Request) -> Result<Response, Request> {
    if request.method() != Method::POST || !is_plain(&request) || !is_short(request.headers()) {
        return Err(request);
    }
    let (mut parts, body) = request.into_parts();
    let body = match to_bytes(body, MAX_REQUEST).await {
        Ok(body) => body,
        Err(error) => {
            let broken = stream::once(ready(Err::<Bytes, _>(error)));
            return Err(Request::from_parts(parts, Body::from_stream(broken)));
        }
    };
    let responses = &state.engine.responses;
    let known = request::is_json(&parts.headers).then(|| responses.get(CacheKey::body(&body))).flatten();
    let response = known.or_else(|| {
        let mut params = request::in_body(&parts.headers, Ok(body.clone())).ok()?;
        let response = state.engine.cached(&mut params);
        match &response {
            Some(response) => responses.insert(CacheKey::body(&body), response),
            None => drop(parts.extensions.insert(params)),
        }
        response
    });
    match response.zip(Accepted::of(&parts.headers).result) {
        Some((response, media)) => {
            state.counters.operations.ended(Kind::Query, Outcome::Cached);
            Ok(result::public(&parts.headers, media, &response, false))
        }
        None => Err(Request::from_parts(parts, body.into())),
    }
}

/// Returns whether the request is for GraphQL and has no token. A client that sends a token expects it to be checked.
fn is_plain(request: &Request) -> bool {
    request.uri().path() == PATH && caller::bearer_token(request.headers()).is_none()
}

/// Returns whether the length of the body is given and short.
fn is_short(headers: &HeaderMap) -> bool {
    let length = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    length.is_some_and(|length: usize| length <= MAX_REQUEST)
}
