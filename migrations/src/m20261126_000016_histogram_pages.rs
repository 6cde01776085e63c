//! Histograms in pages of one percentage point each, so that a publication writes only the pages that changed.
//!
//! The column with whole histograms goes: nodes of the release before would fold into it, and now they fail and leave the
//! deltas to nodes of this release.

use sea_orm_migration::{prelude::*, schema::*, sea_orm::DbBackend};

#[derive(DeriveMigrationName)]
pub struct Migration;

// A histogram that was written by hand and is none is left out. A rebuild finds what it should have been.
const POSTGRES_UP: &str = r"
WITH readable AS MATERIALIZED (
  SELECT category_id, histogram FROM category_aggregate
  WHERE CAST(histogram AS text) ~ '^\s*\[(\s*\[\s*\d{1,5}\s*,\s*-?\d{1,18}\s*\]\s*,?)*\s*\]\s*$'
)
INSERT INTO histogram_page (category_id, page, bins)
SELECT category_id, CAST(bin ->> 0 AS integer) / 100, json_agg(bin ORDER BY CAST(bin ->> 0 AS integer))
FROM readable, json_array_elements(histogram) AS bin
WHERE CAST(bin ->> 0 AS integer) <= 10000
GROUP BY 1, 2;
ALTER TABLE category_aggregate DROP COLUMN histogram;
";

const SQLITE_UP: &str = "
INSERT INTO histogram_page (category_id, page, bins)
SELECT category_id, (bin.value ->> 0) / 100, json_group_array(json(bin.value))
FROM category_aggregate, json_each(CASE WHEN json_valid(histogram) THEN histogram ELSE '[]' END) AS bin
WHERE json_type(bin.value) = 'array' AND typeof(bin.value ->> 0) = 'integer' AND typeof(bin.value ->> 1) = 'integer'
  AND (bin.value ->> 0) BETWEEN 0 AND 10000
GROUP BY 1, 2;
ALTER TABLE category_aggregate DROP COLUMN histogram;
";

const POSTGRES_DOWN: &str = "
ALTER TABLE category_aggregate ADD COLUMN histogram json NOT NULL DEFAULT '[]';
UPDATE category_aggregate SET histogram = pages.histogram FROM (
  SELECT category_id, json_agg(bin ORDER BY CAST(bin ->> 0 AS integer)) AS histogram
  FROM histogram_page, json_array_elements(bins) AS bin GROUP BY category_id
) AS pages WHERE pages.category_id = category_aggregate.category_id;
ALTER TABLE category_aggregate ALTER COLUMN histogram DROP DEFAULT;
";

const SQLITE_DOWN: &str = "
ALTER TABLE category_aggregate ADD COLUMN histogram json_text NOT NULL DEFAULT '[]';
UPDATE category_aggregate SET histogram = (
  SELECT json_group_array(json(bin.value)) FROM histogram_page AS page, json_each(page.bins) AS bin
  WHERE page.category_id = category_aggregate.category_id
);
";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let page = Table::create()
            .table("histogram_page")
            .col(big_integer("category_id"))
            .col(small_integer("page").check(Expr::col("page").between(0, 100)))
            .col(json("bins"))
            .primary_key(Index::create().col("category_id").col("page"))
            .foreign_key(
                ForeignKey::create()
                    .from("histogram_page", "category_id")
                    .to("category", "id")
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .to_owned();
        manager.create_table(page).await?;
        let postgres = manager.get_database_backend() == DbBackend::Postgres;
        manager.get_connection().execute_unprepared(if postgres { POSTGRES_UP } else { SQLITE_UP }).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let postgres = manager.get_database_backend() == DbBackend::Postgres;
        manager.get_connection().execute_unprepared(if postgres { POSTGRES_DOWN } else { SQLITE_DOWN }).await?;
        manager.drop_table(Table::drop().table("histogram_page").to_owned()).await
    }
}
