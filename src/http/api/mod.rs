//! Public numbers as files, for programs that speak no GraphQL.

pub mod aggregate;
