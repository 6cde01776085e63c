//! The aggregate of a budget: its revision and its counts.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "budget_aggregate")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub budget_id: i64,
    pub epoch: i64,
    pub version: i64,
    pub participants: i64,
    pub submissions: i64,
    /// How often a rebuild changed it. Concurrent rebuilds notice each other by this number.
    pub rebuilds: i64,
    pub as_of: DateTimeUtc,
    /// See [`FORMAT`].
    pub format: i32,
}

/// Releases that show every ballot at once do not know the column. On PostgreSQL it has no default, so that their folds fail
/// and leave the deltas to nodes of this release.
pub const FORMAT: i32 = 2;

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
