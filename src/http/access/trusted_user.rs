//! The header in which a proxy that signs people on tells who they are.

use std::net::IpAddr;

use axum::http::{HeaderMap, HeaderName};

use super::forwarded::Proxies;

/// The name of the header. `None` if no proxy signs people on.
#[derive(Debug, Clone, Default)]
pub struct TrustedUserHeader(Option<HeaderName>);

impl std::str::FromStr for TrustedUserHeader {
    type Err = String;

    /// Parses the name of a header; may be empty.
    fn from_str(text: &str) -> Result<Self, String> {
        let name = Some(text).filter(|text| !text.is_empty()).map(|text| {
            text.parse().map_err(|_| format!("\"{text}\" is not the name of a header: write one such as X-Remote-User"))
        });
        name.transpose().map(Self)
    }
}

impl TrustedUserHeader {
    /// Returns whether a proxy signs people on.
    pub fn is_set(&self) -> bool {
        self.0.is_some()
    }

    /// Returns whether this peer is a proxy that signs people on.
    pub fn is_told_by(&self, proxies: &Proxies, peer: IpAddr) -> bool {
        self.is_set() && proxies.is_trusted(peer)
    }

    /// Returns the name that a trusted proxy tells. Anybody else may write what they like into the header, so it is ignored
    /// then. Two headers are ignored too: the proxy may have added its own to one of the client.
    pub fn name<'a>(&self, proxies: &Proxies, peer: IpAddr, headers: &'a HeaderMap) -> Option<&'a str> {
        let header = self.0.as_ref().filter(|_| self.is_told_by(proxies, peer))?;
        let mut values = headers.get_all(header).iter();
        let value = values.next().filter(|_| values.next().is_none())?;
        str::from_utf8(value.as_bytes()).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_counts_once_and_from_a_trusted_proxy_alone() {
        let header: TrustedUserHeader = "X-Remote-User".parse().unwrap();
        let proxies = |networks: &[&str]| {
            Proxies::new(networks.iter().map(|network| network.parse().unwrap()).collect(), 1.try_into().ok())
        };
        let name = |proxies: &Proxies, values: &[&str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append("x-remote-user", value.parse().unwrap());
            }
            header.name(proxies, "10.0.0.1".parse().unwrap(), &headers).map(ToOwned::to_owned)
        };
        assert_eq!(name(&proxies(&["10.0.0.0/8"]), &["ada"]).as_deref(), Some("ada"));
        assert_eq!(name(&proxies(&["192.0.2.0/24"]), &["ada"]), None, "another peer");
        assert_eq!(name(&proxies(&[]), &["ada"]), None, "a count of proxies names none of them");
        assert_eq!(name(&proxies(&["10.0.0.0/8"]), &["ada", "eve"]), None, "two");
        assert_eq!(name(&proxies(&["10.0.0.0/8"]), &[]), None);
        assert!("X Remote".parse::<TrustedUserHeader>().is_err());
        assert!(!"".parse::<TrustedUserHeader>().unwrap().is_set());
    }
}
