//! The keys that blind networks: a random one for each day.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("network_key")
            // As text, `2026-11-26`: both databases compare it alike.
            .col(string_len("day", 10).primary_key())
            .col(string_len("key", 64))
            .to_owned();
        manager.create_table(table).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("network_key").to_owned()).await
    }
}
