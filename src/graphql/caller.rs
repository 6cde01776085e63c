//! The caller of an operation. The transport adds it to each request.

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use async_graphql::parser::types::OperationType;
use parking_lot::Mutex;

use crate::{
    domain::{network::ClientAddress, participant::ParticipantId},
    service::limiter::Allowance,
};

/// The caller of an operation.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The participant, if a cookie or a bearer token names one.
    pub participant: Option<ParticipantId>,
    /// The network address.
    pub address: ClientAddress,
    /// The operations that the caller may execute.
    pub access: Access,
    /// The place where a resolver requests a cookie for a participant. None if the response cannot carry a cookie, as
    /// over a WebSocket.
    pub new_cookie: Option<NewCookie>,
    /// Whether the participant's cookie has a former name or was signed with the previous secret.
    pub has_outdated_cookie: bool,
    /// The place where a resolver reports on allowances, for the headers of the response.
    pub allowances: AllowanceReport,
}

/// How the response must change the cookie, once a resolver has requested it.
#[derive(Debug, Clone, Default)]
pub struct NewCookie(Arc<OnceLock<CookieChange>>);

/// How the response changes the cookie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CookieChange {
    /// It names this participant.
    Set(ParticipantId),
    /// The browser deletes it.
    Remove,
}

/// What is left of the caller's allowances, once a resolver has looked.
#[derive(Debug, Clone, Default)]
pub struct AllowanceReport(Arc<Mutex<Option<Reported>>>);

/// The allowances, and after what time to try again if one is used up.
#[derive(Debug, Clone)]
pub struct Reported {
    /// Each allowance that was looked at.
    pub allowances: Vec<Allowance>,
    /// Set if the submission was refused.
    pub retry_after: Option<Duration>,
}

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
        let _ = self.0.set(CookieChange::Set(participant));
    }

    /// Requests that the cookie is deleted. Only the first call for a request has an effect.
    pub fn remove(&self) {
        let _ = self.0.set(CookieChange::Remove);
    }

    /// Returns the change, if one was requested.
    pub fn change(&self) -> Option<CookieChange> {
        self.0.get().copied()
    }
}

impl AllowanceReport {
    /// Reports on the allowances. Of several submissions in one request, the last one counts.
    pub fn report(&self, reported: Reported) {
        *self.0.lock() = Some(reported);
    }

    /// Returns the last report.
    pub fn take(&self) -> Option<Reported> {
        self.0.lock().take()
    }
}

impl Caller {
    /// Returns whether the caller may execute operations of this kind.
    pub fn may(&self, kind: OperationType) -> bool {
        self.access == Access::Full || kind != OperationType::Mutation
    }
}
