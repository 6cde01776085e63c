//! What is left of submissions that were deleted after the retention time of their budget: one tally for each budget.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::OnConflict,
};
use uuid::Uuid;

use super::{
    Sql, Store, StoreError, Transaction,
    entity::{budget, retained_tally, submission},
    submissions::{Submission, from_row, json_parameter},
};
use crate::domain::{
    budget::{BudgetId, BudgetStatus},
    format,
    tally::Tally,
};

impl Store {
    /// Gives budgets that were closed without a time of closing this one, because the retention time is counted from it.
    pub async fn date_closings(&self, now: DateTime<Utc>) -> Result<(), StoreError> {
        for closed in self.budgets().await?.into_iter().filter(|budget| {
            budget.status == BudgetStatus::Closed
                && budget.retention.is_some()
                && budget.closes_at.is_none_or(|closes_at| closes_at > now)
        }) {
            let row = budget::ActiveModel { id: Set(closed.id.0), closes_at: Set(Some(now)), ..Default::default() };
            row.update(&self.writer).await?;
        }
        Ok(())
    }

    /// When nothing was left to delete of each budget whose submissions have been deleted.
    pub async fn retention_completions(&self) -> Result<HashMap<BudgetId, DateTime<Utc>>, StoreError> {
        let rows: Vec<(i64, Option<DateTime<Utc>>)> = retained_tally::Entity::find()
            .select_only()
            .columns([retained_tally::Column::BudgetId, retained_tally::Column::CompletedAt])
            .into_tuple()
            .all(&self.reader)
            .await?;
        Ok(rows.into_iter().filter_map(|(budget, completed_at)| Some((BudgetId(budget), completed_at?))).collect())
    }
}

impl Transaction {
    /// The retained tally of a budget, locked until the commit. Creates it if it is missing.
    pub async fn lock_retained_tally(&self, budget: BudgetId) -> Result<Tally, StoreError> {
        let none = retained_tally::ActiveModel {
            budget_id: Set(budget.0),
            tally: Set(to_value(&Tally::default())?),
            completed_at: Set(None),
        };
        retained_tally::Entity::insert(none)
            .on_conflict(OnConflict::column(retained_tally::Column::BudgetId).do_nothing().to_owned())
            .exec_without_returning(&self.0)
            .await?;
        let query = retained_tally::Entity::find_by_id(budget.0).lock_exclusive();
        let row = query.one(&self.0).await?;
        let missing = || StoreError::Corrupt("retained tally", format!("of budget {}", budget.0));
        from_value(row.ok_or_else(missing)?.tally)
    }

    /// Writes the retained tally of a budget. `completed_at` is set when nothing is left to delete.
    pub async fn save_retained_tally(
        &self,
        budget: BudgetId,
        tally: &Tally,
        completed_at: Option<DateTime<Utc>>,
    ) -> Result<(), StoreError> {
        let row = retained_tally::ActiveModel {
            budget_id: Set(budget.0),
            tally: Set(to_value(tally)?),
            completed_at: Set(completed_at),
        };
        row.update(&self.0).await?;
        Ok(())
    }

    /// The retained tally of a budget; zero if nothing was deleted.
    pub(super) async fn retained_tally(&self, budget: BudgetId) -> Result<Tally, StoreError> {
        let row = retained_tally::Entity::find_by_id(budget.0).one(&self.0).await?;
        row.map_or(Ok(Tally::default()), |row| from_value(row.tally))
    }

    /// At most `limit` submissions of a budget, in the order of their ids, from the one after `after` on.
    pub async fn submissions_after(
        &self,
        budget: BudgetId,
        after: Option<Uuid>,
        limit: u64,
    ) -> Result<Vec<Submission>, StoreError> {
        // Only the primary key gives the order, and the next row of this budget may lie behind millions of others.
        self.disable_timeout().await?;
        let query = submission::Entity::find()
            .filter(submission::Column::BudgetId.eq(budget.0))
            .filter(submission::Column::Id.gt(after.unwrap_or(Uuid::nil())))
            .order_by_asc(submission::Column::Id)
            .limit(limit);
        query.all(&self.0).await?.iter().map(from_row).collect()
    }

    /// Deletes these submissions; returns the ids of those that another transaction has not deleted before.
    pub async fn delete_submissions(&self, ids: impl Iterator<Item = Uuid>) -> Result<Vec<Uuid>, StoreError> {
        const DELETE: Sql = Sql {
            postgres: "DELETE FROM submission USING json_array_elements_text(CAST($1 AS json)) AS row (id)
                WHERE submission.id = CAST(row.id AS uuid) RETURNING submission.id",
            sqlite: "DELETE FROM submission WHERE id IN (SELECT unhex(value) FROM json_each($1)) RETURNING id",
        };
        let deleted = self.query(DELETE, [json_parameter(ids.map(Uuid::simple))?]).await?;
        deleted.iter().map(|row| Ok(row.try_get("", "id")?)).collect()
    }
}

fn to_value(tally: &Tally) -> Result<serde_json::Value, StoreError> {
    format::to_value(tally).map_err(|error| StoreError::Corrupt("retained tally", error.to_string()))
}

fn from_value(value: serde_json::Value) -> Result<Tally, StoreError> {
    format::from_value(value).map_err(|error| StoreError::Corrupt("retained tally", error.to_string()))
}
