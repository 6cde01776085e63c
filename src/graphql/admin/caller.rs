//! The caller of an operation of the desk. The transport adds it to each request.

use std::sync::Arc;

use parking_lot::Mutex;

use crate::{
    domain::{
        budget::BudgetId,
        desk::{Actor, Role, SessionId, SignedIn},
        network::ClientAddress,
    },
    fault::{ErrorCode, Fault},
    service::desk::{sessions::Visitor, tokens::Token},
};

/// The caller of an operation of the desk.
#[derive(Clone)]
pub struct DeskCaller {
    /// The account, if somebody has signed in.
    pub signed_in: Option<Arc<SignedIn>>,
    /// The session. `None` if a trusted proxy told the name.
    pub session: Option<SessionId>,
    /// The network address.
    pub address: ClientAddress,
    /// What the transport knows besides.
    pub transport: DeskTransport,
}

/// What the transport knows of a request to the desk.
#[derive(Clone, Default)]
pub struct DeskTransport {
    /// The caller's program, as it calls itself.
    pub user_agent: String,
    /// The address of this server as the caller sees it, for links. It does not end with a slash.
    pub origin: String,
    /// Whether a trusted proxy tells who the caller is.
    pub has_trusted_header: bool,
    /// Takes a change of the session's cookie. `None` where no cookie can be set: on a WebSocket.
    pub cookie: Option<SessionCookie>,
}

/// A change of the session's cookie that the response makes.
#[derive(Clone, Default)]
pub struct SessionCookie(Arc<Mutex<Option<SessionCookieChange>>>);

/// How the session's cookie changes.
pub enum SessionCookieChange {
    /// It becomes this token.
    Set(Token),
    /// It goes.
    Remove,
}

impl SessionCookie {
    /// Sets the change that the response makes.
    pub fn change(&self, change: SessionCookieChange) {
        *self.0.lock() = Some(change);
    }

    /// Returns the change, once.
    pub fn take(&self) -> Option<SessionCookieChange> {
        self.0.lock().take()
    }
}

impl DeskCaller {
    /// Creates the caller of a request.
    pub fn new(visitor: Option<Visitor>, address: ClientAddress, transport: DeskTransport) -> Self {
        let (signed_in, session) = visitor.map(|it| (it.signed_in, it.session)).unzip();
        Self { signed_in, session: session.flatten(), address, transport }
    }

    /// Returns the account. Fails if nobody has signed in.
    pub fn signed_in(&self) -> Result<&SignedIn, Fault> {
        self.signed_in.as_deref().ok_or_else(|| Fault::new(ErrorCode::Unauthenticated, "Sign in first."))
    }

    /// Returns who makes a change, for the audit log. Fails if nobody has signed in.
    pub fn actor(&self) -> Result<Actor, Fault> {
        let signed_in = self.signed_in()?;
        Ok(Actor::Account { id: signed_in.account, name: signed_in.name.clone() })
    }

    /// Returns the account if it has at least this role in the installation.
    pub fn in_installation(&self, role: Role) -> Result<&SignedIn, Fault> {
        let signed_in = self.signed_in()?;
        if signed_in.installation >= Some(role) { Ok(signed_in) } else { Err(forbidden(role, "this installation")) }
    }

    /// Returns the account if it has at least this role in the budget. For whom has none in it, there is no such budget.
    pub fn in_budget(&self, budget: BudgetId, role: Role) -> Result<&SignedIn, Fault> {
        let signed_in = self.signed_in()?;
        match signed_in.role_in(budget) {
            None => Err(Fault::unknown_budget()),
            has if has >= Some(role) => Ok(signed_in),
            Some(_) => Err(forbidden(role, "this budget")),
        }
    }

    /// Returns where to put a change of the session's cookie. It is asked for before the change of the session: a session
    /// whose token gets lost helps nobody.
    pub fn cookie(&self) -> Result<&SessionCookie, Fault> {
        self.transport
            .cookie
            .as_ref()
            .ok_or_else(|| Fault::new(ErrorCode::Forbidden, "A WebSocket cannot set a cookie. Send this over HTTP."))
    }
}

/// The fault of an account without the role.
pub fn forbidden(role: Role, place: &str) -> Fault {
    let message = format!("Your account needs the role {} in {place}. Ask an owner for it.", role.name());
    Fault::new(ErrorCode::Forbidden, message)
}
