//! How the installation is doing.

use std::{sync::Arc, time::Duration};

use async_graphql::{Context, ID, Object, SimpleObject, Subscription};
use futures_util::{Stream, StreamExt};

use super::{exact, ticks::ticks};
use crate::{
    fault::Fault,
    graphql::types::date_time::Timestamp,
    service::{
        Services,
        desk::operations::{OperationsReport, PartReport},
        read::Source,
    },
    store::nodes::Node,
};

/// The time between two looks at what is watched.
const OPERATIONS_INTERVAL: Duration = Duration::from_secs(2);

#[derive(Default)]
pub struct OperationsQuery;

#[derive(Default)]
pub struct OperationsSubscription;

/// How the installation is doing.
#[derive(SimpleObject)]
pub struct Operations {
    /// The nodes, the oldest first. While the database is away, the answering one alone.
    nodes: Vec<OperationsNode>,
    /// The database.
    database: DatabaseReport,
    /// Redis, which connects the nodes.
    redis: RedisReport,
    /// The submissions that wait at the answering node.
    queue: i32,
    /// The time since the last fold of the budget that has waited for one for longest, and 0 if nothing waits. Null while the
    /// database is away.
    fold_lag_ms: Option<f64>,
    /// The stored batches of submissions that are not folded. Null while the database is away.
    pending_deltas: Option<i32>,
    /// The age of the newest snapshot at the answering node. Null if it has none.
    snapshot_age_ms: Option<f64>,
    /// The reads of aggregates at the answering node since its start, by tier. Cached responses are not among them.
    reads: ReadCounts,
}

/// A process of the installation.
#[derive(SimpleObject)]
pub struct OperationsNode {
    /// The number of the process.
    id: ID,
    /// What it does: `all`, `web` or `worker`.
    role: String,
    /// The version of the program.
    version: String,
    /// The moment of its start.
    started_at: Timestamp,
    /// The moment at which it last said that it is there. It does so every 5 seconds.
    last_seen_at: Timestamp,
    /// Its open connections.
    connections: i32,
    /// Its open WebSockets and streams.
    streams: i32,
}

/// How the database is doing.
#[derive(SimpleObject)]
pub struct DatabaseReport {
    /// `PostgreSQL` or `SQLite`.
    kind: &'static str,
    /// Whether it answers.
    ok: bool,
    /// The time that it took to answer. Null if it does not.
    latency_ms: Option<f64>,
    /// The bytes that it takes. Null while it does not answer.
    size_bytes: Option<f64>,
}

/// How Redis is doing.
#[derive(SimpleObject)]
pub struct RedisReport {
    /// Whether the answering node uses Redis.
    configured: bool,
    /// Whether it answers. True if there is none.
    ok: bool,
    /// The time that it took to answer. Null if it does not.
    latency_ms: Option<f64>,
}

/// Reads of aggregates, by the tier that answered.
#[derive(SimpleObject)]
pub struct ReadCounts {
    /// The memory of the node.
    memory: f64,
    /// Redis.
    redis: f64,
    /// The table of aggregates.
    table: f64,
    /// All ballots, counted for the read.
    recount: f64,
}

#[Object]
impl OperationsQuery {
    /// How the installation is doing. It also answers while the database or Redis is away.
    async fn operations(&self, context: &Context<'_>) -> Operations {
        context.data_unchecked::<Services>().operations.report().await.into()
    }
}

#[Subscription]
impl OperationsSubscription {
    /// How the installation is doing, now and every 2 seconds.
    #[allow(clippy::unused_async)] // the macro needs it
    async fn operations(&self, context: &Context<'_>) -> Result<impl Stream<Item = Operations> + use<>, Fault> {
        let services = context.data_unchecked::<Services>().clone();
        Ok(ticks(context, OPERATIONS_INTERVAL).then(move |()| {
            let operations = Arc::clone(&services.operations);
            async move { operations.report().await.into() }
        }))
    }
}

impl From<OperationsReport> for Operations {
    fn from(report: OperationsReport) -> Self {
        let reads =
            |tier: Source| report.reads.iter().find(|(source, _)| *source == tier).map_or(0, |(_, count)| *count);
        let reads = |tier| exact(i64::try_from(reads(tier)).unwrap_or(i64::MAX));
        Self {
            nodes: report.nodes.iter().map(OperationsNode::from).collect(),
            database: DatabaseReport {
                kind: report.database_kind,
                ok: report.database.latency.is_some(),
                latency_ms: latency(report.database),
                size_bytes: report.size.map(exact),
            },
            redis: RedisReport {
                configured: report.redis.is_some(),
                ok: report.redis.is_none_or(|redis| redis.latency.is_some()),
                latency_ms: report.redis.and_then(latency),
            },
            queue: i32::try_from(report.queue).unwrap_or(i32::MAX),
            fold_lag_ms: report.fold_lag.map(milliseconds),
            pending_deltas: report.pending_deltas.map(|count| i32::try_from(count).unwrap_or(i32::MAX)),
            snapshot_age_ms: report.snapshot_age.map(milliseconds),
            reads: ReadCounts {
                memory: reads(Source::Memory),
                redis: reads(Source::Redis),
                table: reads(Source::Table),
                recount: reads(Source::Recount),
            },
        }
    }
}

impl From<&Node> for OperationsNode {
    fn from(node: &Node) -> Self {
        let count = |count: i64| i32::try_from(count).unwrap_or(i32::MAX);
        Self {
            id: ID(node.id.to_string()),
            role: node.role.clone(),
            version: node.version.clone(),
            started_at: Timestamp(node.started_at),
            last_seen_at: Timestamp(node.last_seen_at),
            connections: count(node.connections),
            streams: count(node.streams),
        }
    }
}

fn latency(part: PartReport) -> Option<f64> {
    part.latency.map(milliseconds)
}

fn milliseconds(time: Duration) -> f64 {
    (time.as_secs_f64() * 1_000_000.0).round() / 1_000.0
}
