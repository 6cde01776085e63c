//! One file per noun of the schema.

pub mod aggregate;
pub mod budget;
pub mod date_time;
pub mod exclusion;
mod global_id;
pub mod installation;
pub mod node;
pub mod presentation;
pub mod submission;
pub mod viewer;

/// Converts basis points into per cent. Only here, at the edge, integers become floats.
pub fn percent(basis_points: impl Into<u32>) -> f64 {
    f64::from(basis_points.into()) / 100.0
}

/// Converts a count into the 32-bit `Int` of GraphQL. A count beyond its range becomes the nearest possible value.
fn count(count: i64) -> i32 {
    i32::try_from(count).unwrap_or(if count < 0 { i32::MIN } else { i32::MAX })
}
