//! The organisers' desk: accounts with their roles, sessions and invitations, and the audit log.

use sea_orm_migration::{prelude::*, schema::*, sea_orm::DbBackend};

#[derive(DeriveMigrationName)]
pub struct Migration;

const ROLES: [&str; 3] = ["viewer", "organiser", "owner"];

const POSTGRES_AUDIT_IS_APPEND_ONLY: &str = "
CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit log is never changed';
END $$;
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit_entry
  FOR EACH ROW EXECUTE FUNCTION refuse_audit_change();
CREATE TRIGGER audit_not_truncated BEFORE TRUNCATE ON audit_entry EXECUTE FUNCTION refuse_audit_change();
";

const SQLITE_AUDIT_IS_APPEND_ONLY: &str = "
CREATE TRIGGER audit_unchanged BEFORE UPDATE ON audit_entry
BEGIN SELECT RAISE(ABORT, 'the audit log is never changed'); END;
CREATE TRIGGER audit_undeleted BEFORE DELETE ON audit_entry
BEGIN SELECT RAISE(ABORT, 'the audit log is never changed'); END;
";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let account = Table::create()
            .table("account")
            .col(big_pk_auto("id"))
            .col(text("name"))
            // The name in lower case: two names that differ only in case are one.
            .col(text_uniq("name_key"))
            .col(text_null("password_hash"))
            .col(text_null("sealed_totp_secret"))
            // Becomes the secret when its first code is entered.
            .col(text_null("sealed_new_totp_secret"))
            .col(big_integer_null("last_totp_step"))
            .col(text_null("role").check(Expr::col("role").is_in(ROLES)))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone_null("last_seen_at"))
            .col(timestamp_with_time_zone_null("disabled_at"))
            .to_owned();
        let budget_role = Table::create()
            .table("budget_role")
            .col(big_integer("account_id"))
            .col(big_integer("budget_id"))
            .col(text("role").check(Expr::col("role").is_in(ROLES)))
            .primary_key(Index::create().col("account_id").col("budget_id"))
            .foreign_key(ForeignKey::create().from("budget_role", "account_id").to("account", "id"))
            .foreign_key(
                ForeignKey::create()
                    .from("budget_role", "budget_id")
                    .to("budget", "id")
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .to_owned();
        let session = Table::create()
            .table("desk_session")
            .col(big_pk_auto("id"))
            .col(binary_uniq("token_digest"))
            .col(big_integer("account_id"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone("last_seen_at"))
            .col(timestamp_with_time_zone("expires_at"))
            .col(text("user_agent"))
            .foreign_key(ForeignKey::create().from("desk_session", "account_id").to("account", "id"))
            .to_owned();
        let invitation = Table::create()
            .table("invitation")
            .col(big_pk_auto("id"))
            .col(binary_uniq("token_digest"))
            .col(text_null("role").check(Expr::col("role").is_in(ROLES)))
            .col(big_integer_null("budget_id"))
            .col(text_null("budget_role").check(Expr::col("budget_role").is_in(ROLES)))
            .col(text_null("created_by"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone("expires_at"))
            .col(timestamp_with_time_zone_null("used_at"))
            .foreign_key(
                ForeignKey::create()
                    .from("invitation", "budget_id")
                    .to("budget", "id")
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .to_owned();
        // No foreign keys: entries outlive what they tell of.
        let audit_entry = Table::create()
            .table("audit_entry")
            .col(big_pk_auto("id"))
            .col(timestamp_with_time_zone("at"))
            .col(big_integer_null("account_id"))
            .col(text("actor"))
            .col(text("action"))
            .col(text_null("budget"))
            .col(text_null("before"))
            .col(text_null("after"))
            .to_owned();
        for table in [account, budget_role, session, invitation, audit_entry] {
            manager.create_table(table).await?;
        }
        let by_account =
            Index::create().name("desk_session_account").table("desk_session").col("account_id").to_owned();
        manager.create_index(by_account).await?;
        let by_budget =
            Index::create().name("audit_entry_budget").table("audit_entry").col("budget").col("id").to_owned();
        manager.create_index(by_budget).await?;
        let postgres = manager.get_database_backend() == DbBackend::Postgres;
        let triggers = if postgres { POSTGRES_AUDIT_IS_APPEND_ONLY } else { SQLITE_AUDIT_IS_APPEND_ONLY };
        manager.get_connection().execute_unprepared(triggers).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["audit_entry", "invitation", "desk_session", "budget_role", "account"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        if manager.get_database_backend() == DbBackend::Postgres {
            manager.get_connection().execute_unprepared("DROP FUNCTION refuse_audit_change").await?;
        }
        Ok(())
    }
}
