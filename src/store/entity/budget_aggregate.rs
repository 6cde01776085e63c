//! A budget'\''s folded tally: its order and its counts.
#![allow(missing_docs)] // the columns are described in docs/architecture.md and by the domain types

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
    /// How often a rebuild changed it; two rebuilds at once notice each other by it.
    pub rebuilds: i64,
    pub as_of: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
