//! Converts the errors of the use cases into faults, and faults into errors of async-graphql.

use async_graphql::{ErrorExtensionValues, Value, to_value};

use crate::{
    fault::{ConflictDetails, ErrorCode, Fault},
    service::{
        codes::{CodeError, register::RegisterError},
        desk::{
            budgets::{ChangeError, Conflict, FROZEN},
            error::DeskError,
        },
        intake::IntakeError,
        my_data::MyDataError,
        submit::SubmitError,
    },
};

impl From<Fault> for async_graphql::Error {
    fn from(fault: Fault) -> Self {
        let mut values = ErrorExtensionValues::default();
        // Serialising this type to memory cannot fail.
        if let Ok(Value::Object(extensions)) = to_value(&fault.extensions) {
            for (name, value) in extensions {
                values.set(name, value);
            }
        }
        let mut error = Self::new(fault.message);
        error.extensions = Some(values);
        error
    }
}

impl From<MyDataError> for Fault {
    fn from(error: MyDataError) -> Self {
        match error {
            MyDataError::UnknownBudget => Self::unknown_budget(),
            MyDataError::RateLimited(wait) => Self::rate_limited("Too many requests came from this network.", wait),
            MyDataError::Invalid(violation) => Self::invalid(vec![violation]),
            MyDataError::Code(error) => error.into(),
            MyDataError::Store(error) => error.into(),
        }
    }
}

impl From<SubmitError> for Fault {
    fn from(error: SubmitError) -> Self {
        match error {
            SubmitError::Invalid(violations) => Self::invalid(violations),
            SubmitError::UnknownBudget => Self::unknown_budget(),
            SubmitError::NotOpen(reason) => {
                Self::new(ErrorCode::BudgetNotOpen, format!("This budget takes no submissions now: {reason}."))
            }
            SubmitError::RateLimited(wait) => Self::rate_limited("Too many submissions.", wait),
            SubmitError::Code(error) => error.into(),
            SubmitError::ChallengeRequired(required) => {
                let rejected = required.rejected.map(|rejected| format!("{rejected} ")).unwrap_or_default();
                let message = format!(
                    "{rejected}Your network has sent many submissions. Solve `extensions.challenge` with an ALTCHA \
                     solver, and send the same input again, with the same `idempotencyKey`, and with the result as \
                     `challengeSolution`."
                );
                Self::challenge_required(message, required.challenge, required.free_in)
            }
            SubmitError::Intake(IntakeError::Overloaded) => {
                Self::overloaded("Too many submissions are waiting. Nothing was stored; try again in a moment.")
            }
            SubmitError::Intake(IntakeError::Unavailable) => Self::unavailable(
                "The submission could not be confirmed. Try again with the same idempotency key; it will count once.",
            ),
            SubmitError::Store(error) => error.into(),
        }
    }
}

impl From<CodeError> for Fault {
    fn from(error: CodeError) -> Self {
        match error {
            CodeError::Refused(violation) => Self::invalid(vec![violation]),
            CodeError::UnknownBudget => Self::unknown_budget(),
            CodeError::RateLimited(wait) => Self::rate_limited("Too many wrong codes came from this network.", wait),
            CodeError::Register(RegisterError::Store(error)) => error.into(),
            CodeError::Register(error) => {
                Self::internal(|id| tracing::error!(%error, error_id = %id, "codes cannot be checked"))
            }
        }
    }
}

impl From<ChangeError> for Fault {
    fn from(error: ChangeError) -> Self {
        match error {
            ChangeError::Unknown => Self::unknown_budget(),
            ChangeError::Invalid(violations) => Self::invalid(violations),
            ChangeError::Conflict(conflict) => {
                let Conflict { version, paths, draft } = *conflict;
                Self::conflict(ConflictDetails { version, paths, draft })
            }
            ChangeError::Frozen(violations) => Self::frozen(FROZEN, violations),
            ChangeError::Store(error) => error.into(),
        }
    }
}

impl From<DeskError> for Fault {
    fn from(error: DeskError) -> Self {
        match error {
            DeskError::Invalid(violation) => Self::invalid(vec![violation]),
            DeskError::Refused(message) => Self::new(ErrorCode::Unauthenticated, message),
            DeskError::NotFound(message) => Self::new(ErrorCode::NotFound, message),
            DeskError::RateLimited(wait) => Self::rate_limited("Too many attempts were made.", wait),
            DeskError::Busy => Self::overloaded("Too many people sign in. Nothing was done; try again in a moment."),
            DeskError::Internal(cause) => {
                Self::internal(|id| tracing::error!(cause, error_id = %id, "something at the desk failed"))
            }
            DeskError::Store(error) => error.into(),
        }
    }
}
