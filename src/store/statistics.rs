//! Numbers for operators: how many submissions on which day.

use chrono::NaiveDate;
use sea_orm::{ConnectionTrait, DbErr};

use super::{Sql, Store, StoreError};
use crate::domain::budget::BudgetId;

/// The submissions of one day (UTC) to one budget.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct DayCount {
    /// The slug.
    pub budget: String,
    pub day: NaiveDate,
    pub submissions: i64,
    /// Of these, the ones without a participant.
    pub anonymous: i64,
}

/// Participants who submitted equally often.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Revisions {
    /// How often each of them submitted. Every time after the first is a revision.
    pub submissions: i64,
    pub participants: i64,
}

impl Store {
    /// How often the participants of a budget submitted, and how many did so often. Reads the ledger.
    pub async fn revisions_of(&self, budget: BudgetId) -> Result<Vec<Revisions>, StoreError> {
        const REVISIONS: Sql = Sql::both(
            "SELECT submissions, COUNT(*) AS participants FROM
              (SELECT COUNT(*) AS submissions FROM submission
                WHERE budget_id = $1 AND participant_id IS NOT NULL GROUP BY participant_id) AS participant
            GROUP BY submissions ORDER BY submissions",
        );
        let statement = REVISIONS.statement(self.backend(), [budget.0.into()]);
        let rows = self
            .reading_from_replica(|connection| {
                let statement = statement.clone();
                async move { Ok(connection.query_all_raw(statement).await?) }
            })
            .await?;
        let revisions = |row: &sea_orm::QueryResult| -> Result<Revisions, DbErr> {
            Ok(Revisions {
                submissions: row.try_get("", "submissions")?,
                participants: row.try_get("", "participants")?,
            })
        };
        Ok(rows.iter().map(revisions).collect::<Result<_, _>>()?)
    }

    /// Counts of the last `days` days, today included, newest first. Reads the ledger: costs as much as it is long.
    pub async fn days(&self, days: u32) -> Result<Vec<DayCount>, StoreError> {
        const DAYS: Sql = Sql {
            postgres: "SELECT budget.slug, CAST(CAST(submitted_at AT TIME ZONE 'UTC' AS date) AS text) AS day,
                  COUNT(*) AS submissions, COUNT(*) - COUNT(participant_id) AS anonymous
                FROM submission JOIN budget ON budget.id = submission.budget_id
                WHERE submitted_at >= $1 GROUP BY 1, 2 ORDER BY 2 DESC, 1",
            sqlite: "SELECT budget.slug, substr(submitted_at, 1, 10) AS day,
                  COUNT(*) AS submissions, COUNT(*) - COUNT(participant_id) AS anonymous
                FROM submission JOIN budget ON budget.id = submission.budget_id
                WHERE submitted_at >= $1 GROUP BY 1, 2 ORDER BY 2 DESC, 1",
        };
        let today = self.now().await?.date_naive();
        let first = today - chrono::Days::new(u64::from(days.saturating_sub(1)));
        let since = first.and_time(chrono::NaiveTime::MIN).and_utc();
        let statement = DAYS.statement(self.backend(), [since.into()]);
        let rows = self
            .reading_from_replica(|connection| {
                let statement = statement.clone();
                async move { Ok(connection.query_all_raw(statement).await?) }
            })
            .await?;
        let count = |row: &sea_orm::QueryResult| -> Result<DayCount, DbErr> {
            let day: String = row.try_get("", "day")?;
            Ok(DayCount {
                budget: row.try_get("", "slug")?,
                day: day.parse().map_err(|_| DbErr::Type(format!("{day} is not a day")))?,
                submissions: row.try_get("", "submissions")?,
                anonymous: row.try_get("", "anonymous")?,
            })
        };
        Ok(rows.iter().map(count).collect::<Result<_, _>>()?)
    }
}
