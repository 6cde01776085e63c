//! The public origin of this server, for absolute URLs.

use axum::http::{HeaderMap, header, uri::Authority};

const MAX_HOST: usize = 255;

/// Returns the public URL if one is set, else the host that the client requested. It never ends with `/`, and is empty
/// if the client sent no valid host.
pub fn origin(public_url: Option<&str>, headers: &HeaderMap) -> String {
    if let Some(url) = public_url {
        return url.trim_end_matches('/').to_owned();
    }
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).filter(|host| is_host(host));
    host.map(|host| format!("http://{host}")).unwrap_or_default()
}

/// Returns whether this is a name or address with an optional port, without a character that could end it.
fn is_host(host: &str) -> bool {
    let is_plain = host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._:[]".contains(&byte));
    let Ok(authority) = host.parse::<Authority>() else { return false };
    let port = host.strip_prefix(authority.host()).unwrap_or(":");
    let is_port = |port: &str| port.strip_prefix(':').is_some_and(|port| port.parse().is_ok_and(|port: u16| port > 0));
    is_plain && host.len() <= MAX_HOST && !authority.host().is_empty() && (port.is_empty() || is_port(port))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn the_set_url_comes_first_and_a_host_is_believed_only_in_its_form() {
        let host = |host: &'static str| [(header::HOST, HeaderValue::from_static(host))].into_iter().collect();
        assert_eq!(origin(Some("https://taxes.example.org/"), &host("evil.example")), "https://taxes.example.org");
        for good in ["localhost:8000", "taxes.example.org", "127.0.0.1:1", "[::1]:8000"] {
            assert_eq!(origin(None, &host(good)), format!("http://{good}"));
        }
        for bad in ["", "a b", "a/b", "\"><script>", "a:b", "a:99999", "a@b", "[::1", ":80", "a:1:2"] {
            assert_eq!(origin(None, &host(bad)), "", "{bad}");
        }
        assert_eq!(origin(None, &HeaderMap::new()), "");
    }
}
