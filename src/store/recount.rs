//! Counting every ballot again, from the ledger, and from what was retained of the part of it that was deleted.

use futures_util::TryStreamExt;
use sea_orm::StreamTrait;

use super::{Sql, StoreError, Transaction, submissions::allocation_from_json};
use crate::domain::{budget::BudgetId, tally::Tally};

impl Transaction {
    /// The true tally of a budget in this transaction's snapshot: what was retained of deleted submissions, and every ballot that is not
    /// excluded. It streams the ballots, so memory does not grow with them.
    /// Calls `counted` for each ballot.
    pub async fn recount(&self, budget: BudgetId, mut counted: impl FnMut()) -> Result<Tally, StoreError> {
        const BALLOTS: Sql = Sql::both(
            "SELECT CAST(shares AS text) AS shares FROM submission WHERE budget_id = $1 AND participant_id IS NULL
              AND NOT EXISTS (SELECT 1 FROM excluded_submission WHERE submission_id = submission.id)
            UNION ALL
            SELECT CAST(submission.shares AS text) FROM ballot JOIN submission ON submission.id = ballot.submission_id
              WHERE ballot.budget_id = $1 AND ballot.exclusion_id IS NULL",
        );
        const LEDGER: Sql = Sql::both("SELECT COUNT(*) AS rows FROM submission WHERE budget_id = $1");
        self.disable_timeout().await?;
        let mut tally = self.retained_tally(budget).await?;
        if let Some(row) = self.query(LEDGER, [budget.0.into()]).await?.first() {
            let rows: i64 = row.try_get("", "rows")?;
            tally.submissions = tally.submissions.wrapping_add(rows);
        }
        let ballots = BALLOTS.statement(StreamTrait::get_database_backend(&self.0), [budget.0.into()]);
        let mut rows = self.0.stream_raw(ballots).await?;
        while let Some(row) = rows.try_next().await? {
            let shares: String = row.try_get("", "shares")?;
            tally.count(&allocation_from_json(&shares)?);
            counted();
            // The connection reads without yielding: while PostgreSQL is the faster one, nothing else would run on this thread,
            // and no other thread might look for what has arrived for other tasks.
            tokio::task::coop::consume_budget().await;
        }
        Ok(tally)
    }
}
