//! `/metrics`: what is going on, in the text format that Prometheus reads.

use axum::{extract::State, http::header, response::IntoResponse};
use prometheus_client::{
    encoding::text::encode,
    metrics::{family::Family, gauge::Gauge},
    registry::Registry,
};

use super::{HttpState, streams::Transport};

/// The gauges at this moment.
pub async fn metrics(State(state): State<HttpState>) -> impl IntoResponse {
    let mut registry = Registry::with_prefix("taxbudget");
    let open = Family::<[(&str, &str); 1], Gauge>::default();
    for (transport, name) in Transport::ALL {
        open.get_or_create(&[("transport", name)]).set(count(state.streams.open(transport)));
    }
    registry.register("open_streams", "Open sockets and streams of results", open);
    let mut gauge = |name: &str, help: &str, value: usize| {
        let gauge = Gauge::<i64>::default();
        gauge.set(count(value));
        registry.register(name, help, gauge);
    };
    gauge("socket_operations", "Operations that run on sockets", state.streams.operations());
    gauge("feeds", "Executions that public subscriptions share", state.executor.feeds());
    gauge("kept_answers", "Answers that are kept as bytes", state.services.answers.count());
    gauge(
        "kept_answer_bytes",
        "Their size with their keys, counted twice for the packed form",
        state.services.answers.weight(),
    );
    let mut text = String::new();
    // Into memory nothing fails.
    let _ = encode(&mut text, &registry);
    ([(header::CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8")], text)
}

fn count(value: usize) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}
