//! Handing in an allocation: every rule once, then the allowance, then the intake.

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
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
        idempotency::IdempotencyKey,
        participant::ParticipantId,
        violation::Violation,
    },
    store::{
        self, Store, StoreError,
        submissions::{NewSubmission, Submission},
    },
};

/// How long after a first submission a retry is given its cookie: as long as clients go on retrying a lost answer. Later the
/// cookie goes to nobody who merely has the key.
const COOKIE_AGAIN: TimeDelta = TimeDelta::minutes(10);

/// What somebody hands in.
#[derive(Debug, Clone)]
pub struct Request {
    /// The budget's slug.
    pub budget: String,
    /// As given.
    pub shares: Vec<RequestedShare>,
    /// As given.
    pub idempotency_key: Option<String>,
    /// Known by cookie or token.
    pub participant: Option<ParticipantId>,
    /// Consent to be remembered as a new participant where none is known.
    pub remember: bool,
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
    /// The new participant, whose cookie the caller is to get.
    pub remembered: Option<ParticipantId>,
}

/// A valid request.
struct Admissible {
    submission: NewSubmission,
    /// Whether the caller consented to be remembered and has no cookie yet.
    is_newcomer: bool,
}

impl Admissible {
    /// For a retry: the first submission. A retry without the cookie gets it again for some minutes; one of a submission
    /// without consent gets none.
    fn receipt_of_first(&self, first: Submission, age: TimeDelta) -> Receipt {
        let remembered = first.participant.filter(|_| self.is_newcomer && age <= COOKIE_AGAIN);
        Receipt { submission: first, replaced: None, is_repeated: true, remembered }
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
    limiter: Arc<Limiter>,
    intake: Intake,
    store: Store,
    counters: Counters,
}

impl Submissions {
    /// Takes allocations for the catalogue's budgets.
    pub fn new(
        catalogue: Arc<Catalogue>,
        limiter: Arc<Limiter>,
        intake: Intake,
        store: Store,
        counters: Counters,
    ) -> Self {
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
        let admissible = parse(
            Arc::clone(&budget.budget),
            &request.shares,
            request.idempotency_key,
            request.participant,
            request.remember,
        )?;
        let Admissible { submission, is_newcomer } = &admissible;
        if let Err(wait) = self.limiter.check(submission.participant, &request.network).await {
            // A retry of what was counted is no new submission, whatever the allowance says.
            let first = self.first_for_retry(submission, &request.network).await?;
            let (first, age) = first.ok_or(SubmitError::RateLimited(wait))?;
            return Ok(admissible.receipt_of_first(first, age));
        }
        match self.intake.submit(submission.clone()).await? {
            Outcome::Accepted { submission, replaced } => {
                let remembered = submission.participant.filter(|_| *is_newcomer);
                Ok(Receipt { submission, replaced, is_repeated: false, remembered })
            }
            Outcome::Repeated { first, age } => Ok(admissible.receipt_of_first(first, age)),
            Outcome::KeyTaken => Err(SubmitError::Invalid(vec![Violation::new(
                "idempotencyKey",
                "KEY_TAKEN",
                "This key was used for another allocation. Use a new key for a new allocation.",
            )])),
            Outcome::NotOpen(reason) => Err(SubmitError::NotOpen(reason)),
            Outcome::BudgetChanged => {
                self.catalogue.invalidate();
                Err(SubmitError::Invalid(vec![Violation::new(
                    "budget",
                    "BUDGET_CHANGED",
                    "The categories of this budget have just changed. Load them again and adjust the allocation.",
                )]))
            }
        }
    }

    /// The submission that this one repeats, and its age. A network beyond its allowance may ask the database only so often.
    async fn first_for_retry(
        &self,
        submission: &NewSubmission,
        network: &NetworkKey,
    ) -> Result<Option<(Submission, TimeDelta)>, StoreError> {
        if submission.key_digest.is_none() || self.limiter.check_retry(network).await.is_err() {
            return Ok(None);
        }
        let found = async {
            let snapshot = self.store.begin_snapshot().await?;
            Ok((snapshot.first_submissions(&[submission]).await?, snapshot.now().await?))
        };
        let (first, now) = store::with_timeout(store::READ_TIMEOUT, found).await?;
        let first = first.into_iter().find(|first| submission.is_retry_of(first));
        Ok(first.map(|first| {
            let age = now - first.submitted_at;
            (first, age)
        }))
    }
}

fn parse(
    budget: Arc<Budget>,
    shares: &[RequestedShare],
    key: Option<String>,
    known: Option<ParticipantId>,
    remember: bool,
) -> Result<Admissible, SubmitError> {
    let mut violations = Vec::new();
    let is_newcomer = remember && known.is_none();
    let key = key.map(IdempotencyKey::new).transpose().and_then(|key| {
        key.as_ref().filter(|_| is_newcomer).map_or(Ok(()), IdempotencyKey::check_unguessable)?;
        Ok(key)
    });
    let key = key.map_err(|broken| violations.push(broken)).unwrap_or_default();
    let allocation = Allocation::new(&budget, shares).map_err(|broken| violations.extend(broken));
    match allocation {
        Ok(allocation) if violations.is_empty() => {
            let newcomer = is_newcomer.then(|| match &key {
                Some(key) => key.new_participant(budget.id),
                None => ParticipantId(Uuid::new_v4()),
            });
            let participant = known.or(newcomer);
            let submission = NewSubmission {
                // Ordered by time for the index, and 74 random bits: nobody guesses another's result page.
                id: Uuid::new_v7(Timestamp::now(NoContext)),
                key_digest: key.map(|key| key.digest(budget.id, participant)),
                budget,
                participant,
                allocation,
            };
            Ok(Admissible { submission, is_newcomer })
        }
        _ => Err(SubmitError::Invalid(violations)),
    }
}
