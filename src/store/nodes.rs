//! The nodes that run. Each one tells every few seconds that it is there.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::{Sql, Store, StoreError, entity::node};

/// A node that has not been seen for this long is forgotten.
const FORGET_AFTER: TimeDelta = TimeDelta::days(1);

/// A process that runs, as it was when it was last seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    pub id: Uuid,
    pub role: String,
    pub version: String,
    pub started_at: DateTime<Utc>,
    pub last_seen_at: DateTime<Utc>,
    pub connections: i64,
    pub streams: i64,
}

impl Store {
    /// Records that a node is there, and forgets those that have long been gone.
    pub async fn note_node(&self, node: &Node) -> Result<(), StoreError> {
        const NOTE: Sql = Sql::both(
            "INSERT INTO node (id, role, version, started_at, last_seen_at, connections, streams)
                VALUES ($1, $2, $3, $4, $5, $6, $7)
                ON CONFLICT (id) DO UPDATE SET last_seen_at = excluded.last_seen_at,
                  connections = excluded.connections, streams = excluded.streams",
        );
        let values = [
            node.id.into(),
            node.role.clone().into(),
            node.version.clone().into(),
            node.started_at.into(),
            node.last_seen_at.into(),
            node.connections.into(),
            node.streams.into(),
        ];
        self.writer.execute_raw(NOTE.statement(self.backend(), values)).await?;
        let gone = node::Column::LastSeenAt.lt(node.last_seen_at - FORGET_AFTER);
        node::Entity::delete_many().filter(gone).exec(&self.writer).await?;
        Ok(())
    }

    /// Forgets a node that stops.
    pub async fn forget_node(&self, id: Uuid) -> Result<(), StoreError> {
        node::Entity::delete_by_id(id).exec(&self.writer).await?;
        Ok(())
    }

    /// The nodes that were seen within a day, the oldest first.
    pub async fn nodes(&self) -> Result<Vec<Node>, StoreError> {
        let query = node::Entity::find().order_by_asc(node::Column::StartedAt);
        Ok(query.all(&self.reader).await?.into_iter().map(node_from_row).collect())
    }

    /// The bytes that the database takes.
    pub async fn size(&self) -> Result<i64, StoreError> {
        const SIZE: Sql = Sql {
            postgres: "SELECT pg_database_size(current_database()) AS size",
            sqlite: "SELECT page_count * page_size AS size FROM pragma_page_count(), pragma_page_size()",
        };
        let row = self.reader.query_one_raw(SIZE.statement(self.backend(), [])).await?;
        Ok(row.map(|row| row.try_get("", "size")).transpose()?.unwrap_or_default())
    }

    /// The time of the last fold of the budget that has waited for one for longest. `None` if nothing waits.
    pub async fn waiting_since(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        const WAITING: Sql = Sql::both(
            "SELECT MIN(as_of) AS since FROM budget_aggregate
            WHERE budget_id IN (SELECT budget_id FROM aggregate_delta)",
        );
        let row = self.reader.query_one_raw(WAITING.statement(self.backend(), [])).await?;
        Ok(row.map(|row| row.try_get("", "since")).transpose()?.flatten())
    }

    /// The name of the database program.
    pub fn kind(&self) -> &'static str {
        if self.is_shared() { "PostgreSQL" } else { "SQLite" }
    }
}

fn node_from_row(row: node::Model) -> Node {
    Node {
        id: row.id,
        role: row.role,
        version: row.version,
        started_at: row.started_at,
        last_seen_at: row.last_seen_at,
        connections: row.connections,
        streams: row.streams,
    }
}
