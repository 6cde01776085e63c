//! Traces for OpenTelemetry, and the id of the request that something is done for.
//!
//! Spans are those of the crate `tracing`, so the log names them too. This file exports them where an endpoint is set, and
//! adds what `tracing` does not know: the trace that a proxy began, and statements, which are known only when they end.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use anyhow::Context as _;
use async_trait::async_trait;
use bytes::Bytes;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use opentelemetry::{
    Context, KeyValue,
    propagation::TextMapPropagator,
    trace::{Span as _, SpanKind, Status, TraceContextExt, Tracer, TracerProvider},
};
use opentelemetry_http::{HttpClient, HttpError, Request, Response, hyper::HyperClient};
use opentelemetry_otlp::{WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::{
    Resource,
    propagation::TraceContextPropagator,
    trace::{Sampler, SdkTracerProvider},
};
use tokio::runtime::Handle;
use tracing::{Instrument, Span, Value};
use tracing_opentelemetry::OpenTelemetrySpanExt;
use tracing_subscriber::{
    Layer,
    filter::{LevelFilter, filter_fn},
    registry::LookupSpan,
};

use crate::clock;

/// The name of this program among those that send traces.
const SERVICE: &str = "taxbudget";
/// How long the collector may take to accept spans.
const EXPORT_TIMEOUT: Duration = Duration::from_secs(5);
/// A batch of the intake links to each of its submissions.
const MAX_LINKS: u32 = 2_048;

static IS_EXPORTING: AtomicBool = AtomicBool::new(false);

/// Exports spans until it is shut down.
pub struct Traces(SdkTracerProvider);

impl Traces {
    /// Begins to export to the collector at this base URL, by OTLP over HTTP. Of the traces that no proxy has decided about,
    /// this ratio is exported.
    pub fn start(endpoint: &str, ratio: f64, runtime: Handle) -> anyhow::Result<Self> {
        let endpoint = format!("{}/v1/traces", endpoint.trim_end_matches('/'));
        let exporter = opentelemetry_otlp::SpanExporter::builder()
            .with_http()
            .with_http_client(Collector::new(runtime)?)
            .with_endpoint(endpoint)
            .with_timeout(EXPORT_TIMEOUT)
            .build()
            .context("the endpoint for traces (--otlp-endpoint, OTEL_EXPORTER_OTLP_ENDPOINT)")?;
        let resource = Resource::builder()
            .with_service_name(SERVICE)
            .with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
            .build();
        let provider = SdkTracerProvider::builder()
            .with_batch_exporter(exporter)
            .with_sampler(Sampler::ParentBased(Box::new(Sampler::TraceIdRatioBased(ratio))))
            .with_max_links_per_span(MAX_LINKS)
            .with_resource(resource)
            .build();
        opentelemetry::global::set_tracer_provider(provider.clone());
        IS_EXPORTING.store(true, Ordering::Relaxed);
        Ok(Self(provider))
    }

    /// The layer that turns the spans of this program into spans of OpenTelemetry. Lines of the log are not exported.
    pub fn layer<S>(&self) -> impl Layer<S> + use<S>
    where
        S: tracing::Subscriber + for<'span> LookupSpan<'span>,
    {
        let ours = filter_fn(|metadata| metadata.is_span() && metadata.target().starts_with(SERVICE));
        // Without this hint, libraries would compare each line that they may log with the filter.
        let ours = ours.with_max_level_hint(LevelFilter::ERROR);
        tracing_opentelemetry::layer()
            .with_tracer(self.0.tracer(SERVICE))
            .with_location(false)
            .with_threads(false)
            .with_tracked_inactivity(false)
            .with_filter(ours)
    }

    /// Exports what is left.
    pub fn shutdown(self) {
        if let Err(error) = self.0.shutdown() {
            tracing::warn!(%error, "the last spans were not exported");
        }
    }
}

/// The connection to the collector. The exporter calls it from a thread without a runtime.
#[derive(Debug, Clone)]
struct Collector {
    client: HyperClient<HttpsConnector<HttpConnector>>,
    runtime: Handle,
}

impl Collector {
    fn new(runtime: Handle) -> anyhow::Result<Self> {
        let connector = HttpsConnectorBuilder::new()
            .with_provider_and_native_roots(rustls::crypto::ring::default_provider())
            .context("the certificates of this system")?
            .https_or_http()
            .enable_http1()
            .build();
        Ok(Self { client: HyperClient::new(connector, EXPORT_TIMEOUT, None), runtime })
    }
}

#[async_trait]
impl HttpClient for Collector {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let client = self.client.clone();
        self.runtime.spawn(async move { client.send_bytes(request).await }).await?
    }
}

tokio::task_local! {
    static REQUEST_ID: Arc<str>;
}

/// Returns the id of the request that this task works for.
pub fn request_id() -> Option<Arc<str>> {
    REQUEST_ID.try_with(Arc::clone).ok()
}

/// Does something for the request with this id, within this span.
pub async fn for_request<T>(id: &str, span: Span, work: impl Future<Output = T>) -> T {
    REQUEST_ID.scope(id.into(), work.instrument(span)).await
}

/// Does something for the request with this id, outside of its span: for what goes on when the request is answered.
pub async fn for_request_later<T>(id: Option<Arc<str>>, work: impl Future<Output = T>) -> T {
    match id {
        Some(id) => REQUEST_ID.scope(id, work).await,
        None => work.await,
    }
}

/// Returns the same work, which may be done by another task or later, for the request and within the span of now.
pub fn carried<T>(work: impl Future<Output = T>) -> impl Future<Output = T> {
    for_request_later(request_id(), work.in_current_span())
}

/// Adds to a span how it ended. Only traces show that: the log would format it for each request, though no line follows.
pub fn record_outcome(span: &Span, field: &'static str, value: impl Value) {
    if IS_EXPORTING.load(Ordering::Relaxed) {
        span.record(field, value);
    }
}

/// Makes a span part of the trace that a proxy began. `traceparent` is the header of that name, of a trusted proxy.
pub fn continue_trace(span: &Span, traceparent: &str) {
    let headers = HashMap::from([("traceparent".to_owned(), traceparent.to_owned())]);
    let remote = TraceContextPropagator::new().extract_with_context(&Context::new(), &headers);
    if remote.span().span_context().is_valid() {
        // Fails where no traces are exported.
        let _ = span.set_parent(remote);
    }
}

/// Adds a statement that has just ended to the trace of what it was for: its text, without values.
pub fn statement(sql: &str, elapsed: Duration, has_failed: bool) {
    let parent = Span::current().context();
    if !parent.span().span_context().is_sampled() {
        return;
    }
    let ended_at = std::time::SystemTime::from(clock::now());
    let name = sql.split_whitespace().next().unwrap_or("SQL").to_owned();
    let tracer = opentelemetry::global::tracer(SERVICE);
    let mut span = tracer
        .span_builder(name)
        .with_kind(SpanKind::Client)
        .with_start_time(ended_at - elapsed)
        .with_attributes([KeyValue::new("db.query.text", sql.to_owned())])
        .start_with_context(&tracer, &parent);
    if has_failed {
        span.set_status(Status::error("the statement failed"));
    }
    span.end_with_timestamp(ended_at);
}
