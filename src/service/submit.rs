//! Submits an allocation: checks every rule once, then the rate limit, then queues the submission in the intake.

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use uuid::{NoContext, Timestamp, Uuid};

use super::{
    catalogue::Catalogue,
    codes::{CodeError, Codes},
    identity::NetworkKey,
    intake::{Intake, IntakeError, StoreOutcome},
    limiter::Limiter,
};
use crate::{
    counters::{Counters, SubmissionOutcome},
    domain::{
        allocation::{Allocation, RequestedShare},
        budget::{Budget, NotOpen, Participation},
        code::{ParticipationCode, needed_code},
        idempotency::IdempotencyKey,
        participant::ParticipantId,
        violation::Violation,
    },
    store::{
        self, Store, StoreError,
        submissions::{NewSubmission, Submission},
    },
};

/// A retry gets the participant's cookie for this long after the first submission: as long as clients retry after a
/// lost response. Later the key alone no longer gives access to the cookie.
const COOKIE_RETRY_WINDOW: TimeDelta = TimeDelta::minutes(10);

/// An allocation to submit.
pub struct Request {
    /// The slug of the budget.
    pub budget: String,
    /// The shares as the client sent them.
    pub shares: Vec<RequestedShare>,
    /// The idempotency key as the client sent it.
    pub idempotency_key: Option<String>,
    /// The participant, if a cookie or token names one.
    pub participant: Option<ParticipantId>,
    /// Consent to become a new participant if no cookie or token names one.
    pub remember: bool,
    /// The participation code as the client sent it. On a budget with participation by code, it decides on the
    /// participant, and `participant` and `remember` have no effect.
    pub code: Option<String>,
    /// The blinded network address of the client.
    pub network: NetworkKey,
}

/// The result of a submission that is stored now, or was stored before.
#[derive(Debug, Clone)]
pub struct SubmissionResult {
    /// The stored submission.
    pub submission: Submission,
    /// The participant's submission that counted before. It is not given to somebody who is known by a code alone.
    pub replaced: Option<Submission>,
    /// Whether a submission of the participant counted before.
    pub has_replaced: bool,
    /// Whether the request was a retry of a submission that was stored before.
    pub is_replayed: bool,
    /// The new participant. The caller must get a cookie that names them.
    pub remembered: Option<ParticipantId>,
}

/// What a client sent, after every rule that needs no look-up was checked.
struct ValidInput {
    allocation: Allocation,
    key: Option<IdempotencyKey>,
    /// The code. There is one exactly if participation is by code.
    code: Option<ParticipationCode>,
    /// The participant that a cookie or token names.
    known_participant: Option<ParticipantId>,
    /// The participant that this submission creates.
    new_participant: Option<ParticipantId>,
}

/// A submission that keeps every rule of the input.
struct ValidSubmission {
    submission: NewSubmission,
    /// Whether the caller consented to a cookie and has none yet.
    is_new_participant: bool,
    /// Whether a code names the participant.
    is_by_code: bool,
}

impl ValidSubmission {
    /// Returns the result of a retry, which is the first submission. A retry without the cookie gets it again within
    /// [`COOKIE_RETRY_WINDOW`]. A retry of a submission without consent gets none.
    fn replay(&self, first: Submission, age: TimeDelta) -> SubmissionResult {
        let remembered = first.participant.filter(|_| self.is_new_participant && age <= COOKIE_RETRY_WINDOW);
        SubmissionResult { submission: first, replaced: None, has_replaced: false, is_replayed: true, remembered }
    }
}

/// The reason why a submission was not stored.
#[derive(Debug, thiserror::Error)]
pub enum SubmitError {
    /// The input breaks rules.
    #[error("the input breaks {} rules", .0.len())]
    Invalid(Vec<Violation>),
    /// There is no visible budget with this slug.
    #[error("there is no such budget")]
    UnknownBudget,
    /// The budget takes no submissions now.
    #[error("the budget is not open: {0}")]
    NotOpen(NotOpen),
    /// An allowance is used up. The client may try again after this time.
    #[error("too many submissions")]
    RateLimited(Duration),
    /// The participation code was not accepted.
    #[error(transparent)]
    Code(#[from] CodeError),
    /// The intake could not store the submission.
    #[error(transparent)]
    Intake(#[from] IntakeError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The service that submits allocations.
pub struct Submissions {
    catalogue: Arc<Catalogue>,
    limiter: Arc<Limiter>,
    codes: Arc<Codes>,
    intake: Intake,
    store: Store,
    counters: Counters,
}

impl Submissions {
    /// Creates the service for the budgets of a catalogue.
    pub fn new(
        catalogue: Arc<Catalogue>,
        limiter: Arc<Limiter>,
        codes: Arc<Codes>,
        intake: Intake,
        store: Store,
        counters: Counters,
    ) -> Self {
        Self { catalogue, limiter, codes, intake, store, counters }
    }

    /// Checks and stores one allocation. Returns when it is durable.
    pub async fn submit(&self, request: Request) -> Result<SubmissionResult, SubmitError> {
        let result = self.check_and_store(request).await;
        self.counters.submission(match &result {
            Ok(result) if result.is_replayed => SubmissionOutcome::Replayed,
            Ok(_) => SubmissionOutcome::Accepted,
            Err(SubmitError::Intake(IntakeError::Overloaded)) => SubmissionOutcome::Overloaded,
            Err(
                SubmitError::Intake(IntakeError::Unavailable)
                | SubmitError::Store(_)
                | SubmitError::Code(CodeError::Register(_)),
            ) => SubmissionOutcome::Unavailable,
            Err(_) => SubmissionOutcome::Refused,
        });
        result
    }

    async fn check_and_store(&self, request: Request) -> Result<SubmissionResult, SubmitError> {
        // The budget is checked first: the violations of an allocation must not reveal the categories of a hidden
        // budget.
        let budget = self.catalogue.visible(&request.budget).await?.ok_or(SubmitError::UnknownBudget)?;
        let network = request.network.clone();
        let input = parse(&budget, request)?;
        let (participant, allowed) = if let Some(code) = &input.code {
            // The code alone decides on the participant: a device with a cookie may be used by several people.
            let participant = self.codes.participant(&budget, code, &network).await?;
            (Some(participant), self.limiter.check_participant(participant).await)
        } else {
            let participant = input.known_participant.or(input.new_participant);
            (participant, self.limiter.check(participant, &network).await)
        };
        let valid = input.into_submission(Arc::clone(&budget.budget), participant);
        let ValidSubmission { submission, is_new_participant, is_by_code } = &valid;
        if let Err(wait) = allowed {
            // A retry is no new submission, so it succeeds even if the allowance is used up.
            let first = self.find_first(submission, &network).await?;
            let (first, age) = first.ok_or(SubmitError::RateLimited(wait))?;
            return Ok(valid.replay(first, age));
        }
        match self.intake.submit(submission.clone()).await? {
            StoreOutcome::Accepted { submission, replaced } => {
                let remembered = submission.participant.filter(|_| *is_new_participant);
                let has_replaced = replaced.is_some();
                let replaced = replaced.filter(|_| !is_by_code);
                Ok(SubmissionResult { submission, replaced, has_replaced, is_replayed: false, remembered })
            }
            StoreOutcome::Replayed { first, age } => Ok(valid.replay(first, age)),
            StoreOutcome::IdempotencyConflict => Err(SubmitError::Invalid(vec![Violation::new(
                "idempotencyKey",
                "KEY_TAKEN",
                "This key was used for another allocation. Use a new key for a new allocation.",
            )])),
            StoreOutcome::NotOpen(reason) => Err(SubmitError::NotOpen(reason)),
            StoreOutcome::BudgetChanged => {
                self.catalogue.invalidate();
                Err(SubmitError::Invalid(vec![Violation::new(
                    "budget",
                    "BUDGET_CHANGED",
                    "The categories of this budget, or the rule of who may answer it, have just changed. Load the budget again and \
                     adjust the submission.",
                )]))
            }
        }
    }

    /// Returns the first submission that this one retries, and its age. A network that has used up its allowance may
    /// send only a limited number of retries.
    async fn find_first(
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

/// Checks every rule that needs no look-up. Breaks of several rules are reported together.
fn parse(budget: &Budget, request: Request) -> Result<ValidInput, SubmitError> {
    let mut violations = Vec::new();
    let code = needed_code(budget.participation, request.code.as_deref());
    let code = code.map_err(|broken| violations.push(broken)).unwrap_or_default();
    let is_new_participant =
        request.remember && request.participant.is_none() && budget.participation == Participation::Open;
    let key = request.idempotency_key.map(IdempotencyKey::new).transpose().and_then(|key| {
        key.as_ref().filter(|_| is_new_participant).map_or(Ok(()), IdempotencyKey::check_unguessable)?;
        Ok(key)
    });
    let key = key.map_err(|broken| violations.push(broken)).unwrap_or_default();
    let allocation = Allocation::new(budget, &request.shares).map_err(|broken| violations.extend(broken));
    match allocation {
        Ok(allocation) if violations.is_empty() => {
            let new_participant = is_new_participant.then(|| match &key {
                Some(key) => key.new_participant(budget.id),
                None => ParticipantId(Uuid::new_v4()),
            });
            Ok(ValidInput { allocation, key, code, known_participant: request.participant, new_participant })
        }
        _ => Err(SubmitError::Invalid(violations)),
    }
}

impl ValidInput {
    /// Returns the submission of a participant.
    fn into_submission(self, budget: Arc<Budget>, participant: Option<ParticipantId>) -> ValidSubmission {
        let submission = NewSubmission {
            // The id is ordered by time, for the index. Because of its 74 random bits, nobody can guess the result page
            // of another participant.
            id: Uuid::new_v7(Timestamp::now(NoContext)),
            key_digest: self.key.map(|key| key.digest(budget.id, participant)),
            budget,
            participant,
            allocation: self.allocation,
        };
        ValidSubmission {
            submission,
            is_new_participant: self.new_participant.is_some(),
            is_by_code: self.code.is_some(),
        }
    }
}
