//! The one door of the desk: each root field needs what the table says, and a field without a row answers nobody.

use std::sync::Arc;

use async_graphql::{
    ServerError, ServerResult, Value,
    extensions::{Extension, ExtensionContext, ExtensionFactory, NextResolve, ResolveInfo},
};

use super::caller::{DeskCaller, forbidden};
use crate::{
    domain::desk::Role,
    fault::{ErrorCode, Fault},
};

/// What a caller needs for a root field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// Nothing: it serves those who want to sign in.
    Nothing,
    /// An account.
    Account,
    /// At least this role in the installation.
    Installation(Role),
    /// At least this role somewhere. The resolver asks for it in the budget that the field is about
    /// ([`DeskCaller::in_budget`]).
    Budget(Role),
}

/// Every root field, by type and name.
pub const TABLE: &[(&str, &str, Needs)] = &[
    // operations
    ("Query", "operations", Needs::Installation(Role::Viewer)),
    ("Query", "jobs", Needs::Installation(Role::Viewer)),
    ("Query", "live", Needs::Budget(Role::Viewer)),
    ("Query", "stats", Needs::Budget(Role::Viewer)),
    ("Query", "attention", Needs::Budget(Role::Viewer)),
    ("Mutation", "startJob", Needs::Installation(Role::Organiser)),
    ("Mutation", "retryJob", Needs::Installation(Role::Organiser)),
    ("Subscription", "operations", Needs::Installation(Role::Viewer)),
    ("Subscription", "jobChanged", Needs::Installation(Role::Viewer)),
    ("Subscription", "live", Needs::Budget(Role::Viewer)),
    // budgets
    ("Query", "budgets", Needs::Account),
    ("Query", "budget", Needs::Budget(Role::Viewer)),
    ("Query", "templates", Needs::Account),
    ("Mutation", "createBudget", Needs::Installation(Role::Organiser)),
    ("Mutation", "updateBudget", Needs::Budget(Role::Organiser)),
    ("Mutation", "openBudget", Needs::Budget(Role::Organiser)),
    ("Mutation", "scheduleBudget", Needs::Budget(Role::Organiser)),
    ("Mutation", "pauseBudget", Needs::Budget(Role::Organiser)),
    ("Mutation", "resumeBudget", Needs::Budget(Role::Organiser)),
    ("Mutation", "closeBudget", Needs::Budget(Role::Organiser)),
    ("Mutation", "archiveBudget", Needs::Budget(Role::Organiser)),
    ("Mutation", "deleteBudget", Needs::Budget(Role::Organiser)),
    ("Subscription", "budgetChanged", Needs::Budget(Role::Viewer)),
    // answers
    ("Query", "answers", Needs::Budget(Role::Viewer)),
    ("Query", "exclusions", Needs::Budget(Role::Viewer)),
    ("Query", "cohorts", Needs::Budget(Role::Viewer)),
    ("Mutation", "excludeAnswers", Needs::Budget(Role::Organiser)),
    ("Mutation", "undoExclusion", Needs::Budget(Role::Organiser)),
    // accounts
    ("Query", "me", Needs::Nothing),
    ("Query", "desk", Needs::Nothing),
    ("Query", "invitation", Needs::Nothing),
    ("Query", "accounts", Needs::Installation(Role::Owner)),
    ("Query", "invitations", Needs::Installation(Role::Owner)),
    ("Query", "auditLog", Needs::Budget(Role::Organiser)),
    ("Mutation", "signIn", Needs::Nothing),
    ("Mutation", "acceptInvitation", Needs::Nothing),
    ("Mutation", "signOut", Needs::Account),
    ("Mutation", "changePassword", Needs::Account),
    ("Mutation", "beginTotp", Needs::Account),
    ("Mutation", "confirmTotp", Needs::Account),
    ("Mutation", "removeTotp", Needs::Account),
    ("Mutation", "endSession", Needs::Account),
    ("Mutation", "endAllSessions", Needs::Account),
    ("Mutation", "invite", Needs::Budget(Role::Owner)),
    ("Mutation", "withdrawInvitation", Needs::Budget(Role::Owner)),
    ("Mutation", "setRole", Needs::Budget(Role::Owner)),
    ("Mutation", "disableAccount", Needs::Installation(Role::Owner)),
    ("Mutation", "endAccountSessions", Needs::Installation(Role::Owner)),
    ("Subscription", "me", Needs::Account),
];

/// Returns what a root field needs. None if the table has no row for it.
pub fn needs(root: &str, field: &str) -> Option<Needs> {
    TABLE.iter().find(|(on, name, _)| *on == root && *name == field).map(|(.., needs)| *needs)
}

/// Checks whether a caller has what a root field needs.
pub fn check(caller: &DeskCaller, root: &str, field: &str) -> Result<(), Fault> {
    match needs(root, field) {
        None => Err(Fault::new(ErrorCode::Forbidden, "Nobody may ask for this field.")),
        Some(Needs::Nothing) => Ok(()),
        Some(Needs::Account) => caller.signed_in().map(|_| ()),
        Some(Needs::Installation(role)) => caller.in_installation(role).map(|_| ()),
        Some(Needs::Budget(role)) => {
            let has = caller.signed_in()?.highest_role();
            if has >= Some(role) { Ok(()) } else { Err(forbidden(role, "a budget")) }
        }
    }
}

/// The extension of async-graphql that checks each root field before it is resolved. It checks each item of a subscription,
/// whose resolver async-graphql runs before any extension: that resolver must check its caller itself too.
pub struct Door;

impl ExtensionFactory for Door {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self)
    }
}

#[async_graphql::async_trait::async_trait]
impl Extension for Door {
    async fn resolve(
        &self,
        context: &ExtensionContext<'_>,
        info: ResolveInfo<'_>,
        next: NextResolve<'_>,
    ) -> ServerResult<Option<Value>> {
        let is_root = ["Query", "Mutation", "Subscription"].contains(&info.parent_type);
        if is_root && !info.is_for_introspection && !info.name.starts_with("__") {
            let caller = context.data_opt::<DeskCaller>();
            let checked = caller.map_or_else(
                || Err(Fault::new(ErrorCode::Unauthenticated, "Sign in first.")),
                |caller| check(caller, info.parent_type, info.name),
            );
            if let Err(fault) = checked {
                let error: async_graphql::Error = fault.into();
                return Err(ServerError { path: Vec::new(), ..error.into_server_error(info.field.name.pos) });
            }
        }
        next.run(context, info).await
    }
}
