//! The ledger: one immutable row for each submission.

use std::{collections::HashSet, sync::Arc};

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Value};
use serde::Serialize;
use uuid::Uuid;

use super::{READ_TIMEOUT, Sql, Store, StoreError, Transaction, entity::submission, replica, with_timeout};
use crate::domain::{
    allocation::Allocation,
    budget::{Budget, BudgetId},
    idempotency::KeyDigest,
    participant::ParticipantId,
};

/// A submission that is not stored yet.
#[derive(Debug, Clone)]
pub struct NewSubmission {
    /// Must not be guessable: it is the address of the result page.
    pub id: Uuid,
    /// The budget that the allocation was checked against, as it was then.
    pub budget: Arc<Budget>,
    /// `None` if the cookie was declined.
    pub participant: Option<ParticipantId>,
    pub allocation: Allocation,
    /// Makes a retry return the first submission.
    pub key_digest: Option<KeyDigest>,
}

/// A ledger row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submission {
    /// See [`NewSubmission::id`].
    pub id: Uuid,
    pub budget: BudgetId,
    /// `None` if the cookie was declined.
    pub participant: Option<ParticipantId>,
    pub allocation: Allocation,
    /// See [`NewSubmission::key_digest`].
    pub key_digest: Option<KeyDigest>,
    /// The database's time, microseconds.
    pub submitted_at: DateTime<Utc>,
}

/// A page of a participant's history begins with the next older row than this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HistoryCursor {
    pub submitted_at: DateTime<Utc>,
    pub id: Uuid,
}

impl NewSubmission {
    /// True if this repeats `first`, which has the same digest.
    pub fn is_retry_of(&self, first: &Submission) -> bool {
        first.budget == self.budget.id && first.allocation == self.allocation
    }
}

/// The number of parameters of one statement is limited.
const ID_CHUNK: usize = 500;

impl Store {
    pub async fn submission(&self, id: Uuid) -> Result<Option<Submission>, StoreError> {
        let found = async { Ok(submission::Entity::find_by_id(id).one(&self.reader).await?) };
        with_timeout(READ_TIMEOUT, found).await?.map(|row| from_row(&row)).transpose()
    }

    /// The submissions with these ids, in any order.
    pub async fn submissions(&self, ids: &[Uuid]) -> Result<Vec<Submission>, StoreError> {
        let found = async {
            let mut found = Vec::with_capacity(ids.len());
            for ids in ids.chunks(ID_CHUNK) {
                let query = submission::Entity::find().filter(submission::Column::Id.is_in(ids.iter().copied()));
                found.extend(query.all(&self.reader).await?);
            }
            Ok(found)
        };
        with_timeout(READ_TIMEOUT, found).await?.iter().map(from_row).collect()
    }

    /// At most `limit` submissions of a participant, newest first. Pages by keyset, so that page 1 000 costs what page 1 costs.
    pub async fn history(
        &self,
        participant: ParticipantId,
        after: Option<HistoryCursor>,
        limit: u64,
    ) -> Result<Vec<Submission>, StoreError> {
        let found = self.reading_from_replica(|connection| async move {
            let mut cursor = submission::Entity::find()
                .filter(submission::Column::ParticipantId.eq(participant.0))
                .cursor_by((submission::Column::SubmittedAt, submission::Column::Id));
            cursor.desc().first(limit);
            if let Some(after) = after {
                cursor.after((after.submitted_at, after.id));
            }
            cursor.all(connection).await?.iter().map(from_row).collect()
        });
        with_timeout(replica::TIMEOUT + READ_TIMEOUT, found).await
    }
}

impl Transaction {
    /// Adds ledger rows; returns the ids of those that were added. Rows with a digest that already exists are skipped. If
    /// another transaction is inserting the same digest, this waits for it.
    ///
    /// `rows` must be in the order of their digests: otherwise two nodes could deadlock.
    pub async fn insert_submissions(
        &self,
        rows: &[&NewSubmission],
        now: DateTime<Utc>,
    ) -> Result<HashSet<Uuid>, StoreError> {
        const INSERT: Sql = Sql {
            postgres: "INSERT INTO submission (id, budget_id, participant_id, shares, key_digest, submitted_at)
                SELECT id, budget_id, participant_id, shares, key_digest, $2
                FROM json_to_recordset(CAST($1 AS json))
                  AS row (id uuid, budget_id bigint, participant_id uuid, shares json, key_digest uuid)
                ON CONFLICT DO NOTHING RETURNING id",
            sqlite: "INSERT INTO submission (id, budget_id, participant_id, shares, key_digest, submitted_at)
                SELECT unhex(value ->> 'id'), value ->> 'budget_id', unhex(value ->> 'participant_id'),
                  value -> 'shares', unhex(value ->> 'key_digest'), $2
                FROM json_each($1) WHERE true
                ON CONFLICT DO NOTHING RETURNING id",
        };
        #[derive(Serialize)]
        struct Row<'a> {
            #[serde(with = "uuid::serde::simple")]
            id: Uuid,
            budget_id: i64,
            participant_id: Option<uuid::fmt::Simple>,
            shares: &'a [crate::domain::share::Share],
            key_digest: Option<uuid::fmt::Simple>,
        }
        let rows = rows.iter().map(|row| Row {
            id: row.id,
            budget_id: row.budget.id.0,
            participant_id: row.participant.map(|participant| participant.0.simple()),
            shares: row.allocation.shares(),
            key_digest: row.key_digest.map(|digest| digest.0.simple()),
        });
        let inserted = self.query(INSERT, [json_parameter(rows)?, now.into()]).await?;
        inserted.iter().map(|row| Ok(row.try_get("", "id")?)).collect()
    }

    /// The submissions that hold the digests of `rows`.
    pub async fn first_submissions(&self, rows: &[&NewSubmission]) -> Result<Vec<Submission>, StoreError> {
        let mut found = Vec::new();
        let digests: Vec<Uuid> = rows.iter().filter_map(|row| Some(row.key_digest?.0)).collect();
        for digests in digests.chunks(ID_CHUNK) {
            let query = submission::Entity::find().filter(submission::Column::KeyDigest.is_in(digests.iter().copied()));
            for row in query.all(&self.0).await? {
                found.push(from_row(&row)?);
            }
        }
        Ok(found)
    }

    /// The submissions with these ids, in any order.
    pub async fn submissions(&self, ids: &[Uuid]) -> Result<Vec<Submission>, StoreError> {
        let mut found = Vec::with_capacity(ids.len());
        for ids in ids.chunks(ID_CHUNK) {
            let query = submission::Entity::find().filter(submission::Column::Id.is_in(ids.iter().copied()));
            for row in query.all(&self.0).await? {
                found.push(from_row(&row)?);
            }
        }
        Ok(found)
    }
}

/// The rows of a batch as one JSON text, the parameter of its statement.
pub(super) fn json_parameter(rows: impl Iterator<Item = impl Serialize>) -> Result<Value, StoreError> {
    let rows: Vec<_> = rows.collect();
    let json = serde_json::to_string(&rows).map_err(|error| StoreError::Corrupt("batch", error.to_string()))?;
    Ok(json.into())
}

/// Reads stored shares: basis points in category order.
pub(super) fn allocation_from_json(json: &str) -> Result<Allocation, StoreError> {
    let corrupt = |error: String| StoreError::Corrupt("shares", error);
    let shares = serde_json::from_str(json).map_err(|error| corrupt(error.to_string()))?;
    Allocation::from_shares(shares).map_err(|total| corrupt(format!("they add up to {total} basis points")))
}

pub(super) fn from_row(row: &submission::Model) -> Result<Submission, StoreError> {
    Ok(Submission {
        id: row.id,
        budget: BudgetId(row.budget_id),
        participant: row.participant_id.map(ParticipantId),
        allocation: allocation_from_json(&row.shares.to_string())?,
        key_digest: row.key_digest.map(KeyDigest),
        submitted_at: row.submitted_at,
    })
}
