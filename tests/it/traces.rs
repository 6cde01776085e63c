//! Traces as a collector receives them, and the id of a request beside everything that it causes.

use std::{
    fs::{self, File},
    process::Stdio,
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{Router, body::Bytes, extract::State, routing::post};
use opentelemetry_proto::tonic::{
    collector::trace::v1::ExportTraceServiceRequest, common::v1::any_value::Value as AttributeValue, trace::v1::Span,
};
use parking_lot::Mutex;
use prost::Message;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::support::{
    Client,
    client::{SUBMIT, split, with},
    eventually,
    nodes::Nodes,
    process::ServerProcess,
    socket::Socket,
};

const SUBMISSION: &str = "mutation Answer($input: SubmitAllocationInput!) {
    submitAllocation(input: $input) { submission { id } } }";
const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const PARENT: &str = "b7ad6b7169203331";

/// A collector that keeps every span.
struct Collector {
    url: String,
    spans: Arc<Mutex<Vec<Span>>>,
}

impl Collector {
    async fn start() -> Self {
        let spans = Arc::<Mutex<Vec<Span>>>::default();
        let receive = |State(spans): State<Arc<Mutex<Vec<Span>>>>, body: Bytes| async move {
            let request = ExportTraceServiceRequest::decode(body).unwrap();
            let scopes = request.resource_spans.into_iter().flat_map(|resource| resource.scope_spans);
            spans.lock().extend(scopes.flat_map(|scope| scope.spans));
        };
        let app = Router::new().route("/v1/traces", post(receive)).with_state(Arc::clone(&spans));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { url, spans }
    }

    /// Waits for a span.
    async fn span(&self, what: &str, is_it: impl Fn(&Span) -> bool) -> Span {
        eventually(&format!("there is a span for {what}"), || async {
            self.spans.lock().iter().find(|span| is_it(span)).cloned()
        })
        .await
    }
}

/// A server that exports to this collector without delay.
async fn server(nodes: &Nodes, collector: &Collector, flags: &[&str], log: Stdio) -> (ServerProcess, Client) {
    let flags = nodes.flags(&[&[&*format!("--otlp-endpoint={}", collector.url)], flags].concat());
    let process = ServerProcess::start_in(&[("OTEL_BSP_SCHEDULE_DELAY", "50")], &flags, log).await;
    let client = Client::new(process.address);
    (process, client)
}

async fn submit(client: &Client, key: &str) -> Value {
    let input = with(split(62.5), json!({ "remember": true, "idempotencyKey": key }));
    let body = json!({ "query": SUBMISSION, "operationName": "Answer", "variables": { "input": input } });
    let request = client.http.post(client.url("/graphql")).json(&body).header("x-request-id", key);
    let request = request.header("traceparent", format!("00-{TRACE}-{PARENT}-01"));
    request.send().await.unwrap().json().await.unwrap()
}

fn attribute(span: &Span, name: &str) -> Option<String> {
    let found = span.attributes.iter().find(|attribute| attribute.key == name)?;
    Some(match found.value.clone()?.value? {
        AttributeValue::StringValue(text) => text,
        AttributeValue::IntValue(number) => number.to_string(),
        other => format!("{other:?}"),
    })
}

#[tokio::test]
async fn a_collector_sees_the_whole_tree_of_a_submission_and_nothing_of_what_was_answered() {
    let (nodes, collector) = (Nodes::prepare().await, Collector::start().await);
    let (_process, client) = server(&nodes, &collector, &["--trusted-proxies=127.0.0.1/32"], Stdio::inherit()).await;
    let key = "the-key-of-a-traced-submission";
    let answer = submit(&client, key).await;
    let id = answer["data"]["submitAllocation"]["submission"]["id"].as_str().unwrap().to_owned();

    let is = |name: &'static str| move |span: &Span| span.name == name;
    let request = collector.span("the request", |span| attribute(span, "id").as_deref() == Some(key)).await;
    assert_eq!((hex::encode(&request.trace_id), hex::encode(&request.parent_span_id)), (TRACE.into(), PARENT.into()));
    assert_eq!(attribute(&request, "route").as_deref(), Some("/graphql"));
    assert_eq!(attribute(&request, "status").as_deref(), Some("200"));
    let operation = collector.span("the operation", is("operation")).await;
    assert_eq!((&operation.trace_id, &operation.parent_span_id), (&request.trace_id, &request.span_id));
    let facts = ["kind", "name", "outcome"].map(|name| attribute(&operation, name).unwrap());
    assert_eq!(facts, ["mutation", "Answer", "ok"]);
    let batch = collector.span("the batch", is("batch")).await;
    assert_eq!(batch.links.len(), 1);
    assert_eq!((&batch.links[0].trace_id, &batch.links[0].span_id), (&operation.trace_id, &operation.span_id));
    assert_eq!(attribute(&batch, "requests").as_deref(), Some(key));
    for (what, of) in [("INSERT", &batch), ("COMMIT", &batch)] {
        collector.span(what, |span| span.name == what && span.parent_span_id == of.span_id).await;
    }
    let publish = collector.span("the publication", is("publish")).await;
    let fold = collector.span("the fold", |span| span.span_id == publish.parent_span_id).await;
    assert_eq!((&*fold.name, fold.trace_id == publish.trace_id), ("fold", true));
    collector.span("the end of the fold", |span| span.name == "COMMIT" && span.parent_span_id == fold.span_id).await;

    let mut socket = Socket::connect(client.address).await;
    socket.subscribe("1", "query OverASocket { budgets { slug } }", json!({})).await;
    let data = socket.next_message().await;
    assert_eq!(data["type"], "next", "{data}");
    socket.watch().await;

    let mut spans = collector.spans.lock().clone();
    for span in &mut spans {
        // Among the digits of a time there may be those of a share.
        (span.start_time_unix_nano, span.end_time_unix_nano) = (0, 0);
        span.events.iter_mut().for_each(|event| event.time_unix_nano = 0);
    }
    let text = format!("{spans:?}").replace(&format!("StringValue({key:?})"), "");
    for secret in [&*id, "127.0.0.1", "6250", "62.5", "healthcare", "taxbudget_participant", key] {
        assert!(!text.contains(secret), "{secret} is in the spans");
    }
    assert!(
        text.contains("insert into submission") || text.to_lowercase().contains("insert into submission"),
        "{text}"
    );
}

#[tokio::test]
async fn a_client_cannot_choose_its_trace_and_a_ratio_of_none_exports_none() {
    let (nodes, collector) = (Nodes::prepare().await, Collector::start().await);
    let (process, client) = server(&nodes, &collector, &["--trace-ratio=0"], Stdio::inherit()).await;
    submit(&client, "not-sampled-at-all").await;
    // What is left is exported at the end.
    process.terminate().await;
    assert_eq!(collector.spans.lock().len(), 0);
    let (process, client) = server(&nodes, &collector, &[], Stdio::inherit()).await;
    submit(&client, "sampled-but-not-by-the-client").await;
    let request = collector.span("the request", |span| span.name == "request").await;
    assert_ne!(hex::encode(&request.trace_id), TRACE);
    process.terminate().await;
}

/// Lines of the log with this message.
fn lines(log: &str, message: &str) -> Vec<Value> {
    let lines = log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    lines.filter(|line| line["fields"]["message"] == message).collect()
}

#[tokio::test]
async fn a_statement_that_fails_or_takes_long_is_logged_without_values_beside_the_request_that_it_was_for() {
    let nodes = Nodes::prepare().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("log");
    let log = Stdio::from(File::create(&file).unwrap());
    let flags = nodes.flags(&["--log=warn", "--log-format=json"]);
    let process = ServerProcess::start_in(&[], &flags, log).await;
    let client = Client::new(process.address);
    let logged = async |message: &str, id: &str| {
        eventually(message, || async {
            let log = fs::read_to_string(&file).unwrap();
            lines(&log, message).into_iter().find(|line| line["spans"].to_string().contains(id))
        })
        .await
    };
    let post = async |path: &str, id: &str, body: Value| {
        client.http.post(client.url(path)).header("x-request-id", id).json(&body).send().await.unwrap().text().await
    };

    let slow = if nodes.database.is_postgres() {
        "CREATE FUNCTION slow() RETURNS trigger AS 'BEGIN PERFORM pg_sleep(1.1); RETURN NEW; END' LANGUAGE plpgsql;
         CREATE TRIGGER slow BEFORE INSERT ON submission FOR EACH STATEMENT EXECUTE FUNCTION slow()"
            .to_owned()
    } else {
        // SQLite cannot wait, so it counts for about two seconds.
        let counting = |to: u32| {
            format!(
                "SELECT (WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < {to})
                 SELECT count(*) FROM counted)"
            )
        };
        let (started, trial) = (Instant::now(), 300_000);
        nodes.database.integer(&counting(trial)).await;
        let trials = Duration::from_secs(2).as_micros() / started.elapsed().as_micros().max(1);
        let steps = trial * u32::try_from(trials + 1).unwrap();
        format!("CREATE TRIGGER slow BEFORE INSERT ON submission BEGIN {}; END", counting(steps))
    };
    nodes.database.execute(&slow).await.unwrap();
    let body = json!({ "query": SUBMIT, "variables": { "input": split(62.5) } });
    post("/graphql", "a-request-that-waits", body.clone()).await.unwrap();
    let line = logged("a statement took long", "a-request-that-waits").await;
    let sql = line["fields"]["sql"].as_str().unwrap();
    assert!(sql.to_lowercase().contains("insert into submission") && !sql.contains("62"), "{sql}");
    assert!(line["fields"]["elapsed_ms"].as_u64().unwrap() >= 1_000, "{line}");

    nodes.database.execute("ALTER TABLE submission RENAME TO elsewhere").await.unwrap();
    post("/graphql", "a-request-that-fails", body).await.unwrap();
    let line = logged("a statement failed", "a-request-that-fails").await;
    assert!(line["fields"]["sql"].as_str().unwrap().to_lowercase().contains("insert into submission"), "{line}");
    logged("a batch was not stored", "a-request-that-fails").await;

    nodes.database.execute("ALTER TABLE account RENAME TO somewhere").await.unwrap();
    let query = "mutation { signIn(input: { name: \"ada\", password: \"a long password\" }) { needsTotp } }";
    post("/admin/graphql", "a-request-to-the-desk", json!({ "query": query })).await.unwrap();
    let line = logged("a statement failed", "a-request-to-the-desk").await;
    assert!(
        line["fields"]["sql"].as_str().unwrap().contains("account") && !line.to_string().contains("ada\""),
        "{line}"
    );
    process.kill().await;
}
