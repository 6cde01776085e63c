//! One consultation.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "budget")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub slug: String,
    pub title: String,
    pub description: Option<String>,
    pub currency: String,
    pub total_amount: Option<i64>,
    pub status: String,
    pub participation: String,
    pub opens_at: Option<DateTimeUtc>,
    pub closes_at: Option<DateTimeUtc>,
    pub publish_every: i32,
    pub retention_days: Option<i32>,
    pub version: i64,
    pub visibility: String,
    pub category_order: String,
    pub time_zone: String,
    pub paused_at: Option<DateTimeUtc>,
    pub archived_at: Option<DateTimeUtc>,
    pub updated_at: Option<DateTimeUtc>,
    pub updated_by: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
