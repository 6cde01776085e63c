//! Responses: errors, refusals, and content negotiation.

pub mod allowances;
pub mod error;
pub mod header_spelling;
pub mod negotiation;
pub mod over_limit;
pub mod spreadsheet;
