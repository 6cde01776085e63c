//! Faults as clients see them over every transport: a stable code and a sentence, without internal details.

use std::time::Duration;

use altcha::Challenge;
use serde::{Serialize, Serializer, ser::SerializeStruct};
use uuid::Uuid;

use crate::{
    domain::{violation::Violation, visibility::ResultVisibility},
    store::StoreError,
};

/// The time after which clients should retry if something is unavailable or overloaded: about the shortest failover or
/// restart.
const RETRY_AFTER: Duration = Duration::from_secs(2);

/// Makes the enum, the list of its values and their names from one list, so that none can be forgotten.
macro_rules! error_codes {
    ($($(#[$doc:meta])* $code:ident = $name:literal,)+) => {
        /// The kind of a fault, which is `extensions.code`. Clients depend on it, so a code never changes its meaning.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum ErrorCode {
            $($(#[$doc])* $code,)+
        }

        impl ErrorCode {
            /// Every code.
            pub const ALL: &[Self] = &[$(Self::$code),+];

            /// Returns the code as clients read it.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$code => $name,)+
                }
            }
        }
    };
}

error_codes! {
    /// The input breaks rules. `violations` name them.
    BadUserInput = "BAD_USER_INPUT",
    /// The requested object does not exist, or this caller may not see it.
    NotFound = "NOT_FOUND",
    /// The budget takes no submissions now.
    BudgetNotOpen = "BUDGET_NOT_OPEN",
    /// The caller has sent too many requests. `retryAfterSeconds` says when to try again.
    RateLimited = "RATE_LIMITED",
    /// The network of the caller has used up its allowance, and the submission costs work now. `challenge` is what to
    /// solve, and `retryAfterSeconds` says when the submission costs nothing again.
    ChallengeRequired = "CHALLENGE_REQUIRED",
    /// This process is overloaded. Nothing was done.
    Overloaded = "OVERLOADED",
    /// A backend does not answer now.
    Unavailable = "UNAVAILABLE",
    /// The bearer token is not valid.
    Unauthenticated = "UNAUTHENTICATED",
    /// This caller may not do this.
    Forbidden = "FORBIDDEN",
    /// The results of the budget are not shown to this caller now: see `Budget.visibility`.
    ResultsHidden = "RESULTS_HIDDEN",
    /// Somebody else has changed the same in the meantime. `conflict` has the version and what is there now.
    Conflict = "CONFLICT",
    /// People have answered the budget, and the change would give their answers another meaning. `violations` name it.
    Frozen = "FROZEN",
    /// The operation or its response exceeds a limit. `limit`, `maximum` and `actual` describe it.
    QueryTooComplex = "QUERY_TOO_COMPLEX",
    /// The hash of a persisted query is unknown. In Apollo's protocol, the client then sends the document itself.
    PersistedQueryNotFound = "PERSISTED_QUERY_NOT_FOUND",
    /// The version of Apollo's protocol for persisted queries is not supported.
    PersistedQueryNotSupported = "PERSISTED_QUERY_NOT_SUPPORTED",
    /// An internal error. `errorId` names it in the log.
    Internal = "INTERNAL",
}

impl Serialize for ErrorCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// A fault. It must not implement `Display`: async-graphql would convert it into an error by itself, and lose the code.
#[derive(Debug, Clone)]
pub struct Fault {
    /// A sentence for people that says what is wrong and what to do.
    pub message: String,
    /// The details for programs.
    pub extensions: Extensions,
}

/// The details of a fault for programs.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Extensions {
    code: ErrorCode,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after_seconds: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    violations: Option<Vec<Violation>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    challenge: Option<Box<Challenge>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    conflict: Option<Box<ConflictDetails>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_id: Option<Uuid>,
}

/// What somebody else has changed in the meantime.
#[derive(Debug, Clone, Serialize)]
pub struct ConflictDetails {
    /// The version that is there now.
    pub version: i64,
    /// The parts that both have changed. Empty if it is not known which.
    pub paths: Vec<String>,
    /// The draft that is there now.
    pub draft: serde_json::Value,
}

impl Fault {
    /// Creates a fault with this code and message.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        let extensions = Extensions {
            code,
            retry_after_seconds: None,
            violations: None,
            challenge: None,
            conflict: None,
            error_id: None,
        };
        Self { message: message.into(), extensions }
    }

    /// Creates a fault that names every broken rule.
    pub fn invalid(violations: Vec<Violation>) -> Self {
        let messages: Vec<&str> = violations.iter().map(|violation| violation.message.as_str()).collect();
        let mut fault = Self::new(ErrorCode::BadUserInput, messages.join(" "));
        fault.extensions.violations = Some(violations);
        fault
    }

    /// Creates the fault of a change that would give answers another meaning.
    pub fn frozen(message: &str, violations: Vec<Violation>) -> Self {
        let mut fault = Self::new(ErrorCode::Frozen, message);
        fault.extensions.violations = Some(violations);
        fault
    }

    /// Creates the fault of a change that meets another one.
    pub fn conflict(details: ConflictDetails) -> Self {
        let message = "Somebody else has changed the budget in the meantime. Load it again and repeat your change.";
        let mut fault = Self::new(ErrorCode::Conflict, message);
        fault.extensions.conflict = Some(Box::new(details));
        fault
    }

    /// Creates the fault of results that this caller may not see now.
    pub fn results_hidden(visibility: ResultVisibility) -> Self {
        let message = match visibility {
            ResultVisibility::AfterTakingPart => {
                "The results are shown to those who have answered, and to everybody once the budget has closed."
            }
            ResultVisibility::Always | ResultVisibility::AfterClosing => {
                "The results are shown once the budget has closed."
            }
        };
        Self::new(ErrorCode::ResultsHidden, message)
    }

    /// Creates the fault for a slug without a visible budget.
    pub fn unknown_budget() -> Self {
        let message = "There is no budget with this slug. The query `budgets` lists those that there are.";
        Self::new(ErrorCode::NotFound, message)
    }

    /// Creates a fault with a message of this sentence and the time to wait.
    pub fn rate_limited(sentence: &str, wait: Duration) -> Self {
        let mut fault = Self::new(ErrorCode::RateLimited, "").retry_after(wait);
        let seconds = fault.retry_after_seconds().unwrap_or_default();
        fault.message = format!("{sentence} Try again in {seconds} seconds.");
        fault
    }

    /// Creates the fault of a submission that needs work, with what to solve.
    pub fn challenge_required(message: String, challenge: Challenge, free_in: Duration) -> Self {
        let mut fault = Self::new(ErrorCode::ChallengeRequired, message).retry_after(free_in);
        fault.extensions.challenge = Some(Box::new(challenge));
        fault
    }

    /// Creates the fault of an overloaded process that has done nothing.
    pub fn overloaded(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::Overloaded, message).retry_after(RETRY_AFTER)
    }

    /// Creates the fault of a backend that does not answer.
    pub fn unavailable(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::Unavailable, message).retry_after(RETRY_AFTER)
    }

    /// Creates an internal error. `log` must write the cause to the log, with the id that the client gets.
    pub fn internal(log: impl FnOnce(Uuid)) -> Self {
        let id = Uuid::new_v4();
        log(id);
        let message = format!("Something went wrong here. Tell the operators this error id: {id}");
        let mut fault = Self::new(ErrorCode::Internal, message);
        fault.extensions.error_id = Some(id);
        fault
    }

    /// Creates a fault from an error of the store. The error is borrowed because several look-ups may share it.
    pub fn of_store(error: &StoreError) -> Self {
        if error.is_unavailable() {
            tracing::error!(%error, "the database is away");
            return Self::unavailable("The database does not answer now. Try again in a moment.");
        }
        Self::internal(|id| tracing::error!(%error, error_id = %id, "internal error"))
    }

    /// Sets the time after which to retry. It is rounded up to seconds, so that a client that waits this long is let
    /// in.
    #[must_use]
    pub fn retry_after(mut self, wait: Duration) -> Self {
        let seconds = u64::try_from(wait.as_millis().div_ceil(1000)).unwrap_or(u64::MAX);
        self.extensions.retry_after_seconds = Some(seconds);
        self
    }

    /// Returns the time after which to retry, if a retry may help.
    pub fn retry_after_seconds(&self) -> Option<u64> {
        self.extensions.retry_after_seconds
    }

    /// Returns `extensions.code`.
    pub fn code(&self) -> ErrorCode {
        self.extensions.code
    }
}

/// Serialises as an error in a GraphQL response.
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
