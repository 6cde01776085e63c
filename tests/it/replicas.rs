//! Histories and statistics from a PostgreSQL replica, late, away, and back again.

use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::net::TcpListener;

use crate::support::{
    Client, TestDatabase,
    answers::{client_of, input, participant},
    eventually,
    nodes::{Nodes, is_clustered},
    process::{free_port, run},
    standby::Standby,
};

const SHARES: [u16; 10] = [1_000; 10];
/// Longer than anybody waits for a replica before the database itself is asked, and for that.
const BOUND: Duration = Duration::from_secs(12);

/// The participant's submissions, and how long it took to be told.
async fn history(client: &Client) -> (usize, Duration) {
    let asked = Instant::now();
    let data = client.data("{ viewer { submissions(first: 50) { nodes { id } } } }", Value::Null).await;
    (data["viewer"]["submissions"]["nodes"].as_array().unwrap().len(), asked.elapsed())
}

async fn history_becomes(client: &Client, submissions: usize) {
    eventually(&format!("the history has {submissions} submissions"), || async {
        (history(client).await.0 == submissions).then_some(())
    })
    .await;
}

/// Submissions in the ledger as `stats` has them.
async fn stats(database: &TestDatabase, replica: Option<&str>) -> i64 {
    let mut arguments = vec!["stats", "--json", "--days=2", "--database-url", &database.url];
    if let Some(replica) = replica {
        arguments.extend(["--read-database-url", replica]);
    }
    let asked = Instant::now();
    let output = run(&arguments).await;
    assert!(output.status.success(), "{output:?}");
    assert!(asked.elapsed() < BOUND, "{:?}", asked.elapsed());
    let days: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    days.iter().map(|day| day["submissions"].as_i64().unwrap()).sum()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn histories_and_statistics_come_from_the_replica_and_while_it_is_away_from_the_database() {
    if !is_clustered() {
        return;
    }
    let nodes = Nodes::prepare().await;
    let mut standby = Standby::of(&nodes.database).await;
    let replica = standby.url(&nodes.database);
    let node = nodes.start(&[&format!("--read-database-url={replica}")]).await;
    let (token, _) = participant(node.client.address, &SHARES, "the-first-of-all").await;
    let client = client_of(node.client.address, Some(&token));
    client.submit(input(&SHARES, None)).await;
    history_becomes(&client, 2).await;

    // What the replica does not have yet is not shown, though it counts.
    standby.pause(&nodes.database).await;
    client.submit(input(&SHARES, None)).await;
    client.aggregate_of(1, 3).await;
    assert_eq!(history(&client).await.0, 2);
    assert_eq!((stats(&nodes.database, Some(&replica)).await, stats(&nodes.database, None).await), (2, 3));
    standby.follow(&nodes.database).await;
    history_becomes(&client, 3).await;

    standby.stop().await;
    for submissions in 4..=5 {
        client.submit(input(&SHARES, None)).await;
        let (shown, took) = history(&client).await;
        assert_eq!(shown, submissions);
        assert!(took < BOUND, "{took:?}");
    }
    assert_eq!(stats(&nodes.database, Some(&replica)).await, 5);
    client.aggregate_of(1, 5).await;

    standby.resume().await;
    // It is asked again: what it does not have is not shown.
    eventually("it has caught up", || async { (stats(&nodes.database, Some(&replica)).await == 5).then_some(()) })
        .await;
    standby.pause(&nodes.database).await;
    client.submit(input(&SHARES, None)).await;
    history_becomes(&client, 5).await;
    standby.follow(&nodes.database).await;
    history_becomes(&client, 6).await;
    assert_eq!(node.process.terminate().await, Some(0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_replica_that_is_not_there_or_says_nothing_keeps_no_server_from_starting_and_answering() {
    if !is_clustered() {
        return;
    }
    let nodes = Nodes::prepare().await;
    let (server, name) = nodes.database.url.rsplit_once('/').unwrap();
    let (account, _) = server.rsplit_once('@').unwrap();
    // Takes connections and never says a word.
    let silent = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    for port in [free_port(), silent.local_addr().unwrap().port()] {
        let replica = format!("{account}@127.0.0.1:{port}/{name}");
        let node = nodes.start(&[&format!("--read-database-url={replica}")]).await;
        let (token, _) = participant(node.client.address, &SHARES, "the-first-of-all").await;
        let client = client_of(node.client.address, Some(&token));
        let (shown, took) = history(&client).await;
        assert_eq!(shown, 1);
        assert!(took < BOUND, "{took:?}");
        assert!(stats(&nodes.database, Some(&replica)).await > 0);
        let ready = node.client.http.get(node.client.url("/readyz")).send().await.unwrap();
        assert!(ready.status().is_success(), "everything else goes on");
        assert_eq!(node.process.terminate().await, Some(0));
    }
}
