//! What a batch of submissions is checked against: the few columns of a budget that decide whether a submission counts.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{FromQueryResult, QueryResult, prelude::DateTimeUtc};

use super::{
    Sql, StoreError, Transaction,
    budgets::{participation_from_name, status_from_name},
    submissions::json_parameter,
    unreadable::decode,
};
use crate::domain::budget::{BudgetId, Opening, Participation};

/// The rules of a budget that no submission may break, as they are now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubmissionRules {
    pub opening: Opening,
    pub participation: Participation,
    /// The category keys in position order.
    pub keys: Vec<String>,
}

#[derive(FromQueryResult)]
struct Row {
    id: i64,
    status: String,
    participation: String,
    opens_at: Option<DateTimeUtc>,
    closes_at: Option<DateTimeUtc>,
    paused_at: Option<DateTimeUtc>,
}

impl Transaction {
    /// The rules of these budgets and the time, both as they are now. Nobody can change the budgets or their categories before
    /// the commit; other transactions may lock them in the same way. A budget whose rules cannot be read is left out.
    pub async fn lock_submission_rules(
        &self,
        ids: &[BudgetId],
    ) -> Result<(HashMap<BudgetId, SubmissionRules>, DateTime<Utc>), StoreError> {
        const LOCK: Sql = Sql {
            postgres: "SELECT id, status, participation, opens_at, closes_at, paused_at FROM budget
                WHERE id IN (SELECT CAST(value AS bigint) FROM json_array_elements_text(CAST($1 AS json)))
                ORDER BY id FOR SHARE OF budget",
            sqlite: "SELECT id, status, participation, opens_at, closes_at, paused_at FROM budget
                WHERE id IN (SELECT value FROM json_each($1))",
        };
        // A statement of its own: while the first one waited for its lock, the categories may have changed, and it would show
        // them as they were when it began.
        const KEYS: Sql = Sql {
            postgres: "SELECT id, clock_timestamp() AS now,
                  (SELECT CAST(json_agg(key ORDER BY position) AS text) FROM category WHERE budget_id = budget.id) AS keys
                FROM budget WHERE id IN (SELECT CAST(value AS bigint) FROM json_array_elements_text(CAST($1 AS json)))",
            sqlite: "SELECT id, (SELECT json_group_array(key)
                    FROM (SELECT CAST(key AS text) AS key FROM category WHERE budget_id = budget.id ORDER BY position)) AS keys
                FROM budget WHERE id IN (SELECT value FROM json_each($1))",
        };
        let parameter = json_parameter(ids.iter().map(|id| id.0))?;
        let locked = self.query(LOCK, [parameter.clone()]).await?;
        let rows = self.query(KEYS, [parameter]).await?;
        let now = match rows.first() {
            Some(row) if self.is_on_postgres() => row.try_get("", "now")?,
            _ => self.now().await?,
        };
        let mut keys: HashMap<i64, Option<String>> = HashMap::with_capacity(rows.len());
        for row in &rows {
            keys.insert(row.try_get("", "id")?, row.try_get("", "keys")?);
        }
        let read = |row: &QueryResult| {
            let row: Row = decode(row).ok()?;
            let keys = keys.get(&row.id).cloned().flatten().unwrap_or_else(|| "[]".to_owned());
            let opening = Opening {
                status: status_from_name(&row.status).ok()?,
                opens_at: row.opens_at,
                closes_at: row.closes_at,
                paused_at: row.paused_at,
            };
            let rules = SubmissionRules {
                opening,
                participation: participation_from_name(&row.participation).ok()?,
                keys: serde_json::from_str(&keys).ok()?,
            };
            Some((BudgetId(row.id), rules))
        };
        Ok((locked.iter().filter_map(read).collect(), now))
    }
}
