//! Content negotiation: what a client accepts, and whether its cached copy is current.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::engine::response_cache::CachedResponse;

/// The most headers that a cached response gets until it is sent. Without room for all of them they would be moved once.
const MAX_HEADERS: usize = 12;

/// Returns the items of all headers of this name, which hold lists. They are split as bytes, so that an item that is
/// not text does not spoil the others.
fn items(headers: &HeaderMap, name: HeaderName) -> impl Iterator<Item = &[u8]> {
    let values = headers.get_all(name).into_iter();
    values.flat_map(|value| value.as_bytes().split(|byte| *byte == b',')).map(<[u8]>::trim_ascii)
}

/// Returns the items of headers such as `br;q=1.0, gzip;q=0.5` with their weights in thousandths: 1000 where none is
/// given, 0 where it cannot be parsed.
pub fn weighted(headers: &HeaderMap, name: HeaderName) -> impl Iterator<Item = (&[u8], u16)> {
    items(headers, name).map(|item| {
        let mut parts = item.split(|byte| *byte == b';').map(<[u8]>::trim_ascii);
        let name = parts.next().unwrap_or_default();
        let weight = parts.find_map(|part| part.strip_prefix(b"q=").or_else(|| part.strip_prefix(b"Q=")));
        (name, weight.map_or(1000, thousandths))
    })
}

/// Parses `0.5` as 500: at most three decimals, never through a float.
fn thousandths(weight: &[u8]) -> u16 {
    let weight = str::from_utf8(weight).unwrap_or_default();
    let (whole, fraction) = weight.split_once('.').unwrap_or((weight, ""));
    let digits = fraction.len() <= 3 && fraction.bytes().all(|byte| byte.is_ascii_digit());
    match whole {
        "1" if digits && fraction.bytes().all(|digit| digit == b'0') => 1000,
        "0" if digits => format!("{fraction:0<3}").parse().unwrap_or(0),
        _ => 0,
    }
}

/// Returns whether `If-None-Match` contains this tag.
pub fn has(headers: &HeaderMap, tag: &str) -> bool {
    fn opaque(tag: &[u8]) -> &[u8] {
        tag.strip_prefix(b"W/").unwrap_or(tag)
    }
    items(headers, header::IF_NONE_MATCH).any(|known| known == b"*" || opaque(known) == opaque(tag.as_bytes()))
}

/// Returns whether the client accepts gzip.
pub fn accepts_gzip(headers: &HeaderMap) -> bool {
    let mut encodings = weighted(headers, header::ACCEPT_ENCODING);
    encodings.any(|(encoding, weight)| encoding.eq_ignore_ascii_case(b"gzip") && weight > 0)
}

/// Returns a cached response with its tag, compressed if the client accepts that, or 304 if the client's copy is
/// current.
pub fn cached(request: &HeaderMap, cached: &CachedResponse, content_type: HeaderValue) -> Response {
    let mut response = Response::new(Body::empty());
    *response.headers_mut() = HeaderMap::with_capacity(MAX_HEADERS);
    if has(request, &cached.etag) {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    } else {
        let compressed = accepts_gzip(request).then(|| cached.gzip()).flatten();
        response.headers_mut().insert(header::CONTENT_TYPE, content_type);
        if compressed.is_some() {
            response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
        *response.body_mut() = compressed.unwrap_or(&cached.body).clone().into();
    }
    if let Ok(tag) = HeaderValue::from_str(&cached.etag) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

/// Adds the tag to `response`. If the client's copy is current, the result is a 304 with the same headers.
pub fn tagged(request: &HeaderMap, tag: &str, response: Response) -> Response {
    let mut response = response;
    if let Ok(value) = HeaderValue::from_str(tag) {
        response.headers_mut().insert(header::ETAG, value);
    }
    if response.status() != StatusCode::OK || !has(request, tag) {
        return response;
    }
    let mut unchanged = StatusCode::NOT_MODIFIED.into_response();
    let headers = response.headers_mut();
    headers.remove(header::CONTENT_TYPE);
    headers.remove(header::CONTENT_LENGTH);
    *unchanged.headers_mut() = std::mem::take(headers);
    unchanged
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_read_and_nonsense_weighs_nothing() {
        let value = HeaderValue::from_bytes(b"br;q=1.0, gzip; q=0.5,K\xf6ln,x ;q=0,y;q=1.5,z;q=0.1234,w;q=").unwrap();
        let headers = [(header::ACCEPT, value)].into_iter().collect();
        let read: Vec<_> = weighted(&headers, header::ACCEPT).collect();
        let expected: [(&[u8], u16); 7] =
            [(b"br", 1000), (b"gzip", 500), (b"K\xf6ln", 1000), (b"x", 0), (b"y", 0), (b"z", 0), (b"w", 0)];
        assert_eq!(read, expected);
    }

    #[test]
    fn a_known_tag_is_found_in_a_list_and_when_weak() {
        let headers =
            |value: &'static str| [(header::IF_NONE_MATCH, HeaderValue::from_static(value))].into_iter().collect();
        for value in ["\"a\"", "W/\"a\"", "\"b\", W/\"a\"", "*"] {
            assert!(has(&headers(value), "\"a\"") && has(&headers(value), "W/\"a\""), "{value}");
        }
        let beside_nonsense = HeaderValue::from_bytes(b"\"K\xf6ln\", \"a\"").unwrap();
        assert!(has(&[(header::IF_NONE_MATCH, beside_nonsense)].into_iter().collect(), "\"a\""));
        assert!(!has(&headers("\"b\""), "\"a\"") && !has(&HeaderMap::new(), "\"a\""));
    }
}
