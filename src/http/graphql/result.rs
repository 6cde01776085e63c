//! One result as a response: its media type, its status, what caches may do with it, and compressed where that pays.

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
    http::respond::negotiation,
};

/// An answer that is the same for everybody. By GET a cache may keep it and must ask each time whether it is current.
pub fn public(headers: &HeaderMap, media: ResultMedia, answer: &CachedResponse, is_get: bool) -> Response {
    if !is_get {
        let compressed = negotiation::accepts_gzip(headers).then(|| answer.gzip()).flatten();
        return json(media, answer.body.clone(), compressed.cloned());
    }
    let mut response = negotiation::answer(headers, answer, content_type(media));
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, no-cache"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::VARY, HeaderValue::from_static("accept, accept-encoding"));
    response
}

/// An answer for one caller.
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

/// A request that was understood as one and not executed. The draft of 2025 wants 200 under `application/json`, because a
/// proxy's own errors have that type too, and 400 where the type says that the answer is ours.
pub fn refused(media: ResultMedia, refusal: &RequestError) -> Response {
    let mut response = json(media, refusal.response(), None);
    if media == ResultMedia::GraphQLResponse {
        *response.status_mut() = StatusCode::BAD_REQUEST;
    }
    response
}

/// An operation that this caller may not execute.
pub fn forbidden(media: ResultMedia, refusal: &RequestError) -> Response {
    let mut response = json(media, refusal.response(), None);
    *response.status_mut() = StatusCode::FORBIDDEN;
    response
}

/// An answer that nobody may keep.
fn json(media: ResultMedia, body: Bytes, compressed: Option<Bytes>) -> Response {
    let is_packed = compressed.is_some();
    let mut response = Response::new(Body::from(compressed.unwrap_or(body)));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, content_type(media));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if is_packed {
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
