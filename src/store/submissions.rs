//! The ledger: immutable rows, one for each allocation handed in.

use std::{collections::HashSet, sync::Arc};

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, Value};
use serde::Serialize;
use uuid::Uuid;

use super::{READ_PATIENCE, Sql, Store, StoreError, Transaction, entity::submission, replica, within};
use crate::domain::{
    allocation::Allocation,
    budget::{Budget, BudgetId},
    idempotency::KeyDigest,
    participant::ParticipantId,
};

/// An allocation that waits to be stored.
#[derive(Debug, Clone)]
pub struct NewSubmission {
    /// Unguessable: the address of its result page.
    pub id: Uuid,
    /// The budget as it was when the allocation was checked against it.
    pub budget: Arc<Budget>,
    /// `None` where cookies were declined.
    pub participant: Option<ParticipantId>,
    /// What was handed in.
    pub allocation: Allocation,
    /// Makes a retry return the first submission.
    pub key_digest: Option<KeyDigest>,
}

/// A ledger row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submission {
    /// See [`NewSubmission::id`].
    pub id: Uuid,
    /// Its budget.
    pub budget: BudgetId,
    /// `None` where cookies were declined.
    pub participant: Option<ParticipantId>,
    /// What was handed in.
    pub allocation: Allocation,
    /// See [`NewSubmission::key_digest`].
    pub key_digest: Option<KeyDigest>,
    /// The database's time, microseconds.
    pub submitted_at: DateTime<Utc>,
}

/// Where a page of a participant's history begins: just older than this row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HistoryCursor {
    /// The row's time.
    pub submitted_at: DateTime<Utc>,
    /// Breaks ties.
    pub id: Uuid,
}

impl NewSubmission {
    /// True if this hands in the same as `first`, which holds the same digest.
    pub fn is_retry_of(&self, first: &Submission) -> bool {
        first.budget == self.budget.id && first.allocation == self.allocation
    }
}

/// Ids in one statement, whose parameters are limited.
const ID_CHUNK: usize = 500;

impl Store {
    /// One submission.
    pub async fn submission(&self, id: Uuid) -> Result<Option<Submission>, StoreError> {
        let found = async { Ok(submission::Entity::find_by_id(id).one(&self.reader).await?) };
        within(READ_PATIENCE, found).await?.map(|row| from_row(&row)).transpose()
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
        within(READ_PATIENCE, found).await?.iter().map(from_row).collect()
    }

    /// At most `limit` submissions of a participant, newest first, by keyset: page 1 000 costs what page 1 costs.
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
        within(replica::PATIENCE + READ_PATIENCE, found).await
    }
}

impl Transaction {
    /// Adds ledger rows; returns the ids of those that were added. Rows with a digest that already exists are skipped. If
    /// another transaction is inserting the same digest, this waits for it.
    ///
    /// `rows` must be in the order of their digests, so that two nodes can't wait for each other.
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
                  value -> 'shares', unhex(value ->> 'key_digest'), ?2
                FROM json_each(?1) WHERE true
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
        // In pieces: a statement has a limited number of parameters.
        for digests in digests.chunks(500) {
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
            for row in query.limit(500).all(&self.0).await? {
                found.push(from_row(&row)?);
            }
        }
        Ok(found)
    }
}

/// Rows as one JSON text, the parameter of a batch statement.
pub(super) fn json_parameter(rows: impl Iterator<Item = impl Serialize>) -> Result<Value, StoreError> {
    let rows: Vec<_> = rows.collect();
    let json = serde_json::to_string(&rows).map_err(|error| StoreError::Corrupt("batch", error.to_string()))?;
    Ok(json.into())
}

/// Reads shares as they are stored: basis points in category order.
pub(super) fn allocation_from_json(json: &str) -> Result<Allocation, StoreError> {
    let corrupt = |error: String| StoreError::Corrupt("shares", error);
    let shares = serde_json::from_str(json).map_err(|error| corrupt(error.to_string()))?;
    Allocation::from_shares(shares).map_err(|total| corrupt(format!("they add up to {total} basis points")))
}

fn from_row(row: &submission::Model) -> Result<Submission, StoreError> {
    Ok(Submission {
        id: row.id,
        budget: BudgetId(row.budget_id),
        participant: row.participant_id.map(ParticipantId),
        allocation: allocation_from_json(&row.shares.to_string())?,
        key_digest: row.key_digest.map(KeyDigest),
        submitted_at: row.submitted_at,
    })
}
