//! What of each aggregate is not shown.

use chrono::{DateTime, Utc};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait, FromQueryResult, sea_query::OnConflict};

use super::{
    Sql, Store, StoreError, Transaction, budgets::status_from_name, entity::held_back_change, unreadable::decode,
};
use crate::domain::{
    budget::{Budget, BudgetId, BudgetStatus},
    format::{self, FormatError},
    held_back::HeldBack,
};

/// A row of the table.
pub(super) struct Record {
    pub held_back: HeldBack,
    pub settled: bool,
}

impl Store {
    /// The budgets whose held-back ballots must be looked at although nothing was submitted: their window may have ended
    /// since the last fold, or no record says what was shown.
    pub async fn unsettled_budgets(&self, now: DateTime<Utc>) -> Result<Vec<BudgetId>, StoreError> {
        const UNSETTLED: Sql = Sql::both(
            "SELECT budget.id, budget.status, budget.closes_at, held_back_change.budget_id AS record
            FROM budget JOIN budget_aggregate ON budget_aggregate.budget_id = budget.id AND budget_aggregate.version > 0
            LEFT JOIN held_back_change ON held_back_change.budget_id = budget.id
            WHERE held_back_change.budget_id IS NULL OR NOT held_back_change.settled
            ORDER BY budget.id",
        );
        #[derive(FromQueryResult)]
        struct Row {
            id: i64,
            status: String,
            closes_at: Option<DateTime<Utc>>,
            record: Option<i64>,
        }
        // The times are compared here, because SQLite holds them as text.
        let is_due = |row: &Row| {
            let is_closed = match status_from_name(&row.status) {
                Ok(BudgetStatus::Closed) => true,
                Ok(BudgetStatus::Open) => row.closes_at.is_some_and(|closes_at| closes_at <= now),
                Ok(BudgetStatus::Draft) | Err(_) => false,
            };
            is_closed || row.record.is_none()
        };
        let rows = self.reader.query_all_raw(UNSETTLED.statement(self.backend(), [])).await?;
        // A budget whose row was written by hand and cannot be read is shown to nobody.
        let readable = rows.iter().filter_map(|row| decode::<Row>(row).ok());
        Ok(readable.filter(is_due).map(|row| BudgetId(row.id)).collect())
    }
}

impl Transaction {
    /// Records what of a budget's aggregate is not shown.
    pub async fn save_held_back(
        &self,
        budget: BudgetId,
        held_back: &HeldBack,
        settled: bool,
    ) -> Result<(), StoreError> {
        let json =
            format::to_value(held_back).map_err(|error| StoreError::Corrupt("held-back change", error.to_string()))?;
        let row =
            held_back_change::ActiveModel { budget_id: Set(budget.0), held_back: Set(json), settled: Set(settled) };
        let changed = [held_back_change::Column::HeldBack, held_back_change::Column::Settled];
        held_back_change::Entity::insert(row)
            .on_conflict(OnConflict::column(held_back_change::Column::BudgetId).update_columns(changed).to_owned())
            .exec_without_returning(&self.0)
            .await?;
        Ok(())
    }
}

/// `None` if there is no record, or one that was written by hand and cannot be read.
pub(super) async fn load(connection: &impl ConnectionTrait, budget: &Budget) -> Result<Option<Record>, StoreError> {
    // As text, like the histograms.
    const RECORD: Sql =
        Sql::both("SELECT CAST(held_back AS text) AS held_back, settled FROM held_back_change WHERE budget_id = $1");
    let statement = RECORD.statement(connection.get_database_backend(), [budget.id.0.into()]);
    let Some(row) = connection.query_one_raw(statement).await? else { return Ok(None) };
    let json: String = row.try_get("", "held_back")?;
    match format::from_json(&json) {
        Ok(held_back) => Ok(Some(Record { held_back, settled: row.try_get("", "settled")? })),
        // To pass it over would show what the newer release holds back.
        Err(error @ FormatError::Newer(_)) => Err(StoreError::Corrupt("held-back change", error.to_string())),
        Err(error) => {
            tracing::error!(%error, budget = budget.slug, "the record of what is not shown is not valid and passed over");
            Ok(None)
        }
    }
}
