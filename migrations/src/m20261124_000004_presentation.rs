//! How budgets are shown: translations, where the form begins, the tax illustration. A table of its own, for counting
//! reads the budget's row all the time and never needs it.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let presentation = Table::create()
            .table("budget_presentation")
            .col(big_integer("budget_id").primary_key())
            .col(json("presentation"))
            .foreign_key(
                ForeignKey::create()
                    .from("budget_presentation", "budget_id")
                    .to("budget", "id")
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .to_owned();
        manager.create_table(presentation).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("budget_presentation").to_owned()).await
    }
}
