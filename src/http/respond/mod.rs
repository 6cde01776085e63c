//! Responses: errors, refusals, and content negotiation.

pub mod error;
pub mod negotiation;
pub mod over_limit;
