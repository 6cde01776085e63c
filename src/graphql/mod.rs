//! The GraphQL schema: thin roots over the services. Descriptions here are what people read in the explorer.

use async_graphql::{Schema, dataloader::DataLoader};
use tokio_util::sync::CancellationToken;

use crate::service::Services;

pub mod caller;
mod error;
mod error_codes;
pub mod executor;
mod loaders;
mod mutation;
pub mod public;
mod query;
mod subscription;
mod types;

pub use mutation::Mutation;
pub use query::Query;
pub use subscription::Subscription;

/// The schema with everything that its resolvers need.
pub type TaxBudgetSchema = Schema<Query, Mutation, Subscription>;

/// Deep enough for the introspection query of today's tools, which is deeper than any sensible query of our own.
const DEPTH_LIMIT: usize = 16;
/// Fields of one answer, lists counted by their requested length.
const COMPLEXITY_LIMIT: usize = 3_000;

/// How the schema behaves, apart from what it offers.
#[derive(Debug, Clone)]
pub struct SchemaOptions {
    /// Whether `__schema` and `__type` answer.
    pub introspection: bool,
    /// Ends every subscription.
    pub stop: CancellationToken,
}

/// The schema over the services.
pub fn schema(services: Services, options: SchemaOptions) -> TaxBudgetSchema {
    let loader = DataLoader::new(loaders::Loaders(services.clone()), tokio::spawn);
    let mut builder = Schema::build(Query, Mutation, Subscription)
        .data(services)
        .data(loader)
        .data(options.stop)
        .extension(error_codes::ErrorCodes)
        .limit_depth(DEPTH_LIMIT)
        .limit_complexity(COMPLEXITY_LIMIT);
    if !options.introspection {
        builder = builder.disable_introspection();
    }
    builder.finish()
}

/// The schema in the schema definition language, as committed in `schema.graphql`.
pub fn sdl() -> String {
    Schema::build(Query, Mutation, Subscription).finish().sdl()
}
