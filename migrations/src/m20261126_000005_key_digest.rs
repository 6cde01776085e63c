//! The digests of idempotency keys instead of the keys. A digest covers whom its key belongs to, so one index holds all.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let add = Table::alter().table("submission").add_column(uuid_null("key_digest")).to_owned();
        manager.alter_table(add).await?;
        // Partial: rows without a key cost the index nothing.
        for statement in [
            "CREATE UNIQUE INDEX submission_key_digest ON submission (key_digest) WHERE key_digest IS NOT NULL",
            // SQLite drops no column that an index uses.
            "DROP INDEX submission_participant_key",
            "DROP INDEX submission_budget_key",
            "ALTER TABLE submission DROP COLUMN idempotency_key",
        ] {
            manager.get_connection().execute_unprepared(statement).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let add = Table::alter().table("submission").add_column(text_null("idempotency_key")).to_owned();
        manager.alter_table(add).await?;
        for statement in [
            "CREATE UNIQUE INDEX submission_participant_key ON submission (participant_id, idempotency_key)
             WHERE participant_id IS NOT NULL AND idempotency_key IS NOT NULL",
            "CREATE UNIQUE INDEX submission_budget_key ON submission (budget_id, idempotency_key)
             WHERE participant_id IS NULL AND idempotency_key IS NOT NULL",
            "DROP INDEX submission_key_digest",
            "ALTER TABLE submission DROP COLUMN key_digest",
        ] {
            manager.get_connection().execute_unprepared(statement).await?;
        }
        Ok(())
    }
}
