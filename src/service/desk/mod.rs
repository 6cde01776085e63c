//! The use cases of the organisers' desk, one file a noun. Each change is in the audit log, or is not made.

pub mod budgets;
pub mod schedule;
pub mod share_kit;
