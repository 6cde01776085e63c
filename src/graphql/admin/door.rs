//! The one door of the desk: each root field needs what the table says, and a field without a row answers nobody.

use std::{
    collections::HashSet,
    sync::{Arc, OnceLock},
};

use async_graphql::{
    Name, Positioned, Request, ServerResult, Value, Variables,
    extensions::{
        Extension, ExtensionContext, ExtensionFactory, NextParseQuery, NextPrepareRequest, NextResolve, ResolveInfo,
    },
    parser::types::{ExecutableDocument, Field, OperationType, Selection, SelectionSet},
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
    ("Query", "people", Needs::Budget(Role::Owner)),
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

/// The extension of async-graphql that checks each root field: of a query or a mutation before it is resolved, so that the
/// others still answer; of a subscription before its stream is made, and again with each item.
pub struct Door;

impl ExtensionFactory for Door {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(RequestDoor::default())
    }
}

/// The door of one request.
#[derive(Default)]
struct RequestDoor {
    operation_name: OnceLock<String>,
}

#[async_graphql::async_trait::async_trait]
impl Extension for RequestDoor {
    async fn prepare_request(
        &self,
        context: &ExtensionContext<'_>,
        request: Request,
        next: NextPrepareRequest<'_>,
    ) -> ServerResult<Request> {
        let request = next.run(context, request).await?;
        if let Some(name) = &request.operation_name {
            self.operation_name.get_or_init(|| name.clone());
        }
        Ok(request)
    }

    // async-graphql calls the resolver of a subscription before `resolve`, so its fields are checked here.
    async fn parse_query(
        &self,
        context: &ExtensionContext<'_>,
        query: &str,
        variables: &Variables,
        next: NextParseQuery<'_>,
    ) -> ServerResult<ExecutableDocument> {
        let document = next.run(context, query, variables).await?;
        let executed = self.operation_name.get();
        for (name, operation) in document.operations.iter() {
            let is_executed = executed.is_none_or(|executed| name.is_some_and(|name| name.as_str() == executed));
            if is_executed && operation.node.ty == OperationType::Subscription {
                for field in root_fields(&document, &operation.node.selection_set.node) {
                    check_field(context, "Subscription", &field.node.name)?;
                }
            }
        }
        Ok(document)
    }

    async fn resolve(
        &self,
        context: &ExtensionContext<'_>,
        info: ResolveInfo<'_>,
        next: NextResolve<'_>,
    ) -> ServerResult<Option<Value>> {
        let is_root = ["Query", "Mutation", "Subscription"].contains(&info.parent_type);
        if is_root && !info.is_for_introspection {
            check_field(context, info.parent_type, &info.field.name)?;
        }
        next.run(context, info).await
    }
}

/// Checks the caller of a request. A meta field such as `__typename` needs nothing.
fn check_field(context: &ExtensionContext<'_>, root: &str, field: &Positioned<Name>) -> ServerResult<()> {
    if field.node.starts_with("__") {
        return Ok(());
    }
    let caller = context.data_opt::<DeskCaller>();
    let caller = caller.ok_or_else(|| Fault::new(ErrorCode::Unauthenticated, "Sign in first."));
    caller.and_then(|caller| check(caller, root, &field.node)).map_err(|fault| {
        let error: async_graphql::Error = fault.into();
        error.into_server_error(field.pos)
    })
}

/// The fields of a root selection, also those within fragments.
fn root_fields<'a>(document: &'a ExecutableDocument, selections: &'a SelectionSet) -> Vec<&'a Positioned<Field>> {
    let mut fields = Vec::new();
    let mut seen = HashSet::new();
    let mut rest = vec![selections];
    while let Some(selections) = rest.pop() {
        for selection in &selections.items {
            match &selection.node {
                Selection::Field(field) => fields.push(field),
                Selection::InlineFragment(fragment) => rest.push(&fragment.node.selection_set.node),
                Selection::FragmentSpread(spread) => {
                    let name = &spread.node.fragment_name.node;
                    // A fragment that spreads itself is refused later.
                    if seen.insert(name) {
                        rest.extend(document.fragments.get(name).map(|found| &found.node.selection_set.node));
                    }
                }
            }
        }
    }
    fields
}
