//! The submission of each participant that counts now.
#![allow(clippy::struct_field_names)] // the columns' names

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "ballot")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub budget_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub participant_id: Uuid,
    pub submission_id: Uuid,
    /// Null if the ballot counts.
    pub exclusion_id: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
