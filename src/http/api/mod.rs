//! Public numbers as files, for programs that do not speak GraphQL.

pub mod aggregate;
pub mod budget_schema;
pub mod my_data;
