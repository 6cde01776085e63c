//! The caller of an operation. The transport adds it to each request.

use std::sync::{Arc, OnceLock};

use async_graphql::parser::types::OperationType;

use crate::{domain::participant::ParticipantId, service::identity::NetworkKey};

/// The caller of an operation.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The participant, if a cookie or a bearer token names one.
    pub participant: Option<ParticipantId>,
    /// The blinded network address.
    pub network: NetworkKey,
    /// The operations that the caller may execute.
    pub access: Access,
    /// The place where a resolver requests a cookie for a participant. None if the response cannot carry a cookie, as
    /// over a WebSocket.
    pub new_cookie: Option<NewCookie>,
    /// Whether the participant's cookie has a former name or was signed with the previous secret.
    pub has_outdated_cookie: bool,
}

/// The participant for whom the response must set a cookie, once a resolver has requested it.
#[derive(Debug, Clone, Default)]
pub struct NewCookie(Arc<OnceLock<ParticipantId>>);

/// The operations that a caller may execute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// All operations.
    Full,
    /// Only queries and subscriptions, because a page of another site sends the request.
    ReadOnly,
}

impl NewCookie {
    /// Requests a cookie for a participant. Only the first call for a request has an effect.
    pub fn request(&self, participant: ParticipantId) {
        let _ = self.0.set(participant);
    }

    /// Returns the participant, if a cookie was requested.
    pub fn participant(&self) -> Option<ParticipantId> {
        self.0.get().copied()
    }
}

impl Caller {
    /// Returns whether the caller may execute operations of this kind.
    pub fn may(&self, kind: OperationType) -> bool {
        self.access == Access::Full || kind != OperationType::Mutation
    }
}
