//! The schema of the organisers' desk. It shares types with the public schema, and nothing of it answers without the role that
//! [`door`] asks for.

use std::sync::Arc;

use async_graphql::{Context, MergedObject, MergedSubscription, SDLExportOptions, Schema};
use tokio_util::sync::CancellationToken;

use super::{error_codes, input_fields, loaders};
use crate::{
    domain::{budget::PresentedBudget, desk::Role, violation::Violation},
    fault::Fault,
    service::Services,
};

mod accounts;
mod answers;
mod audit;
mod budgets;
pub mod caller;
mod desk_budget;
pub mod door;
mod ids;
mod jobs;
mod operations;
mod running;
mod ticks;

/// Everything that can be read at the desk.
#[derive(MergedObject, Default)]
#[graphql(name = "Query")]
pub struct AdminQuery(
    accounts::AccountQuery,
    audit::AuditQuery,
    budgets::BudgetQuery,
    answers::AnswerQuery,
    running::RunningQuery,
    operations::OperationsQuery,
    jobs::JobQuery,
);

/// Everything that can be changed at the desk.
#[derive(MergedObject, Default)]
#[graphql(name = "Mutation")]
pub struct AdminMutation(
    accounts::AccountMutation,
    budgets::BudgetMutation,
    answers::AnswerMutation,
    jobs::JobMutation,
);

/// Everything that can be watched at the desk.
#[derive(MergedSubscription, Default)]
#[graphql(name = "Subscription")]
pub struct AdminSubscription(
    accounts::AccountSubscription,
    budgets::BudgetSubscription,
    running::RunningSubscription,
    operations::OperationsSubscription,
    jobs::JobSubscription,
);

/// The schema of the desk with everything that its resolvers need.
pub type AdminSchema = Schema<AdminQuery, AdminMutation, AdminSubscription>;

const MAX_DEPTH: usize = 15;
const MAX_COMPLEXITY: usize = 2_000;
const MAX_DIRECTIVES: usize = 20;

/// Builds the schema over the services. `stop` ends every subscription.
pub fn schema(services: Services, stop: CancellationToken) -> AdminSchema {
    let loader = loaders::shared(&services);
    Schema::build(AdminQuery::default(), AdminMutation::default(), AdminSubscription::default())
        .data(services)
        .data(loader)
        .data(stop)
        .extension(door::Door)
        .extension(error_codes::ErrorCodes)
        .extension(input_fields::KnownInputFields)
        .limit_depth(MAX_DEPTH)
        .limit_complexity(MAX_COMPLEXITY)
        .limit_directives(MAX_DIRECTIVES)
        .disable_suggestions()
        .finish()
}

/// Returns the schema in the schema definition language, as committed in `admin.graphql`.
pub fn sdl() -> String {
    Schema::build(AdminQuery::default(), AdminMutation::default(), AdminSubscription::default())
        .finish()
        .sdl_with_options(SDLExportOptions::new().include_specified_by())
}

/// Finds the budget with this slug, a draft too, if the caller has at least this role in it.
async fn budget_of(context: &Context<'_>, slug: &str, role: Role) -> Result<Arc<PresentedBudget>, Fault> {
    let budget = context.data_unchecked::<Services>().catalogue.by_slug(slug).await?;
    let budget = budget.ok_or_else(Fault::unknown_budget)?;
    context.data_unchecked::<caller::DeskCaller>().in_budget(budget.id, role)?;
    Ok(budget)
}

fn invalid(path: &str, rule: &'static str, message: impl Into<String>) -> Fault {
    Fault::invalid(vec![Violation::new(path, rule, message)])
}

/// A number that may be larger than an `Int` of GraphQL.
#[allow(clippy::cast_precision_loss)] // beyond 2^53 nobody counts
fn exact(count: i64) -> f64 {
    count as f64
}
