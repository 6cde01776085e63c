//! The use cases of the organisers' desk. Every change is stored in one transaction with its entry in the audit log.

pub mod accounts;
pub mod answer_ids;
pub mod answers;
pub mod error;
pub mod exclusions;
pub mod invitations;
pub mod live;
pub mod operations;
pub mod passwords;
pub mod sessions;
pub mod tokens;
pub mod totp;
