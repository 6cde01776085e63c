//! Bringing the schema up to date.

use migrations::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, TransactionTrait};

use super::{Store, StoreError};

/// Any constant: whoever holds this advisory lock migrates, so that replicas may start together.
const MIGRATION_LOCK: &str = "SELECT pg_advisory_xact_lock(7461786275646765)";

/// One step of the schema.
pub struct MigrationStatus {
    /// Its name.
    pub name: String,
    /// Whether this database has it.
    pub applied: bool,
}

impl Store {
    /// Applies every pending step, then creates the default budget when there is none.
    pub async fn migrate_up(&self) -> Result<(), StoreError> {
        let lock = self.migration_lock().await?;
        Migrator::up(&self.writer, None).await?;
        self.create_default_budget().await?;
        lock.commit().await?;
        Ok(())
    }

    /// Undoes the last step.
    pub async fn migrate_down(&self) -> Result<(), StoreError> {
        let lock = self.migration_lock().await?;
        Migrator::down(&self.writer, Some(1)).await?;
        lock.commit().await?;
        Ok(())
    }

    /// Every step, in order.
    pub async fn migration_status(&self) -> Result<Vec<MigrationStatus>, StoreError> {
        let migrations = Migrator::get_migration_with_status(&self.writer).await?;
        let status = |migration: &migrations::Migration| MigrationStatus {
            name: migration.name().to_owned(),
            applied: migration.status() == migrations::MigrationStatus::Applied,
        };
        Ok(migrations.iter().map(status).collect())
    }

    /// Held on a reader's connection, so that the writer's is free to migrate. SQLite locks its file by itself.
    async fn migration_lock(&self) -> Result<sea_orm::DatabaseTransaction, DbErr> {
        let lock = self.reader.begin().await?;
        if self.backend() == DbBackend::Postgres {
            lock.execute_unprepared(MIGRATION_LOCK).await?;
        }
        Ok(lock)
    }
}
