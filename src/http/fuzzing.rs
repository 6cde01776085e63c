//! For the crate `fuzz` alone: the parsers of input from clients.

use std::net::IpAddr;

use axum::http::{HeaderMap, HeaderValue};
use ipnet::IpNet;

use super::access::forwarded::Proxies;

pub use super::graphql::{
    request::{in_json, in_url},
    websocket::messages::{ClientMessage, close_reason, complete, error, next, next_prefix, pong},
};

/// Returns the client's address behind trusted proxies. Each value is one header `X-Forwarded-For`; a value that HTTP
/// does not allow is left out, as no request can contain it.
pub fn client_address(peer: IpAddr, forwarded_for: &[&[u8]], trusted: &[IpNet]) -> IpAddr {
    let values = forwarded_for.iter().filter_map(|value| HeaderValue::from_bytes(value).ok());
    let mut headers = HeaderMap::new();
    for value in values {
        headers.append("x-forwarded-for", value);
    }
    Proxies::new(trusted.to_vec(), None).client_address(peer, &headers)
}
