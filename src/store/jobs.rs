//! Background jobs: rows that a command leaves for a running server.
//!
//! A process claims a job for `CLAIM` and extends the claim while it works. If the process dies, the claim ends and the
//! next attempt may begin anywhere.

use chrono::TimeDelta;
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{LockBehavior, LockType},
};

use super::{Store, StoreError, entity::background_job};

/// How long a claim lasts unless it is extended.
const CLAIM: TimeDelta = TimeDelta::seconds(30);

/// A job that this process has claimed.
#[derive(Debug, Clone)]
pub struct ClaimedJob {
    pub id: i64,
    pub kind: String,
    /// 1 for the first attempt. It identifies the claim: the next one has another number.
    pub attempt: i32,
}

/// How an attempt ended.
#[derive(Debug)]
pub enum AttemptEnd {
    /// The job is done, with this result.
    Done(String),
    /// The job failed with this error and is not tried again.
    Failed(String),
    /// The attempt failed with this error. The next one is due after the pause.
    Retry { error: String, pause: TimeDelta },
}

impl Store {
    /// Adds a job that is due at once; returns its number.
    pub async fn enqueue_job(&self, kind: &str) -> Result<i64, StoreError> {
        let now = self.now().await?;
        let job = background_job::ActiveModel {
            kind: Set(kind.to_owned()),
            created_at: Set(now),
            attempts: Set(0),
            run_at: Set(Some(now)),
            ..Default::default()
        };
        Ok(job.insert(&self.writer).await?.id)
    }

    /// Claims the oldest job that is due. PostgreSQL skips rows that another node is claiming; on SQLite the transaction holds
    /// the only write lock.
    pub async fn claim_job(&self) -> Result<Option<ClaimedJob>, StoreError> {
        // Read first: an idle server should not take the write lock once a second.
        if due(self.now().await?).one(&self.reader).await?.is_none() {
            return Ok(None);
        }
        let transaction = self.begin().await?;
        let now = transaction.now().await?;
        let due = due(now).lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
        let Some(job) = due.one(&transaction.0).await? else { return Ok(None) };
        let job = ClaimedJob { id: job.id, kind: job.kind, attempt: job.attempts.saturating_add(1) };
        let claim = background_job::ActiveModel {
            id: Set(job.id),
            attempts: Set(job.attempt),
            run_at: Set(Some(now + CLAIM)),
            progress: Set(None),
            ..Default::default()
        };
        claim.update(&transaction.0).await?;
        transaction.commit().await?;
        Ok(Some(job))
    }

    /// Extends a claim and records the progress. False if the claim has ended and is somebody else's.
    pub async fn extend_claim(&self, job: &ClaimedJob, progress: i64) -> Result<bool, StoreError> {
        let run_at = Set(Some(self.now().await? + CLAIM));
        self.update_claimed(
            job,
            background_job::ActiveModel { run_at, progress: Set(Some(progress)), ..Default::default() },
        )
        .await
    }

    /// Ends a claim without counting the attempt: the job is due again at once.
    pub async fn release_job(&self, job: &ClaimedJob) -> Result<(), StoreError> {
        let (attempts, run_at) = (Set(job.attempt.saturating_sub(1)), Set(Some(self.now().await?)));
        self.update_claimed(job, background_job::ActiveModel { attempts, run_at, ..Default::default() }).await?;
        Ok(())
    }

    /// Records how an attempt ended.
    pub async fn end_attempt(&self, job: &ClaimedJob, progress: i64, end: &AttemptEnd) -> Result<(), StoreError> {
        let now = self.now().await?;
        let mut change = background_job::ActiveModel { progress: Set(Some(progress)), ..Default::default() };
        match end {
            AttemptEnd::Done(result) => {
                (change.finished_at, change.result) = (Set(Some(now)), Set(Some(result.clone())));
                change.error = Set(None);
            }
            AttemptEnd::Failed(error) => {
                (change.finished_at, change.result) = (Set(Some(now)), Set(Some(format!("failed: {error}"))));
                change.error = Set(Some(error.clone()));
            }
            AttemptEnd::Retry { error, pause } => {
                (change.run_at, change.error) = (Set(Some(now + *pause)), Set(Some(error.clone())));
            }
        }
        self.update_claimed(job, change).await?;
        Ok(())
    }

    /// Changes a job unless its claim has ended; returns whether it did.
    async fn update_claimed(&self, job: &ClaimedJob, change: background_job::ActiveModel) -> Result<bool, StoreError> {
        let updated = background_job::Entity::update_many()
            .set(change)
            .filter(background_job::Column::Id.eq(job.id))
            .filter(background_job::Column::Attempts.eq(job.attempt))
            .filter(background_job::Column::FinishedAt.is_null())
            .exec(&self.writer)
            .await?;
        Ok(updated.rows_affected == 1)
    }
}

fn due(now: chrono::DateTime<chrono::Utc>) -> Select<background_job::Entity> {
    let is_due =
        Condition::any().add(background_job::Column::RunAt.is_null()).add(background_job::Column::RunAt.lte(now));
    background_job::Entity::find()
        .filter(background_job::Column::FinishedAt.is_null())
        .filter(is_due)
        .order_by_asc(background_job::Column::Id)
        .limit(1)
}
