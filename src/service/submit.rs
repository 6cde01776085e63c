//! Handing in an allocation: every rule once, then the allowance, then the intake.

use std::{sync::Arc, time::Duration};

use uuid::{NoContext, Timestamp, Uuid};

use super::{
    catalogue::Catalogue,
    identity::NetworkKey,
    intake::{Intake, IntakeError, Outcome},
    limiter::Limiter,
};
use crate::{
    counters::{Counters, SubmissionOutcome},
    domain::{
        allocation::{Allocation, RequestedShare},
        budget::{Budget, BudgetStatus, NotOpen},
        participant::ParticipantId,
        violation::Violation,
    },
    store::{
        self, Store, StoreError,
        submissions::{NewSubmission, Submission},
    },
};

const KEY_LENGTH: std::ops::RangeInclusive<usize> = 8..=64;

/// What somebody hands in.
#[derive(Debug, Clone)]
pub struct Request {
    /// The budget's slug.
    pub budget: String,
    /// As given.
    pub shares: Vec<RequestedShare>,
    /// As given.
    pub idempotency_key: Option<String>,
    /// Known by cookie or token, or new with consent.
    pub participant: Option<ParticipantId>,
    /// Where it came from, blinded.
    pub network: NetworkKey,
}

/// Stored, or found stored.
#[derive(Debug, Clone)]
pub struct Receipt {
    /// What counts.
    pub submission: Submission,
    /// What counted before.
    pub replaced: Option<Submission>,
    /// Whether this was a retry of what was stored before.
    pub is_repeated: bool,
}

impl Receipt {
    /// Of the first submission, for a retry of it.
    fn of_first(submission: Submission) -> Self {
        Self { submission, replaced: None, is_repeated: true }
    }
}

/// Why nothing was stored.
#[derive(Debug, thiserror::Error)]
pub enum SubmitError {
    /// Broken rules.
    #[error("the input breaks {} rules", .0.len())]
    Invalid(Vec<Violation>),
    /// There is no such budget.
    #[error("there is no such budget")]
    UnknownBudget,
    /// The budget takes none now.
    #[error("the budget is not open: {0}")]
    NotOpen(NotOpen),
    /// Too often; try again after this time.
    #[error("too many submissions")]
    RateLimited(Duration),
    /// See [`IntakeError`].
    #[error(transparent)]
    Intake(#[from] IntakeError),
    /// The database is away.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Takes allocations.
pub struct Submissions {
    catalogue: Arc<Catalogue>,
    limiter: Limiter,
    intake: Intake,
    store: Store,
    counters: Counters,
}

impl Submissions {
    /// Takes allocations for the catalogue's budgets.
    pub fn new(catalogue: Arc<Catalogue>, limiter: Limiter, intake: Intake, store: Store, counters: Counters) -> Self {
        Self { catalogue, limiter, intake, store, counters }
    }

    /// Checks, stores and counts one allocation; returns when it is durable.
    pub async fn submit(&self, request: Request) -> Result<Receipt, SubmitError> {
        let result = self.admit(request).await;
        self.counters.submission(match &result {
            Ok(receipt) if receipt.is_repeated => SubmissionOutcome::Repeated,
            Ok(_) => SubmissionOutcome::Accepted,
            Err(SubmitError::Intake(IntakeError::Overloaded)) => SubmissionOutcome::Overloaded,
            Err(SubmitError::Intake(IntakeError::Unavailable) | SubmitError::Store(_)) => {
                SubmissionOutcome::Unavailable
            }
            Err(_) => SubmissionOutcome::Refused,
        });
        result
    }

    async fn admit(&self, request: Request) -> Result<Receipt, SubmitError> {
        let budget = self.catalogue.by_slug(&request.budget).await?;
        // A draft is not shown, and neither are its categories in what a wrong allocation is told.
        let budget = budget.filter(|budget| budget.status != BudgetStatus::Draft).ok_or(SubmitError::UnknownBudget)?;
        let submission = parse(budget, &request.shares, request.idempotency_key, request.participant)?;
        if let Err(wait) = self.limiter.check(request.participant, &request.network).await {
            // A retry of what was counted is no new submission, whatever the allowance says.
            return match self.first_with_same_key(&submission).await? {
                Some(first) => Ok(Receipt::of_first(first)),
                None => Err(SubmitError::RateLimited(wait)),
            };
        }
        match self.intake.submit(submission).await? {
            Outcome::Accepted { submission, replaced } => Ok(Receipt { submission, replaced, is_repeated: false }),
            Outcome::Repeated(submission) => Ok(Receipt::of_first(submission)),
            Outcome::KeyTaken => Err(SubmitError::Invalid(vec![Violation::new(
                "idempotencyKey",
                "KEY_TAKEN",
                "This key was used for another allocation. Use a new key for a new allocation.",
            )])),
            Outcome::NotOpen(reason) => Err(SubmitError::NotOpen(reason)),
            Outcome::BudgetChanged => {
                self.catalogue.forget();
                Err(SubmitError::Invalid(vec![Violation::new(
                    "budget",
                    "BUDGET_CHANGED",
                    "The categories of this budget have just changed. Load them again and adjust the allocation.",
                )]))
            }
        }
    }

    async fn first_with_same_key(&self, submission: &NewSubmission) -> Result<Option<Submission>, StoreError> {
        if submission.idempotency_key.is_none() {
            return Ok(None);
        }
        let found = async { self.store.begin_snapshot().await?.first_submissions(&[submission]).await };
        let first = store::within(store::READ_PATIENCE, found).await?;
        Ok(first
            .into_iter()
            .find(|first| first.budget == submission.budget.id && first.allocation == submission.allocation))
    }
}

fn parse(
    budget: Arc<Budget>,
    shares: &[RequestedShare],
    idempotency_key: Option<String>,
    participant: Option<ParticipantId>,
) -> Result<NewSubmission, SubmitError> {
    let mut violations = Vec::new();
    if let Some(key) = &idempotency_key
        && (!KEY_LENGTH.contains(&key.chars().count()) || key.chars().any(char::is_control))
    {
        let message = "Use 8 to 64 characters, none of them a control character; a random UUID is a good key.";
        violations.push(Violation::new("idempotencyKey", "KEY_FORMAT", message));
    }
    let allocation = Allocation::new(&budget, shares).map_err(|broken| violations.extend(broken));
    match allocation {
        Ok(allocation) if violations.is_empty() => Ok(NewSubmission {
            // Ordered by time for the index, and 74 random bits: nobody guesses another's result page.
            id: Uuid::new_v7(Timestamp::now(NoContext)),
            budget,
            participant,
            allocation,
            idempotency_key,
        }),
        _ => Err(SubmitError::Invalid(violations)),
    }
}
