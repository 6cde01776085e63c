//! The GraphQL schema: thin root types over the services. The doc comments of its types are the descriptions that
//! people read in GraphiQL.

use async_graphql::{
    OutputType, SDLExportOptions, Schema, SubscriptionType, ValidationMode,
    registry::{MetaTypeName, Registry},
};
use tokio_util::sync::CancellationToken;

use self::loaders::SharedLoader;
use crate::service::Services;

pub mod admin;
pub mod caller;
pub mod cost_directives;
mod error;
pub mod error_codes;
pub mod input_fields;
mod loaders;
mod mutation;
pub mod public;
mod query;
mod subscription;
pub mod subscription_metadata;
mod types;
mod visibility;

pub use mutation::Mutation;
pub use query::Query;
pub use subscription::Subscription;
pub use types::percent;

/// The schema with everything that its resolvers need.
pub type TaxBudgetSchema = Schema<Query, Mutation, Subscription>;

/// The options of the schema.
#[derive(Debug, Clone)]
pub struct SchemaOptions {
    /// Whether clients may query `__schema` and `__type`.
    pub introspection: bool,
    /// The token that ends every subscription.
    pub stop: CancellationToken,
}

/// The schema, once for each way of validating documents.
#[derive(Clone)]
pub struct Schemas {
    /// Validates each document by all rules.
    pub validating: TaxBudgetSchema,
    /// Executes a document that was found valid before, with variables that are of the right types.
    pub executing_valid: TaxBudgetSchema,
}

impl Schemas {
    /// Builds the schema over the services.
    pub fn new(services: &Services, options: &SchemaOptions) -> Self {
        let loader = loaders::shared(services);
        Self {
            validating: schema(services, &loader, options, ValidationMode::Strict),
            executing_valid: schema(services, &loader, options, ValidationMode::Fast),
        }
    }
}

fn schema(
    services: &Services,
    loader: &SharedLoader,
    options: &SchemaOptions,
    validation: ValidationMode,
) -> TaxBudgetSchema {
    let mut builder = Schema::build(Query, Mutation, Subscription)
        .data(services.clone())
        .data(SharedLoader::clone(loader))
        .data(options.stop.clone())
        .validation_mode(validation)
        // Suggestions are slow: they compare each unknown name with every name of the schema.
        .disable_suggestions();
    if !options.introspection {
        builder = builder.disable_introspection();
    }
    builder.finish()
}

/// Returns the schema in the schema definition language, as committed in `schema.graphql`.
pub fn sdl() -> String {
    Schema::build(Query, Mutation, Subscription)
        .finish()
        .sdl_with_options(SDLExportOptions::new().include_specified_by())
}

/// Returns every type of the schema, with its directives.
pub fn registry() -> Registry {
    let mut registry = Registry::default();
    let name = |name: String| MetaTypeName::concrete_typename(&name).to_owned();
    registry.query_type = name(Query::create_type_info(&mut registry));
    registry.mutation_type = Some(name(Mutation::create_type_info(&mut registry)));
    registry.subscription_type = Some(name(Subscription::create_type_info(&mut registry)));
    registry
}
