//! Submits an allocation: checks every rule once, then the rate limit, then queues the submission in the intake.

use std::{sync::Arc, time::Duration};

use altcha::Challenge;
use chrono::TimeDelta;
use uuid::{NoContext, Timestamp, Uuid};

use super::{
    catalogue::Catalogue,
    codes::{CodeError, Codes},
    cohorts::Cohorts,
    intake::{Intake, IntakeError, StoreOutcome},
    limiter::{Allowance, Attempt, Limiter, RETRIES, Refusal},
    proof_of_work::{ProofOfWork, Solution, SolutionError},
};
use crate::{
    clock,
    counters::{Counters, SubmissionOutcome},
    domain::{
        allocation::{Allocation, RequestedShare},
        budget::{Budget, BudgetId, NotOpen, Participation},
        code::{ParticipationCode, needed_code},
        idempotency::IdempotencyKey,
        network::ClientAddress,
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
#[derive(Debug, Clone)]
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
    /// The solution of a challenge as the client sent it.
    pub challenge_solution: Option<String>,
    /// The address of the client.
    pub address: ClientAddress,
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
    /// The allowance of the network is used up, but work pays for the submission.
    #[error("work is needed")]
    ChallengeRequired(Box<ChallengeRequired>),
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

impl SubmitError {
    /// Returns the time after which the allowances have room again, if they are why the submission was not stored.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::RateLimited(wait) | Self::Code(CodeError::RateLimited(wait)) => Some(*wait),
            Self::ChallengeRequired(required) => Some(required.free_in),
            _ => None,
        }
    }
}

/// What the client must solve, and why.
#[derive(Debug)]
pub struct ChallengeRequired {
    /// The challenge.
    pub challenge: Challenge,
    /// What is wrong with the solution that the client sent, if it sent one.
    pub rejected: Option<SolutionError>,
    /// The submission needs no work after this time.
    pub free_in: Duration,
}

/// The service that submits allocations, made of what it asks.
#[allow(missing_docs)] // the types say it
pub struct Submissions {
    pub catalogue: Arc<Catalogue>,
    pub limiter: Arc<Limiter>,
    pub codes: Arc<Codes>,
    pub proof_of_work: ProofOfWork,
    pub cohorts: Arc<Cohorts>,
    pub intake: Intake,
    pub store: Store,
    pub counters: Counters,
}

impl Submissions {
    /// Checks and stores one allocation. Returns when it is durable, with what is left of the allowances that were
    /// looked at.
    pub async fn submit(&self, request: Request) -> (Result<SubmissionResult, SubmitError>, Vec<Allowance>) {
        let mut allowances = Vec::new();
        let result = self.check_and_store(request, &mut allowances).await;
        self.counters.submission(match &result {
            Ok(result) if result.is_replayed => SubmissionOutcome::Replayed,
            Ok(_) => SubmissionOutcome::Accepted,
            Err(SubmitError::Intake(IntakeError::Overloaded)) => SubmissionOutcome::Overloaded,
            Err(
                SubmitError::Intake(IntakeError::Unavailable)
                | SubmitError::Store(_)
                | SubmitError::Code(CodeError::Register(_)),
            ) => SubmissionOutcome::Unavailable,
            Err(SubmitError::ChallengeRequired(_)) => SubmissionOutcome::Challenged,
            Err(_) => SubmissionOutcome::Refused,
        });
        (result, allowances)
    }

    async fn check_and_store(
        &self,
        request: Request,
        allowances: &mut Vec<Allowance>,
    ) -> Result<SubmissionResult, SubmitError> {
        // The budget is checked first: the violations of an allocation must not reveal the categories of a hidden
        // budget.
        let budget = self.catalogue.visible(&request.budget).await?.ok_or(SubmitError::UnknownBudget)?;
        let address = request.address;
        let solution_text = request.challenge_solution.clone();
        let input = parse(&budget, request)?;
        // The code alone decides on the participant: a device with a cookie may be used by several people.
        let participant = match &input.code {
            Some(code) => Some(self.codes.participant(&budget, code, address).await?),
            None => input.known_participant.or(input.new_participant),
        };
        let valid = input.into_submission(Arc::clone(&budget.budget), participant);
        let ValidSubmission { submission, is_new_participant, is_by_code } = &valid;
        let budget = submission.budget.id;
        let solution = solution_text.map(|text| self.proof_of_work.verify(&text, address, budget)).transpose();
        let attempt = Attempt {
            participant,
            // A code is one voice wherever it comes from, so the network has no allowance: a school or an office may have any
            // number of codes.
            address: (!is_by_code).then_some(address),
            solution: solution.as_ref().ok().and_then(Option::as_ref),
            submission: submission.key_digest.map_or(submission.id, |digest| digest.0).to_string(),
        };
        let verdict = self.limiter.admit_submission(attempt).await;
        *allowances = verdict.allowances;
        if let Some(refusal) = verdict.refusal {
            // A retry is no new submission, so it succeeds even if the allowance is used up.
            let first = self.find_first(submission, address).await?;
            return match first {
                Some((first, age)) => Ok(valid.replay(first, age)),
                None => Err(self.refuse(refusal, solution, address, budget)),
            };
        }
        match self.intake.submit(submission.clone()).await? {
            StoreOutcome::Accepted { submission, replaced } => {
                if replaced.is_none() {
                    self.cohorts.note(budget, address, &submission.allocation, submission.submitted_at);
                }
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

    /// Returns the error for a submission that the limiter refused, with a challenge if work would pay for it.
    fn refuse(
        &self,
        refusal: Refusal,
        solution: Result<Option<Solution>, SolutionError>,
        address: ClientAddress,
        budget: BudgetId,
    ) -> SubmitError {
        let too_little = || solution.map_or_else(Some, |solution| solution.map(|_| SolutionError::TooLittle));
        let (work, free_in, rejected) = match refusal {
            Refusal::RateLimited(wait) => return SubmitError::RateLimited(wait),
            Refusal::SolutionUsed(work, free_in) => (work, free_in, Some(SolutionError::Used)),
            Refusal::WorkRequired(work, free_in) => (work, free_in, too_little()),
        };
        match self.proof_of_work.challenge(work, address, budget) {
            Some(challenge) => {
                SubmitError::ChallengeRequired(Box::new(ChallengeRequired { challenge, rejected, free_in }))
            }
            None => SubmitError::RateLimited(free_in),
        }
    }

    /// Returns the first submission that this one retries, and its age. A network that has used up its allowance may
    /// send only a limited number of retries.
    async fn find_first(
        &self,
        submission: &NewSubmission,
        address: ClientAddress,
    ) -> Result<Option<(Submission, TimeDelta)>, StoreError> {
        if submission.key_digest.is_none() || self.limiter.check(&RETRIES, address).await.is_err() {
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
                Some(key) => key.new_participant(budget.id, clock::now()),
                None => ParticipantId(Uuid::new_v7(Timestamp::now(NoContext))),
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
