//! How the installation is doing: its nodes, its database, Redis, and what waits. Each part is asked for by itself and within a
//! short time, so that the rest is answered while one of them is away.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{
    bus::Bus,
    clock,
    counters::Counters,
    service::{intake::Intake, read::Source},
    store::{self, Store, StoreError, nodes::Node},
};

/// For each part.
const TIMEOUT: Duration = Duration::from_secs(1);
/// The time between two signs of life of a node.
const HEARTBEAT: Duration = Duration::from_secs(5);

/// The service for the operations page.
pub struct Operations {
    store: Store,
    bus: Bus,
    intake: Intake,
    counters: Counters,
    /// This node, as it was at the start.
    node: Node,
    usage: Usage,
}

/// What this process tells the other nodes of itself.
pub struct ThisNode {
    /// Its number.
    pub id: Uuid,
    /// What it does.
    pub role: &'static str,
    /// How much it does.
    pub usage: Usage,
}

/// Asks for the numbers of open connections, and of open WebSockets and streams, of this node.
pub type Usage = Arc<dyn Fn() -> (usize, usize) + Send + Sync>;

/// How the installation is doing.
#[derive(Debug, Clone)]
pub struct OperationsReport {
    /// The nodes. While the database is away, this one alone.
    pub nodes: Vec<Node>,
    /// The database.
    pub database: PartReport,
    /// Its bytes.
    pub size: Option<i64>,
    /// The name of the database program.
    pub database_kind: &'static str,
    /// Redis. None if this node uses none.
    pub redis: Option<PartReport>,
    /// Submissions that wait at this node.
    pub queue: usize,
    /// The time since the last fold of the budget that has waited for one for longest.
    pub fold_lag: Option<Duration>,
    /// Batches of submissions that are not folded.
    pub pending_deltas: Option<u64>,
    /// The age of the newest snapshot of this node.
    pub snapshot_age: Option<Duration>,
    /// Reads of aggregates at this node, by tier.
    pub reads: [(Source, u64); 4],
}

/// How one part is doing.
#[derive(Debug, Clone, Copy)]
pub struct PartReport {
    /// How long it took to answer. None if it did not.
    pub latency: Option<Duration>,
}

impl Operations {
    /// Reports on this store and bus.
    pub fn new(store: Store, bus: Bus, intake: Intake, counters: Counters, this: ThisNode) -> Self {
        let now = clock::now();
        let node = Node {
            id: this.id,
            role: this.role.to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            started_at: now,
            last_seen_at: now,
            connections: 0,
            streams: 0,
        };
        Self { store, bus, intake, counters, node, usage: this.usage }
    }

    /// Tells the other nodes that this one is there, until the token is cancelled.
    pub async fn run(self: Arc<Self>, stop: CancellationToken) {
        loop {
            if let Err(error) = store::with_timeout(HEARTBEAT, self.note()).await {
                tracing::debug!(%error, "the other nodes are told later that this one is there");
            }
            if stop.run_until_cancelled(tokio::time::sleep(HEARTBEAT)).await.is_none() {
                // If it fails, the node is forgotten after a day.
                let _ = store::with_timeout(TIMEOUT, self.store.forget_node(self.node.id)).await;
                return;
            }
        }
    }

    async fn note(&self) -> Result<(), StoreError> {
        let now = self.store.now().await?;
        self.store.note_node(&self.this_node(now)).await
    }

    fn this_node(&self, now: DateTime<Utc>) -> Node {
        let (connections, streams) = (self.usage)();
        let count = |value: usize| i64::try_from(value).unwrap_or(i64::MAX);
        Node { last_seen_at: now, connections: count(connections), streams: count(streams), ..self.node.clone() }
    }

    /// Looks at every part.
    pub async fn report(&self) -> OperationsReport {
        let started = Instant::now();
        let answered = store::with_timeout(TIMEOUT, self.store.ping()).await;
        let database = PartReport { latency: answered.ok().map(|()| started.elapsed()) };
        let is_up = database.latency.is_some();
        let now = clock::now();
        let nodes = ask(is_up, self.store.nodes()).await.unwrap_or_default();
        let mut nodes: Vec<Node> = nodes.into_iter().filter(|node| node.id != self.node.id).collect();
        nodes.push(self.this_node(now));
        nodes.sort_by_key(|node| node.started_at);
        let redis = match &self.bus.redis {
            Some(redis) => {
                let started = Instant::now();
                let answered = tokio::time::timeout(TIMEOUT, redis.ping()).await;
                Some(PartReport { latency: matches!(answered, Ok(Ok(()))).then(|| started.elapsed()) })
            }
            None => None,
        };
        let waiting_since = ask(is_up, self.store.waiting_since()).await;
        let since = |time: DateTime<Utc>| (now - time).to_std().unwrap_or_default();
        OperationsReport {
            nodes,
            database,
            size: ask(is_up, self.store.size()).await,
            database_kind: self.store.kind(),
            redis,
            queue: self.intake.waiting(),
            fold_lag: waiting_since.map(|waiting| waiting.map(since).unwrap_or_default()),
            pending_deltas: ask(is_up, self.store.pending_delta_count()).await,
            snapshot_age: self.bus.hub.all().iter().map(|snapshot| snapshot.as_of).max().map(since),
            reads: Source::ALL.map(|source| (source, self.counters.reads_from(source.name()))),
        }
    }
}

/// Asks the database only if it is there, and takes no answer in time for none.
async fn ask<T>(is_up: bool, question: impl Future<Output = Result<T, StoreError>>) -> Option<T> {
    if !is_up {
        return None;
    }
    store::with_timeout(TIMEOUT, question).await.ok()
}
