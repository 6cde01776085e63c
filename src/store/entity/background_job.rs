//! Work that a command left for the background task.
#![allow(missing_docs)] // the columns are described in docs/architecture.md and by the domain types

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
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
