//! The caller of an operation of the desk. The transport adds it to each request.

use std::sync::Arc;

use crate::{
    domain::{
        budget::BudgetId,
        desk::{Role, SignedIn},
        network::ClientAddress,
    },
    fault::{ErrorCode, Fault},
};

/// The caller of an operation of the desk.
#[derive(Debug, Clone)]
pub struct DeskCaller {
    /// The account, if somebody has signed in.
    pub signed_in: Option<Arc<SignedIn>>,
    /// The network address.
    pub address: ClientAddress,
}

impl DeskCaller {
    /// Returns the address of this server as the caller sees it, for links.
    pub fn origin(&self) -> &str {
        ""
    }

    /// Returns the account. Fails if nobody has signed in.
    pub fn signed_in(&self) -> Result<&SignedIn, Fault> {
        self.signed_in.as_deref().ok_or_else(|| Fault::new(ErrorCode::Unauthenticated, "Sign in first."))
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
}

/// The fault of an account without the role.
pub fn forbidden(role: Role, place: &str) -> Fault {
    let message = format!("Your account needs the role {} in {place}. Ask an owner for it.", role.name());
    Fault::new(ErrorCode::Forbidden, message)
}
