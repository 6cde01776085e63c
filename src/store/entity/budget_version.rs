//! A budget as it was before its next change.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "budget_version")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub budget_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i64,
    pub draft: Json,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
