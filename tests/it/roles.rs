//! Nodes that answer people and nodes that fold, in every mixture.

use rand::{RngExt, SeedableRng, rngs::StdRng};
use reqwest::StatusCode;
use tokio::task::JoinSet;

use crate::support::{
    answers::{client_of, input, participant, seeded, shares},
    client::split,
    ledger,
    nodes::{Node, Nodes, is_clustered},
    socket::{Socket, revision},
};

const WEB: &str = "--role=web";
const WORKER: &str = "--role=worker";
const FOLDS: &str = "taxbudget_folds_total";

#[tokio::test]
async fn a_worker_answers_probes_and_says_its_numbers_and_nothing_else() {
    let nodes = Nodes::prepare().await;
    let worker = nodes.start(&[WORKER]).await;
    let get = async |path: &str| worker.client.http.get(worker.client.url(path)).send().await.unwrap().status();
    for path in ["/healthz", "/readyz", "/metrics"] {
        assert_eq!(get(path).await, StatusCode::OK, "{path}");
    }
    for path in [
        "/",
        "/aggregate",
        "/graphql",
        "/graphql?query={budgets{slug}}",
        "/graphql/ws",
        "/graphql/stream",
        "/api/budgets/federal/aggregate.json",
        "/api/budgets/federal/picture.png",
        "/assets/none.js",
    ] {
        assert_eq!(get(path).await, StatusCode::NOT_FOUND, "{path}");
    }
    for path in ["/graphql", "/graphql/stream"] {
        let post = worker
            .client
            .http
            .post(worker.client.url(path))
            .json(&serde_json::json!({ "query": "{ budgets { slug } }" }));
        assert_eq!(post.send().await.unwrap().status(), StatusCode::NOT_FOUND, "{path}");
    }
    let refused = Socket::try_connect(worker.client.address).await.map(|_| "a socket").unwrap_err().to_string();
    assert!(refused.starts_with("HTTP/1.1 404 "), "{refused}");
    assert_eq!(worker.process.terminate().await, Some(0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_a_worker_folds_a_web_node_does_not() {
    if !is_clustered() {
        return;
    }
    let nodes = Nodes::prepare().await;
    let (web, worker) = (nodes.start(&[WEB]).await, nodes.start(&[WORKER]).await);
    let mut watcher = web.watching().await;
    for participants in 1..=20 {
        web.client.submit(split(50.0)).await;
        watcher.until_participants(participants).await;
    }
    assert_eq!(web.client.metric(FOLDS).await, 0);
    assert!(worker.client.metric(FOLDS).await > 0);
    assert_eq!(worker.client.metric("taxbudget_participants").await, 20);

    // When the last worker has gone, the web node stands in for it.
    assert_eq!(worker.process.terminate().await, Some(0));
    web.client.submit(split(50.0)).await;
    watcher.until_participants(21).await;
    assert_eq!(web.client.metric(FOLDS).await, 1);
    assert_eq!(web.process.terminate().await, Some(0));
    assert_eq!(ledger::assert_exact(&nodes.database).await.submissions, 21);
}

#[tokio::test]
async fn web_nodes_alone_are_slow_and_do_not_stand_still() {
    let nodes = Nodes::prepare().await;
    let web = nodes.start(&[WEB]).await;
    let mut watcher = web.watching().await;
    for participants in 1..=2 {
        web.client.submit(split(50.0)).await;
        watcher.until_participants(participants).await;
    }
    assert_eq!(web.client.metric(FOLDS).await, 2);
    // What is stored last, nobody has to wait for.
    web.client.submit(split(50.0)).await;
    assert_eq!(web.process.terminate().await, Some(0));
    assert_eq!(nodes.database.integer("SELECT COUNT(*) FROM aggregate_delta").await, 0, "folded at the end");
    assert_eq!(ledger::stored(&nodes.database, "federal").await.participants, 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_workers_and_two_web_nodes_count_exactly_under_load() {
    const SUBMITTERS: i64 = 8;
    const EACH: i64 = 40;
    const ALL: i64 = SUBMITTERS * (EACH + 1);
    if !is_clustered() {
        return;
    }
    let mut random = seeded("roles");
    let nodes = Nodes::prepare().await;
    let (webs, workers) = tokio::join!(async { [nodes.start(&[WEB]).await, nodes.start(&[WEB]).await] }, async {
        [nodes.start(&[WORKER]).await, nodes.start(&[WORKER]).await]
    });
    let mut watching = JoinSet::new();
    for web in &webs {
        watching.spawn(watch(web.watching().await, SUBMITTERS, ALL));
    }
    let mut submitting = JoinSet::new();
    for submitter in 0..SUBMITTERS {
        let addresses = [&webs[0], &webs[1]].map(|web: &Node| web.client.address);
        let mut random = StdRng::seed_from_u64(random.random());
        submitting.spawn(async move {
            let key = format!("first-of-{submitter}");
            let (token, _) = participant(addresses[random.random_range(0..2)], &shares(&mut random, 10), &key).await;
            let clients = addresses.map(|address| client_of(address, Some(&token)));
            for _ in 0..EACH {
                clients[random.random_range(0..2)].submit(input(&shares(&mut random, 10), None)).await;
            }
        });
    }
    submitting.join_all().await;
    let last = watching.join_all().await;
    assert_eq!(last[0], last[1], "both show the same in the end");
    let folds = [workers[0].client.metric(FOLDS).await, workers[1].client.metric(FOLDS).await];
    assert!(folds.iter().all(|folds| *folds > 0), "either can: {folds:?}");
    let [one, other] = webs;
    let [first, second] = workers;
    for node in [first, one, second, other] {
        assert_eq!(node.process.terminate().await, Some(0));
    }
    let numbers = ledger::assert_exact(&nodes.database).await;
    assert_eq!((numbers.participants, numbers.submissions), (SUBMITTERS, ALL));
}

/// Watches until these are counted; the revision. On the way revisions only rise.
async fn watch(mut socket: Socket, participants: i64, submissions: i64) -> (i64, i64) {
    let mut last = (0, 0);
    loop {
        let shown = socket.next_aggregate().await;
        assert!(revision(&shown) > last, "{shown} after {last:?}");
        last = revision(&shown);
        if shown["submissionCount"] == submissions {
            assert_eq!(shown["participantCount"], participants);
            return last;
        }
    }
}
