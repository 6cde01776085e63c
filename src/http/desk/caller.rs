//! Finds out who sends a request to the desk.

use std::net::SocketAddr;

use axum::http::{HeaderMap, header};

use super::cookie;
use crate::{
    domain::{account::AccountName, network::ClientAddress},
    fault::{ErrorCode, Fault},
    graphql::admin::caller::{DeskCaller, DeskTransport, SessionCookie},
    http::{access::origins::Sender, pages::origin, state::HttpState},
    service::desk::sessions::{Credential, Visitor},
};

/// A request to the desk.
pub struct DeskRequest {
    /// What the request shows to say who sends it.
    pub credential: Option<Credential>,
    address: ClientAddress,
    transport: DeskTransport,
}

impl DeskRequest {
    /// Reads the head of a request. Fails if a page of another origin sends it: no such page may use the desk, not even one
    /// that may act for participants.
    pub fn read(state: &HttpState, headers: &HeaderMap, peer: SocketAddr) -> Result<Self, Fault> {
        if state.origins.sender(headers) != Sender::Own {
            return Err(Fault::new(ErrorCode::Forbidden, "A page of another origin may not use the desk."));
        }
        let told = state.trusted_user.name(&state.proxies, peer.ip(), headers);
        let credential = match told.map(AccountName::parse) {
            Some(Ok(name)) => Some(Credential::Proxy(name)),
            Some(Err(violation)) => {
                let message = format!("The proxy tells a name that no account can have. {}", violation.message);
                return Err(Fault::new(ErrorCode::Unauthenticated, message));
            }
            None => cookie::credential(headers, state.is_https),
        };
        let user_agent = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
        let transport = DeskTransport {
            user_agent: user_agent.to_owned(),
            origin: origin::origin(state.public_url.as_deref(), headers),
            has_trusted_header: state.trusted_user.is_told_by(&state.proxies, peer.ip()),
            cookie: None,
        };
        let address = ClientAddress::new(state.proxies.client_address(peer.ip(), headers));
        Ok(Self { credential, address, transport })
    }

    /// Returns the network address.
    pub fn address(&self) -> ClientAddress {
        self.address
    }

    /// Finds out who sends the request. Returns `None` if nobody has signed in.
    pub async fn visitor(&self, state: &HttpState) -> Result<Option<Visitor>, Fault> {
        match &self.credential {
            Some(credential) => Ok(state.services.accounts.identify(credential).await?),
            None => Ok(None),
        }
    }

    /// Returns the caller for the resolvers.
    pub fn caller(&self, visitor: Option<Visitor>, cookie: Option<SessionCookie>) -> DeskCaller {
        DeskCaller::new(visitor, self.address, DeskTransport { cookie, ..self.transport.clone() })
    }
}
