//! Public numbers as files, for programs that do not speak GraphQL.

pub mod aggregate;
pub mod my_data;
