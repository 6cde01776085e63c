//! Why something at the desk was not done.

use std::{fmt::Display, time::Duration};

use crate::{domain::violation::Violation, service::codes::keys::NoRandomness, store::StoreError};

/// Why something at the desk was not done.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// The input breaks a rule.
    #[error("the input breaks the rule {}", .0.rule)]
    Invalid(Violation),
    /// The name, the password or the code is wrong. The text never says which of name and password.
    #[error("{0}")]
    Refused(&'static str),
    /// There is no such object, or the caller may not see it.
    #[error("{0}")]
    NotFound(&'static str),
    /// Too many attempts were made. The next one may come after this time.
    #[error("too many attempts")]
    RateLimited(Duration),
    /// Too many passwords are being checked.
    #[error("too many passwords are being checked")]
    Busy,
    /// The text is for the log.
    #[error("{0}")]
    Internal(String),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl DeskError {
    /// An error that is nobody's fault.
    pub fn internal(error: impl Display) -> Self {
        Self::Internal(error.to_string())
    }

    /// An input that breaks a rule.
    pub fn invalid(path: &str, rule: &'static str, message: &str) -> Self {
        Self::Invalid(Violation::new(path, rule, message))
    }
}

impl From<NoRandomness> for DeskError {
    fn from(error: NoRandomness) -> Self {
        Self::internal(error)
    }
}

impl From<Violation> for DeskError {
    fn from(violation: Violation) -> Self {
        Self::Invalid(violation)
    }
}
