//! Tax Budget Allocator.
pub mod domain;
