//! `/metrics`: each metric stands in a list with the others that the same act moves, and in `docs/operations.md`.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    time::Instant,
};

use futures_util::future::join_all;
use rand::{SeedableRng, rngs::StdRng};
use sea_orm::{ConnectionTrait, DbBackend, TransactionTrait};
use serde_json::{Value, json};
use taxbudget::domain::desk::Role;

use crate::support::{
    Client, TIMEOUT, TestApp,
    answers::{input, shares},
    client::split,
    eventually,
    nodes::Nodes,
    process::signal,
    raw_socket::silent,
    setting,
    socket::Socket,
};

/// What an answer to a query moves.
const QUERY: &[&str] = &[
    "taxbudget_http_requests",
    "taxbudget_http_request_duration_seconds",
    "taxbudget_graphql_operations",
    "taxbudget_graphql_operation_duration_seconds",
    "taxbudget_documents",
    "taxbudget_response_cache_entries",
    "taxbudget_response_cache_bytes",
    "taxbudget_reads",
    "taxbudget_database_statements",
    "taxbudget_database_statement_duration_seconds",
];
/// What an operation that takes milliseconds moves.
const HEAVY_QUERY: &[&str] = &["taxbudget_heavy_work"];
/// What an operation of the desk moves.
const DESK: &[&str] = &["taxbudget_desk_operations"];
/// What a submission moves.
const SUBMISSION: &[&str] = &[
    "taxbudget_submissions",
    "taxbudget_intake_batches",
    "taxbudget_intake_batch_size",
    "taxbudget_intake_batch_duration_seconds",
    "taxbudget_intake_wait_seconds",
    "taxbudget_folds",
    "taxbudget_fold_duration_seconds",
    "taxbudget_publications",
    "taxbudget_participants",
    "taxbudget_snapshot_timestamp_seconds",
];
/// What a submission moves where nodes share a Redis.
const SUBMISSION_ON_THE_BUS: &[&str] = &["taxbudget_bus_messages"];
/// What a hundred submissions of one network move.
const CROWD: &[&str] = &["taxbudget_cohorts"];
/// What subscribing moves.
const SUBSCRIPTION: &[&str] = &[
    "taxbudget_open_connections",
    "taxbudget_open_streams",
    "taxbudget_subscriptions",
    "taxbudget_socket_operations",
    "taxbudget_shared_subscriptions",
    "taxbudget_pushes",
];
/// What a publication moves while somebody is subscribed.
const PUSH: &[&str] = &["taxbudget_pushes", "taxbudget_commit_to_socket_seconds"];
/// What a subscriber that reads nothing moves, once it reads again.
const SLOW_READER: &[&str] = &["taxbudget_conflated_pushes"];
/// What one stream more than the limit moves.
const REFUSED_STREAM: &[&str] = &["taxbudget_refused_connections"];
/// What a transaction that holds the ballots moves while submissions wait for it.
const LOCK: &[&str] = &["taxbudget_intake_queue", "taxbudget_database_connections"];
/// What stored batches move that no node folds.
const NO_FOLD: &[&str] = &["taxbudget_pending_deltas"];
/// What tables that are gone move.
const BROKEN_TABLES: &[&str] =
    &["taxbudget_fold_failures", "taxbudget_database_statement_failures", "taxbudget_database_up"];
/// What an older database moves.
const OLDER_DATABASE: &[&str] = &["taxbudget_epoch_raises"];
/// What a recount of a damaged aggregate moves.
const RECOUNT: &[&str] = &["taxbudget_drift", "taxbudget_recount_timestamp_seconds"];
/// What the order to stop moves.
const SIGTERM: &[&str] = &["taxbudget_draining"];
/// What other settings move.
const SETTINGS: &[&str] = &["taxbudget_max_streams", "taxbudget_max_connections"];
/// What a Redis moves that is not there.
const REDIS_AWAY: &[&str] = &["taxbudget_bus_up"];
/// What work, memory, threads and files of the process move.
const PROCESS: &[&str] = &[
    "process_cpu_seconds",
    "process_resident_memory_bytes",
    "process_virtual_memory_bytes",
    "process_threads",
    "process_open_fds",
];
/// What nothing moves. The test says which values they have.
const FIXED: &[&str] = &[
    "taxbudget_build",
    "taxbudget_max_intake_queue",
    "taxbudget_max_database_connections",
    "process_start_time_seconds",
    "process_max_fds",
];

const ALL: &[&[&str]] = &[
    QUERY,
    HEAVY_QUERY,
    DESK,
    SUBMISSION,
    SUBMISSION_ON_THE_BUS,
    CROWD,
    SUBSCRIPTION,
    PUSH,
    SLOW_READER,
    REFUSED_STREAM,
    LOCK,
    NO_FOLD,
    BROKEN_TABLES,
    OLDER_DATABASE,
    RECOUNT,
    SIGTERM,
    SETTINGS,
    REDIS_AWAY,
    PROCESS,
    FIXED,
];

/// A large result, so that few of them fill what the kernel keeps.
const LARGE: &str = "subscription { aggregate(budget: \"federal\") { version participantCount
    categories { histogram(bins: 100) { fromPercent toPercent } } } }";

/// The lines of each metric.
type Metrics = BTreeMap<String, Vec<String>>;

async fn metrics(client: &Client) -> Metrics {
    let text = client.http.get(client.url("/metrics")).send().await.unwrap().text().await.unwrap();
    let (mut metrics, mut name) = (Metrics::new(), String::new());
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("# TYPE ") {
            rest.split(' ').next().unwrap().clone_into(&mut name);
            metrics.insert(name.clone(), Vec::new());
        } else if !line.starts_with('#') {
            metrics.get_mut(&name).unwrap().push(line.to_owned());
        }
    }
    metrics
}

/// Waits until each of these has another value than before.
async fn moved(client: &Client, before: &Metrics, names: &[&str]) {
    let deadline = Instant::now() + TIMEOUT;
    loop {
        let now = metrics(client).await;
        let still: Vec<&&str> = names.iter().filter(|name| now.get(**name) == before.get(**name)).collect();
        if still.is_empty() {
            return;
        }
        assert!(Instant::now() < deadline, "nothing moves {still:?}: {:?}", still.iter().map(|it| now.get(**it)));
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
}

/// The value of the line that begins so.
fn value(metrics: &Metrics, line: &str) -> f64 {
    let found = metrics.values().flatten().find_map(|it| it.strip_prefix(line)).unwrap_or_else(|| panic!("no {line}"));
    found.trim().parse().unwrap()
}

#[tokio::test]
async fn every_metric_that_is_shown_has_an_act_that_moves_it_and_stands_in_the_documentation() {
    let app = TestApp::start().await;
    let client = app.client();
    client.submit(split(50.0)).await;
    client.aggregate_of(1, 1).await;
    let known: BTreeSet<&str> = ALL.iter().copied().flatten().copied().collect();
    let shown = metrics(&client).await;
    assert!(shown.len() > 40, "{shown:?}");
    let unknown: Vec<&String> = shown.keys().filter(|name| !known.contains(&***name)).collect();
    assert!(unknown.is_empty(), "no act moves {unknown:?}: add them to a list, and to docs/operations.md");

    let manual = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/operations.md")).unwrap();
    let (_, section) = manual.split_once("\n## Metrics\n").unwrap();
    let section = section.split("\n## ").next().unwrap();
    let cells = section.lines().filter_map(|line| line.strip_prefix("| `")?.split(" |").next());
    let listed = cells.flat_map(|cell| cell.split('`')).filter(|name| name.contains('_'));
    let listed: BTreeSet<&str> = listed.map(|name| name.trim_end_matches("_total").trim_end_matches("_info")).collect();
    let difference: Vec<&&str> = known.symmetric_difference(&listed).collect();
    assert!(difference.is_empty(), "only here, or only in the documentation: {difference:?}");
}

#[tokio::test]
async fn a_query_moves_what_counts_queries() {
    let app = TestApp::start().await;
    let before = metrics(&app.client()).await;
    let client = app.client();
    client.aggregate().await;
    moved(&client, &before, QUERY).await;
    for _ in 0..2 {
        client.data("{ budgets { slug } }", Value::Null).await;
    }
    client.error("{ budget }", Value::Null).await;
    let after = metrics(&client).await;
    let operations = |kind, outcome| {
        value(&after, &format!("taxbudget_graphql_operations_total{{type=\"{kind}\",outcome=\"{outcome}\"}}"))
    };
    assert_eq!(operations("query", "ok"), 2.0);
    assert_eq!(operations("query", "cached"), 1.0);
    assert_eq!(operations("query", "refused"), 1.0);
    assert_eq!(value(&after, "taxbudget_http_requests_total{route=\"graphql\",status=\"2xx\"}"), 4.0);
    assert_eq!(value(&after, "taxbudget_http_request_duration_seconds_count{route=\"graphql\"}"), 4.0);

    let histograms = |n| format!("a{n}:histogram(bins:20){{count}} averagePercent medianPercent zeroCount ");
    let histograms: String = (0..5).map(histograms).collect();
    client.data(&format!("{{budget(slug:\"federal\"){{aggregate{{categories{{{histograms}}}}}}}}}"), Value::Null).await;
    moved(&client, &after, HEAVY_QUERY).await;
    client.desk("{ me { name } }", Value::Null).await;
    moved(&client, &after, DESK).await;
}

#[tokio::test]
async fn a_submission_moves_what_counts_submissions() {
    let app = TestApp::start().await;
    app.bus_is_up().await;
    let client = app.client();
    client.aggregate().await;
    let before = metrics(&client).await;
    client.submit(split(50.0)).await;
    moved(&client, &before, SUBMISSION).await;
    if setting("TEST_REDIS_URL").is_some() {
        moved(&client, &before, SUBMISSION_ON_THE_BUS).await;
    }
    let after = metrics(&client).await;
    assert_eq!(value(&after, "taxbudget_intake_batch_size_sum"), 1.0);
    assert_eq!(value(&after, "taxbudget_intake_batches_total{outcome=\"stored\"}"), 1.0);
    assert_eq!(value(&after, "taxbudget_submissions_total{outcome=\"accepted\"}"), 1.0);
    let mut random = StdRng::seed_from_u64(7);
    let crowd: Vec<Value> = (0..100).map(|_| input(&shares(&mut random, 10), None)).collect();
    join_all(crowd.into_iter().map(|input| client.submit(input))).await;
    moved(&client, &after, CROWD).await;
}

#[tokio::test]
async fn a_subscription_and_its_results_move_what_counts_pushes() {
    let app = TestApp::start().await;
    let client = app.client();
    client.aggregate().await;
    let before = metrics(&client).await;
    let mut socket = Socket::connect(app.address).await;
    socket.watch().await;
    socket.next_aggregate().await;
    moved(&client, &before, SUBSCRIPTION).await;
    let before = metrics(&client).await;
    // The first result is as old as the last submission, so its age says nothing.
    assert_eq!(value(&before, "taxbudget_commit_to_socket_seconds_count{transport=\"websocket\"}"), 0.0);
    for n in 1..=3 {
        client.submit(split(50.0)).await;
        socket.until_participants(n).await;
    }
    moved(&client, &before, PUSH).await;
    let after = metrics(&client).await;
    let pushes = value(&after, "taxbudget_pushes_total{transport=\"websocket\"}");
    let timed = value(&after, "taxbudget_commit_to_socket_seconds_count{transport=\"websocket\"}");
    assert_eq!((pushes, timed), (4.0, 3.0));
    let seconds = value(&after, "taxbudget_commit_to_socket_seconds_sum{transport=\"websocket\"}");
    assert!(seconds > 0.0 && seconds < 30.0, "{seconds}");
    assert_eq!(value(&after, "taxbudget_conflated_pushes_total{transport=\"websocket\"}"), 0.0, "it kept up");
    drop(socket);
    client.metric_is("taxbudget_subscriptions", 0).await;

    let events = json!({ "query": LARGE });
    let events = client.http.post(client.url("/graphql/stream")).header("accept", "text/event-stream").json(&events);
    let _events = events.send().await.unwrap();
    client.metric_is("taxbudget_subscriptions{transport=\"events\"}", 1).await;
    client.metric_is("taxbudget_pushes_total{transport=\"events\"}", 1).await;
}

#[tokio::test]
async fn what_a_slow_reader_skips_is_counted_as_conflated() {
    let app = TestApp::start().await;
    let client = app.client();
    let mut slow = silent(app.address, LARGE).await;
    client.metric_is("taxbudget_subscriptions", 1).await;
    let before = metrics(&client).await;
    for n in 1..=40 {
        client.submit(split(f64::from(n))).await;
        client.aggregate_of(i64::from(n), i64::from(n)).await;
    }
    let reading = async { tokio::io::copy(&mut slow, &mut tokio::io::sink()).await };
    tokio::select! {
        _ = reading => panic!("the server closed the socket"),
        () = moved(&client, &before, SLOW_READER) => {}
    }
    let after = metrics(&client).await;
    let pushed = value(&after, "taxbudget_pushes_total{transport=\"websocket\"}");
    let conflated = value(&after, "taxbudget_conflated_pushes_total{transport=\"websocket\"}");
    // The first result may be that of the budget without submissions.
    assert!(pushed + conflated <= 41.0 && conflated >= 20.0, "{pushed} pushed, {conflated} conflated");
}

#[tokio::test]
async fn limits_are_shown_and_what_they_refuse_is_counted() {
    let (app, other) =
        (TestApp::start().await, TestApp::start_with(&["--max-streams=1", "--max-connections=99"]).await);
    let before = metrics(&app.client()).await;
    let client = other.client();
    moved(&client, &before, SETTINGS).await;
    let _socket = Socket::connect(other.address).await;
    let before = metrics(&client).await;
    assert!(Socket::try_connect(other.address).await.is_err());
    moved(&client, &before, REFUSED_STREAM).await;
    let away = TestApp::start_with(&["--redis-url=redis://127.0.0.1:1"]).await;
    moved(&away.client(), &metrics(&app.client()).await, REDIS_AWAY).await;
    assert_eq!(value(&metrics(&away.client()).await, "taxbudget_bus_up"), 0.0);
}

#[tokio::test]
async fn submissions_that_wait_for_the_database_are_shown() {
    let app = TestApp::start().await;
    let client = app.client();
    client.submit(split(50.0)).await;
    let before = metrics(&client).await;
    let connection = app.database.connect().await;
    let lock = if connection.get_database_backend() == DbBackend::Sqlite {
        connection.execute_unprepared("PRAGMA busy_timeout = 10000").await.unwrap();
        let lock = connection.begin().await.unwrap();
        lock.execute_unprepared("UPDATE budget SET slug = slug").await.unwrap();
        lock
    } else {
        let lock = connection.begin().await.unwrap();
        lock.execute_unprepared("LOCK TABLE submission IN ACCESS EXCLUSIVE MODE").await.unwrap();
        lock
    };
    let first = {
        let client = client.clone();
        tokio::spawn(async move { client.submit(split(50.0)).await })
    };
    // What arrives while the first one is being stored is the next batch.
    eventually("the first one is being stored", || async {
        let now = metrics(&client).await;
        (value(&now, "taxbudget_intake_batch_size_count") > 1.0).then_some(())
    })
    .await;
    let second = {
        let client = client.clone();
        tokio::spawn(async move { client.submit(split(40.0)).await })
    };
    moved(&client, &before, LOCK).await;
    lock.rollback().await.unwrap();
    first.await.unwrap();
    second.await.unwrap();
    client.metric_is("taxbudget_intake_queue", 0).await;
}

#[tokio::test]
async fn batches_that_no_node_folds_are_shown() {
    // A web node leaves them to a worker for a second.
    let app = TestApp::start_with(&["--role=web"]).await;
    let client = app.client();
    let before = metrics(&client).await;
    client.submit(split(50.0)).await;
    moved(&client, &before, NO_FOLD).await;
}

#[tokio::test]
async fn tables_that_are_gone_are_shown_as_failed_folds_and_as_a_database_that_is_away() {
    let app = TestApp::start().await;
    let client = app.client();
    client.submit(split(50.0)).await;
    client.aggregate_of(1, 1).await;
    let before = metrics(&client).await;
    app.database.execute("ALTER TABLE budget_aggregate RENAME TO elsewhere").await.unwrap();
    client.submit(split(50.0)).await;
    moved(&client, &before, BROKEN_TABLES).await;
    app.database.execute("ALTER TABLE elsewhere RENAME TO budget_aggregate").await.unwrap();
    client.metric_is("taxbudget_database_up", 1).await;
}

#[tokio::test]
async fn an_older_database_and_a_damaged_one_are_shown() {
    let app = TestApp::start().await;
    let client = app.client();
    for n in 1..=3 {
        client.submit(split(50.0)).await;
        client.aggregate_of(n, n).await;
    }
    let before = metrics(&client).await;
    app.database.execute("UPDATE budget_aggregate SET version = 1").await.unwrap();
    moved(&client, &before, OLDER_DATABASE).await;

    app.database.execute("UPDATE category_aggregate SET sum_basis_points = sum_basis_points + 17").await.unwrap();
    let job = |kind| format!("mutation {{ startJob(kind: {kind}) {{ id }} }}");
    app.desk(Some(Role::Organiser), &job("VERIFY"), Value::Null).await;
    moved(&client, &before, RECOUNT).await;
    assert_eq!(client.metric("taxbudget_drift").await, 1);
    app.desk(Some(Role::Organiser), &job("REBUILD"), Value::Null).await;
    client.metric_is("taxbudget_drift", 0).await;
}

#[tokio::test]
async fn a_node_that_stops_says_so() {
    let nodes = Nodes::prepare().await;
    let node = nodes.start(&["--drain-window-ms=600000"]).await;
    let before = metrics(&node.client).await;
    signal("TERM", &[node.process.id()]);
    moved(&node.client, &before, SIGTERM).await;
    node.process.kill().await;
}

#[tokio::test]
async fn the_process_shows_what_it_uses() {
    let app = TestApp::start().await;
    let client = app.client();
    let before = metrics(&client).await;
    let memory = vec![1_u8; 50_000_000];
    let file = fs::File::open(env!("CARGO_MANIFEST_DIR")).unwrap();
    let (stop, stopped) = std::sync::mpsc::channel::<()>();
    let thread = std::thread::spawn(move || stopped.recv());
    moved(&client, &before, PROCESS).await;
    drop((memory, file, stop));
    let _ = thread.join();

    let now = metrics(&client).await;
    assert_eq!(
        now["taxbudget_build"],
        [format!("taxbudget_build_info{{version=\"{}\"}} 1", env!("CARGO_PKG_VERSION"))]
    );
    assert_eq!(value(&now, "taxbudget_max_intake_queue"), 8_192.0);
    let writers = if app.database.is_postgres() { 4.0 } else { 1.0 };
    assert_eq!(value(&now, "taxbudget_max_database_connections{pool=\"writer\"}"), writers);
    let started = value(&now, "process_start_time_seconds");
    let age = std::time::UNIX_EPOCH.elapsed().unwrap().as_secs_f64() - started;
    assert!((-2.0..3_600.0).contains(&age), "{age}");
    assert!(value(&now, "process_max_fds") >= value(&now, "process_open_fds"));
}
