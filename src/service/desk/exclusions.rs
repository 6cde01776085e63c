//! Taking answers out of the count, and putting them back.
//!
//! The locks are those of a batch of submissions, in the same order: the budget, then ballots in the order of their keys. Then
//! come submissions without a participant in the order of their ids, and last the row of the exclusion.

use std::{collections::HashMap, sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use serde_json::json;
use tokio::sync::Notify;
use uuid::Uuid;

use super::{answer_ids::AnswerIds, answers::CohortId};
use crate::{
    domain::{
        allocation::Allocation,
        budget::{Budget, BudgetId},
        delta::{Delta, Voice, VoiceBallot},
        desk::Actor,
        exclusion::{ExclusionId, ExclusionKind, Reason},
    },
    service::catalogue::Catalogue,
    store::{
        Store, StoreError, Transaction,
        audit::{AuditedChange, AuditedTransaction},
        ballots::{Ballot, BallotKey},
        exclusions::Exclusion,
    },
};

/// A cohort may have many members. Later the outcome is unknown to the caller, who may look and try again.
const TIMEOUT: Duration = Duration::from_secs(20);
/// The number of attempts at a transaction that the database rolls back because of a conflict with another one.
const CONFLICT_ATTEMPTS: u32 = 5;
/// Ballots in one delta. A fold reads a delta as a whole.
const DELTA_BALLOTS: usize = 1_000;

/// The service for exclusions.
#[allow(missing_docs)] // the names say it
pub struct Exclusions {
    pub store: Store,
    pub catalogue: Arc<Catalogue>,
    pub ids: Arc<AnswerIds>,
    /// Wakes the aggregator.
    pub committed: Arc<Notify>,
}

/// What to exclude.
#[derive(Debug, Clone)]
pub enum Target {
    /// One answer, by its id.
    Answer(String),
    /// A cohort.
    Cohort(CohortId),
}

/// Why nothing was excluded or put back.
#[derive(Debug, thiserror::Error)]
pub enum ExclusionError {
    /// There is no such answer to this budget. Its participant may have erased it.
    #[error("there is no such answer")]
    UnknownAnswer,
    /// The answer, or every answer of the cohort, is excluded already.
    #[error("it is excluded already")]
    AlreadyExcluded,
    /// There is no such exclusion.
    #[error("there is no such exclusion")]
    UnknownExclusion,
    /// The exclusion is undone already.
    #[error("it is undone already")]
    AlreadyUndone,
    /// The retention time is over: answers are deleted, and the results stay as they are.
    #[error("the retention time is over")]
    RetentionOver,
    /// The database failed. The outcome is unknown.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Exclusions {
    /// Excludes an answer or a cohort of a budget. The answer of a participant stays out of the count if they revise it.
    pub async fn exclude(
        &self,
        actor: &Actor,
        budget: BudgetId,
        target: &Target,
        reason: &Reason,
    ) -> Result<Exclusion, ExclusionError> {
        let mut attempt = 1;
        let id = loop {
            let excluded = self.exclude_once(actor, budget, target, reason);
            match with_timeout(excluded).await {
                Err(ExclusionError::Store(error)) if error.is_conflict() && attempt < CONFLICT_ATTEMPTS => attempt += 1,
                outcome => break outcome?,
            }
        };
        self.changed(id).await
    }

    /// Puts the answers of an exclusion back into the count. Those that were erased meanwhile do not come back.
    pub async fn undo(&self, actor: &Actor, id: ExclusionId) -> Result<Exclusion, ExclusionError> {
        let mut attempt = 1;
        loop {
            match with_timeout(self.undo_once(actor, id)).await {
                Err(ExclusionError::Store(error)) if error.is_conflict() && attempt < CONFLICT_ATTEMPTS => attempt += 1,
                outcome => break outcome?,
            }
        }
        self.changed(id).await
    }

    async fn changed(&self, id: ExclusionId) -> Result<Exclusion, ExclusionError> {
        self.committed.notify_one();
        // Read at once, so that no cached response tells of exclusions as they were before.
        self.catalogue.invalidate();
        self.catalogue.all().await?;
        self.store.exclusion(id).await?.ok_or(ExclusionError::UnknownExclusion)
    }

    async fn exclude_once(
        &self,
        actor: &Actor,
        budget: BudgetId,
        target: &Target,
        reason: &Reason,
    ) -> Result<ExclusionId, ExclusionError> {
        let mut audited = self.store.begin_audited(actor).await?;
        let (locked, now) = lock_budget(&audited.transaction, budget).await?;
        let (kind, ids) = match target {
            Target::Answer(id) => (ExclusionKind::Answer, self.ids.decode(id)),
            Target::Cohort(CohortId { hour, allocation }) => {
                let ids = audited.transaction.counting_answers_of(budget, *hour, allocation).await?;
                (ExclusionKind::Cohort, ids)
            }
        };
        let found = audited.transaction.submissions(&ids).await?;
        let found: Vec<_> = found.into_iter().filter(|submission| submission.budget == budget).collect();
        if found.is_empty() && kind == ExclusionKind::Answer {
            return Err(ExclusionError::UnknownAnswer);
        }
        let of_participants: HashMap<BallotKey, Uuid> =
            found.iter().filter_map(|it| Some(((budget, it.participant?), it.id))).collect();
        let mut ballots = lock_counting(&audited.transaction, of_participants.keys().copied().collect()).await?;
        if kind == ExclusionKind::Cohort {
            // A participant who has revised since is not one of those with the same shares.
            ballots.retain(|(key, submission)| of_participants.get(key) == Some(submission));
        }
        let anonymous: Vec<Uuid> = found.iter().filter(|it| it.participant.is_none()).map(|it| it.id).collect();
        let anonymous = audited.transaction.lock_anonymous(&anonymous).await?;
        let id = audited.transaction.insert_exclusion(budget, kind, reason, actor.name(), now).await?;
        audited.transaction.set_ballot_exclusions(&ballots, Some(id)).await?;
        let anonymous: Vec<Uuid> = anonymous.into_iter().map(|submission| submission.id).collect();
        let anonymous = audited.transaction.exclude_submissions(&anonymous, id).await?;
        let taken = voices(&audited.transaction, &ballots, &anonymous).await?;
        if taken.is_empty() {
            return Err(ExclusionError::AlreadyExcluded);
        }
        for some in taken.chunks(DELTA_BALLOTS) {
            let delta = Delta { excluded: some.to_vec(), ..Delta::default() };
            audited.transaction.insert_delta(budget, &delta).await?;
        }
        let count = i64::try_from(taken.len()).unwrap_or(i64::MAX);
        audited.transaction.set_exclusion_count(id, count).await?;
        let after = json!({ "exclusion": id.0, "kind": kind.name(), "reason": reason.as_str(), "count": count });
        record(&mut audited, "answers.exclude", &locked, after).await?;
        audited.commit().await?;
        Ok(id)
    }

    async fn undo_once(&self, actor: &Actor, id: ExclusionId) -> Result<(), ExclusionError> {
        let mut audited = self.store.begin_audited(actor).await?;
        let exclusion = self.store.exclusion(id).await?.ok_or(ExclusionError::UnknownExclusion)?;
        let (locked, now) = lock_budget(&audited.transaction, exclusion.budget).await?;
        let members = audited.transaction.members(id).await?;
        let keys: Vec<Ballot> = members.ballots.into_iter().map(|key| (key, Uuid::nil())).collect();
        let held = audited.transaction.lock_ballots(&keys).await?;
        let mut ballots: Vec<Ballot> = held
            .into_iter()
            .filter(|(_, held)| held.exclusion == Some(id))
            .map(|(key, held)| (key, held.submission))
            .collect();
        ballots.sort_unstable();
        let anonymous = audited.transaction.lock_anonymous(&members.submissions).await?;
        let anonymous: Vec<Uuid> = anonymous.into_iter().map(|submission| submission.id).collect();
        let anonymous = audited.transaction.forget_excluded_submissions(&anonymous).await?;
        if !audited.transaction.note_undone(id, actor.name(), now).await? {
            return Err(ExclusionError::AlreadyUndone);
        }
        audited.transaction.set_ballot_exclusions(&ballots, None).await?;
        let restored = voices(&audited.transaction, &ballots, &anonymous).await?;
        for some in restored.chunks(DELTA_BALLOTS) {
            let delta = Delta { restored: some.to_vec(), ..Delta::default() };
            audited.transaction.insert_delta(exclusion.budget, &delta).await?;
        }
        let after = json!({ "exclusion": id.0, "count": restored.len() });
        record(&mut audited, "answers.undo_exclusion", &locked, after).await?;
        audited.commit().await?;
        Ok(())
    }
}

async fn with_timeout<T>(work: impl Future<Output = Result<T, ExclusionError>>) -> Result<T, ExclusionError> {
    tokio::time::timeout(TIMEOUT, work).await.unwrap_or(Err(StoreError::TimedOut(TIMEOUT).into()))
}

/// The budget as it stays until the commit, and the time. Fails once its answers are being deleted.
async fn lock_budget(transaction: &Transaction, budget: BudgetId) -> Result<(Budget, DateTime<Utc>), ExclusionError> {
    let locked = transaction.lock_budgets(&[budget]).await?.readable.remove(&budget);
    let locked = locked.ok_or_else(|| StoreError::Corrupt("budget", format!("number {} cannot be read", budget.0)))?;
    let now = transaction.now().await?;
    if locked.expires_at().is_some_and(|expires_at| expires_at <= now) {
        return Err(ExclusionError::RetentionOver);
    }
    Ok((locked, now))
}

/// Locks the ballots of these participants. Returns those that are not excluded, in the order of their keys.
async fn lock_counting(transaction: &Transaction, mut keys: Vec<BallotKey>) -> Result<Vec<Ballot>, StoreError> {
    keys.sort_unstable();
    let keys: Vec<Ballot> = keys.into_iter().map(|key| (key, Uuid::nil())).collect();
    let held = transaction.lock_ballots(&keys).await?;
    let counting = held.into_iter().filter(|(_, held)| held.exclusion.is_none());
    let mut ballots: Vec<Ballot> = counting.map(|(key, held)| (key, held.submission)).collect();
    ballots.sort_unstable();
    Ok(ballots)
}

/// What these ballots, and these submissions without a participant, say now.
async fn voices(
    transaction: &Transaction,
    ballots: &[Ballot],
    anonymous: &[Uuid],
) -> Result<Vec<VoiceBallot>, StoreError> {
    let ids: Vec<Uuid> = ballots.iter().map(|(_, id)| *id).chain(anonymous.iter().copied()).collect();
    let found = transaction.submissions(&ids).await?;
    let by_id: HashMap<Uuid, Allocation> = found.into_iter().map(|found| (found.id, found.allocation)).collect();
    let participants = ballots.iter().map(|((_, participant), id)| (Voice::Participant(*participant), id));
    let voices = participants.chain(anonymous.iter().map(|id| (Voice::Submission(*id), id)));
    let ballot = |(voice, id): (Voice, &Uuid)| {
        let missing = || StoreError::Corrupt("ballot", id.to_string());
        Ok(VoiceBallot { voice, ballot: by_id.get(id).cloned().ok_or_else(missing)? })
    };
    voices.map(ballot).collect()
}

async fn record(
    audited: &mut AuditedTransaction,
    action: &'static str,
    budget: &Budget,
    after: serde_json::Value,
) -> Result<(), StoreError> {
    let budget = Some(budget.slug.clone());
    audited.record(AuditedChange { action, budget, before: None, after: Some(after) }).await
}
