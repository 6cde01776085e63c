//! A node that is told to stop: it closes their connections one by one, and answers as long as they come.

use std::time::{Duration, Instant};

use reqwest::{Response, StatusCode, header::HeaderMap};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::support::{
    Client, TIMEOUT,
    client::split,
    eventually, ledger,
    nodes::Nodes,
    process::signal,
    socket::{Socket, WATCH},
};

const SOCKETS: usize = 50;
const WINDOW: Duration = Duration::from_secs(5);
/// Longer than any test waits.
const HOURS: &str = "--drain-window-ms=600000";

/// Waits until the node says that it is not ready, and that it still lives.
async fn is_leaving(client: &Client) {
    eventually("the node is not ready any more", || async {
        let ready = client.http.get(client.url("/readyz")).send().await.unwrap();
        (ready.status() == StatusCode::SERVICE_UNAVAILABLE).then_some(())
    })
    .await;
    let health = client.http.get(client.url("/healthz")).send().await.unwrap();
    assert_eq!(health.status(), StatusCode::OK);
    assert_eq!(client.metric("taxbudget_draining").await, 1);
}

/// A stream of results that has begun.
async fn events(client: &Client) -> Response {
    let body = json!({ "query": WATCH, "variables": { "budget": "federal" } });
    let request = client.http.post(client.url("/graphql/stream")).header("accept", "text/event-stream").json(&body);
    request.send().await.unwrap()
}

/// Everything until the end, which must be one and not a break.
async fn rest(response: Response) -> String {
    tokio::time::timeout(TIMEOUT, response.text()).await.expect("it did not end").unwrap()
}

async fn answered(client: &Client, query: &str, variables: Value) -> (Value, HeaderMap) {
    let body = json!({ "query": query, "variables": variables });
    let response = client.http.post(client.url("/graphql")).json(&body).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    let headers = response.headers().clone();
    (response.json().await.unwrap(), headers)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_sigterm_a_node_answers_requests_and_sends_its_sockets_away_one_by_one() {
    let nodes = Nodes::prepare().await;
    let mut node = nodes.start(&[&format!("--drain-window-ms={}", WINDOW.as_millis())]).await;
    let mut watchers = Vec::new();
    for _ in 0..SOCKETS {
        let mut watcher = node.watching().await;
        watcher.next_aggregate().await;
        watchers.push(watcher);
    }
    let streams = [events(&node.client).await, events(&node.client).await, events(&node.client).await];

    signal("TERM", &[node.process.id()]);
    is_leaving(&node.client).await;
    let begun = Instant::now();
    let mut leaving = JoinSet::new();
    for mut watcher in watchers {
        leaving.spawn(async move { (watcher.closed().await, begun.elapsed()) });
    }
    let mutation =
        "mutation ($input: SubmitAllocationInput!) { submitAllocation(input: $input) { submission { id } } }";
    let queries = [("{ budgets { slug } }", Value::Null), (mutation, json!({ "input": split(50.0) }))];
    for (query, variables) in queries {
        let (answer, headers) = answered(&node.client, query, variables).await;
        assert_eq!(answer.get("errors"), None, "{answer}");
        assert_eq!(headers["connection"], "close", "{query}");
    }
    let refused = Socket::try_connect(node.client.address).await.map(|_| "a socket").unwrap_err().to_string();
    assert!(
        refused.starts_with("HTTP/1.1 503 ") && refused.to_lowercase().contains("\r\nretry-after: 1\r\n"),
        "{refused}"
    );
    let stream = events(&node.client).await;
    assert_eq!(
        (stream.status(), &stream.headers()["retry-after"]),
        (StatusCode::SERVICE_UNAVAILABLE, &"1".parse().unwrap())
    );
    assert!(begun.elapsed() < WINDOW, "all of that within the window, else this machine is too slow for this test");

    let left = leaving.join_all().await;
    let restarting = (1012, "restarting".to_owned());
    assert!(left.iter().all(|(close, _)| *close == restarting), "{left:?}");
    let times: Vec<Duration> = left.iter().map(|(_, time)| *time).collect();
    let (first, last) = (times.iter().min().unwrap(), times.iter().max().unwrap());
    // Each at a random moment of the window: that fifty are within a quarter of it happens once in 10^28 times.
    assert!(*last > *first + WINDOW / 4, "not all at once: {times:?}");
    for stream in streams {
        let text = rest(stream).await;
        assert!(text.contains("event: next") || text.contains("event:next"), "{text}");
        assert!(!text.contains("complete"), "whoever reads on would not come back: {text}");
    }
    assert_eq!(node.process.ended().await, Some(0));
    assert!(begun.elapsed() >= WINDOW / 2, "the window was kept open");
    assert_eq!(nodes.database.integer("SELECT COUNT(*) FROM aggregate_delta").await, 0, "folded at the end");
    let stored = ledger::stored(&nodes.database, "federal").await;
    assert_eq!((stored.submissions, &stored), (1, &ledger::counted(&nodes.database, "federal").await));
}

#[tokio::test]
async fn on_sigint_a_node_stops_without_a_window_and_finishes_what_it_accepted() {
    let nodes = Nodes::prepare().await;
    let mut node = nodes.start(&[HOURS]).await;
    let mut watcher = node.watching().await;
    watcher.next_aggregate().await;
    let stream = events(&node.client).await;
    for _ in 0..5 {
        node.client.submit(split(50.0)).await;
    }
    signal("INT", &[node.process.id()]);
    assert_eq!(watcher.closed().await.0, 1012);
    assert!(!rest(stream).await.contains("complete"));
    assert_eq!(node.process.ended().await, Some(0));
    let stored = ledger::stored(&nodes.database, "federal").await;
    assert_eq!((stored.submissions, &stored), (5, &ledger::counted(&nodes.database, "federal").await));
}

#[tokio::test]
async fn a_second_signal_ends_a_node_that_takes_leave_at_once_with_1() {
    let nodes = Nodes::prepare().await;
    for second in ["TERM", "INT"] {
        let mut node = nodes.start(&[HOURS]).await;
        signal("TERM", &[node.process.id()]);
        is_leaving(&node.client).await;
        node.client.submit(split(50.0)).await;
        signal(second, &[node.process.id()]);
        assert_eq!(node.process.ended().await, Some(1), "SIGTERM, SIG{second}");
    }
    // What was acknowledged is stored whatever the end; the next node folds it.
    assert_eq!(ledger::assert_exact(&nodes.database).await.submissions, 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_request_is_lost_when_the_listener_closes() {
    let nodes = Nodes::prepare().await;
    let node = nodes.start(&["--drain-window-ms=300"]).await;
    let address = node.client.address;
    let mut submitting = JoinSet::new();
    for _ in 0..8 {
        submitting.spawn(async move {
            let mut acknowledged = 0;
            loop {
                // A connection for each, as a proxy may do it: the last ones come in while the listener closes.
                match Client::new(address).try_submit(split(50.0)).await {
                    Ok(answer) => assert_eq!(answer.get("errors"), None, "{answer}"),
                    Err(error) if error.is_connect() => return acknowledged,
                    Err(error) => panic!("sent, and not answered: {error:?}"),
                }
                acknowledged += 1;
            }
        });
    }
    eventually("they are at it", || async { (node.client.metric("taxbudget_folds_total").await > 5).then_some(()) })
        .await;
    assert_eq!(node.process.terminate().await, Some(0));
    let acknowledged: i64 = submitting.join_all().await.into_iter().sum();
    assert_eq!(ledger::assert_exact(&nodes.database).await.submissions, acknowledged);
}
