//! The ledger: immutable rows, one for each allocation handed in.

use std::{collections::HashSet, sync::Arc};

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, Value};
use serde::Serialize;
use uuid::Uuid;

use super::{READ_PATIENCE, Sql, Store, StoreError, Transaction, entity::submission, replica, within};
use crate::domain::{
    allocation::Allocation,
    budget::{Budget, BudgetId},
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
    pub idempotency_key: Option<String>,
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
    /// See [`NewSubmission::idempotency_key`].
    pub idempotency_key: Option<String>,
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

impl Store {
    /// One submission.
    pub async fn submission(&self, id: Uuid) -> Result<Option<Submission>, StoreError> {
        let found = async { Ok(submission::Entity::find_by_id(id).one(&self.reader).await?) };
        within(READ_PATIENCE, found).await?.map(from_row).transpose()
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
            cursor.all(connection).await?.into_iter().map(from_row).collect()
        });
        within(replica::PATIENCE + READ_PATIENCE, found).await
    }
}

impl Transaction {
    /// Adds ledger rows; returns the ids of those that were added. One whose idempotency key is taken is left out, also
    /// when the other one is only now being stored by another node: then this waits for it.
    ///
    /// `rows` must be in a stable order of their keys, so that two nodes can't wait for each other.
    pub async fn insert_submissions(
        &self,
        rows: &[&NewSubmission],
        now: DateTime<Utc>,
    ) -> Result<HashSet<Uuid>, StoreError> {
        const INSERT: Sql = Sql {
            postgres: "INSERT INTO submission (id, budget_id, participant_id, shares, idempotency_key, submitted_at)
                SELECT id, budget_id, participant_id, shares, idempotency_key, $2
                FROM json_to_recordset(CAST($1 AS json))
                  AS row (id uuid, budget_id bigint, participant_id uuid, shares json, idempotency_key text)
                ON CONFLICT DO NOTHING RETURNING id",
            sqlite: "INSERT INTO submission (id, budget_id, participant_id, shares, idempotency_key, submitted_at)
                SELECT unhex(value ->> 'id'), value ->> 'budget_id', unhex(value ->> 'participant_id'),
                  value -> 'shares', value ->> 'idempotency_key', ?2
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
            idempotency_key: Option<&'a str>,
        }
        let rows = rows.iter().map(|row| Row {
            id: row.id,
            budget_id: row.budget.id.0,
            participant_id: row.participant.map(|participant| participant.0.simple()),
            shares: row.allocation.shares(),
            idempotency_key: row.idempotency_key.as_deref(),
        });
        let inserted = self.query(INSERT, [json_parameter(rows)?, now.into()]).await?;
        inserted.iter().map(|row| Ok(row.try_get("", "id")?)).collect()
    }

    /// The submissions that hold the idempotency keys of `rows`, each with its key.
    pub async fn first_submissions(&self, rows: &[&NewSubmission]) -> Result<Vec<Submission>, StoreError> {
        let mut found = Vec::new();
        // In pieces: a statement has a limited number of parameters.
        for rows in rows.chunks(100) {
            let mut any = Condition::any();
            for row in rows {
                let mut one = Condition::all().add(submission::Column::IdempotencyKey.eq(row.idempotency_key.clone()));
                one = match row.participant {
                    Some(participant) => one.add(submission::Column::ParticipantId.eq(participant.0)),
                    None => one
                        .add(submission::Column::ParticipantId.is_null())
                        .add(submission::Column::BudgetId.eq(row.budget.id.0)),
                };
                any = any.add(one);
            }
            for row in submission::Entity::find().filter(any).all(&self.0).await? {
                found.push(from_row(row)?);
            }
        }
        Ok(found)
    }

    /// The submissions with these ids, in any order.
    pub async fn submissions(&self, ids: &[Uuid]) -> Result<Vec<Submission>, StoreError> {
        let mut found = Vec::with_capacity(ids.len());
        for ids in ids.chunks(500) {
            let query = submission::Entity::find().filter(submission::Column::Id.is_in(ids.iter().copied()));
            for row in query.limit(500).all(&self.0).await? {
                found.push(from_row(row)?);
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

fn from_row(row: submission::Model) -> Result<Submission, StoreError> {
    Ok(Submission {
        id: row.id,
        budget: BudgetId(row.budget_id),
        participant: row.participant_id.map(ParticipantId),
        allocation: allocation_from_json(&row.shares.to_string())?,
        idempotency_key: row.idempotency_key,
        submitted_at: row.submitted_at,
    })
}
