//! The network of a client: its address, and the blocks of addresses that one customer of a provider may hold.

use std::{
    fmt,
    net::{IpAddr, Ipv6Addr},
    num::NonZeroU32,
};

/// The address of a client, kept in memory while its request or connection lasts. It shows nothing in a log.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ClientAddress(IpAddr);

impl fmt::Debug for ClientAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[address]")
    }
}

/// The size of a network in which clients are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// An IPv4 address, or the /64 of an IPv6 address: one household, office or machine.
    Narrowest,
    /// The /56 of an IPv6 address: what many providers give to one customer.
    Block56,
    /// The /48 of an IPv6 address: the most that a provider gives to one customer.
    Block48,
}

impl Level {
    /// How much larger the allowance of this level is than the narrowest one.
    pub fn factor(self) -> NonZeroU32 {
        let factor = match self {
            Self::Narrowest => 1,
            Self::Block56 => 3,
            Self::Block48 => 8,
        };
        NonZeroU32::new(factor).unwrap_or(NonZeroU32::MIN)
    }
}

/// The bits that all addresses of a network share.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Prefix {
    bytes: [u8; 8],
    length: usize,
}

impl Prefix {
    fn new(octets: &[u8]) -> Self {
        let mut bytes = [0; 8];
        bytes.iter_mut().zip(octets).for_each(|(byte, octet)| *byte = *octet);
        Self { bytes, length: octets.len() }
    }

    /// Returns the bits as whole bytes: 4 of an IPv4 address, 8, 7 or 6 of an IPv6 address.
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or(&self.bytes)
    }
}

impl ClientAddress {
    /// Takes an address. A mapped IPv4 address is that IPv4 address.
    pub fn new(address: IpAddr) -> Self {
        Self(address.to_canonical())
    }

    /// Returns the narrowest network.
    pub fn narrowest(self) -> Prefix {
        match self.0 {
            IpAddr::V4(address) => Prefix::new(&address.octets()),
            IpAddr::V6(address) => ipv6_prefix(address, 8),
        }
    }

    /// Returns the networks from the narrowest to the widest. An IPv4 address has one: IPv4 addresses are scarce, and
    /// neighbours belong to different people.
    pub fn networks(self) -> Vec<(Level, Prefix)> {
        let mut networks = vec![(Level::Narrowest, self.narrowest())];
        if let IpAddr::V6(address) = self.0 {
            networks.push((Level::Block56, ipv6_prefix(address, 7)));
            networks.push((Level::Block48, ipv6_prefix(address, 6)));
        }
        networks
    }
}

fn ipv6_prefix(address: Ipv6Addr, bytes: usize) -> Prefix {
    let octets = address.octets();
    Prefix::new(octets.get(..bytes).unwrap_or(&octets))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> ClientAddress {
        ClientAddress::new(text.parse().unwrap())
    }

    fn bytes(text: &str) -> Vec<Vec<u8>> {
        address(text).networks().iter().map(|(_, prefix)| prefix.as_bytes().to_vec()).collect()
    }

    #[test]
    fn an_ipv4_address_is_one_network_and_an_ipv6_address_is_in_three() {
        assert_eq!(bytes("192.0.2.1"), [[192, 0, 2, 1]]);
        assert_eq!(bytes("::ffff:192.0.2.1"), [[192, 0, 2, 1]]);
        let [narrow, block56, block48] = bytes("2001:db8:1:1234::1").try_into().unwrap();
        assert_eq!(narrow, [0x20, 1, 0x0d, 0xb8, 0, 1, 0x12, 0x34]);
        assert_eq!(block56, [0x20, 1, 0x0d, 0xb8, 0, 1, 0x12]);
        assert_eq!(block48, [0x20, 1, 0x0d, 0xb8, 0, 1]);
    }

    #[test]
    fn no_log_shows_an_address() {
        assert_eq!(format!("{:?}", address("192.0.2.1")), "[address]");
    }
}
