//! Migrations: bringing the schema up to date.

use migrations::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, TransactionTrait};

use super::{Store, StoreError};
use crate::domain::publish_every::PublishEvery;

/// The number is arbitrary. The process that holds this advisory lock migrates, so that nodes may start together.
const MIGRATION_LOCK: &str = "SELECT pg_advisory_xact_lock(7461786275646765)";

pub struct MigrationStatus {
    pub name: String,
    pub applied: bool,
}

impl Store {
    /// Applies every pending migration, then creates the default budget with this threshold on a database without budgets.
    pub async fn migrate_up(&self, publish_every: PublishEvery) -> Result<(), StoreError> {
        let lock = self.migration_lock().await?;
        Migrator::up(&self.connect_without_timeouts().await?, None).await?;
        self.create_default_budget(publish_every).await?;
        lock.commit().await?;
        Ok(())
    }

    /// The names of the migrations that this database lacks.
    pub async fn pending_migrations(&self) -> Result<Vec<String>, StoreError> {
        let status = self.migration_status().await?;
        Ok(status.into_iter().filter(|step| !step.applied).map(|step| step.name).collect())
    }

    /// Reverts the last migration.
    pub async fn migrate_down(&self) -> Result<(), StoreError> {
        let lock = self.migration_lock().await?;
        Migrator::down(&self.connect_without_timeouts().await?, Some(1)).await?;
        lock.commit().await?;
        Ok(())
    }

    /// Every migration, in order.
    pub async fn migration_status(&self) -> Result<Vec<MigrationStatus>, StoreError> {
        let migrations = Migrator::get_migration_with_status(&self.writer).await?;
        let status = |migration: &migrations::Migration| MigrationStatus {
            name: migration.name().to_owned(),
            applied: migration.status() == migrations::MigrationStatus::Applied,
        };
        Ok(migrations.iter().map(status).collect())
    }

    /// The lock has a connection of its own, because it may have to wait for as long as another process migrates. SQLite locks
    /// its file by itself.
    async fn migration_lock(&self) -> Result<sea_orm::DatabaseTransaction, DbErr> {
        if self.backend() == DbBackend::Sqlite {
            return self.reader.begin().await;
        }
        let lock = self.connect_without_timeouts().await?.begin().await?;
        lock.execute_unprepared(MIGRATION_LOCK).await?;
        Ok(lock)
    }
}
