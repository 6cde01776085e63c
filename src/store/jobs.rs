//! Work that a command leaves for the background task.

use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, DatabaseConnection, DbBackend, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select,
    TransactionTrait,
    sea_query::{LockBehavior, LockType},
};

use super::{Store, StoreError, Transaction, entity::background_job};

/// The only kind of job today: count everything again.
pub const REBUILD: &str = "rebuild";

/// A job that this process is to do.
pub struct ClaimedJob {
    /// The job's number.
    pub id: i64,
    /// What is to be done.
    pub kind: String,
    /// PostgreSQL: holds the job's row, so that other nodes pass over it, and lets go of it when this process dies.
    claim: Option<(Transaction, DatabaseConnection)>,
}

impl Store {
    /// Leaves a job; returns its number.
    pub async fn enqueue_job(&self, kind: &str) -> Result<i64, StoreError> {
        let job = background_job::ActiveModel {
            kind: Set(kind.to_owned()),
            created_at: Set(self.now().await?),
            ..Default::default()
        };
        Ok(job.insert(&self.writer).await?.id)
    }

    /// The oldest unfinished job that no other node is doing. A node that dies leaves its job to be done again: every kind
    /// of job must bear that.
    pub async fn claim_job(&self) -> Result<Option<ClaimedJob>, StoreError> {
        let Some(job) = unclaimed().one(&self.reader).await? else { return Ok(None) };
        if self.backend() != DbBackend::Postgres {
            return Ok(Some(ClaimedJob { id: job.id, kind: job.kind, claim: None }));
        }
        // On a connection of its own: a job may take longer than transactions of the pools may be idle.
        let connection = self.patient().await?;
        let transaction = Transaction(connection.begin().await?, None);
        let job = unclaimed().one(&transaction.0).await?;
        Ok(job.map(|job| ClaimedJob { id: job.id, kind: job.kind, claim: Some((transaction, connection)) }))
    }

    /// Notes how a job ended. It is not done again.
    pub async fn finish_job(&self, job: ClaimedJob, result: &str) -> Result<(), StoreError> {
        let finished = background_job::ActiveModel {
            id: Set(job.id),
            finished_at: Set(Some(self.now().await?)),
            result: Set(Some(result.to_owned())),
            ..Default::default()
        };
        if let Some((transaction, connection)) = job.claim {
            finished.update(&transaction.0).await?;
            transaction.commit().await?;
            connection.close().await?;
        } else {
            finished.update(&self.writer).await?;
        }
        Ok(())
    }
}

fn unclaimed() -> Select<background_job::Entity> {
    background_job::Entity::find()
        .filter(background_job::Column::FinishedAt.is_null())
        .order_by_asc(background_job::Column::Id)
        .limit(1)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
}
