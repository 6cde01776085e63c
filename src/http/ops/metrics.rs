//! Serves `/metrics` in the text format of Prometheus.

use axum::{extract::State, http::header, response::IntoResponse};
use prometheus_client::{
    encoding::text::encode,
    metrics::{family::Family, gauge::Gauge},
    registry::Registry,
};

use crate::{
    counters::Counters,
    http::{limits::streams::Transport, state::HttpState},
};

/// Writes the counters, and the gauges at this moment.
pub async fn metrics(State(state): State<HttpState>) -> impl IntoResponse {
    let pending = state.database.pending_deltas(&state.services.store).await;
    let mut registry = Registry::with_prefix("taxbudget");
    let open = Family::<[(&str, &str); 1], Gauge>::default();
    for (transport, name) in Transport::ALL {
        open.get_or_create(&[("transport", name)]).set(count(state.streams.open(transport)));
    }
    registry.register("open_streams", "Open WebSockets and streams of results", open);
    let mut gauge = |name: &str, help: &str, value: usize| {
        let gauge = Gauge::<i64>::default();
        gauge.set(count(value));
        registry.register(name, help, gauge);
    };
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
    gauge("draining", "1 while this node drains its connections", state.drain.is_begun().into());
    let is_stale = *state.services.aggregates.staleness().borrow();
    gauge("database_up", "1 while the database responds", (!is_stale).into());
    if let Some(redis) = &state.bus.redis {
        gauge("bus_up", "1 while Redis is connected", redis.is_connected().into());
    }
    if let Some(pending) = pending {
        let pending = usize::try_from(pending).unwrap_or(usize::MAX);
        gauge("pending_deltas", "Stored batches that are not folded yet", pending);
    }
    let (participants, times) = (Family::<[(&str, String); 1], Gauge>::default(), Family::default());
    for snapshot in state.bus.hub.all() {
        let budget = [("budget", snapshot.budget.clone())];
        participants.get_or_create(&budget).set(snapshot.participants);
        Family::<_, Gauge>::get_or_create(&times, &budget).set(snapshot.as_of.timestamp());
    }
    registry.register("participants", "Ballots in the current snapshot", participants);
    registry.register("snapshot_timestamp_seconds", "As-of time of the current snapshot, in seconds since 1970", times);
    let Counters { submissions, folds, fold_failures, epoch_raises, heavy_work, cohorts, reads, refused_connections } =
        state.counters.clone();
    registry.register("submissions", "Submissions by outcome", submissions);
    registry.register("folds", "Transactions that folded deltas into the aggregate", folds);
    registry.register("fold_failures", "Folds that failed", fold_failures);
    registry.register("heavy_work", "Documents and operations for the threads of heavy work, by outcome", heavy_work);
    registry.register("epoch_raises", "Times that a restored older database was detected", epoch_raises);
    registry.register("cohorts", "Cohorts of submissions that reached the size of a flag, by kind", cohorts);
    registry.register("reads", "Reads of aggregates below the response cache, by the tier that answered", reads);
    let help = "Connections, WebSockets and streams that a limit refused";
    registry.register("refused_connections", help, refused_connections);
    let mut text = String::new();
    // Writing into a `String` cannot fail.
    let _ = encode(&mut text, &registry);
    ([(header::CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8")], text)
}

fn count(value: usize) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}
