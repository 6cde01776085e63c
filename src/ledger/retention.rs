//! The end of the retention time of a budget: its submissions are deleted, and the results stay.
//!
//! What is deleted was counted. Its tally goes into the retained tally in the same transaction, and a recount begins with
//! the retained tally. So neither the aggregate nor the drift changes, wherever a process dies.

use std::{collections::HashSet, time::Duration};

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Ledger, TIMEOUT};
use crate::{
    domain::budget::{Budget, BudgetId},
    store::{
        self, StoreError, Transaction,
        ballots::{Ballot, BallotKey, HeldBallot},
        submissions::Submission,
    },
};

/// Submissions in one transaction. Folds and submissions to other budgets do not wait longer than for this many on
/// SQLite, and not at all on PostgreSQL.
const BATCH: u64 = 2_000;
/// For one batch: the next submission of this budget may lie behind millions of others.
const BATCH_TIMEOUT: Duration = Duration::from_mins(2);

impl Ledger {
    /// Deletes the submissions of every budget whose retention time is over. Returns how many it deleted.
    pub async fn delete_expired(&self) -> Result<u64, StoreError> {
        let now = store::with_timeout(TIMEOUT, self.store.now()).await?;
        store::with_timeout(TIMEOUT, self.store.date_closings(now)).await?;
        let completed = store::with_timeout(TIMEOUT, self.store.retention_completions()).await?;
        let mut deleted = 0_u64;
        for budget in store::with_timeout(TIMEOUT, self.store.budgets()).await? {
            let is_completed = |expires_at| completed.get(&budget.id).is_some_and(|at| *at >= expires_at);
            if is_expired(&budget, now) && !budget.expires_at().is_some_and(is_completed) {
                deleted = deleted.saturating_add(self.delete_expired_of(&budget).await?);
            }
        }
        Ok(deleted)
    }

    async fn delete_expired_of(&self, budget: &Budget) -> Result<u64, StoreError> {
        let (mut deleted, mut after) = (0_u64, None);
        while let Some(batch) = store::with_timeout(BATCH_TIMEOUT, self.delete_batch(budget.id, after)).await? {
            after = Some(batch.last);
            deleted = deleted.saturating_add(batch.deleted);
        }
        if store::with_timeout(TIMEOUT, self.forget_participants(budget.id)).await? && deleted > 0 {
            tracing::info!(
                budget = budget.slug,
                submissions = deleted,
                "the retention time is over: submissions were deleted, and the results stay"
            );
        }
        Ok(deleted)
    }

    /// Moves the next submissions into the retained tally. `None` if none is left.
    async fn delete_batch(&self, budget: BudgetId, after: Option<Uuid>) -> Result<Option<Batch>, StoreError> {
        let Some(transaction) = self.begin_deletion(budget).await? else { return Ok(None) };
        // Also keeps two nodes from deleting at the same time.
        let mut retained = transaction.lock_retained_tally(budget).await?;
        let submissions = transaction.submissions_after(budget, after, BATCH).await?;
        let Some(last) = submissions.last().map(|submission| submission.id) else { return Ok(None) };
        let held = lock_ballots_of(&transaction, &submissions).await?;
        let ballots: Vec<Ballot> = held.iter().map(|(key, held)| (*key, held.submission)).collect();
        transaction.delete_ballots(&ballots).await?;
        let counting: HashSet<Uuid> =
            held.iter().filter(|(_, held)| held.exclusion.is_none()).map(|(_, held)| held.submission).collect();
        let ids = submissions.iter().map(|submission| submission.id);
        // A participant may have erased some of them since they were read.
        let deleted: HashSet<Uuid> = transaction.delete_submissions(ids).await?.into_iter().collect();
        // After the rows are deleted, so that no exclusion of one of them can come in between.
        let ids: Vec<Uuid> = deleted.iter().copied().collect();
        let excluded: HashSet<Uuid> = transaction.forget_excluded_submissions(&ids).await?.into_iter().collect();
        for submission in submissions.iter().filter(|submission| deleted.contains(&submission.id)) {
            retained.record_submission();
            let is_anonymous = submission.participant.is_none();
            if (is_anonymous && !excluded.contains(&submission.id)) || counting.contains(&submission.id) {
                retained.count(&submission.allocation);
            }
        }
        transaction.save_retained_tally(budget, &retained, None).await?;
        transaction.commit().await?;
        self.store.note_deletion();
        Ok(Some(Batch { last, deleted: u64::try_from(deleted.len()).unwrap_or(u64::MAX) }))
    }

    /// Deletes the codes, removes the participants from what is held back, and records that nothing is left. Returns whether it did: a delta
    /// that names participants may still be pending.
    async fn forget_participants(&self, budget: BudgetId) -> Result<bool, StoreError> {
        let Some(transaction) = self.begin_deletion(budget).await? else { return Ok(false) };
        let Some(budget) = transaction.lock_budgets(&[budget]).await?.readable.remove(&budget) else {
            return Ok(false);
        };
        let now = transaction.now().await?;
        let mut aggregate = transaction.lock_aggregate(&budget, now).await?;
        if transaction.has_pending_delta(budget.id).await? {
            return Ok(false);
        }
        if aggregate.has_record && aggregate.held_back.forget_participants() {
            transaction.save_held_back(budget.id, &aggregate.held_back, aggregate.settled).await?;
        }
        transaction.delete_codes(budget.id).await?;
        let retained = transaction.lock_retained_tally(budget.id).await?;
        transaction.save_retained_tally(budget.id, &retained, Some(now)).await?;
        transaction.commit().await?;
        self.store.note_deletion();
        Ok(true)
    }

    /// A transaction in which the budget is expired and stays so. `None` if an operator has changed it meanwhile.
    async fn begin_deletion(&self, budget: BudgetId) -> Result<Option<Transaction>, StoreError> {
        let transaction = self.store.begin().await?;
        let locked = transaction.lock_budgets(&[budget]).await?;
        let now = transaction.now().await?;
        Ok(locked.readable.get(&budget).is_some_and(|budget| is_expired(budget, now)).then_some(transaction))
    }
}

/// What one transaction deleted.
struct Batch {
    /// The next batch begins after this submission.
    last: Uuid,
    deleted: u64,
}

fn is_expired(budget: &Budget, now: DateTime<Utc>) -> bool {
    budget.expires_at().is_some_and(|expires_at| expires_at <= now)
}

/// Locks the ballots of the participants of these submissions. Returns those whose submission is one of these; of the
/// others, the submission that counts comes in a later batch.
async fn lock_ballots_of(
    transaction: &Transaction,
    submissions: &[Submission],
) -> Result<Vec<(BallotKey, HeldBallot)>, StoreError> {
    let ids: HashSet<Uuid> = submissions.iter().map(|submission| submission.id).collect();
    let mut keys: Vec<BallotKey> =
        submissions.iter().filter_map(|submission| Some((submission.budget, submission.participant?))).collect();
    keys.sort_unstable();
    keys.dedup();
    let keys: Vec<Ballot> = keys.into_iter().map(|key| (key, Uuid::nil())).collect();
    let held = transaction.lock_ballots(&keys).await?;
    Ok(held.into_iter().filter(|(_, held)| ids.contains(&held.submission)).collect())
}
