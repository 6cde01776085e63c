//! The use cases of the organisers' desk. Every change is stored in one transaction with its entry in the audit log.

pub mod accounts;
pub mod answer_ids;
pub mod answers;
pub mod budgets;
pub mod console;
pub mod error;
pub mod exclusions;
pub mod invitations;
pub mod live;
pub mod operations;
pub mod passwords;
pub mod schedule;
pub mod sessions;
pub mod share_kit;
pub mod statistics;
pub mod tokens;
pub mod totp;
