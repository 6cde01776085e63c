//! One file per noun of the schema.

pub mod aggregate;
pub mod budget;
pub mod presentation;
pub mod submission;
pub mod viewer;

use crate::domain::percent::Percent;

/// Basis points as a float.
fn percent(basis_points: impl Into<u32>) -> f64 {
    Percent(basis_points.into()).as_f64()
}

/// A count as GraphQL's 32-bit `Int`.
fn count(count: i64) -> i32 {
    i32::try_from(count).unwrap_or(if count < 0 { i32::MIN } else { i32::MAX })
}
