//! Finds the client's address behind reverse proxies, from `X-Forwarded-For`.
//!
//! The header `Forwarded` of RFC 7239 is not read: a proxy that does not write that header passes on whatever its
//! client wrote.

use std::{
    net::{IpAddr, Ipv6Addr, SocketAddr},
    num::NonZeroUsize,
    sync::Once,
};

use axum::http::HeaderMap;
use ipnet::IpNet;

/// The reverse proxies in front of this server.
pub struct Proxies {
    networks: Vec<IpNet>,
    count: Option<NonZeroUsize>,
    warned: Once,
}

impl Proxies {
    /// Takes the proxies' networks and, where it is known, how many proxies a request passes. With a count and no
    /// networks every peer counts as a proxy.
    pub fn new(networks: Vec<IpNet>, count: Option<NonZeroUsize>) -> Self {
        Self { networks, count, warned: Once::new() }
    }

    /// Returns whether this peer is a proxy, which carries the requests of many clients.
    pub fn is_proxy(&self, peer: IpAddr) -> bool {
        if self.networks.is_empty() { self.count.is_some() } else { self.is_trusted(peer) }
    }

    /// Returns the address of the client, for a request that arrived from `peer`. Every proxy appends the address that
    /// it saw, so the list is read from its end.
    pub fn client_address(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let values = headers.get_all("x-forwarded-for").iter();
        let hops: Vec<&[u8]> = values.flat_map(|value| hops(value.as_bytes())).collect();
        let found = match self.count {
            Some(count) => self.hop_by_count(count, peer, &hops),
            None => self.nearest_untrusted(peer, &hops),
        };
        found.unwrap_or_else(|last| {
            // The address is left out: no log contains client addresses.
            self.warned.call_once(|| {
                tracing::warn!(
                    "X-Forwarded-For of a trusted proxy could not be read: its clients share one allowance of submissions. \
                     Each proxy must append one address, such as 192.0.2.1 or [2001:db8::1]:443"
                );
            });
            last
        })
    }

    /// Returns the hop that the first of `count` proxies saw; `Err` with the peer where there is no such hop.
    fn hop_by_count(&self, count: NonZeroUsize, peer: IpAddr, hops: &[&[u8]]) -> Result<IpAddr, IpAddr> {
        if hops.is_empty() || !(self.networks.is_empty() || self.is_trusted(peer)) {
            return Ok(peer);
        }
        hops.len().checked_sub(count.get()).and_then(|index| address(hops[index])).ok_or(peer)
    }

    /// Returns the nearest address that is not a proxy's. Hops before it were written by that address and cannot be
    /// trusted. `Err` holds the nearest proxy when the hop before it cannot be read.
    fn nearest_untrusted(&self, peer: IpAddr, hops: &[&[u8]]) -> Result<IpAddr, IpAddr> {
        let mut nearest = peer;
        for hop in hops.iter().rev() {
            if !self.is_trusted(nearest) {
                break;
            }
            nearest = address(hop).ok_or(nearest)?;
        }
        Ok(nearest)
    }

    /// Returns whether this address is in one of the networks of proxies.
    pub fn is_trusted(&self, address: IpAddr) -> bool {
        self.networks.iter().any(|network| network.contains(&address.to_canonical()))
    }
}

/// Splits one header into its hops. They are bytes, so that one that is not text does not spoil the others.
pub fn hops(header: &[u8]) -> impl Iterator<Item = &[u8]> {
    header.split(|byte| *byte == b',').map(<[u8]>::trim_ascii).filter(|hop| !hop.is_empty())
}

/// Parses the address of one hop in any spelling that proxies use: with or without a port, in brackets, in quotes. A
/// mapped IPv4 address becomes that IPv4 address.
pub fn address(hop: &[u8]) -> Option<IpAddr> {
    let text = str::from_utf8(hop).ok()?.trim();
    let text = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text).trim();
    let in_brackets = || text.strip_prefix('[')?.strip_suffix(']')?.parse::<Ipv6Addr>().ok();
    let address = text
        .parse::<IpAddr>()
        .ok()
        .or_else(|| Some(text.parse::<SocketAddr>().ok()?.ip()))
        .or_else(|| in_brackets().map(IpAddr::V6))?;
    Some(address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn seen_by(proxies: &Proxies, peer: &str, forwarded: &[&[u8]]) -> String {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("x-forwarded-for", HeaderValue::from_bytes(value).unwrap());
        }
        proxies.client_address(peer.parse().unwrap(), &headers).to_string()
    }

    fn seen(peer: &str, forwarded: &[&str], trusted: &[&str], count: usize) -> String {
        let networks = trusted.iter().map(|network| network.parse().unwrap()).collect();
        let forwarded: Vec<&[u8]> = forwarded.iter().map(|value| value.as_bytes()).collect();
        seen_by(&Proxies::new(networks, NonZeroUsize::new(count)), peer, &forwarded)
    }

    #[test]
    fn forwarded_addresses_are_believed_only_across_trusted_proxies() {
        let proxies = ["10.0.0.0/8"];
        assert_eq!(seen("192.0.2.1", &["198.51.100.7"], &proxies, 0), "192.0.2.1", "the peer is no proxy");
        assert_eq!(seen("10.0.0.1", &["198.51.100.7"], &proxies, 0), "198.51.100.7");
        assert_eq!(
            seen("10.0.0.1", &["1.2.3.4, 198.51.100.7, 10.0.0.2"], &proxies, 0),
            "198.51.100.7",
            "forged in front"
        );
        assert_eq!(seen("10.0.0.1", &["1.2.3.4", "198.51.100.7"], &proxies, 0), "198.51.100.7", "two headers");
        assert_eq!(
            seen("10.0.0.1", &["198.51.100.7, 10.0.0.2:80"], &proxies, 0),
            "198.51.100.7",
            "a proxy with a port"
        );
        assert_eq!(seen("10.0.0.1", &["198.51.100.7,, "], &proxies, 0), "198.51.100.7", "empty items");
        assert_eq!(seen("::ffff:10.0.0.1", &["198.51.100.7"], &proxies, 0), "198.51.100.7", "mapped IPv4");
        assert_eq!(seen("10.0.0.1", &["198.51.100.7"], &[], 0), "10.0.0.1", "nobody is trusted");
        assert_eq!(seen("10.0.0.1", &[], &proxies, 0), "10.0.0.1", "no header");
    }

    #[test]
    fn counted_proxies_tell_the_address_that_the_first_of_them_saw() {
        let hops = ["1.2.3.4, 198.51.100.7, 10.0.0.2"];
        assert_eq!(seen("10.0.0.1", &hops, &[], 1), "10.0.0.2");
        assert_eq!(seen("10.0.0.1", &hops, &[], 2), "198.51.100.7");
        assert_eq!(
            seen("10.0.0.1", &["10.9.9.9, 10.0.0.2"], &["10.0.0.0/8"], 1),
            "10.0.0.2",
            "a client within the network"
        );
        assert_eq!(seen("192.0.2.1", &hops, &["10.0.0.0/8"], 1), "192.0.2.1", "the peer is no proxy");
        assert_eq!(seen("10.0.0.1", &["198.51.100.7"], &[], 2), "10.0.0.1", "a proxy was passed by");
        assert_eq!(seen("10.0.0.1", &[], &[], 1), "10.0.0.1", "no header");
    }

    #[test]
    fn a_hop_is_read_in_every_spelling_and_nonsense_in_none() {
        for (hop, read) in [
            ("1.2.3.4", "1.2.3.4"),
            ("1.2.3.4:5678", "1.2.3.4"),
            ("2001:db8::1", "2001:db8::1"),
            ("[2001:db8::1]", "2001:db8::1"),
            ("[2001:db8::1]:443", "2001:db8::1"),
            ("\"[2001:db8::1]:443\"", "2001:db8::1"),
            ("\"1.2.3.4\"", "1.2.3.4"),
            (" \t1.2.3.4 ", "1.2.3.4"),
            ("::ffff:1.2.3.4", "1.2.3.4"),
            ("[::ffff:1.2.3.4]:5678", "1.2.3.4"),
        ] {
            assert_eq!(address(hop.as_bytes()), Some(read.parse().unwrap()), "{hop}");
        }
        for hop in [
            "",
            "unknown",
            "_hidden",
            "1.2.3",
            "1.2.3.4:",
            "1.2.3.4:99999",
            "[1.2.3.4]",
            "[::1",
            "\"1.2.3.4",
            "for=1.2.3.4",
        ] {
            assert_eq!(address(hop.as_bytes()), None, "{hop}");
        }
        assert_eq!(address(b"1.2.3.4\xff"), None);
    }

    #[test]
    fn one_hop_that_is_not_text_spoils_no_other_and_an_unreadable_one_ends_the_way() {
        let proxies = Proxies::new(vec!["10.0.0.0/8".parse().unwrap()], None);
        assert_eq!(seen_by(&proxies, "10.0.0.1", &[b"K\xc3\xb6ln, 198.51.100.7"]), "198.51.100.7");
        assert!(!proxies.warned.is_completed());
        assert_eq!(seen_by(&proxies, "10.0.0.1", &[b"198.51.100.7, unknown, 10.0.0.2"]), "10.0.0.2");
        assert!(proxies.warned.is_completed());
    }
}
