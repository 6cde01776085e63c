//! What nobody may change, whoever holds the connection: ledger rows, and the categories that they are counted by.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

#[derive(DeriveMigrationName)]
pub struct Migration;

// Taking the budget's row waits for submissions in flight, which hold it shared: none slips in between check and change.
const POSTGRES_UP: &str = "
CREATE FUNCTION refuse_frozen_category() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  -- Both: a category may be moved from one budget to another.
  affected bigint[] := ARRAY[CASE WHEN TG_OP <> 'INSERT' THEN OLD.budget_id END,
                             CASE WHEN TG_OP <> 'DELETE' THEN NEW.budget_id END];
BEGIN
  PERFORM 1 FROM budget WHERE id = ANY (affected) ORDER BY id FOR UPDATE;
  IF EXISTS (SELECT 1 FROM submission WHERE budget_id = ANY (affected)) THEN
    RAISE EXCEPTION 'the categories of a budget are frozen once it has a submission';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER category_frozen BEFORE INSERT OR DELETE OR UPDATE OF id, budget_id, key, position ON category
  FOR EACH ROW EXECUTE FUNCTION refuse_frozen_category();

CREATE FUNCTION refuse_ledger_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a submission is never changed; hand in another';
END $$;
CREATE TRIGGER submission_immutable BEFORE UPDATE ON submission
  FOR EACH ROW EXECUTE FUNCTION refuse_ledger_update();
";

const POSTGRES_DOWN: &str = "
DROP TRIGGER submission_immutable ON submission;
DROP FUNCTION refuse_ledger_update;
DROP TRIGGER category_frozen ON category;
DROP FUNCTION refuse_frozen_category;
";

const SQLITE_UP: &str = "
CREATE TRIGGER category_frozen_insert BEFORE INSERT ON category
WHEN EXISTS (SELECT 1 FROM submission WHERE budget_id = NEW.budget_id)
BEGIN SELECT RAISE(ABORT, 'the categories of a budget are frozen once it has a submission'); END;
CREATE TRIGGER category_frozen_delete BEFORE DELETE ON category
WHEN EXISTS (SELECT 1 FROM submission WHERE budget_id = OLD.budget_id)
BEGIN SELECT RAISE(ABORT, 'the categories of a budget are frozen once it has a submission'); END;
CREATE TRIGGER category_frozen_update BEFORE UPDATE OF id, budget_id, key, position ON category
WHEN EXISTS (SELECT 1 FROM submission WHERE budget_id IN (OLD.budget_id, NEW.budget_id))
BEGIN SELECT RAISE(ABORT, 'the categories of a budget are frozen once it has a submission'); END;
CREATE TRIGGER submission_immutable BEFORE UPDATE ON submission
BEGIN SELECT RAISE(ABORT, 'a submission is never changed; hand in another'); END;
";

const SQLITE_DOWN: &str = "
DROP TRIGGER submission_immutable;
DROP TRIGGER category_frozen_update;
DROP TRIGGER category_frozen_delete;
DROP TRIGGER category_frozen_insert;
";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let postgres = manager.get_database_backend() == DbBackend::Postgres;
        manager.get_connection().execute_unprepared(if postgres { POSTGRES_UP } else { SQLITE_UP }).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let postgres = manager.get_database_backend() == DbBackend::Postgres;
        manager.get_connection().execute_unprepared(if postgres { POSTGRES_DOWN } else { SQLITE_DOWN }).await?;
        Ok(())
    }
}
