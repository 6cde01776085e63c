//! The directives `@listSize` and `@cost`, after the GraphQL Cost Directives specification (IBM, 2021). They say in the
//! schema what its fields cost, so that tools can predict the cost of a query too.

pub use directive::{cost, list_size};

/// The name of the directive for lists.
pub const LIST_SIZE: &str = "listSize";
/// The name of the directive for fields that cost more than their values, for example because they read the database.
pub const COST: &str = "cost";
/// The argument of `@cost`.
pub const WEIGHT: &str = "weight";
/// The argument of `@listSize` with the assumed size.
pub const ASSUMED_SIZE: &str = "assumedSize";
/// The argument of `@listSize` with the names of the field's arguments that ask for a size.
pub const SLICING_ARGUMENTS: &str = "slicingArguments";

// The macro generates items without a doc comment.
#[allow(missing_docs)]
mod directive {
    use async_graphql::TypeDirective;

    /// The number of items of a list, by which the server weighs a query before executing it. It is the number that a
    /// slicing argument asks for, or the assumed size if there is no such argument. On a connection, it counts for
    /// everything inside the connection.
    #[TypeDirective(name = "listSize", location = "FieldDefinition")]
    pub fn list_size(assumed_size: Option<i32>, slicing_arguments: Option<Vec<String>>) {}

    /// The cost of a field in addition to its values, for example for reading the database.
    #[TypeDirective(name = "cost", location = "FieldDefinition")]
    pub fn cost(weight: String) {}
}
