//! Who asks: put beside each request by the transport.

use async_graphql::parser::types::OperationType;

use crate::{domain::participant::ParticipantId, service::identity::NetworkKey};

/// Who asks.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Known by a cookie or a bearer token.
    pub participant: Option<ParticipantId>,
    /// Where from, blinded.
    pub network: NetworkKey,
    /// What may be asked.
    pub access: Access,
    /// Whether the answer can carry a cookie: over HTTP, not over a WebSocket.
    pub can_set_cookie: bool,
    /// Whether the participant's cookie has a former name or was signed with the previous secret.
    pub has_outdated_cookie: bool,
}

/// What a caller may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Everything.
    Full,
    /// Queries and subscriptions: a page of another site asks.
    ReadOnly,
}

impl Caller {
    /// Whether the caller may execute operations of this kind.
    pub fn may(&self, kind: OperationType) -> bool {
        self.access == Access::Full || kind != OperationType::Mutation
    }
}
