//! Work that a command leaves for the background task.

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{LockBehavior, LockType},
};

use super::{Store, StoreError, Transaction, entity::background_job};

/// The only kind of job today: count everything again.
pub const REBUILD: &str = "rebuild";

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

    /// Whether any job waits.
    pub async fn has_waiting_job(&self) -> Result<bool, StoreError> {
        let waiting = background_job::Entity::find().filter(background_job::Column::FinishedAt.is_null());
        Ok(waiting.limit(1).one(&self.reader).await?.is_some())
    }
}

impl Transaction {
    /// Takes the oldest waiting job, held until the commit; one that another node works on is left to it.
    pub async fn take_job(&self) -> Result<Option<(i64, String)>, StoreError> {
        let job = background_job::Entity::find()
            .filter(background_job::Column::FinishedAt.is_null())
            .order_by_asc(background_job::Column::Id)
            .limit(1)
            .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
            .one(&self.0)
            .await?;
        Ok(job.map(|job| (job.id, job.kind)))
    }

    /// Notes how a job ended.
    pub async fn finish_job(&self, id: i64, now: DateTime<Utc>, result: &str) -> Result<(), StoreError> {
        let job = background_job::ActiveModel {
            id: Set(id),
            finished_at: Set(Some(now)),
            result: Set(Some(result.to_owned())),
            ..Default::default()
        };
        job.update(&self.0).await?;
        Ok(())
    }
}
