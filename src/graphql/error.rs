//! Faults as clients see them: a stable code, a sentence, and nothing of our insides.

use std::time::Duration;

use async_graphql::{ErrorExtensions, Value, to_value};
use uuid::Uuid;

use crate::{
    domain::violation::Violation,
    service::{intake::IntakeError, submit::SubmitError},
    store::StoreError,
};

/// How long a client is told to wait for what is away or too busy: about what a failover or a restart takes at the least.
const RETRY_AFTER_SECONDS: u64 = 2;

/// An answer that is not one. Has no `Display`: the blanket conversion of displayable errors would lose the code.
#[derive(Debug)]
pub struct ApiError {
    code: &'static str,
    message: String,
    extension: Option<(&'static str, Value)>,
}

impl ApiError {
    /// The input breaks rules; each is named.
    pub fn bad_user_input(violations: &[Violation]) -> Self {
        let message = violations.iter().map(|violation| violation.message.as_str()).collect::<Vec<_>>().join(" ");
        let violations = to_value(violations).unwrap_or_default();
        Self { code: "BAD_USER_INPUT", message, extension: Some(("violations", violations)) }
    }

    /// What was asked for does not exist.
    pub fn not_found(message: impl Into<String>) -> Self {
        Self::plain("NOT_FOUND", message)
    }

    /// Something that was waited for did not come.
    pub fn silent() -> Self {
        Self::later("UNAVAILABLE", "This takes too long now. Try again in a moment, with the same idempotency key.")
    }

    /// Too often; `what` is a sentence.
    pub fn rate_limited(what: &str, wait: Duration) -> Self {
        // Rounded up: whoever waits as told is let in.
        let seconds = u64::try_from(wait.as_millis().div_ceil(1000)).unwrap_or(u64::MAX);
        let message = format!("{what} Try again in {seconds} seconds.");
        Self { code: "RATE_LIMITED", message, extension: Some(("retryAfterSeconds", seconds.into())) }
    }

    /// This process has too much to do.
    pub fn overloaded(message: &str) -> Self {
        Self::later("OVERLOADED", message)
    }

    /// What may well succeed in a moment.
    fn later(code: &'static str, message: &str) -> Self {
        let extension = Some(("retryAfterSeconds", RETRY_AFTER_SECONDS.into()));
        Self { code, message: message.to_owned(), extension }
    }

    fn plain(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), extension: None }
    }
}

impl ApiError {
    /// A failure of the store; borrowed, because several look-ups may share one.
    pub fn from_store(error: &StoreError) -> Self {
        if error.is_unavailable() {
            tracing::error!(%error, "the database is away");
            return Self::later("UNAVAILABLE", "The database does not answer now. Try again in a moment.");
        }
        let id = Uuid::new_v4();
        tracing::error!(%error, error_id = %id, "internal error");
        let message = format!("Something went wrong here. Tell the operators this error id: {id}");
        Self { code: "INTERNAL", message, extension: Some(("errorId", id.to_string().into())) }
    }
}

impl From<ApiError> for async_graphql::Error {
    fn from(error: ApiError) -> Self {
        Self::new(error.message).extend_with(|_, extensions| {
            extensions.set("code", error.code);
            if let Some((name, value)) = error.extension {
                extensions.set(name, value);
            }
        })
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        Self::from_store(&error)
    }
}

impl From<SubmitError> for ApiError {
    fn from(error: SubmitError) -> Self {
        match error {
            SubmitError::Invalid(violations) => Self::bad_user_input(&violations),
            SubmitError::UnknownBudget => {
                Self::not_found("There is no budget with this slug. The query `budgets` lists those that there are.")
            }
            SubmitError::NotOpen(reason) => {
                Self::plain("BUDGET_NOT_OPEN", format!("This budget takes no submissions now: {reason}."))
            }
            SubmitError::RateLimited(wait) => Self::rate_limited("Too many submissions.", wait),
            SubmitError::Intake(IntakeError::Overloaded) => Self::later(
                "OVERLOADED",
                "Too many submissions are waiting. Nothing was stored; try again in a moment.",
            ),
            SubmitError::Intake(IntakeError::Unavailable) => Self::later(
                "UNAVAILABLE",
                "The submission could not be confirmed. Try again with the same idempotency key; it will count once.",
            ),
            SubmitError::Store(error) => error.into(),
        }
    }
}
