//! Turns one result into a response: media type, status, caching headers, and compression where it pays.

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};

use super::media::ResultMedia;
use crate::{
    engine::{
        RequestError,
        response_cache::{CachedResponse, gzip},
    },
    graphql::caller::Reported,
    http::respond::{allowances, negotiation},
};

/// Returns a result that is the same for every caller. After a GET a cache may store it, but must revalidate it each
/// time.
pub fn public(headers: &HeaderMap, media: ResultMedia, cached: &CachedResponse, is_get: bool) -> Response {
    if !is_get {
        let compressed = negotiation::accepts_gzip(headers).then(|| cached.gzip()).flatten();
        return json(media, cached.body.clone(), compressed.cloned());
    }
    let mut response = negotiation::cached(headers, cached, content_type(media));
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, no-cache"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::VARY, HeaderValue::from_static("accept, accept-encoding"));
    response
}

/// Adds what a submission has reported on allowances. Where nothing was done, the status is 429 if the type says that the
/// response is ours.
pub fn report(response: &mut Response, media: ResultMedia, reported: &Reported, has_data: bool) {
    allowances::add(response, reported);
    if reported.retry_after.is_some() && !has_data && media == ResultMedia::GraphQLResponse {
        *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
    }
}

/// Returns a result for one caller.
pub fn private(headers: &HeaderMap, media: ResultMedia, body: Bytes, is_get: bool) -> Response {
    let compressed = negotiation::accepts_gzip(headers).then(|| gzip(&body)).flatten();
    let mut response = json(media, body, compressed);
    if is_get {
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
        headers.insert(header::VARY, HeaderValue::from_static("accept, accept-encoding, authorization, cookie"));
    }
    response
}

/// Returns the errors of a request that was read as GraphQL but not executed. The draft of 2025 wants 200 under
/// `application/json`, because a proxy's own errors have that type too, and 400 where the type says that the response
/// is ours.
pub fn refused(media: ResultMedia, refusal: &RequestError) -> Response {
    let mut response = json(media, refusal.response(), None);
    if media == ResultMedia::GraphQLResponse {
        *response.status_mut() = match refusal.rate_limited_for {
            Some(_) => StatusCode::TOO_MANY_REQUESTS,
            None => StatusCode::BAD_REQUEST,
        };
    }
    let retry_after = refusal.rate_limited_for.map(|seconds| (header::RETRY_AFTER, seconds.into()));
    response.headers_mut().extend(retry_after);
    response
}

/// Returns the error for an operation that this caller may not execute.
pub fn forbidden(media: ResultMedia, refusal: &RequestError) -> Response {
    let mut response = json(media, refusal.response(), None);
    *response.status_mut() = StatusCode::FORBIDDEN;
    response
}

/// Returns a response that no cache may store.
fn json(media: ResultMedia, body: Bytes, compressed: Option<Bytes>) -> Response {
    let is_compressed = compressed.is_some();
    let mut response = Response::new(Body::from(compressed.unwrap_or(body)));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, content_type(media));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if is_compressed {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    response
}

fn content_type(media: ResultMedia) -> HeaderValue {
    HeaderValue::from_static(match media {
        ResultMedia::GraphQLResponse => "application/graphql-response+json; charset=utf-8",
        ResultMedia::Json => "application/json; charset=utf-8",
    })
}
