//! The rehearsal of backup and restore: an older database is put back, under running nodes or under none, and everybody sees
//! what it holds although they have seen newer numbers.

use std::{fs, path::Path};

use serde_json::{Value, json};
use taxbudget::{counters::Counters, ledger::Ledger, store::Store};

use crate::support::{
    TestApp, TestDatabase,
    backup::Backup,
    client::split,
    eventually, ledger,
    nodes::{Node, Nodes, is_clustered},
    process::run,
    redis::RedisProcess,
    socket::{Socket, revision},
};

const RAISES: &str = "taxbudget_epoch_raises_total";

/// Hands in so many times and waits until each is shown, so that each is a version of its own; the last one.
async fn submitted(node: &Node, watcher: &mut Socket, healthcare: f64, times: usize, before: i64) -> Value {
    let mut shown = Value::Null;
    for participants in (before + 1..).take(times) {
        node.client.submit(split(healthcare)).await;
        shown = watcher.until_participants(participants).await;
    }
    shown
}

/// Waits until so many participants are shown, on a way on which revisions only rise.
async fn until(watcher: &mut Socket, participants: i64, mut last: (i64, i64)) -> Value {
    loop {
        let shown = watcher.next_aggregate().await;
        assert!(revision(&shown) > last, "{shown} after {last:?}");
        last = revision(&shown);
        if shown["participantCount"] == participants {
            return shown;
        }
    }
}

/// Holds the command `verify` to finding nothing.
async fn assert_no_drift(database: &TestDatabase) {
    let verified = run(&["verify", "--database-url", &database.url]).await;
    assert!(verified.status.success(), "{verified:?}");
}

async fn raises(nodes: &[&Node]) -> i64 {
    let mut sum = 0;
    for node in nodes {
        sum += node.client.metric(RAISES).await;
    }
    sum
}

async fn stop(nodes: impl IntoIterator<Item = Node>) {
    for node in nodes {
        assert_eq!(node.process.terminate().await, Some(0));
    }
}

/// What Redis holds.
async fn kept(redis: &RedisProcess, nodes: &Nodes) -> Option<Value> {
    redis.command(&["GET", &nodes.snapshot_key()]).await.map(|json| serde_json::from_str(&json).unwrap())
}

/// Waits until Redis holds so many participants; epoch and version.
async fn kept_with(redis: &RedisProcess, nodes: &Nodes, participants: i64) -> (i64, i64) {
    let kept = eventually("it is kept in Redis", || async {
        kept(redis, nodes).await.filter(|snapshot| snapshot["participants"] == participants)
    });
    let snapshot = kept.await;
    (snapshot["epoch"].as_i64().unwrap(), snapshot["version"].as_i64().unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_older_database_put_back_under_running_nodes_is_shown_everywhere_in_a_higher_epoch() {
    if !is_clustered() {
        return;
    }
    let redis = RedisProcess::start().await;
    let nodes = Nodes::prepare_on(&redis.url()).await;
    let all = nodes.start(&[]).await;
    let web = nodes.start(&["--role=web"]).await;
    let worker = nodes.start(&["--role=worker"]).await;
    let mut watchers = [all.watching().await, web.watching().await];
    submitted(&web, &mut watchers[0], 20.0, 3, 0).await;
    watchers[1].until_participants(3).await;
    let backup = Backup::of(&nodes.database).await;
    let lost = submitted(&all, &mut watchers[1], 90.0, 4, 3).await;
    watchers[0].until_participants(7).await;

    backup.restore(&nodes.database).await;
    let mut restored = (0, 0);
    for watcher in &mut watchers {
        let shown = until(watcher, 3, revision(&lost)).await;
        assert!(revision(&shown).0 > revision(&lost).0, "{shown} after {lost}");
        assert_eq!(shown["categories"][0]["averagePercent"], 20.0);
        restored = revision(&shown);
    }
    for node in [&all, &web] {
        let shown = node.client.aggregate().await;
        assert_eq!((&shown["participantCount"], revision(&shown)), (&json!(3), restored), "{shown}");
    }
    assert_eq!(kept_with(&redis, &nodes, 3).await, restored);
    assert_eq!(raises(&[&all, &web, &worker]).await, 1, "found by each, done by one");

    web.client.submit(split(60.0)).await;
    for watcher in &mut watchers {
        let shown = until(watcher, 4, restored).await;
        assert_eq!(shown["categories"][0]["averagePercent"], 30.0);
    }
    kept_with(&redis, &nodes, 4).await;
    assert_no_drift(&nodes.database).await;
    assert_eq!(raises(&[&all, &web, &worker]).await, 1);
    drop(watchers);
    stop([all, web, worker]).await;
    assert_eq!(ledger::assert_exact(&nodes.database).await.submissions, 4);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nodes_that_were_all_down_find_an_older_database_by_what_redis_still_holds() {
    if !is_clustered() {
        return;
    }
    let redis = RedisProcess::start().await;
    let nodes = Nodes::prepare_on(&redis.url()).await;
    let node = nodes.start(&[]).await;
    let mut watcher = node.watching().await;
    submitted(&node, &mut watcher, 20.0, 3, 0).await;
    let backup = Backup::of(&nodes.database).await;
    submitted(&node, &mut watcher, 90.0, 4, 3).await;
    stop([node]).await;
    let lost = kept_with(&redis, &nodes, 7).await;

    // The first that happens is that somebody reads.
    backup.restore(&nodes.database).await;
    let node = nodes.start(&[]).await;
    let mut watcher = node.watching().await;
    let shown = watcher.next_aggregate().await;
    assert_eq!((&shown["participantCount"], revision(&shown).0 > lost.0), (&json!(3), true), "{shown} after {lost:?}");
    assert_eq!(kept_with(&redis, &nodes, 3).await, revision(&shown));
    assert_eq!(raises(&[&node]).await, 1);
    submitted(&node, &mut watcher, 90.0, 2, 3).await;
    stop([node]).await;
    let lost = kept_with(&redis, &nodes, 5).await;

    // The first is that somebody submits, at a node that answers people alone.
    backup.restore(&nodes.database).await;
    let (worker, web) = (nodes.start(&["--role=worker"]).await, nodes.start(&["--role=web"]).await);
    web.client.submit(split(60.0)).await;
    let shown = web.client.aggregate_of(4, 4).await;
    let found = eventually("Redis follows", || async {
        let snapshot = kept(&redis, &nodes).await?;
        (snapshot["participants"] == 4 && snapshot["epoch"].as_i64()? > lost.0).then_some(snapshot)
    });
    found.await;
    let mut watcher = web.watching().await;
    let first = watcher.next_aggregate().await;
    assert_eq!(first["participantCount"], 4);
    assert!(revision(&first).0 > lost.0 && revision(&first) >= revision(&shown), "{first}, {shown}, {lost:?}");
    assert_no_drift(&nodes.database).await;
    stop([worker, web]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_counted_on_to_the_revision_that_was_shown_is_told_by_its_time() {
    if !is_clustered() {
        return;
    }
    let nodes = Nodes::prepare().await;
    let (one, other) = (nodes.start(&[]).await, nodes.start(&[]).await);
    let mut watchers = [one.watching().await, other.watching().await];
    submitted(&one, &mut watchers[0], 20.0, 3, 0).await;
    let backup = Backup::of(&nodes.database).await;
    let shown = submitted(&one, &mut watchers[0], 90.0, 1, 3).await;
    watchers[1].until_participants(4).await;

    // Elsewhere the backup has counted on, to the same revision with other numbers.
    let elsewhere = Nodes::prepare_on("").await;
    backup.restore(&elsewhere.database).await;
    let node = elsewhere.start(&[]).await;
    let mut watcher = node.watching().await;
    let counted_on = submitted(&node, &mut watcher, 60.0, 1, 3).await;
    assert_eq!(counted_on["revision"], shown["revision"]);
    stop([node]).await;

    Backup::of(&elsewhere.database).await.restore(&nodes.database).await;
    for watcher in &mut watchers {
        let next = watcher.next_aggregate().await;
        assert!(revision(&next).0 > revision(&shown).0, "{next} after {shown}");
        assert_eq!((&next["participantCount"], &next["categories"][0]["averagePercent"]), (&json!(4), &json!(30.0)));
    }
    assert_eq!(raises(&[&one, &other]).await, 1);
    assert_no_drift(&nodes.database).await;
    drop(watchers);
    stop([one, other]).await;
}

/// Runs `raise-epoch`; the revision that it prints.
async fn raised_by_hand(nodes: &Nodes) -> (i64, i64) {
    let flags = nodes.flags(&[]);
    let shared =
        |flag: &&String| ["--database-url", "--redis-url", "--redis-prefix"].iter().any(|name| flag.starts_with(name));
    let flags: Vec<&str> = flags.iter().filter(shared).map(String::as_str).collect();
    let raised = run(&[&["raise-epoch"], &flags[..]].concat()).await;
    assert!(raised.status.success(), "{raised:?}");
    let text = String::from_utf8(raised.stdout).unwrap();
    let (epoch, version) = text.trim_end().strip_prefix("federal: now at ").unwrap().split_once('-').unwrap();
    (epoch.parse().unwrap(), version.parse().unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_epoch_raised_by_hand_reaches_running_nodes_and_those_that_start_later() {
    for redis in [None, Some(RedisProcess::start().await)] {
        let nodes = Nodes::prepare_on(&redis.as_ref().map(RedisProcess::url).unwrap_or_default()).await;
        let node = nodes.start(&[]).await;
        let mut watcher = node.watching().await;
        let before = submitted(&node, &mut watcher, 20.0, 2, 0).await;

        let raised = raised_by_hand(&nodes).await;
        assert!(raised.0 > revision(&before).0, "{raised:?} after {before}");
        let shown = watcher.next_aggregate().await;
        assert_eq!((revision(&shown), &shown["participantCount"]), (raised, &json!(2)));
        submitted(&node, &mut watcher, 20.0, 1, 2).await;
        assert_eq!(raises(&[&node]).await, 0, "the node had nothing to find");
        stop([node]).await;

        let again = raised_by_hand(&nodes).await;
        assert!(again.0 > raised.0);
        if let Some(redis) = &redis {
            assert_eq!(kept_with(redis, &nodes, 3).await, again, "the command itself tells Redis");
        }
        let node = nodes.start(&[]).await;
        let shown = node.watching().await.next_aggregate().await;
        assert_eq!((revision(&shown), &shown["participantCount"]), (again, &json!(3)));
        assert_eq!(raises(&[&node]).await, 0);
        stop([node]).await;
        assert_no_drift(&nodes.database).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_older_sqlite_file_put_back_is_shown_to_who_has_seen_newer_once_its_epoch_is_raised() {
    let folder = tempfile::tempdir().unwrap();
    let (file, copy) = (folder.path().join("live.db"), folder.path().join("copy.db"));
    let mut nodes = Nodes::prepare_on("").await;
    if nodes.database.is_postgres() {
        println!("skipped: this is about SQLite");
        return;
    }
    nodes.database.url = format!("sqlite://{}?mode=rwc", file.display());
    let node = nodes.start(&[]).await;
    let mut watcher = node.watching().await;
    submitted(&node, &mut watcher, 20.0, 3, 0).await;
    // While it runs and is written to.
    nodes.database.execute(&format!("VACUUM INTO '{}'", copy.display())).await.unwrap();
    let lost = submitted(&node, &mut watcher, 90.0, 4, 3).await;
    stop([node]).await;

    for suffix in ["-wal", "-shm"] {
        let beside = format!("{}{suffix}", file.display());
        assert!(!Path::new(&beside).exists() || fs::remove_file(&beside).is_ok(), "{beside}");
    }
    fs::copy(&copy, &file).unwrap();
    let raised = raised_by_hand(&nodes).await;
    assert!(raised > revision(&lost));
    let node = nodes.start(&[]).await;
    let mut watcher = node.watching().await;
    let shown = watcher.next_aggregate().await;
    assert_eq!((revision(&shown), &shown["participantCount"]), (raised, &json!(3)));
    assert_eq!(shown["categories"][0]["averagePercent"], 20.0);
    submitted(&node, &mut watcher, 60.0, 1, 3).await;
    stop([node]).await;
    assert_no_drift(&nodes.database).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_that_happens_to_nodes_and_redis_raises_an_epoch() {
    if !is_clustered() {
        return;
    }
    let mut redis = RedisProcess::start().await;
    let nodes = Nodes::prepare_on(&redis.url()).await;
    let steady = nodes.start(&[]).await;
    let mut watcher = steady.watching().await;
    let first = submitted(&steady, &mut watcher, 50.0, 1, 0).await;
    let mut participants = 1;
    for round in 0..3 {
        let other = nodes.start(&[]).await;
        for _ in 0..10 {
            tokio::join!(other.client.submit(split(50.0)), steady.client.submit(split(50.0)));
            participants += 2;
        }
        match round {
            0 => drop(redis.command(&["FLUSHALL"]).await),
            1 => redis.stop().await,
            _ => {}
        }
        // In the middle of whatever it does.
        other.process.kill().await;
        steady.client.submit(split(50.0)).await;
        participants += 1;
        if round == 1 {
            redis.resume().await;
            steady.client.bus_is_up().await;
        }
        let shown = until(&mut watcher, participants, (0, 0)).await;
        assert_eq!(revision(&shown).0, revision(&first).0, "round {round}");
        assert_eq!(kept_with(&redis, &nodes, participants).await, revision(&shown));
    }
    assert_eq!(raises(&[&steady]).await, 0);
    stop([steady]).await;
    let node = nodes.start(&[]).await;
    let shown = node.watching().await.next_aggregate().await;
    assert_eq!((revision(&shown).0, &shown["participantCount"]), (revision(&first).0, &json!(participants)));
    assert_eq!(raises(&[&node]).await, 0);
    stop([node]).await;
}

#[tokio::test]
async fn of_all_who_find_an_older_database_one_raises_its_epoch() {
    let app = TestApp::start().await;
    app.client().submit(split(20.0)).await;
    app.client().aggregate_of(1, 1).await;
    let store = Store::connect(&app.database.url).await.unwrap();
    let budget = ledger::budget(&store, "federal").await;
    let mut shown = store.aggregate(&budget).await.unwrap().unwrap().snapshot(&budget);
    shown.revision.version += 10;
    let counters = Counters::default();
    let finder = Ledger::new(store.clone(), ledger::quiet_bus(), counters.clone());
    // They have all seen the same before one of them acts.
    let find = async || finder.raise_epoch(&budget, Some(&shown)).await.unwrap();
    let found = [find().await, find().await, find().await].map(|raised| raised.is_some());
    assert_eq!(found, [true, false, false]);
    assert_eq!(counters.epoch_raises.get(), 1);
    store.close().await;
}
