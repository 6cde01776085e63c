//! Responses: errors, refusals, and what was negotiated with the client.

pub mod error;
pub mod negotiation;
pub mod over_limit;
