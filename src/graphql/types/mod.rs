//! One file per noun of the schema.

pub mod aggregate;
pub mod budget;
mod global_id;
pub mod node;
pub mod presentation;
pub mod submission;
pub mod viewer;

/// Basis points to per cent: the edge, where integers become floats.
fn percent(basis_points: u32) -> f64 {
    f64::from(basis_points) / 100.0
}

/// A count as GraphQL's 32-bit `Int`.
fn count(count: i64) -> i32 {
    i32::try_from(count).unwrap_or(if count < 0 { i32::MIN } else { i32::MAX })
}
