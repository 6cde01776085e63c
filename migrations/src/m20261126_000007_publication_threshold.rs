//! The publication threshold of each budget, and what of its aggregate is not shown.

use sea_orm_migration::{prelude::*, schema::*, sea_orm::DbBackend};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let publish_every = integer("publish_every").default(10).to_owned();
        manager.alter_table(Table::alter().table("budget").add_column(publish_every).to_owned()).await?;
        let held_back_change = Table::create()
            .table("held_back_change")
            .col(big_integer("budget_id").primary_key())
            .col(json("held_back"))
            .col(boolean("settled"))
            .foreign_key(
                ForeignKey::create()
                    .from("held_back_change", "budget_id")
                    .to("budget", "id")
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .to_owned();
        manager.create_table(held_back_change).await?;
        // Releases before this one would show every ballot that they fold. They insert no format, so without a default
        // their folds fail. SQLite adds no such column, but has one process, which is of one release.
        let format = integer("format").default(2).to_owned();
        manager.alter_table(Table::alter().table("budget_aggregate").add_column(format).to_owned()).await?;
        if manager.get_database_backend() == DbBackend::Postgres {
            let sql = "ALTER TABLE budget_aggregate ALTER COLUMN format DROP DEFAULT";
            manager.get_connection().execute_unprepared(sql).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table("budget_aggregate").drop_column("format").to_owned()).await?;
        manager.drop_table(Table::drop().table("held_back_change").to_owned()).await?;
        manager.alter_table(Table::alter().table("budget").drop_column("publish_every").to_owned()).await
    }
}
