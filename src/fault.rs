//! Faults as clients see them over every transport: a stable code, a sentence, and nothing of our insides.

use std::time::Duration;

use serde::{Serialize, Serializer, ser::SerializeStruct};
use uuid::Uuid;

use crate::{domain::violation::Violation, store::StoreError};

/// How long a client is told to wait for what is away or too busy: about what a failover or a restart takes at the least.
const RETRY_AFTER: Duration = Duration::from_secs(2);

/// What kind of fault it is: `extensions.code`. Clients decide by it, so a code never changes its meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorCode {
    /// The input breaks rules; `violations` name them.
    BadUserInput,
    /// There is no such thing, or it is not shown to this caller.
    NotFound,
    /// The budget takes no submissions now.
    BudgetNotOpen,
    /// Too often; `retryAfterSeconds` says when to try again.
    RateLimited,
    /// This process has too much to do; nothing was done.
    Overloaded,
    /// Something that is needed does not answer now.
    Unavailable,
    /// The bearer token is not valid.
    Unauthenticated,
    /// This caller may not do that.
    Forbidden,
    /// The operation or its answer is beyond a limit; `limit`, `maximum` and `actual` say which.
    QueryTooComplex,
    /// Apollo's protocol: send the document itself.
    PersistedQueryNotFound,
    /// Apollo's protocol: this version is not known.
    PersistedQueryNotSupported,
    /// A fault of ours; `errorId` names it in the log.
    Internal,
}

impl ErrorCode {
    /// Every code.
    pub const ALL: [Self; 12] = [
        Self::BadUserInput,
        Self::NotFound,
        Self::BudgetNotOpen,
        Self::RateLimited,
        Self::Overloaded,
        Self::Unavailable,
        Self::Unauthenticated,
        Self::Forbidden,
        Self::QueryTooComplex,
        Self::PersistedQueryNotFound,
        Self::PersistedQueryNotSupported,
        Self::Internal,
    ];

    /// As clients read it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::BadUserInput => "BAD_USER_INPUT",
            Self::NotFound => "NOT_FOUND",
            Self::BudgetNotOpen => "BUDGET_NOT_OPEN",
            Self::RateLimited => "RATE_LIMITED",
            Self::Overloaded => "OVERLOADED",
            Self::Unavailable => "UNAVAILABLE",
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::Forbidden => "FORBIDDEN",
            Self::QueryTooComplex => "QUERY_TOO_COMPLEX",
            Self::PersistedQueryNotFound => "PERSISTED_QUERY_NOT_FOUND",
            Self::PersistedQueryNotSupported => "PERSISTED_QUERY_NOT_SUPPORTED",
            Self::Internal => "INTERNAL",
        }
    }
}

impl Serialize for ErrorCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// A fault. Has no `Display`: the GraphQL library converts everything displayable into an error, and would lose the code.
#[derive(Debug, Clone)]
pub struct Fault {
    /// A sentence for people: what is wrong and what to do.
    pub message: String,
    /// What programs read.
    pub extensions: Extensions,
}

/// What programs read of a fault.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Extensions {
    code: ErrorCode,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after_seconds: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    violations: Option<Vec<Violation>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_id: Option<Uuid>,
}

impl Fault {
    /// A fault with this code and sentence.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        let extensions = Extensions { code, retry_after_seconds: None, violations: None, error_id: None };
        Self { message: message.into(), extensions }
    }

    /// The input breaks rules; each is named.
    pub fn invalid(violations: Vec<Violation>) -> Self {
        let messages: Vec<&str> = violations.iter().map(|violation| violation.message.as_str()).collect();
        let mut fault = Self::new(ErrorCode::BadUserInput, messages.join(" "));
        fault.extensions.violations = Some(violations);
        fault
    }

    /// There is no budget with the slug that was given.
    pub fn unknown_budget() -> Self {
        let message = "There is no budget with this slug. The query `budgets` lists those that there are.";
        Self::new(ErrorCode::NotFound, message)
    }

    /// Too often; `what` is a sentence.
    pub fn rate_limited(what: &str, wait: Duration) -> Self {
        let mut fault = Self::new(ErrorCode::RateLimited, "").retry_after(wait);
        let seconds = fault.retry_after_seconds().unwrap_or_default();
        fault.message = format!("{what} Try again in {seconds} seconds.");
        fault
    }

    /// This process has too much to do; nothing was done.
    pub fn overloaded(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::Overloaded, message).retry_after(RETRY_AFTER)
    }

    /// Something that is needed does not answer now.
    pub fn unavailable(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::Unavailable, message).retry_after(RETRY_AFTER)
    }

    /// A fault of ours. `log` writes the cause under the id that the client is told.
    pub fn internal(log: impl FnOnce(Uuid)) -> Self {
        let id = Uuid::new_v4();
        log(id);
        let message = format!("Something went wrong here. Tell the operators this error id: {id}");
        let mut fault = Self::new(ErrorCode::Internal, message);
        fault.extensions.error_id = Some(id);
        fault
    }

    /// A failure of the store; borrowed, because several look-ups may share one.
    pub fn of_store(error: &StoreError) -> Self {
        if error.is_unavailable() {
            tracing::error!(%error, "the database is away");
            return Self::unavailable("The database does not answer now. Try again in a moment.");
        }
        Self::internal(|id| tracing::error!(%error, error_id = %id, "internal error"))
    }

    /// The same, to be tried again after this time. Rounded up to seconds: a client that waits as told is let in.
    #[must_use]
    pub fn retry_after(mut self, wait: Duration) -> Self {
        let seconds = u64::try_from(wait.as_millis().div_ceil(1000)).unwrap_or(u64::MAX);
        self.extensions.retry_after_seconds = Some(seconds);
        self
    }

    /// When to try again, where that may help.
    pub fn retry_after_seconds(&self) -> Option<u64> {
        self.extensions.retry_after_seconds
    }

    /// What kind of fault it is.
    pub fn code(&self) -> ErrorCode {
        self.extensions.code
    }
}

/// As an error in a GraphQL response.
impl Serialize for Fault {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut error = serializer.serialize_struct("Fault", 2)?;
        error.serialize_field("message", &self.message)?;
        error.serialize_field("extensions", &self.extensions)?;
        error.end()
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Self::of_store(&error)
    }
}
