//! What organisers edit at the desk: versions of a budget, who sees its results when, pauses and the archive.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

// Defaults, so that a release before this one and whoever writes SQL by hand can insert budgets without them.
fn columns() -> Vec<ColumnDef> {
    let one_of = |name: &'static str, default: &'static str, values: &[&'static str]| {
        text(name).default(default).check(Expr::col(name).is_in(values.iter().copied())).take()
    };
    vec![
        big_integer("version").default(1).take(),
        one_of("visibility", "always", &["always", "after-taking-part", "after-closing"]),
        one_of("category_order", "fixed", &["fixed", "rotated"]),
        text("time_zone").default("UTC").take(),
        timestamp_with_time_zone_null("paused_at").take(),
        timestamp_with_time_zone_null("archived_at").take(),
        timestamp_with_time_zone_null("updated_at").take(),
        text_null("updated_by").take(),
    ]
}

const NAMES: [&str; 8] =
    ["version", "visibility", "category_order", "time_zone", "paused_at", "archived_at", "updated_at", "updated_by"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // One statement for each column: SQLite adds no more at once.
        for mut column in columns() {
            manager.alter_table(Table::alter().table("budget").add_column(&mut column).to_owned()).await?;
        }
        let budget_version = Table::create()
            .table("budget_version")
            .col(big_integer("budget_id"))
            .col(big_integer("version"))
            .col(json("draft"))
            .primary_key(Index::create().col("budget_id").col("version"))
            .foreign_key(
                ForeignKey::create()
                    .from("budget_version", "budget_id")
                    .to("budget", "id")
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .to_owned();
        manager.create_table(budget_version).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("budget_version").to_owned()).await?;
        for name in NAMES.into_iter().rev() {
            manager.alter_table(Table::alter().table("budget").drop_column(name).to_owned()).await?;
        }
        Ok(())
    }
}
