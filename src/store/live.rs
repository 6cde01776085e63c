//! Figures of a budget while it runs.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ConnectionTrait, QueryResult, Value};

use super::{READ_TIMEOUT, Sql, Store, StoreError, with_timeout};
use crate::domain::budget::BudgetId;

impl Store {
    /// Adds to how often forms were opened: budget, language and number.
    pub async fn add_form_views(&self, views: &[(BudgetId, &str, i64)]) -> Result<(), StoreError> {
        const ADD: Sql = Sql::both(
            "INSERT INTO form_view (budget_id, language, count) VALUES ($1, $2, $3)
                ON CONFLICT (budget_id, language) DO UPDATE SET count = form_view.count + excluded.count",
        );
        let transaction = self.begin().await?;
        for (budget, language, count) in views {
            transaction.execute(ADD, [budget.0.into(), (*language).into(), (*count).into()]).await?;
        }
        transaction.commit().await
    }

    /// How often the form of a budget was opened, by language, the most frequent first.
    pub async fn form_views(&self, budget: BudgetId) -> Result<Vec<(String, i64)>, StoreError> {
        const VIEWS: Sql =
            Sql::both("SELECT language, count FROM form_view WHERE budget_id = $1 ORDER BY count DESC, language");
        let statement = VIEWS.statement(self.backend(), [budget.0.into()]);
        let read = async { Ok(self.reader.query_all_raw(statement).await?) };
        let view = |row: &QueryResult| Ok((row.try_get("", "language")?, row.try_get("", "count")?));
        with_timeout(READ_TIMEOUT, read).await?.iter().map(view).collect()
    }

    /// The submissions to a budget in each of the last `minutes` minutes, the oldest first. The last one is not over.
    pub async fn submissions_by_minute(
        &self,
        budget: BudgetId,
        minutes: u16,
    ) -> Result<Vec<(DateTime<Utc>, i64)>, StoreError> {
        const MINUTES: Sql = Sql {
            postgres: "SELECT to_char(submitted_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI') AS minute,
                  COUNT(*) AS submissions
                FROM submission WHERE budget_id = $1 AND submitted_at >= $2 GROUP BY 1",
            sqlite: "SELECT substr(submitted_at, 1, 16) AS minute, COUNT(*) AS submissions
                FROM submission WHERE budget_id = $1 AND submitted_at >= $2 GROUP BY 1",
        };
        let read = async {
            let now = self.now().await?;
            let this_minute = now.timestamp().div_euclid(60);
            let first = this_minute - i64::from(minutes) + 1;
            let since = DateTime::from_timestamp(first * 60, 0).unwrap_or(now - TimeDelta::hours(1));
            let values: [Value; 2] = [budget.0.into(), since.into()];
            let rows = self.reader.query_all_raw(MINUTES.statement(self.backend(), values)).await?;
            let mut counts: Vec<(DateTime<Utc>, i64)> =
                (0..minutes).map(|minute| (since + TimeDelta::minutes(minute.into()), 0)).collect();
            for row in &rows {
                let minute: String = row.try_get("", "minute")?;
                let minute: DateTime<Utc> = format!("{minute}:00Z")
                    .parse()
                    .map_err(|_| StoreError::Corrupt("time of a submission", minute.clone()))?;
                if let Some((_, count)) = counts.iter_mut().find(|(at, _)| *at == minute) {
                    *count = row.try_get("", "submissions")?;
                }
            }
            Ok(counts)
        };
        with_timeout(READ_TIMEOUT, read).await
    }
}
