//! Exclusions, and the answers that each of them takes out of the count.
//!
//! A participant's ballot has the number of its exclusion in a column. A submission without a participant has a row in
//! `excluded_submission`, because the ledger is never changed.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::{
    READ_TIMEOUT, Sql, Store, StoreError, Transaction,
    ballots::{Ballot, BallotKey, key_of, parameter},
    entity::{excluded_submission, exclusion},
    submissions::{Submission, from_row, json_parameter},
    with_timeout,
};
use crate::domain::{
    budget::BudgetId,
    exclusion::{ExclusionId, ExclusionKind, PublicExclusion, Reason},
};

/// An exclusion as organisers see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exclusion {
    pub id: ExclusionId,
    pub budget: BudgetId,
    pub kind: ExclusionKind,
    pub reason: String,
    /// See [`PublicExclusion::count`].
    pub count: i64,
    pub excluded_at: DateTime<Utc>,
    /// The name of the account.
    pub excluded_by: String,
    pub undone_at: Option<DateTime<Utc>>,
    pub undone_by: Option<String>,
}

/// The answers of an exclusion.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Members {
    /// In the order of their keys.
    pub ballots: Vec<BallotKey>,
    /// Submissions without a participant.
    pub submissions: Vec<Uuid>,
}

impl Store {
    /// The exclusions of a budget, also the undone ones, newest first.
    pub async fn exclusions(&self, budget: BudgetId) -> Result<Vec<Exclusion>, StoreError> {
        let query = exclusion::Entity::find()
            .filter(exclusion::Column::BudgetId.eq(budget.0))
            .order_by_desc(exclusion::Column::Id);
        let found = async { Ok(query.all(&self.reader).await?) };
        with_timeout(READ_TIMEOUT, found).await?.into_iter().map(exclusion_from_row).collect()
    }

    pub async fn exclusion(&self, id: ExclusionId) -> Result<Option<Exclusion>, StoreError> {
        let found = async { Ok(exclusion::Entity::find_by_id(id.0).one(&self.reader).await?) };
        with_timeout(READ_TIMEOUT, found).await?.map(exclusion_from_row).transpose()
    }

    /// The exclusions of all budgets that are in force, oldest first.
    pub async fn exclusions_in_force(&self) -> Result<HashMap<BudgetId, Vec<PublicExclusion>>, StoreError> {
        let query = exclusion::Entity::find()
            .filter(exclusion::Column::UndoneAt.is_null())
            .filter(exclusion::Column::Count.gt(0))
            .order_by_asc(exclusion::Column::Id);
        let mut found: HashMap<BudgetId, Vec<PublicExclusion>> = HashMap::new();
        for row in query.all(&self.reader).await? {
            found.entry(BudgetId(row.budget_id)).or_default().push(PublicExclusion {
                id: ExclusionId(row.id),
                reason: row.reason,
                count: row.count,
                excluded_at: row.excluded_at,
            });
        }
        Ok(found)
    }

    /// The exclusions of these submissions without a participant. One that counts has none.
    pub async fn exclusions_of_submissions(&self, ids: &[Uuid]) -> Result<HashMap<Uuid, ExclusionId>, StoreError> {
        let query = excluded_submission::Entity::find()
            .filter(excluded_submission::Column::SubmissionId.is_in(ids.iter().copied()));
        let found = async { Ok(query.all(&self.reader).await?) };
        let rows = with_timeout(READ_TIMEOUT, found).await?;
        Ok(rows.into_iter().map(|row| (row.submission_id, ExclusionId(row.exclusion_id))).collect())
    }
}

impl Transaction {
    /// Adds an exclusion of no answers yet; returns its number.
    pub async fn insert_exclusion(
        &self,
        budget: BudgetId,
        kind: ExclusionKind,
        reason: &Reason,
        by: &str,
        now: DateTime<Utc>,
    ) -> Result<ExclusionId, StoreError> {
        let row = exclusion::ActiveModel {
            budget_id: Set(budget.0),
            kind: Set(kind.name().to_owned()),
            reason: Set(reason.as_str().to_owned()),
            count: Set(0),
            excluded_at: Set(now),
            excluded_by: Set(by.to_owned()),
            ..Default::default()
        };
        Ok(ExclusionId(row.insert(&self.0).await?.id))
    }

    /// Says how many answers an exclusion took out of the count.
    pub async fn set_exclusion_count(&self, id: ExclusionId, count: i64) -> Result<(), StoreError> {
        let row = exclusion::ActiveModel { id: Set(id.0), count: Set(count), ..Default::default() };
        row.update(&self.0).await?;
        Ok(())
    }

    /// Takes one answer out of the count of an exclusion, because its participant erased it.
    pub async fn note_excluded_erasure(&self, id: ExclusionId) -> Result<(), StoreError> {
        const ERASED: Sql = Sql::both("UPDATE exclusion SET count = count - 1 WHERE id = $1");
        self.execute(ERASED, [id.0.into()]).await?;
        Ok(())
    }

    /// Records that an exclusion is undone. False if it was before.
    pub async fn note_undone(&self, id: ExclusionId, by: &str, now: DateTime<Utc>) -> Result<bool, StoreError> {
        const UNDO: Sql =
            Sql::both("UPDATE exclusion SET undone_at = $2, undone_by = $3 WHERE id = $1 AND undone_at IS NULL");
        Ok(self.execute(UNDO, [id.0.into(), now.into(), by.into()]).await? == 1)
    }

    /// Sets the exclusion of ballots, which the caller must have locked. With `None` they count again.
    pub async fn set_ballot_exclusions(
        &self,
        ballots: &[Ballot],
        exclusion: Option<ExclusionId>,
    ) -> Result<(), StoreError> {
        const SET: Sql = Sql {
            postgres: "UPDATE ballot SET exclusion_id = $2
                FROM json_to_recordset(CAST($1 AS json)) AS row (budget_id bigint, participant_id uuid)
                WHERE ballot.budget_id = row.budget_id AND ballot.participant_id = row.participant_id",
            sqlite: "UPDATE ballot SET exclusion_id = $2 FROM json_each($1) AS row
                WHERE ballot.budget_id = row.value ->> 'budget_id'
                  AND ballot.participant_id = unhex(row.value ->> 'participant_id')",
        };
        self.execute(SET, [parameter(ballots)?, exclusion.map(|exclusion| exclusion.0).into()]).await?;
        Ok(())
    }

    /// Those of these submissions that are there and have no participant, locked until the commit.
    pub async fn lock_anonymous(&self, ids: &[Uuid]) -> Result<Vec<Submission>, StoreError> {
        const LOCK: Sql = Sql {
            postgres: "SELECT submission.* FROM submission
                  JOIN json_array_elements_text(CAST($1 AS json)) AS row (id) ON submission.id = CAST(row.id AS uuid)
                WHERE participant_id IS NULL ORDER BY submission.id FOR UPDATE OF submission",
            sqlite: "SELECT submission.* FROM json_each($1) AS row CROSS JOIN submission
                  ON submission.id = unhex(row.value)
                WHERE participant_id IS NULL",
        };
        let rows = self.query(LOCK, [json_parameter(ids.iter().map(|id| id.simple()))?]).await?;
        rows.iter().map(|row| from_row(&sea_orm::FromQueryResult::from_query_result(row, "")?)).collect()
    }

    /// Takes submissions without a participant, which the caller must have locked, out of the count. Returns those that
    /// counted.
    pub async fn exclude_submissions(&self, ids: &[Uuid], exclusion: ExclusionId) -> Result<Vec<Uuid>, StoreError> {
        const EXCLUDE: Sql = Sql {
            postgres: "INSERT INTO excluded_submission (submission_id, exclusion_id)
                SELECT CAST(row.id AS uuid), $2 FROM json_array_elements_text(CAST($1 AS json)) AS row (id)
                ON CONFLICT DO NOTHING RETURNING submission_id",
            sqlite: "INSERT INTO excluded_submission (submission_id, exclusion_id)
                SELECT unhex(value), $2 FROM json_each($1) WHERE true
                ON CONFLICT DO NOTHING RETURNING submission_id",
        };
        let ids = json_parameter(ids.iter().map(|id| id.simple()))?;
        let excluded = self.query(EXCLUDE, [ids, exclusion.0.into()]).await?;
        excluded.iter().map(|row| Ok(row.try_get("", "submission_id")?)).collect()
    }

    /// Deletes the records that submissions without a participant are excluded. Returns those that were.
    pub async fn forget_excluded_submissions(&self, ids: &[Uuid]) -> Result<Vec<Uuid>, StoreError> {
        const FORGET: Sql = Sql {
            postgres: "DELETE FROM excluded_submission USING json_array_elements_text(CAST($1 AS json)) AS row (id)
                WHERE submission_id = CAST(row.id AS uuid) RETURNING submission_id",
            sqlite: "DELETE FROM excluded_submission
                WHERE submission_id IN (SELECT unhex(value) FROM json_each($1)) RETURNING submission_id",
        };
        let forgotten = self.query(FORGET, [json_parameter(ids.iter().map(|id| id.simple()))?]).await?;
        forgotten.iter().map(|row| Ok(row.try_get("", "submission_id")?)).collect()
    }

    /// The answers that an exclusion holds out of the count. Nothing is locked.
    pub async fn members(&self, id: ExclusionId) -> Result<Members, StoreError> {
        const BALLOTS: Sql = Sql::both(
            "SELECT budget_id, participant_id FROM ballot WHERE exclusion_id = $1 ORDER BY budget_id, participant_id",
        );
        let ballots = self.query(BALLOTS, [id.0.into()]).await?;
        let submissions = excluded_submission::Entity::find()
            .select_only()
            .column(excluded_submission::Column::SubmissionId)
            .filter(excluded_submission::Column::ExclusionId.eq(id.0))
            .order_by_asc(excluded_submission::Column::SubmissionId);
        Ok(Members {
            ballots: ballots.iter().map(key_of).collect::<Result<_, _>>()?,
            submissions: submissions.into_tuple().all(&self.0).await?,
        })
    }
}

fn exclusion_from_row(row: exclusion::Model) -> Result<Exclusion, StoreError> {
    let kind = ExclusionKind::from_name(&row.kind);
    Ok(Exclusion {
        id: ExclusionId(row.id),
        budget: BudgetId(row.budget_id),
        kind: kind.ok_or_else(|| StoreError::Corrupt("kind of an exclusion", row.kind))?,
        reason: row.reason,
        count: row.count,
        excluded_at: row.excluded_at,
        excluded_by: row.excluded_by,
        undone_at: row.undone_at,
        undone_by: row.undone_by,
    })
}
