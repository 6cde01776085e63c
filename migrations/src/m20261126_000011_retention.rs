//! Retention: how long a budget keeps its submissions after it has closed, and the exact tally of those that were deleted.

use sea_orm_migration::{prelude::*, schema::*, sea_orm::DbBackend};

#[derive(DeriveMigrationName)]
pub struct Migration;

// The categories stay frozen when the submissions have been deleted: the retained tally is counted by them.
const POSTGRES_UP: &str = "
CREATE OR REPLACE FUNCTION refuse_frozen_category() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  -- Both: a category may be moved from one budget to another.
  affected bigint[] := ARRAY[CASE WHEN TG_OP <> 'INSERT' THEN OLD.budget_id END,
                             CASE WHEN TG_OP <> 'DELETE' THEN NEW.budget_id END];
BEGIN
  PERFORM 1 FROM budget WHERE id = ANY (affected) ORDER BY id FOR UPDATE;
  IF EXISTS (SELECT 1 FROM submission WHERE budget_id = ANY (affected))
     OR EXISTS (SELECT 1 FROM retained_tally WHERE budget_id = ANY (affected)) THEN
    RAISE EXCEPTION 'the categories of a budget are frozen once it has a submission';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
";

const POSTGRES_DOWN: &str = "
CREATE OR REPLACE FUNCTION refuse_frozen_category() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  affected bigint[] := ARRAY[CASE WHEN TG_OP <> 'INSERT' THEN OLD.budget_id END,
                             CASE WHEN TG_OP <> 'DELETE' THEN NEW.budget_id END];
BEGIN
  PERFORM 1 FROM budget WHERE id = ANY (affected) ORDER BY id FOR UPDATE;
  IF EXISTS (SELECT 1 FROM submission WHERE budget_id = ANY (affected)) THEN
    RAISE EXCEPTION 'the categories of a budget are frozen once it has a submission';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
";

const SQLITE_UP: &str = "
CREATE TRIGGER category_retained_insert BEFORE INSERT ON category
WHEN EXISTS (SELECT 1 FROM retained_tally WHERE budget_id = NEW.budget_id)
BEGIN SELECT RAISE(ABORT, 'the categories of a budget are frozen once it has a submission'); END;
CREATE TRIGGER category_retained_delete BEFORE DELETE ON category
WHEN EXISTS (SELECT 1 FROM retained_tally WHERE budget_id = OLD.budget_id)
BEGIN SELECT RAISE(ABORT, 'the categories of a budget are frozen once it has a submission'); END;
CREATE TRIGGER category_retained_update BEFORE UPDATE OF id, budget_id, key, position ON category
WHEN EXISTS (SELECT 1 FROM retained_tally WHERE budget_id IN (OLD.budget_id, NEW.budget_id))
BEGIN SELECT RAISE(ABORT, 'the categories of a budget are frozen once it has a submission'); END;
";

const SQLITE_DOWN: &str = "
DROP TRIGGER category_retained_update;
DROP TRIGGER category_retained_delete;
DROP TRIGGER category_retained_insert;
";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let days = integer_null("retention_days");
        manager.alter_table(Table::alter().table("budget").add_column(days).to_owned()).await?;
        let retained_tally = Table::create()
            .table("retained_tally")
            .col(big_integer("budget_id").primary_key())
            .col(json("tally"))
            .col(timestamp_with_time_zone_null("completed_at"))
            .foreign_key(ForeignKey::create().from("retained_tally", "budget_id").to("budget", "id"))
            .to_owned();
        manager.create_table(retained_tally).await?;
        let postgres = manager.get_database_backend() == DbBackend::Postgres;
        manager.get_connection().execute_unprepared(if postgres { POSTGRES_UP } else { SQLITE_UP }).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let postgres = manager.get_database_backend() == DbBackend::Postgres;
        manager.get_connection().execute_unprepared(if postgres { POSTGRES_DOWN } else { SQLITE_DOWN }).await?;
        manager.drop_table(Table::drop().table("retained_tally").to_owned()).await?;
        manager.alter_table(Table::alter().table("budget").drop_column("retention_days").to_owned()).await
    }
}
