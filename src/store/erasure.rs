//! Deleting what a participant submitted, so that its bytes are gone too.

use std::sync::atomic::Ordering;

use sea_orm::{ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{
    Sql, Store, StoreError, Transaction,
    ballots::{Ballot, BallotKey, parameter},
    connection::{Pool, open},
    entity::submission,
};
use crate::domain::{budget::BudgetId, participant::ParticipantId};

impl Transaction {
    /// The budgets that a participant has answered.
    pub async fn budgets_of(&self, participant: ParticipantId) -> Result<Vec<BudgetId>, StoreError> {
        let query = submission::Entity::find()
            .select_only()
            .column(submission::Column::BudgetId)
            .distinct()
            .filter(submission::Column::ParticipantId.eq(participant.0))
            .order_by_asc(submission::Column::BudgetId);
        let budgets: Vec<i64> = query.into_tuple().all(&self.0).await?;
        Ok(budgets.into_iter().map(BudgetId).collect())
    }

    /// Deletes ballots, which the caller must have locked.
    pub async fn delete_ballots(&self, ballots: &[Ballot]) -> Result<(), StoreError> {
        const DELETE: Sql = Sql {
            postgres: "DELETE FROM ballot
                USING json_to_recordset(CAST($1 AS json)) AS row (budget_id bigint, participant_id uuid)
                WHERE ballot.budget_id = row.budget_id AND ballot.participant_id = row.participant_id",
            sqlite: "DELETE FROM ballot WHERE (budget_id, participant_id) IN
                (SELECT value ->> 'budget_id', unhex(value ->> 'participant_id') FROM json_each($1))",
        };
        self.execute(DELETE, [parameter(ballots)?]).await?;
        Ok(())
    }

    /// Deletes the submissions of a participant to a budget; returns how many there were.
    pub async fn delete_submissions_of(&self, (budget, participant): BallotKey) -> Result<u64, StoreError> {
        let deleted = submission::Entity::delete_many()
            .filter(submission::Column::ParticipantId.eq(participant.0))
            .filter(submission::Column::BudgetId.eq(budget.0))
            .exec(&self.0)
            .await?;
        Ok(deleted.rows_affected)
    }
}

impl Store {
    /// Makes the next call of [`Store::overwrite_deleted`] do its work. Must be called after the commit of a deletion.
    pub fn note_deletion(&self) {
        self.has_deleted.store(true, Ordering::Release);
    }

    /// Empties the write-ahead log of SQLite if rows were deleted since the last call: it would hold them until it is
    /// written over. Does not wait for readers of the log; then the next call tries again.
    pub async fn overwrite_deleted(&self) -> Result<(), StoreError> {
        if self.backend() != DbBackend::Sqlite || !self.has_deleted.load(Ordering::Acquire) {
            return Ok(());
        }
        // Opening a file that is gone would create another one.
        self.file.as_ref().map_or(Ok(()), |file| file.check())?;
        self.has_deleted.store(false, Ordering::Release);
        // A connection of its own, because no other one may stop waiting for locks.
        let opened = open(&self.url, Pool::Unlimited, &self.statements).await;
        let connection = opened.inspect_err(|_| self.note_deletion())?;
        let emptied = async {
            connection.execute_unprepared("PRAGMA busy_timeout = 0").await?;
            let statement = sea_orm::Statement::from_string(DbBackend::Sqlite, "PRAGMA wal_checkpoint(TRUNCATE)");
            let row = connection.query_one_raw(statement).await?;
            row.map_or(Ok(1), |row| row.try_get_by_index::<i32>(0))
        };
        let is_busy = !matches!(emptied.await, Ok(0));
        if is_busy {
            self.note_deletion();
        }
        connection.close().await?;
        Ok(())
    }
}
