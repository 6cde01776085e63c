//! What the server holds about a participant: everything that they submitted, to read and to erase.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use tokio::sync::Notify;
use uuid::Uuid;

use super::{
    catalogue::Catalogue,
    codes::{CodeError, Codes},
    limiter::{HEAVY_QUERIES, Limiter},
};
use crate::{
    domain::{
        budget::{BudgetId, PresentedBudget},
        code::read_code,
        delta::{Delta, RemovedBallot},
        exclusion::PublicExclusion,
        network::ClientAddress,
        participant::ParticipantId,
        violation::Violation,
    },
    store::{
        self, Store, StoreError,
        ballots::{Ballot, BallotKey, HeldBallot},
        submissions::{HistoryCursor, Submission},
    },
};

/// As for submissions: later the outcome is unknown to the caller, who may try again.
const TIMEOUT: Duration = Duration::from_secs(5);
/// The number of attempts at a transaction that the database rolls back because of a conflict with another one.
const CONFLICT_ATTEMPTS: u32 = 5;
/// Submissions that are read at once.
const PAGE: u64 = 500;

/// The service for the data of one participant.
#[allow(missing_docs)] // the names say it
pub struct MyData {
    pub store: Store,
    pub catalogue: Arc<Catalogue>,
    pub limiter: Arc<Limiter>,
    pub codes: Arc<Codes>,
    /// Wakes the aggregator.
    pub committed: Arc<Notify>,
}

/// What to erase, of whom.
#[derive(Debug, Clone)]
pub struct EraseRequest {
    /// The participant, if a cookie or token names one.
    pub participant: Option<ParticipantId>,
    /// The slug of a budget. `None`: every budget.
    pub budget: Option<String>,
    /// The participation code, as the client sent it. Then the code is the participant.
    pub code: Option<String>,
    /// The address of the client.
    pub address: ClientAddress,
}

/// What was erased.
#[derive(Debug, Clone)]
pub struct Erasure {
    /// The number of submissions of each budget. Budgets without any are left out.
    pub budgets: Vec<(Arc<PresentedBudget>, u64)>,
    /// True if the participant of the cookie or token has no submission left, to any budget.
    pub is_complete: bool,
}

/// A submission of the participant.
#[derive(Debug, Clone)]
pub struct OwnSubmission {
    /// Its budget.
    pub budget: Arc<PresentedBudget>,
    /// The submission.
    pub submission: Submission,
    /// Whether it counts now.
    pub counts: bool,
    /// Why it does not count, if an organiser has excluded the participant's answer.
    pub exclusion: Option<PublicExclusion>,
}

/// The reason why nothing was erased or read.
#[derive(Debug, thiserror::Error)]
pub enum MyDataError {
    /// There is no visible budget with this slug.
    #[error("there is no such budget")]
    UnknownBudget,
    /// The network has asked too often. It may try again after this time.
    #[error("too many requests")]
    RateLimited(Duration),
    /// The input breaks a rule.
    #[error("the input is refused: {}", .0.rule)]
    Invalid(Violation),
    /// The code is not accepted.
    #[error(transparent)]
    Code(#[from] CodeError),
    /// The database failed. After an erasure the outcome is unknown.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl MyData {
    /// Erases everything that a participant submitted to one budget, or to all of them. Erasing again erases nothing.
    ///
    /// A closed budget makes no difference: the right to be forgotten does not end with the window.
    pub async fn erase(&self, request: EraseRequest) -> Result<Erasure, MyDataError> {
        self.limiter.check_here(&HEAVY_QUERIES, request.address).map_err(MyDataError::RateLimited)?;
        let budget = match &request.budget {
            Some(slug) => Some(self.catalogue.visible(slug).await?.ok_or(MyDataError::UnknownBudget)?),
            None => None,
        };
        let participant = match (&request.code, &budget) {
            (None, _) => request.participant,
            (Some(_), None) => {
                let message = "Say which budget the code is for.";
                return Err(MyDataError::Invalid(Violation::new("budget", "BUDGET_NEEDED", message)));
            }
            (Some(code), Some(budget)) => {
                let code = read_code(budget.participation, code).map_err(MyDataError::Invalid)?;
                Some(self.codes.participant(budget, &code, request.address).await?)
            }
        };
        let Some(participant) = participant else {
            return Ok(Erasure { budgets: Vec::new(), is_complete: true });
        };
        let only = budget.map(|budget| budget.id);
        let (erased, is_complete) = store::with_timeout(TIMEOUT, erase(&self.store, participant, only)).await?;
        if !erased.is_empty() {
            self.store.note_deletion();
            self.committed.notify_one();
        }
        let budgets = self.catalogue.all().await?;
        let of = |(id, submissions)| Some((budgets.iter().find(|budget| budget.id == id)?.clone(), submissions));
        let budgets = erased.into_iter().filter_map(of).collect();
        Ok(Erasure { budgets, is_complete: is_complete && request.code.is_none() })
    }

    /// Everything that a participant submitted, newest first.
    pub async fn all(
        &self,
        participant: Option<ParticipantId>,
        address: ClientAddress,
    ) -> Result<Vec<OwnSubmission>, MyDataError> {
        self.limiter.check_here(&HEAVY_QUERIES, address).map_err(MyDataError::RateLimited)?;
        let (mut found, mut after) = (Vec::new(), None);
        let Some(participant) = participant else { return Ok(found) };
        let budgets = self.catalogue.all().await?;
        loop {
            let page = self.store.history(participant, after, PAGE).await?;
            let Some(last) = page.last() else { return Ok(found) };
            after = Some(HistoryCursor { submitted_at: last.submitted_at, id: last.id });
            let mut keys: Vec<BallotKey> = page.iter().map(|submission| (submission.budget, participant)).collect();
            keys.sort_unstable();
            keys.dedup();
            let counting = self.store.ballots(&keys).await?;
            found.extend(page.into_iter().filter_map(|submission| {
                let budget = budgets.iter().find(|budget| budget.id == submission.budget)?.clone();
                let ballot = counting.get(&(submission.budget, participant)).copied();
                let counts = ballot.is_some_and(|ballot| ballot.counts(submission.id));
                let exclusion = ballot.filter(|ballot| ballot.submission == submission.id).and_then(|it| it.exclusion);
                let exclusion = exclusion.and_then(|exclusion| budget.exclusion(exclusion)).cloned();
                Some(OwnSubmission { budget, submission, counts, exclusion })
            }));
        }
    }
}

type Erased = Vec<(BudgetId, u64)>;

/// Returns the number of submissions of each budget, and whether the participant has none left.
async fn erase(
    store: &Store,
    participant: ParticipantId,
    only: Option<BudgetId>,
) -> Result<(Erased, bool), StoreError> {
    let mut attempt = 1;
    loop {
        match erase_once(store, participant, only).await {
            Err(error) if error.is_conflict() && attempt < CONFLICT_ATTEMPTS => attempt += 1,
            result => return result,
        }
    }
}

/// Makes one attempt, in one transaction: the rows go, and a delta takes their ballots out of the aggregate.
///
/// The locks are those of a batch of submissions, in the same order: budgets, then ballots. A batch of the same
/// participant that was stored before is erased as a whole. A later one waits for the ballots, finds none, and adds new ones.
async fn erase_once(
    store: &Store,
    participant: ParticipantId,
    only: Option<BudgetId>,
) -> Result<(Erased, bool), StoreError> {
    let transaction = store.begin().await?;
    let answered = transaction.budgets_of(participant).await?;
    let affected: Vec<BudgetId> =
        answered.iter().copied().filter(|budget| only.is_none_or(|only| only == *budget)).collect();
    if affected.is_empty() {
        return Ok((Vec::new(), answered.is_empty()));
    }
    transaction.lock_budgets(&affected).await?;
    let ballots: Vec<Ballot> = affected.iter().map(|budget| ((*budget, participant), Uuid::nil())).collect();
    let held: BTreeMap<BallotKey, HeldBallot> = transaction.lock_ballots(&ballots).await?.into_iter().collect();
    let ids: Vec<Uuid> = held.values().map(|held| held.submission).collect();
    let counting = transaction.submissions(&ids).await?;
    transaction.delete_ballots(&held.iter().map(|(key, held)| (*key, held.submission)).collect::<Vec<_>>()).await?;
    let mut erased = Vec::with_capacity(held.len());
    for (key, HeldBallot { submission: id, exclusion }) in held {
        let missing = || StoreError::Corrupt("ballot", "its submission is not there".to_owned());
        let ballot = counting.iter().find(|submission| submission.id == id).ok_or_else(missing)?;
        let submissions = transaction.delete_submissions_of(key).await?;
        let mut delta =
            Delta { submissions: i64::try_from(submissions).unwrap_or(i64::MAX).saturating_neg(), ..Delta::default() };
        if let Some(exclusion) = exclusion {
            // It was taken out of the count before.
            delta.forgotten.push(participant);
            transaction.note_excluded_erasure(exclusion).await?;
        } else {
            let before = ballot.allocation.clone();
            delta.removed.push(RemovedBallot { participant: Some(participant), before });
        }
        transaction.insert_delta(key.0, &delta).await?;
        erased.push((key.0, submissions));
    }
    let is_complete = answered.len() == erased.len();
    transaction.commit().await?;
    Ok((erased, is_complete))
}
