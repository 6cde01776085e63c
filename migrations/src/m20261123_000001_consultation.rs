//! Budgets with their categories, the ledger of submissions, and which of them count.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let budget = Table::create()
            .table("budget")
            .col(big_pk_auto("id"))
            .col(text_uniq("slug"))
            .col(text("title"))
            .col(text_null("description"))
            .col(text("currency"))
            .col(big_integer_null("total_amount"))
            .col(text("status").check(Expr::col("status").is_in(["draft", "open", "closed"])))
            .col(timestamp_with_time_zone_null("opens_at"))
            .col(timestamp_with_time_zone_null("closes_at"))
            .to_owned();
        let category = Table::create()
            .table("category")
            .col(big_pk_auto("id"))
            .col(big_integer("budget_id"))
            .col(text("key"))
            .col(text("label"))
            .col(text("description"))
            .col(text("color"))
            .col(integer("position"))
            .col(integer_null("actual_basis_points").check(Expr::col("actual_basis_points").between(0, 10_000)))
            .foreign_key(ForeignKey::create().from("category", "budget_id").to("budget", "id"))
            .index(Index::create().unique().name("category_key").col("budget_id").col("key"))
            .index(Index::create().unique().name("category_position").col("budget_id").col("position"))
            .to_owned();
        // No foreign keys on the two hot tables: every writer holds the budget's row, and categories (which do have one)
        // keep a budget with submissions from being deleted. A check per row would cost more than the row.
        let submission = Table::create()
            .table("submission")
            .col(pk_uuid("id"))
            .col(big_integer("budget_id"))
            .col(uuid_null("participant_id"))
            .col(json("shares"))
            .col(text_null("idempotency_key"))
            .col(timestamp_with_time_zone("submitted_at"))
            .to_owned();
        let ballot = Table::create()
            .table("ballot")
            .col(big_integer("budget_id"))
            .col(uuid("participant_id"))
            .col(uuid("submission_id"))
            .primary_key(Index::create().col("budget_id").col("participant_id"))
            .to_owned();
        for table in [budget, category, submission, ballot] {
            manager.create_table(table).await?;
        }
        // Partial: rows without a participant or a key cost these indexes nothing.
        for index in [
            "CREATE UNIQUE INDEX submission_participant_key ON submission (participant_id, idempotency_key)
             WHERE participant_id IS NOT NULL AND idempotency_key IS NOT NULL",
            "CREATE UNIQUE INDEX submission_budget_key ON submission (budget_id, idempotency_key)
             WHERE participant_id IS NULL AND idempotency_key IS NOT NULL",
            "CREATE INDEX submission_history ON submission (participant_id, submitted_at, id)
             WHERE participant_id IS NOT NULL",
        ] {
            manager.get_connection().execute_unprepared(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["ballot", "submission", "category", "budget"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}
