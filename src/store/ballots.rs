//! Ballots: the submission of each participant that counts now. A submission without a participant has no ballot and always
//! counts.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryResult};
use serde::Serialize;
use uuid::Uuid;

use super::{
    READ_TIMEOUT, Sql, Store, StoreError, Transaction, entity::ballot, submissions::json_parameter, with_timeout,
};
use crate::domain::{budget::BudgetId, exclusion::ExclusionId, participant::ParticipantId};

/// A participant in a budget.
pub type BallotKey = (BudgetId, ParticipantId);

/// The id is that of the submission that counts.
pub type Ballot = (BallotKey, Uuid);

/// A stored ballot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeldBallot {
    /// The latest submission of the participant.
    pub submission: Uuid,
    /// The exclusion that holds it out of the count; `None` if it counts.
    pub exclusion: Option<ExclusionId>,
}

impl HeldBallot {
    /// Whether this submission counts.
    pub fn counts(self, submission: Uuid) -> bool {
        self.submission == submission && self.exclusion.is_none()
    }
}

impl Store {
    /// The ballots of these participants, in one statement.
    pub async fn ballots(&self, keys: &[BallotKey]) -> Result<HashMap<BallotKey, HeldBallot>, StoreError> {
        let any = keys.iter().fold(Condition::any(), |any, (budget, participant)| {
            any.add(
                Condition::all()
                    .add(ballot::Column::BudgetId.eq(budget.0))
                    .add(ballot::Column::ParticipantId.eq(participant.0)),
            )
        });
        let found = async { Ok(ballot::Entity::find().filter(any).all(&self.reader).await?) };
        let rows = with_timeout(READ_TIMEOUT, found).await?;
        let ballot = |row: ballot::Model| {
            let held = HeldBallot { submission: row.submission_id, exclusion: row.exclusion_id.map(ExclusionId) };
            ((BudgetId(row.budget_id), ParticipantId(row.participant_id)), held)
        };
        Ok(rows.into_iter().map(ballot).collect())
    }
}

// In all methods `ballots` must be in the order of their keys: otherwise two nodes could deadlock.
impl Transaction {
    /// Adds the ballots of participants that have none yet; returns their keys.
    pub async fn insert_ballots(&self, ballots: &[Ballot]) -> Result<Vec<BallotKey>, StoreError> {
        const INSERT: Sql = Sql {
            postgres: "INSERT INTO ballot (budget_id, participant_id, submission_id)
                SELECT budget_id, participant_id, submission_id
                FROM json_to_recordset(CAST($1 AS json))
                  AS row (budget_id bigint, participant_id uuid, submission_id uuid)
                ON CONFLICT DO NOTHING RETURNING budget_id, participant_id",
            sqlite: "INSERT INTO ballot (budget_id, participant_id, submission_id)
                SELECT value ->> 'budget_id', unhex(value ->> 'participant_id'), unhex(value ->> 'submission_id')
                FROM json_each($1) WHERE true
                ON CONFLICT DO NOTHING RETURNING budget_id, participant_id",
        };
        let inserted = self.query(INSERT, [parameter(ballots)?]).await?;
        inserted.iter().map(key_of).collect()
    }

    /// The present ballots with these keys, locked until the commit.
    pub async fn lock_ballots(&self, ballots: &[Ballot]) -> Result<HashMap<BallotKey, HeldBallot>, StoreError> {
        const LOCK: Sql = Sql {
            postgres: "SELECT ballot.budget_id, ballot.participant_id, ballot.submission_id, ballot.exclusion_id
                FROM ballot JOIN json_to_recordset(CAST($1 AS json)) AS row (budget_id bigint, participant_id uuid)
                  ON ballot.budget_id = row.budget_id AND ballot.participant_id = row.participant_id
                ORDER BY ballot.budget_id, ballot.participant_id FOR UPDATE OF ballot",
            sqlite: "SELECT ballot.budget_id, ballot.participant_id, ballot.submission_id, ballot.exclusion_id
                FROM json_each($1) AS row CROSS JOIN ballot
                  ON ballot.budget_id = row.value ->> 'budget_id'
                  AND ballot.participant_id = unhex(row.value ->> 'participant_id')",
        };
        let rows = self.query(LOCK, [parameter(ballots)?]).await?;
        let held = |row: &QueryResult| -> Result<HeldBallot, StoreError> {
            let exclusion: Option<i64> = row.try_get("", "exclusion_id")?;
            Ok(HeldBallot { submission: row.try_get("", "submission_id")?, exclusion: exclusion.map(ExclusionId) })
        };
        rows.iter().map(|row| Ok((key_of(row)?, held(row)?))).collect()
    }

    /// Lets these submissions count instead of the present ones.
    pub async fn replace_ballots(&self, ballots: &[Ballot]) -> Result<(), StoreError> {
        const REPLACE: Sql = Sql {
            postgres: "UPDATE ballot SET submission_id = row.submission_id
                FROM json_to_recordset(CAST($1 AS json))
                  AS row (budget_id bigint, participant_id uuid, submission_id uuid)
                WHERE ballot.budget_id = row.budget_id AND ballot.participant_id = row.participant_id",
            sqlite: "UPDATE ballot SET submission_id = unhex(row.value ->> 'submission_id')
                FROM json_each($1) AS row
                WHERE ballot.budget_id = row.value ->> 'budget_id'
                  AND ballot.participant_id = unhex(row.value ->> 'participant_id')",
        };
        self.execute(REPLACE, [parameter(ballots)?]).await?;
        Ok(())
    }
}

pub(super) fn parameter(ballots: &[Ballot]) -> Result<sea_orm::Value, StoreError> {
    #[derive(Serialize)]
    #[allow(clippy::struct_field_names)] // the columns' names
    struct Row {
        budget_id: i64,
        participant_id: uuid::fmt::Simple,
        submission_id: uuid::fmt::Simple,
    }
    json_parameter(ballots.iter().map(|((budget, participant), submission)| Row {
        budget_id: budget.0,
        participant_id: participant.0.simple(),
        submission_id: submission.simple(),
    }))
}

pub(super) fn key_of(row: &QueryResult) -> Result<BallotKey, StoreError> {
    Ok((BudgetId(row.try_get("", "budget_id")?), ParticipantId(row.try_get("", "participant_id")?)))
}
