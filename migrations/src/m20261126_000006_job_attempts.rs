//! Attempts at a background job: how many, when the next one is due, how far the present one is, and why the last failed.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // One statement each: SQLite adds one column at a time.
        for column in [
            integer("attempts").default(0).to_owned(),
            // Without a time the job is due at once, as those are that an older release leaves.
            timestamp_with_time_zone_null("run_at"),
            big_integer_null("progress"),
            text_null("error"),
        ] {
            manager.alter_table(Table::alter().table("background_job").add_column(column).to_owned()).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in ["error", "progress", "run_at", "attempts"] {
            manager.alter_table(Table::alter().table("background_job").drop_column(column).to_owned()).await?;
        }
        Ok(())
    }
}
