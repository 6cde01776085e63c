//! What the schema's fields cost: `@listSize` and `@cost`, after the GraphQL Cost Directives specification (IBM, 2021), so that
//! tools too can tell what a query will cost.

pub use directive::{cost, list_size};

/// The name of the directive for lists.
pub const LIST_SIZE: &str = "listSize";
/// The name of the directive for what costs more than a value that is there already.
pub const COST: &str = "cost";
/// Its argument.
pub const WEIGHT: &str = "weight";
/// Its argument with the size that is assumed.
pub const ASSUMED_SIZE: &str = "assumedSize";
/// Its argument with the names of the field's arguments that ask for a size.
pub const SLICING_ARGUMENTS: &str = "slicingArguments";

// The macro makes items without a description.
#[allow(missing_docs)]
mod directive {
    use async_graphql::TypeDirective;

    /// How many items a list has, for weighing a query before it is executed: as many as a slicing argument asks for, and
    /// where none is given, the assumed size. On a connection it counts for everything inside.
    #[TypeDirective(name = "listSize", location = "FieldDefinition")]
    pub fn list_size(assumed_size: Option<i32>, slicing_arguments: Option<Vec<String>>) {}

    /// What a field costs beside its values, such as for reading the database.
    #[TypeDirective(name = "cost", location = "FieldDefinition")]
    pub fn cost(weight: String) {}
}
