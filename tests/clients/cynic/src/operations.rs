//! The operations of `../../operations.graphql` as cynic has them: in types, which it checks against the schema when this
//! program is compiled.

use serde::Serialize;

#[cynic::schema("taxbudget")]
mod schema {}

#[derive(cynic::QueryVariables, serde::Deserialize)]
pub struct Slug {
    slug: String,
}

#[derive(cynic::QueryFragment, Serialize)]
#[cynic(graphql_type = "Query", variables = "Slug")]
pub struct Read {
    #[arguments(slug: $slug)]
    budget: Option<Budget>,
}

#[derive(cynic::QueryFragment, Serialize)]
pub struct Budget {
    id: cynic::Id,
    slug: String,
    status: BudgetStatus,
}

#[derive(cynic::Enum)]
pub enum BudgetStatus {
    Draft,
    Open,
    Closed,
}

#[derive(cynic::QueryVariables, serde::Deserialize)]
pub struct Id {
    id: cynic::Id,
}

#[derive(cynic::QueryFragment, Serialize)]
#[cynic(graphql_type = "Query", variables = "Id")]
pub struct Find {
    #[arguments(id: $id)]
    node: Option<Node>,
}

#[derive(cynic::InlineFragments, Serialize)]
#[serde(untagged)]
pub enum Node {
    Budget(BudgetNode),
    Category(CategoryNode),
    #[cynic(fallback)]
    Other,
}

#[derive(cynic::QueryFragment, Serialize)]
#[cynic(graphql_type = "Budget")]
pub struct BudgetNode {
    __typename: String,
    id: cynic::Id,
    slug: String,
}

#[derive(cynic::QueryFragment, Serialize)]
#[cynic(graphql_type = "Category")]
pub struct CategoryNode {
    __typename: String,
    id: cynic::Id,
    key: String,
}

#[derive(cynic::QueryVariables, serde::Deserialize)]
pub struct Input {
    input: SubmitAllocationInput,
}

#[derive(cynic::InputObject, serde::Deserialize)]
pub struct SubmitAllocationInput {
    budget: String,
    shares: Vec<ShareInput>,
}

#[derive(cynic::InputObject, serde::Deserialize)]
pub struct ShareInput {
    category: String,
    percent: f64,
}

#[derive(cynic::QueryFragment, Serialize)]
#[cynic(graphql_type = "Mutation", variables = "Input")]
#[serde(rename_all = "camelCase")]
pub struct Submit {
    #[arguments(input: $input)]
    submit_allocation: SubmitAllocationPayload,
}

#[derive(cynic::QueryFragment, Serialize)]
pub struct SubmitAllocationPayload {
    submission: Submission,
}

#[derive(cynic::QueryFragment, Serialize)]
pub struct Submission {
    budget: BudgetSlug,
}

#[derive(cynic::QueryFragment, Serialize)]
#[cynic(graphql_type = "Budget")]
pub struct BudgetSlug {
    slug: String,
}

#[derive(cynic::QueryVariables, serde::Deserialize)]
pub struct WatchedBudget {
    budget: String,
}

#[derive(cynic::QueryFragment, Serialize)]
#[cynic(graphql_type = "Subscription", variables = "WatchedBudget")]
pub struct Watch {
    #[arguments(budget: $budget)]
    aggregate: BudgetAggregate,
}

#[derive(cynic::QueryFragment, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BudgetAggregate {
    revision: cynic::Id,
    participant_count: i32,
}
