//! Background jobs: rows that a command leaves for a running server.
//!
//! A process claims a job for `CLAIM` and extends the claim while it works. If the process dies, the claim ends and the
//! next attempt may begin anywhere.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select, Value,
    sea_query::{LockBehavior, LockType},
};

use uuid::Uuid;

use super::{READ_TIMEOUT, Sql, Store, StoreError, Transaction, entity::background_job, with_timeout};

/// The kind of a job that compares aggregates with recounts.
pub const VERIFY: &str = "verify";
/// How long a claim lasts unless it is extended.
const CLAIM: TimeDelta = TimeDelta::seconds(30);

/// A job that this process has claimed.
#[derive(Debug, Clone)]
pub struct ClaimedJob {
    pub id: i64,
    pub kind: String,
    /// The slug of a budget; `None` for all of them.
    pub budget: Option<String>,
    /// 1 for the first attempt. It identifies the claim: the next one has another number.
    pub attempt: i32,
}

/// The number of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JobId(pub i64);

/// A job as organisers see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    pub id: i64,
    pub kind: String,
    /// The slug of a budget; `None` for all of them.
    pub budget: Option<String>,
    pub created_at: DateTime<Utc>,
    /// Of the last attempt.
    pub started_at: Option<DateTime<Utc>>,
    pub finished_at: Option<DateTime<Utc>>,
    pub attempts: i32,
    /// Not to be claimed before.
    pub run_at: Option<DateTime<Utc>>,
    pub progress: Option<i64>,
    pub total: Option<i64>,
    pub result: Option<String>,
    pub error: Option<String>,
    /// The node that began the last attempt.
    pub node: Option<Uuid>,
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
    /// Adds a job about all budgets that is due at once; returns its number.
    pub async fn enqueue_job(&self, kind: &str) -> Result<i64, StoreError> {
        let transaction = self.begin().await?;
        let id = transaction.insert_job(kind, None).await?;
        transaction.commit().await?;
        Ok(id)
    }

    /// Adds the job of a day, unless a node has done so.
    pub async fn schedule_job(&self, kind: &str, day: NaiveDate) -> Result<(), StoreError> {
        const SCHEDULE: Sql = Sql::both(
            "INSERT INTO background_job (kind, created_at, attempts, run_at, scheduled_for)
                VALUES ($1, $2, 0, $2, $3) ON CONFLICT (kind, scheduled_for) DO NOTHING",
        );
        let values: [Value; 3] = [kind.into(), self.now().await?.into(), day.to_string().into()];
        self.writer.execute_raw(SCHEDULE.statement(self.backend(), values)).await?;
        Ok(())
    }

    /// At most `limit` jobs before this one, the newest first.
    pub async fn jobs(&self, before: Option<i64>, limit: u64) -> Result<Vec<Job>, StoreError> {
        let query = background_job::Entity::find()
            .filter(background_job::Column::Id.lt(before.unwrap_or(i64::MAX)))
            .order_by_desc(background_job::Column::Id)
            .limit(limit);
        let found = async { Ok(query.all(&self.reader).await?) };
        Ok(with_timeout(READ_TIMEOUT, found).await?.into_iter().map(job_from_row).collect())
    }

    /// The job with this number.
    pub async fn job(&self, id: i64) -> Result<Option<Job>, StoreError> {
        let found = async { Ok(background_job::Entity::find_by_id(id).one(&self.reader).await?) };
        Ok(with_timeout(READ_TIMEOUT, found).await?.map(job_from_row))
    }

    /// The last job of this kind that has ended.
    pub async fn last_ended_job(&self, kind: &str) -> Result<Option<Job>, StoreError> {
        let query = background_job::Entity::find()
            .filter(background_job::Column::Kind.eq(kind))
            .filter(background_job::Column::FinishedAt.is_not_null())
            .order_by_desc(background_job::Column::FinishedAt);
        let found = async { Ok(query.one(&self.reader).await?) };
        Ok(with_timeout(READ_TIMEOUT, found).await?.map(job_from_row))
    }

    /// Claims the oldest job that is due. PostgreSQL skips rows that another node is claiming; on SQLite the transaction holds
    /// the only write lock.
    pub async fn claim_job(&self, node: Uuid) -> Result<Option<ClaimedJob>, StoreError> {
        // Read first: an idle server should not take the write lock once a second.
        if due(self.now().await?).one(&self.reader).await?.is_none() {
            return Ok(None);
        }
        let transaction = self.begin().await?;
        let now = transaction.now().await?;
        let due = due(now).lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
        let Some(job) = due.one(&transaction.0).await? else { return Ok(None) };
        let (budget, attempt) = (job.budget, job.attempts.saturating_add(1));
        let job = ClaimedJob { id: job.id, kind: job.kind, budget, attempt };
        let claim = background_job::ActiveModel {
            id: Set(job.id),
            attempts: Set(job.attempt),
            run_at: Set(Some(now + CLAIM)),
            progress: Set(None),
            total: Set(None),
            node: Set(Some(node)),
            started_at: Set(Some(now)),
            ..Default::default()
        };
        claim.update(&transaction.0).await?;
        transaction.commit().await?;
        Ok(Some(job))
    }

    /// Extends a claim and records the progress. False if the claim has ended and is somebody else's.
    pub async fn extend_claim(&self, job: &ClaimedJob, progress: i64, total: Option<i64>) -> Result<bool, StoreError> {
        let (run_at, progress) = (Set(Some(self.now().await? + CLAIM)), Set(Some(progress)));
        let change = background_job::ActiveModel { run_at, progress, total: Set(total), ..Default::default() };
        self.update_claimed(job, change).await
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

impl Transaction {
    /// Adds a job that is due at once; returns its number.
    pub async fn insert_job(&self, kind: &str, budget: Option<&str>) -> Result<i64, StoreError> {
        let now = self.now().await?;
        let job = background_job::ActiveModel {
            kind: Set(kind.to_owned()),
            budget: Set(budget.map(ToOwned::to_owned)),
            created_at: Set(now),
            attempts: Set(0),
            run_at: Set(Some(now)),
            ..Default::default()
        };
        Ok(job.insert(&self.0).await?.id)
    }

    /// The first job of this kind and budget that has not ended.
    pub async fn unfinished_job(&self, kind: &str, budget: Option<&str>) -> Result<Option<i64>, StoreError> {
        let of_budget = match budget {
            Some(budget) => background_job::Column::Budget.eq(budget),
            None => background_job::Column::Budget.is_null(),
        };
        let query = background_job::Entity::find()
            .filter(background_job::Column::Kind.eq(kind))
            .filter(of_budget)
            .filter(background_job::Column::FinishedAt.is_null())
            .order_by_asc(background_job::Column::Id);
        Ok(query.one(&self.0).await?.map(|row| row.id))
    }

    /// Makes a job that has failed due again, with all its attempts. False if it has not.
    pub async fn retry_job(&self, id: i64) -> Result<bool, StoreError> {
        let again = background_job::ActiveModel {
            finished_at: Set(None),
            result: Set(None),
            error: Set(None),
            attempts: Set(0),
            run_at: Set(Some(self.now().await?)),
            ..Default::default()
        };
        let updated = background_job::Entity::update_many()
            .set(again)
            .filter(background_job::Column::Id.eq(id))
            .filter(background_job::Column::FinishedAt.is_not_null())
            .filter(background_job::Column::Error.is_not_null())
            .exec(&self.0)
            .await?;
        Ok(updated.rows_affected == 1)
    }
}

fn job_from_row(row: background_job::Model) -> Job {
    Job {
        id: row.id,
        kind: row.kind,
        budget: row.budget,
        created_at: row.created_at,
        started_at: row.started_at,
        finished_at: row.finished_at,
        attempts: row.attempts,
        run_at: row.run_at,
        progress: row.progress,
        total: row.total,
        result: row.result,
        error: row.error,
        node: row.node,
    }
}

fn due(now: DateTime<Utc>) -> Select<background_job::Entity> {
    let is_due =
        Condition::any().add(background_job::Column::RunAt.is_null()).add(background_job::Column::RunAt.lte(now));
    background_job::Entity::find()
        .filter(background_job::Column::FinishedAt.is_null())
        .filter(is_due)
        .order_by_asc(background_job::Column::Id)
        .limit(1)
}
