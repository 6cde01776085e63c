//! Flags of cohorts: which network or allocation many submissions of an hour have in common, as numbers.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr};

use super::{Sql, Store, StoreError};
use crate::domain::{budget::BudgetId, cohort::CohortKind};

/// How many more submissions one node has seen of a cohort.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CohortCount {
    pub budget: BudgetId,
    pub kind: CohortKind,
    /// As `2026-11-26T18`.
    pub hour: String,
    /// What the submissions have in common, blinded.
    pub subject: String,
    pub count: i64,
    pub first_seen: DateTime<Utc>,
    pub last_seen: DateTime<Utc>,
}

/// A cohort as organisers see it. What it has in common is left out: it points to nobody.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct CohortFlag {
    /// The slug.
    pub budget: String,
    pub kind: String,
    pub hour: String,
    pub submissions: i64,
    pub first_seen: DateTime<Utc>,
    pub last_seen: DateTime<Utc>,
}

impl Store {
    /// Adds what one node has counted.
    pub async fn add_cohorts(&self, counts: &[CohortCount]) -> Result<(), StoreError> {
        const ADD: Sql = Sql::both(
            "INSERT INTO cohort_flag (budget_id, kind, hour, subject, count, first_seen, last_seen)
                VALUES ($1, $2, $3, $4, $5, $6, $7)
                ON CONFLICT (budget_id, kind, hour, subject)
                DO UPDATE SET count = cohort_flag.count + excluded.count, last_seen = excluded.last_seen",
        );
        let transaction = self.begin().await?;
        for cohort in counts {
            let values = [
                cohort.budget.0.into(),
                cohort.kind.name().into(),
                cohort.hour.clone().into(),
                cohort.subject.clone().into(),
                cohort.count.into(),
                cohort.first_seen.into(),
                cohort.last_seen.into(),
            ];
            transaction.execute(ADD, values).await?;
        }
        transaction.commit().await
    }

    /// The flags of the last `days` days, today included, newest first, the largest of an hour first.
    pub async fn cohort_flags(&self, days: u32) -> Result<Vec<CohortFlag>, StoreError> {
        const FLAGS: Sql = Sql::both(
            "SELECT budget.slug, kind, hour, count, first_seen, last_seen
                FROM cohort_flag JOIN budget ON budget.id = cohort_flag.budget_id
                WHERE hour >= $1 ORDER BY hour DESC, count DESC, budget.slug, kind",
        );
        let first = self.now().await?.date_naive() - chrono::Days::new(u64::from(days.saturating_sub(1)));
        let statement = FLAGS.statement(self.backend(), [first.to_string().into()]);
        let rows = self
            .reading_from_replica(|connection| {
                let statement = statement.clone();
                async move { Ok(connection.query_all_raw(statement).await?) }
            })
            .await?;
        let flag = |row: &sea_orm::QueryResult| -> Result<CohortFlag, DbErr> {
            Ok(CohortFlag {
                budget: row.try_get("", "slug")?,
                kind: row.try_get("", "kind")?,
                hour: row.try_get("", "hour")?,
                submissions: row.try_get("", "count")?,
                first_seen: row.try_get("", "first_seen")?,
                last_seen: row.try_get("", "last_seen")?,
            })
        };
        Ok(rows.iter().map(flag).collect::<Result<_, _>>()?)
    }
}
