//! Who asks: put beside each request by the transport.

use std::sync::{Arc, OnceLock};

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
    /// Where a resolver leaves the participant whom a new cookie is to name. None where the response cannot carry a cookie,
    /// as over a WebSocket.
    pub new_cookie: Option<NewCookie>,
    /// Whether the participant's cookie has a former name or was signed with the previous secret.
    pub has_outdated_cookie: bool,
}

/// The participant whom the cookie of the response is to name, once a resolver has said so.
#[derive(Debug, Clone, Default)]
pub struct NewCookie(Arc<OnceLock<ParticipantId>>);

/// What a caller may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Everything.
    Full,
    /// Queries and subscriptions: a page of another site asks.
    ReadOnly,
}

impl NewCookie {
    /// Asks for a cookie. The first participant of a request stays.
    pub fn request(&self, participant: ParticipantId) {
        let _ = self.0.set(participant);
    }

    /// The participant, where a cookie was asked for.
    pub fn participant(&self) -> Option<ParticipantId> {
        self.0.get().copied()
    }
}

impl Caller {
    /// Whether the caller may execute operations of this kind.
    pub fn may(&self, kind: OperationType) -> bool {
        self.access == Access::Full || kind != OperationType::Mutation
    }
}
