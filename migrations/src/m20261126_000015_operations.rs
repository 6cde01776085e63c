//! Operations: the nodes that run, more about jobs, and how often the form of a budget was opened.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let node = Table::create()
            .table("node")
            .col(pk_uuid("id"))
            .col(text("role"))
            .col(text("version"))
            .col(timestamp_with_time_zone("started_at"))
            .col(timestamp_with_time_zone("last_seen_at"))
            .col(big_integer("connections"))
            .col(big_integer("streams"))
            .to_owned();
        manager.create_table(node).await?;
        let form_view = Table::create()
            .table("form_view")
            .col(big_integer("budget_id"))
            .col(text("language"))
            .col(big_integer("count"))
            .primary_key(Index::create().col("budget_id").col("language"))
            .to_owned();
        manager.create_table(form_view).await?;
        // One statement each: SQLite adds one column at a time.
        for column in [
            text_null("budget"),
            big_integer_null("total"),
            uuid_null("node"),
            timestamp_with_time_zone_null("started_at"),
            text_null("scheduled_for"),
        ] {
            manager.alter_table(Table::alter().table("background_job").add_column(column).to_owned()).await?;
        }
        // Of many nodes only one adds the job of a night.
        manager
            .get_connection()
            .execute_unprepared("CREATE UNIQUE INDEX background_job_schedule ON background_job (kind, scheduled_for)")
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.get_connection().execute_unprepared("DROP INDEX background_job_schedule").await?;
        for column in ["scheduled_for", "started_at", "node", "total", "budget"] {
            manager.alter_table(Table::alter().table("background_job").drop_column(column).to_owned()).await?;
        }
        for table in ["form_view", "node"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}
