//! The aggregate: what was folded, what waits to be folded, and work for the background task.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let aggregate_delta = Table::create()
            .table("aggregate_delta")
            .col(big_pk_auto("id"))
            .col(big_integer("budget_id"))
            .col(json("delta"))
            .to_owned();
        let budget_aggregate = Table::create()
            .table("budget_aggregate")
            .col(big_integer("budget_id").primary_key())
            .col(big_integer("epoch"))
            .col(big_integer("version"))
            .col(big_integer("participants"))
            .col(big_integer("submissions"))
            .col(big_integer("rebuilds"))
            .col(timestamp_with_time_zone("as_of"))
            .foreign_key(ForeignKey::create().from("budget_aggregate", "budget_id").to("budget", "id"))
            .to_owned();
        let category_aggregate = Table::create()
            .table("category_aggregate")
            .col(big_integer("category_id").primary_key())
            .col(big_integer("sum_basis_points"))
            .col(big_integer("sum_of_squares"))
            .col(json("histogram"))
            .foreign_key(ForeignKey::create().from("category_aggregate", "category_id").to("category", "id"))
            .to_owned();
        let background_job = Table::create()
            .table("background_job")
            .col(big_pk_auto("id"))
            .col(text("kind"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone_null("finished_at"))
            .col(text_null("result"))
            .to_owned();
        for table in [aggregate_delta, budget_aggregate, category_aggregate, background_job] {
            manager.create_table(table).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["background_job", "category_aggregate", "budget_aggregate", "aggregate_delta"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}
