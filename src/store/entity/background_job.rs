//! Work that a command left for the background task.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "background_job")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub kind: String,
    pub created_at: DateTimeUtc,
    pub finished_at: Option<DateTimeUtc>,
    /// How it ended.
    pub result: Option<String>,
    /// Attempts begun so far.
    pub attempts: i32,
    /// Not to be claimed before; `None` is at once. While a process works on the job, this is when its claim ends.
    pub run_at: Option<DateTimeUtc>,
    /// How far the present attempt is, in steps of the job's kind.
    pub progress: Option<i64>,
    /// Why the last attempt failed.
    pub error: Option<String>,
    /// The slug of the budget that it is about; `None` for all of them.
    pub budget: Option<String>,
    /// How many steps the present attempt has, if that is known.
    pub total: Option<i64>,
    /// The node that began the last attempt.
    pub node: Option<Uuid>,
    /// When the last attempt began.
    pub started_at: Option<DateTimeUtc>,
    /// The day that it was added for by the schedule.
    pub scheduled_for: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
