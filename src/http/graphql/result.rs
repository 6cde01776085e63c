//! One result as a response: its media type, its status, what caches may do with it, and packed where that pays.

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};

use super::super::negotiation;
use super::media::ResultMedia;
use crate::{
    graphql::executor::Refusal,
    service::answers::{Answer, gzip},
};

const GZIP: HeaderValue = HeaderValue::from_static("gzip");

/// An answer that is the same for everybody. By GET a cache may keep it and must ask each time whether it is current.
pub fn public(headers: &HeaderMap, media: Option<ResultMedia>, answer: &Answer, is_get: bool) -> Response {
    let mut response = if is_get && negotiation::has(headers, &answer.etag) {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        response
    } else {
        let packed = accepts_gzip(headers).then(|| answer.gzip()).flatten();
        json(media, answer.body.clone(), packed.cloned())
    };
    if is_get {
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, no-cache"));
        headers.insert(header::VARY, HeaderValue::from_static("accept, accept-encoding"));
        if let Ok(etag) = HeaderValue::from_str(&answer.etag) {
            headers.insert(header::ETAG, etag);
        }
    }
    response
}

/// An answer for one caller.
pub fn private(
    headers: &HeaderMap,
    media: Option<ResultMedia>,
    body: Bytes,
    cookies: &[String],
    is_get: bool,
) -> Response {
    let packed = accepts_gzip(headers).then(|| gzip(&body)).flatten();
    let mut response = json(media, body, packed);
    for cookie in cookies.iter().filter_map(|cookie| HeaderValue::from_str(cookie).ok()) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    if is_get {
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
        headers.insert(header::VARY, HeaderValue::from_static("accept, accept-encoding, authorization, cookie"));
    }
    response
}

/// A request that was understood as one and not executed. The draft of 2025 wants 200 under `application/json`, because a
/// proxy's own errors have that type too, and 400 where the type says that the answer is ours.
pub fn refused(media: ResultMedia, refusal: &Refusal) -> Response {
    let mut response = json(Some(media), refusal.response(), None);
    if media == ResultMedia::GraphQLResponse {
        *response.status_mut() = StatusCode::BAD_REQUEST;
    }
    response
}

fn json(media: Option<ResultMedia>, body: Bytes, packed: Option<Bytes>) -> Response {
    let kind = match media {
        Some(ResultMedia::GraphQLResponse) => "application/graphql-response+json; charset=utf-8",
        Some(ResultMedia::Json) | None => "application/json; charset=utf-8",
    };
    let is_packed = packed.is_some();
    let mut response = Response::new(Body::from(packed.unwrap_or(body)));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    if is_packed {
        response.headers_mut().insert(header::CONTENT_ENCODING, GZIP);
    }
    response
}

fn accepts_gzip(headers: &HeaderMap) -> bool {
    let values = headers.get_all(header::ACCEPT_ENCODING).into_iter().filter_map(|value| value.to_str().ok());
    values.flat_map(negotiation::weighted).any(|(packing, weight)| packing.eq_ignore_ascii_case("gzip") && weight > 0)
}
