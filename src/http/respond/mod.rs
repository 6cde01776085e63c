//! Responses: errors, refusals, and content negotiation.

pub mod error;
pub mod header_spelling;
pub mod negotiation;
pub mod over_limit;
