//! Work that a command leaves for the background task.

use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::{Store, StoreError, entity::background_job};

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

    /// The oldest unfinished job: its number and kind. Two nodes may both do it; every kind of job must bear that.
    pub async fn waiting_job(&self) -> Result<Option<(i64, String)>, StoreError> {
        let waiting = background_job::Entity::find().filter(background_job::Column::FinishedAt.is_null());
        let job = waiting.order_by_asc(background_job::Column::Id).one(&self.reader).await?;
        Ok(job.map(|job| (job.id, job.kind)))
    }

    /// Notes how a job ended.
    pub async fn finish_job(&self, id: i64, result: &str) -> Result<(), StoreError> {
        let job = background_job::ActiveModel {
            id: Set(id),
            finished_at: Set(Some(self.now().await?)),
            result: Set(Some(result.to_owned())),
            ..Default::default()
        };
        job.update(&self.writer).await?;
        Ok(())
    }
}
