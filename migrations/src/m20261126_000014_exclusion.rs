//! Exclusions: answers that an organiser took out of the count, with the reason.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let exclusion = Table::create()
            .table("exclusion")
            .col(big_pk_auto("id"))
            .col(big_integer("budget_id"))
            .col(text("kind").check(Expr::col("kind").is_in(["answer", "cohort"])))
            .col(text("reason"))
            .col(big_integer("count"))
            .col(timestamp_with_time_zone("excluded_at"))
            .col(text("excluded_by"))
            .col(timestamp_with_time_zone_null("undone_at"))
            .col(text_null("undone_by"))
            .foreign_key(ForeignKey::create().from("exclusion", "budget_id").to("budget", "id"))
            .to_owned();
        // The ledger is never changed, so an excluded submission without a participant has a row here. A ballot has a column.
        let excluded_submission = Table::create()
            .table("excluded_submission")
            .col(pk_uuid("submission_id"))
            .col(big_integer("exclusion_id"))
            .to_owned();
        for table in [exclusion, excluded_submission] {
            manager.create_table(table).await?;
        }
        let exclusion_id = big_integer_null("exclusion_id");
        manager.alter_table(Table::alter().table("ballot").add_column(exclusion_id).to_owned()).await?;
        for index in [
            "CREATE INDEX exclusion_budget ON exclusion (budget_id)",
            "CREATE INDEX excluded_submission_exclusion ON excluded_submission (exclusion_id)",
            // Partial: ballots that count cost it nothing.
            "CREATE INDEX ballot_exclusion ON ballot (exclusion_id) WHERE exclusion_id IS NOT NULL",
            // For the answers of an hour. New rows come at its end.
            "CREATE INDEX submission_time ON submission (budget_id, submitted_at)",
        ] {
            manager.get_connection().execute_unprepared(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for index in ["submission_time", "ballot_exclusion"] {
            manager.get_connection().execute_unprepared(&format!("DROP INDEX {index}")).await?;
        }
        manager.alter_table(Table::alter().table("ballot").drop_column("exclusion_id").to_owned()).await?;
        for table in ["excluded_submission", "exclusion"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}
