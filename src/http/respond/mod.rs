//! Responses: errors, refusals, and what was negotiated with the client.

pub mod error;
pub mod header_spelling;
pub mod negotiation;
pub mod over_limit;
