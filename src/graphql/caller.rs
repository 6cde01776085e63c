//! Who asks: put beside each request by the transport.

use crate::{domain::participant::ParticipantId, service::identity::NetworkKey};

/// Who asks.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Known by a cookie or a bearer token.
    pub participant: Option<ParticipantId>,
    /// Where from, blinded.
    pub network: NetworkKey,
    /// Whether the answer can carry a cookie: over HTTP, not over a WebSocket.
    pub can_set_cookie: bool,
}
