//! Cohorts: many submissions within an hour that have a network or an allocation in common.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let key = ["budget_id", "kind", "hour", "subject"].into_iter().fold(Index::create(), |mut index, column| {
            index.col(column);
            index
        });
        let table = Table::create()
            .table("cohort_flag")
            .col(big_integer("budget_id"))
            .col(string_len("kind", 16))
            // As text, `2026-11-26T18`: both databases compare it alike.
            .col(string_len("hour", 13))
            // What the submissions have in common, blinded by the key of the day.
            .col(string_len("subject", 32))
            .col(big_integer("count"))
            .col(timestamp_with_time_zone("first_seen"))
            .col(timestamp_with_time_zone("last_seen"))
            .primary_key(&mut key.to_owned())
            .to_owned();
        manager.create_table(table).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("cohort_flag").to_owned()).await
    }
}
