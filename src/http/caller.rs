//! Who asks: by cookie or bearer token, and from which network.

use std::net::{IpAddr, SocketAddr};

use axum::http::{HeaderMap, header};
use ipnet::IpNet;

use crate::{graphql::caller::Caller, service::identity::Identity};

/// A bearer token that is not one of ours.
#[derive(Debug)]
pub struct BadToken;

/// The caller of a request. A cookie that is not valid is nobody's; a token that is not valid is refused, because
/// whoever sends one expects it to work.
pub fn identify(
    identity: &Identity,
    trusted_proxies: &[IpNet],
    headers: &HeaderMap,
    peer: SocketAddr,
    can_set_cookie: bool,
) -> Result<Caller, BadToken> {
    let participant = match headers.get(header::AUTHORIZATION) {
        Some(authorization) => Some(from_authorization(identity, authorization.to_str().unwrap_or_default())?),
        None => headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|cookies| cookies.to_str().ok())
            .find_map(|cookies| identity.from_cookie_header(cookies)),
    };
    let network = identity.network_key(client_address(peer.ip(), headers, trusted_proxies));
    Ok(Caller { participant, network, can_set_cookie })
}

/// The participant of `Bearer …`.
pub fn from_authorization(
    identity: &Identity,
    authorization: &str,
) -> Result<crate::domain::participant::ParticipantId, BadToken> {
    let token = authorization.strip_prefix("Bearer ").ok_or(BadToken)?;
    identity.from_token(token.trim()).ok_or(BadToken)
}

/// Whether this is the address of a trusted proxy.
pub fn is_trusted(trusted: &[IpNet], address: IpAddr) -> bool {
    trusted.iter().any(|network| network.contains(&address.to_canonical()))
}

/// The nearest address that is not a trusted proxy's. Every hop appends the address that it saw, so the list is read
/// from its end; what stands before an untrusted address was written by whoever has that address.
fn client_address(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let mut address = peer;
    let hops: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .collect();
    for hop in hops.into_iter().rev() {
        if !is_trusted(trusted, address) {
            break;
        }
        match hop.trim().parse() {
            Ok(before) => address = before,
            Err(_) => break,
        }
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn seen(peer: &str, forwarded: &[&'static str], trusted: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("x-forwarded-for", HeaderValue::from_static(value));
        }
        let trusted: Vec<IpNet> = trusted.iter().map(|network| network.parse().unwrap()).collect();
        client_address(peer.parse().unwrap(), &headers, &trusted).to_string()
    }

    #[test]
    fn forwarded_addresses_are_believed_only_across_trusted_proxies() {
        let proxies = ["10.0.0.0/8"];
        assert_eq!(seen("192.0.2.1", &["198.51.100.7"], &proxies), "192.0.2.1", "the peer is no proxy");
        assert_eq!(seen("10.0.0.1", &["198.51.100.7"], &proxies), "198.51.100.7");
        assert_eq!(seen("10.0.0.1", &["1.2.3.4, 198.51.100.7, 10.0.0.2"], &proxies), "198.51.100.7", "forged in front");
        assert_eq!(seen("10.0.0.1", &["1.2.3.4", "198.51.100.7"], &proxies), "198.51.100.7", "two headers");
        assert_eq!(seen("10.0.0.1", &["nonsense"], &proxies), "10.0.0.1");
        assert_eq!(seen("::ffff:10.0.0.1", &["198.51.100.7"], &proxies), "198.51.100.7", "mapped IPv4");
        assert_eq!(seen("10.0.0.1", &["198.51.100.7"], &[]), "10.0.0.1", "nobody is trusted");
    }
}
