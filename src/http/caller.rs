//! Identifies the caller of a request: by cookie or bearer token, network, and page.

use std::net::SocketAddr;

use axum::{
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};

use super::{
    access::{cookie, origins::Sender},
    state::HttpState,
};
use crate::{
    domain::network::ClientAddress,
    fault::{ErrorCode, Fault},
    graphql::caller::{Access, AllowanceReport, Caller, NewCookie},
    service::identity::Identity,
};

/// Why a token is refused. A client that sends a token expects it to work, so a bad one is an error and not ignored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenRefused {
    /// The token does not verify.
    Invalid,
    /// A page of another site sent it.
    Foreign,
}

impl TokenRefused {
    /// Says what is wrong and what to do.
    pub fn message(self) -> &'static str {
        match self {
            Self::Invalid => {
                "The bearer token is not valid. Use the value of the participant cookie, or send no token."
            }
            Self::Foreign => {
                "A page of another origin may not use a token here. Ask the operator to add the origin to \
                 --allowed-origins, or send no token."
            }
        }
    }

    /// Says what is wrong, in the few bytes that the close frame of a WebSocket has room for.
    pub fn reason(self) -> &'static str {
        match self {
            Self::Invalid => "The bearer token is not valid",
            Self::Foreign => "A page of another origin may not use a token here: see --allowed-origins",
        }
    }

    /// Returns the response over HTTP.
    pub fn response(self) -> Response {
        let code = match self {
            Self::Invalid => ErrorCode::Unauthenticated,
            Self::Foreign => ErrorCode::Forbidden,
        };
        Fault::new(code, self.message()).into_response()
    }
}

/// Identifies the caller of a request. A cookie that does not verify is ignored, and so is one that comes with a page
/// of another site.
pub fn identify(
    state: &HttpState,
    headers: &HeaderMap,
    peer: SocketAddr,
    new_cookie: Option<NewCookie>,
) -> Result<Caller, TokenRefused> {
    let identity = &state.services.identity;
    let mut caller = Caller {
        participant: None,
        address: ClientAddress::new(state.proxies.client_address(peer.ip(), headers)),
        access: Access::Full,
        new_cookie,
        has_outdated_cookie: false,
        allowances: AllowanceReport::default(),
    };
    if state.origins.sender(headers) == Sender::Foreign {
        caller.access = Access::ReadOnly;
    }
    if let Some(token) = bearer_token(headers) {
        return with_token(identity, caller, token);
    }
    if caller.access == Access::Full
        && let Some(known) = cookie::known_participant(identity, headers, state.is_https)
    {
        caller.participant = Some(known.participant);
        caller.has_outdated_cookie = !known.is_current;
    }
    Ok(caller)
}

/// Returns the caller with the participant of a token.
pub fn with_token(identity: &Identity, caller: Caller, token: &[u8]) -> Result<Caller, TokenRefused> {
    if caller.access == Access::ReadOnly {
        return Err(TokenRefused::Foreign);
    }
    let known = str::from_utf8(token).ok().and_then(|token| identity.verify(token)).ok_or(TokenRefused::Invalid)?;
    Ok(Caller { participant: Some(known.participant), has_outdated_cookie: false, ..caller })
}

/// Returns the first bearer token in `Authorization`. Any other scheme belongs to a proxy.
pub fn bearer_token(headers: &HeaderMap) -> Option<&[u8]> {
    headers.get_all(header::AUTHORIZATION).iter().find_map(|value| token_of(value.as_bytes()))
}

/// Returns the token of `Bearer …`, and none under another scheme.
pub fn token_of(authorization: &[u8]) -> Option<&[u8]> {
    let authorization = authorization.trim_ascii();
    let (scheme, token) = match authorization.iter().position(u8::is_ascii_whitespace) {
        Some(end) => authorization.split_at(end),
        None => (authorization, [].as_slice()),
    };
    scheme.eq_ignore_ascii_case(b"bearer").then(|| token.trim_ascii())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_scheme_bearer_is_ours() {
        for (authorization, token) in [
            ("Bearer abc", Some("abc")),
            ("bearer  abc ", Some("abc")),
            ("BEARER\tabc", Some("abc")),
            ("Bearer", Some("")),
            ("Bearerabc", None),
            ("Basic dTpw", None),
            ("Negotiate x", None),
            ("", None),
        ] {
            assert_eq!(token_of(authorization.as_bytes()), token.map(str::as_bytes), "{authorization}");
        }
    }
}
