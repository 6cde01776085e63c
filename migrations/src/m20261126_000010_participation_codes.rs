//! Participation by code: who may answer a budget, the digests of its codes, and the key that the digests are made with.
//!
//! Nothing else is kept about a code. A time of its use could be compared with the times of submissions, and would join a
//! code to its answer.

use sea_orm_migration::{prelude::*, schema::*, sea_orm::DbBackend};

#[derive(DeriveMigrationName)]
pub struct Migration;

// Without row numbers, which would keep the order in which codes were created.
const SQLITE_CODES: &str = "
CREATE TABLE participation_code (
  budget_id bigint NOT NULL REFERENCES budget (id),
  code_digest blob NOT NULL,
  PRIMARY KEY (budget_id, code_digest)
) WITHOUT ROWID";

const POSTGRES_CODES: &str = "
CREATE TABLE participation_code (
  budget_id bigint NOT NULL REFERENCES budget (id),
  code_digest bytea NOT NULL,
  PRIMARY KEY (budget_id, code_digest)
)";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let participation =
            text("participation").default("open").check(Expr::col("participation").is_in(["open", "code"])).to_owned();
        manager.alter_table(Table::alter().table("budget").add_column(participation).to_owned()).await?;
        let postgres = manager.get_database_backend() == DbBackend::Postgres;
        let codes = if postgres { POSTGRES_CODES } else { SQLITE_CODES };
        manager.get_connection().execute_unprepared(codes).await?;
        let key = Table::create()
            .table("participation_key")
            .col(big_integer("budget_id").primary_key())
            .col(text("sealed_key"))
            .foreign_key(ForeignKey::create().from("participation_key", "budget_id").to("budget", "id"))
            .to_owned();
        manager.create_table(key).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["participation_key", "participation_code"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        manager.alter_table(Table::alter().table("budget").drop_column("participation").to_owned()).await
    }
}
