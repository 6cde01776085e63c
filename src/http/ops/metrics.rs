//! Serves `/metrics` in the text format of `OpenMetrics`. `docs/operations.md` lists every metric.

use std::sync::atomic::AtomicU64;

use axum::{extract::State, http::header, response::IntoResponse};
use chrono::{DateTime, Utc};
use prometheus_client::{
    encoding::text::encode,
    metrics::{family::Family, gauge::Gauge, info::Info},
    registry::{Registry, Unit},
};

use super::process;
use crate::{
    counters::Counters,
    http::{limits::streams::Transport, state::HttpState},
    service::intake::QUEUE_LIMIT,
};

/// Writes the counters, and the gauges at this moment.
pub async fn metrics(State(state): State<HttpState>) -> impl IntoResponse {
    let pending = state.database.pending_deltas(&state.services.store).await;
    let mut registry = Registry::default();
    process::register(&mut registry);
    let ours = registry.sub_registry_with_prefix("taxbudget");
    ours.register("build", "The release of this program", Info::new([("version", env!("CARGO_PKG_VERSION"))]));
    register_counters(ours, &state.counters);
    register_connections(ours, &state);
    register_database(ours, &state, pending);
    register_budgets(ours, &state);
    let mut text = String::new();
    // Writing into a `String` cannot fail.
    let _ = encode(&mut text, &registry);
    ([(header::CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8")], text)
}

/// What this process did since its start.
fn register_counters(registry: &mut Registry, counters: &Counters) {
    let Counters {
        http,
        operations,
        pushes,
        intake,
        recounts,
        submissions,
        folds,
        fold_durations,
        fold_failures,
        publications,
        epoch_raises,
        heavy_work,
        cohorts,
        reads,
        refused_connections,
    } = counters.clone();
    registry.register("http_requests", "HTTP requests by what they are for and class of status", http.requests);
    let help = "Time from the head of a request to the head of its response";
    registry.register_with_unit("http_request_duration", help, Unit::Seconds, http.durations);
    registry.register("graphql_operations", "Public GraphQL operations by type and outcome", operations.operations);
    let help = "Time of the execution of a GraphQL operation";
    registry.register_with_unit("graphql_operation_duration", help, Unit::Seconds, operations.durations);
    registry.register("desk_operations", "GraphQL operations of the organisers' desk", operations.desk_operations);

    registry.register("subscriptions", "Subscriptions that run, by transport", pushes.subscriptions);
    registry.register("pushes", "Results of subscriptions that were handed to a connection", pushes.pushes);
    registry.register("conflated_pushes", "Publications that a slower subscriber skipped", pushes.conflated);
    let help = "Time from a fold to handing its result to a connection, by the clocks of the database and of this node";
    registry.register_with_unit("commit_to_socket", help, Unit::Seconds, pushes.latencies);

    registry.register("submissions", "Submissions by outcome", submissions);
    registry.register("intake_batches", "Batches of submissions by whether they were stored", intake.batches);
    registry.register("intake_batch_size", "Submissions in a batch", intake.sizes);
    registry.register_with_unit(
        "intake_batch_duration",
        "Time of a batch's transaction",
        Unit::Seconds,
        intake.durations,
    );
    let help = "How long the first submission of a batch waited";
    registry.register_with_unit("intake_wait", help, Unit::Seconds, intake.waits);
    registry.register("folds", "Transactions that folded deltas into the aggregate", folds);
    registry.register_with_unit(
        "fold_duration",
        "Time of a fold with its publication",
        Unit::Seconds,
        fold_durations.0,
    );
    registry.register("fold_failures", "Folds that failed", fold_failures);
    registry.register("publications", "Snapshots that this node committed and published", publications);
    registry.register("epoch_raises", "Times that a restored older database was detected", epoch_raises);
    registry.register("drift", "1 if the last recount by this node found another aggregate", recounts.drift);
    let help = "Time of the last recount by this node, in seconds since 1970";
    registry.register_with_unit("recount_timestamp", help, Unit::Seconds, recounts.times);

    registry.register("heavy_work", "Documents and operations for the threads of heavy work, by outcome", heavy_work);
    registry.register("cohorts", "Cohorts of submissions that reached the size of a flag, by kind", cohorts);
    registry.register("reads", "Reads of aggregates below the response cache, by the tier that answered", reads);
    let help = "Connections, WebSockets and streams that a limit refused";
    registry.register("refused_connections", help, refused_connections);
}

/// What is open and kept at this moment, and how much may be.
fn register_connections(registry: &mut Registry, state: &HttpState) {
    let open = Family::<[(&str, &str); 1], Gauge>::default();
    for (transport, name) in Transport::ALL {
        open.get_or_create(&[("transport", name)]).set(count(state.streams.open(transport)));
    }
    registry.register("open_streams", "Open WebSockets and streams of results", open);
    let mut gauge = |name, help, value| register_gauge(registry, name, help, value);
    gauge("max_streams", "The most WebSockets and streams that may be open at once", state.streams.limiter.total);
    gauge("open_connections", "Open connections, without those over a limit", state.connections.open());
    gauge("max_connections", "The most connections that may be open at once", state.connections.total);
    gauge("socket_operations", "Operations that run on WebSockets", state.streams.operations());
    gauge("shared_subscriptions", "Executions that public subscriptions share", state.engine.shared_subscriptions());
    gauge("documents", "Parsed GraphQL documents in the cache", state.engine.documents());
    gauge("response_cache_entries", "Keys of cached responses", state.engine.responses.count());
    gauge(
        "response_cache_bytes",
        "Size of the cached responses and their keys, counted twice for the compressed form",
        state.engine.responses.weight(),
    );
    gauge("intake_queue", "Submissions that wait to be stored", state.services.submissions.intake.waiting());
    gauge("max_intake_queue", "The most submissions that may wait", QUEUE_LIMIT);
    gauge("draining", "1 while this node drains its connections", state.drain.is_begun().into());
}

/// The database and Redis.
fn register_database(registry: &mut Registry, state: &HttpState, pending: Option<u64>) {
    let is_stale = *state.services.aggregates.staleness().borrow();
    register_gauge(registry, "database_up", "1 while the database responds", (!is_stale).into());
    if let Some(pending) = pending {
        let pending = usize::try_from(pending).unwrap_or(usize::MAX);
        register_gauge(registry, "pending_deltas", "Stored batches that are not folded yet", pending);
    }
    let (connections, limits) =
        (Family::<[(&str, &str); 2], Gauge>::default(), Family::<[(&str, &str); 1], Gauge>::default());
    for pool in state.services.store.pools() {
        for (name, value) in [("idle", pool.idle), ("busy", pool.open - pool.idle)] {
            connections.get_or_create(&[("pool", pool.name), ("state", name)]).set(value.into());
        }
        limits.get_or_create(&[("pool", pool.name)]).set(pool.limit.into());
    }
    registry.register("database_connections", "Connections to the database by pool and state", connections);
    registry.register("max_database_connections", "The most connections of a pool", limits);
    let statements = state.services.store.statements().clone();
    registry.register("database_statements", "Statements that were sent to the database", statements.sent);
    registry.register("database_statement_failures", "Statements that failed", statements.failed);
    let help = "Time of a statement, without waiting for a connection";
    registry.register_with_unit("database_statement_duration", help, Unit::Seconds, statements.durations.0);
    if let Some(redis) = &state.bus.redis {
        register_gauge(registry, "bus_up", "1 while Redis is connected", redis.is_connected().into());
        let help = "Snapshots that this node published on the bus, could not publish, and received";
        registry.register("bus_messages", help, redis.messages.clone());
    }
}

/// The current snapshot of each budget.
fn register_budgets(registry: &mut Registry, state: &HttpState) {
    let (participants, times) = (Family::<[(&str, String); 1], Gauge>::default(), Family::default());
    for snapshot in state.bus.hub.all() {
        let budget = [("budget", snapshot.budget.clone())];
        participants.get_or_create(&budget).set(snapshot.participants);
        Family::<_, Gauge<f64, AtomicU64>>::get_or_create(&times, &budget).set(seconds(snapshot.as_of));
    }
    registry.register("participants", "Ballots in the current snapshot", participants);
    registry.register("snapshot_timestamp_seconds", "As-of time of the current snapshot, in seconds since 1970", times);
}

fn register_gauge(registry: &mut Registry, name: &str, help: &str, value: usize) {
    let gauge = Gauge::<i64>::default();
    gauge.set(count(value));
    registry.register(name, help, gauge);
}

#[allow(clippy::cast_precision_loss)] // the format of Prometheus has floating-point numbers
fn seconds(time: DateTime<Utc>) -> f64 {
    time.timestamp_micros() as f64 / 1e6
}

fn count(value: usize) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}
