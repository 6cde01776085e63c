//! Which page sends a request, and what it may do. A browser names the page in `Origin`, and no page can change that.
//!
//! | the request says | it comes from | it may |
//! |---|---|---|
//! | neither `Origin` nor `Sec-Fetch-Site: cross-site` | no browser, or our own page by GET | everything |
//! | the origin that `Host` names, or the public URL's | our own page | everything |
//! | an origin of `--allowed-origins` | a client that the operator vouches for | everything; the cookie counts where the browser sends it |
//! | any other origin, `null`, several, or none and `Sec-Fetch-Site: cross-site` | a page of another site | read public data: it has no participant, a mutation is `FORBIDDEN`, and so is a bearer token |

use std::str::FromStr;

use axum::http::{HeaderMap, HeaderValue, header};
use url::Url;

/// Scheme, host and port of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin(url::Origin);

/// Where a request comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sender {
    /// Our own page, or no browser.
    Own,
    /// A page of the allow-list.
    Allowed,
    /// A page of another site.
    Foreign,
}

/// The origins that are this server's own, and those that are trusted like them.
#[derive(Debug, Clone, Default)]
pub struct Origins {
    public: Option<Origin>,
    allowed: Vec<Origin>,
}

impl FromStr for Origin {
    type Err = String;

    /// Parses `https://example.org` or `http://localhost:3000`: a scheme, a host, an optional port, and nothing else.
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong =
            || format!("\"{text}\" is not an origin: write one such as https://example.org or http://localhost:3000");
        let url = Url::parse(text).map_err(|_| wrong())?;
        // The parser corrects some mistakes, such as a backslash. Its result must equal the text, so that a typing
        // error is reported.
        let authority = text.split_once("://").map(|(_, authority)| authority).ok_or_else(wrong)?;
        let is_bare = !authority.contains(['/', '\\', '?', '#', '@']) && !authority.contains(char::is_whitespace);
        match url.scheme() {
            "http" | "https" if is_bare => Ok(Self(url.origin())),
            _ => Err(wrong()),
        }
    }
}

impl Origin {
    /// Returns the origin of a URL, which may have a path.
    pub fn of_url(url: &str) -> Result<Self, String> {
        let parsed = Url::parse(url).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        let parsed =
            parsed.ok_or_else(|| format!("\"{url}\" is not an address: write one such as https://example.org"))?;
        Ok(Self(parsed.origin()))
    }

    /// Returns whether `Host` names this origin. The request's scheme is not known here, so the default port is that of
    /// the origin's own scheme.
    fn is_of_host(&self, host: &str) -> bool {
        let url::Origin::Tuple(scheme, ..) = &self.0 else { return false };
        format!("{scheme}://{host}").parse::<Self>().is_ok_and(|own| own == *self)
    }
}

impl Origins {
    pub fn new(public: Option<Origin>, allowed: Vec<Origin>) -> Self {
        Self { public, allowed }
    }

    /// Tells from its headers where a request comes from.
    pub fn sender(&self, headers: &HeaderMap) -> Sender {
        let mut origins = headers.get_all(header::ORIGIN).iter();
        let Some(origin) = origins.next() else {
            let is_foreign = headers.get("sec-fetch-site").is_some_and(|site| site == "cross-site");
            return if is_foreign { Sender::Foreign } else { Sender::Own };
        };
        let origin = origin.to_str().ok().and_then(|origin| origin.parse::<Origin>().ok());
        let Some(origin) = origin.filter(|_| origins.next().is_none()) else { return Sender::Foreign };
        let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
        if self.public.as_ref() == Some(&origin) || host.is_some_and(|host| origin.is_of_host(host)) {
            Sender::Own
        } else if self.allowed.contains(&origin) {
            Sender::Allowed
        } else {
            Sender::Foreign
        }
    }

    /// Returns the request's `Origin`, if it is on the allow-list.
    pub fn allowed<'a>(&self, headers: &'a HeaderMap) -> Option<&'a HeaderValue> {
        if self.allowed.is_empty() {
            return None;
        }
        let origin = headers.get(header::ORIGIN)?;
        let parsed = origin.to_str().ok()?.parse().ok()?;
        self.allowed.contains(&parsed).then_some(origin)
    }

    /// Returns whether responses may differ by `Origin`.
    pub fn has_allowed(&self) -> bool {
        !self.allowed.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_a_scheme_a_host_and_perhaps_a_port() {
        for (text, same) in [
            ("https://example.org", "https://example.org:443"),
            ("http://EXAMPLE.org:80", "http://example.org"),
            ("http://[::1]:8000", "http://[0:0:0:0:0:0:0:1]:8000"),
            ("https://bücher.example", "https://xn--bcher-kva.example"),
        ] {
            assert_eq!(text.parse::<Origin>(), same.parse::<Origin>(), "{text}");
            assert!(text.parse::<Origin>().is_ok(), "{text}");
        }
        for text in [
            "",
            "null",
            "*",
            "example.org",
            "https://",
            "https://example.org/",
            "https://example.org/path",
            "https://user@example.org",
            "https://example.org?x",
            "https:\\\\example.org",
            "https://a b",
            "ftp://example.org",
            "file:///etc",
            "https://example.org:99999",
        ] {
            assert!(text.parse::<Origin>().is_err(), "{text}");
        }
    }

    #[test]
    fn the_sender_is_judged_by_origin_host_public_url_and_allow_list() {
        let origins = Origins::new(
            Some(Origin::of_url("https://taxes.example.org/").unwrap()),
            vec!["https://app.example.net".parse().unwrap()],
        );
        let sender = |host: &str, origin: &[&str], site: Option<&str>| {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, host.parse().unwrap());
            for origin in origin {
                headers.append(header::ORIGIN, origin.parse().unwrap());
            }
            if let Some(site) = site {
                headers.insert("sec-fetch-site", site.parse().unwrap());
            }
            origins.sender(&headers)
        };
        for (host, origin, sender_is) in [
            ("node:8000", "http://node:8000", Sender::Own),
            ("node", "http://node", Sender::Own),
            ("node", "https://node", Sender::Own),
            ("node:443", "https://node", Sender::Own),
            ("node:80", "https://node", Sender::Foreign),
            ("node:8000", "https://taxes.example.org", Sender::Own),
            ("node:8000", "http://taxes.example.org", Sender::Foreign),
            ("node:8000", "https://app.example.net", Sender::Allowed),
            ("node:8000", "https://app.example.net:8443", Sender::Foreign),
            ("node:8000", "https://app.example.net.evil.test", Sender::Foreign),
            ("node:8000", "http://node:8001", Sender::Foreign),
            ("node:8000", "http://sub.node:8000", Sender::Foreign),
            ("node:8000", "null", Sender::Foreign),
            ("node:8000", "", Sender::Foreign),
            ("evil.test@node", "http://node", Sender::Foreign),
        ] {
            assert_eq!(sender(host, &[origin], None), sender_is, "{origin} at {host}");
        }
        assert_eq!(sender("node", &[], None), Sender::Own);
        assert_eq!(sender("node", &[], Some("same-origin")), Sender::Own);
        assert_eq!(sender("node", &[], Some("cross-site")), Sender::Foreign);
        assert_eq!(sender("node", &["http://node"], Some("cross-site")), Sender::Own, "a proxy may name hosts anew");
        assert_eq!(sender("node", &["http://node", "http://node"], None), Sender::Foreign, "two");
    }
}
