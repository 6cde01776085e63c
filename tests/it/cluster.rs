//! Two servers on one PostgreSQL and one Redis, which comes and goes and tells nonsense.

use std::time::Duration;

use serde_json::{Value, json};
use taxbudget::{
    domain::snapshot::{Revision, Snapshot},
    redis::RedisClient,
};

use crate::support::{
    Client, TestApp, TestDatabase,
    client::split,
    eventually,
    flags::Flags,
    ledger,
    nodes::is_clustered,
    process::ServerProcess,
    redis::RedisProcess,
    socket::{Socket, revision},
};

const PREFIX: &str = "cluster-test";
const KEY: &str = "cluster-test:{federal}:snapshot";
const CHANNEL: &str = "cluster-test:snapshots";

async fn node(database: &TestDatabase, redis: &RedisProcess) -> ServerProcess {
    let flags = Flags::on(&database.url).with_redis(&redis.url(), PREFIX).with(["--push-interval-ms=10", "--log=off"]);
    let node = ServerProcess::start(&flags).await;
    listens(redis, 1).await;
    node
}

/// Two servers in this process on one database and one Redis.
async fn two_apps(redis: &RedisProcess) -> (TestApp, TestApp) {
    let flags = [format!("--redis-url={}", redis.url()), format!("--redis-prefix={PREFIX}")];
    let flags: Vec<&str> = flags.iter().map(String::as_str).collect();
    let one = TestApp::start_with(&flags).await;
    let other = one.start_beside(&flags).await;
    listens(redis, 2).await;
    (one, other)
}

/// Waits until so many processes listen on the bus.
async fn listens(redis: &RedisProcess, processes: usize) {
    eventually("they listen on the bus", || async {
        // PUBSUB answers with a list; publishing nonsense tells the same in a number.
        let receivers = redis.command(&["PUBLISH", CHANNEL, "is anybody there?"]).await.unwrap();
        (receivers.parse::<usize>().unwrap() >= processes).then_some(())
    })
    .await;
}

async fn watching(client: &Client) -> Socket {
    let mut socket = Socket::connect(client.address).await;
    socket.watch().await;
    socket
}

/// What Redis holds for a new process.
async fn cached(redis: &RedisProcess) -> Option<Value> {
    redis.command(&["GET", KEY]).await.map(|json| serde_json::from_str(&json).unwrap())
}

fn order(snapshot: &Value) -> (i64, i64) {
    (snapshot["epoch"].as_i64().unwrap(), snapshot["version"].as_i64().unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_show_each_other_everything_with_redis_without_it_and_after_it_came_back() {
    if !is_clustered() {
        return;
    }
    let database = TestDatabase::create().await;
    let mut redis = RedisProcess::start().await;
    let (one, other) = (node(&database, &redis).await, node(&database, &redis).await);
    listens(&redis, 2).await;
    let (one, other) = ((Client::new(one.address), one), (Client::new(other.address), other));
    let (mut at_one, mut at_other) = (watching(&one.0).await, watching(&other.0).await);
    let mut participants = 0;
    for is_up in [true, false, true, false, true] {
        match (is_up, participants) {
            (true, 0) => {}
            (true, _) => redis.resume().await,
            (false, _) => redis.stop().await,
        }
        for (from, percent) in [(&one.0, 10.0), (&other.0, 90.0), (&one.0, 20.0), (&other.0, 80.0)] {
            from.submit(split(percent)).await;
            participants += 1;
        }
        for socket in [&mut at_one, &mut at_other] {
            let shown = socket.until_participants(participants).await;
            assert_eq!(shown["categories"][0]["averagePercent"], 50.0);
        }
        if is_up {
            listens(&redis, 2).await;
            one.0.submit(split(50.0)).await;
            participants += 1;
            at_one.until_participants(participants).await;
            at_other.until_participants(participants).await;
            eventually("a new process would find it in Redis", || async {
                (cached(&redis).await?["participants"] == participants).then_some(())
            })
            .await;
        }
    }
    let (at_one, at_other) =
        (one.0.aggregate_of(participants, participants).await, other.0.aggregate_of(participants, participants).await);
    assert_eq!(at_one["revision"], at_other["revision"]);
    assert_eq!(ledger::assert_exact(&database).await.submissions, participants);
    assert_eq!([one.1.terminate().await, other.1.terminate().await], [Some(0), Some(0)]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_that_is_said_on_the_bus_takes_anything_back() {
    if !is_clustered() {
        return;
    }
    let redis = RedisProcess::start().await;
    let (one, other) = two_apps(&redis).await;
    let mut sockets = [watching(&one.client()).await, watching(&other.client()).await];
    let mut old = Vec::new();
    for participants in 1..=4 {
        one.client().submit(split(25.0)).await;
        for socket in &mut sockets {
            socket.until_participants(participants).await;
        }
        let snapshot = eventually("it is in Redis", || async {
            cached(&redis).await.filter(|snapshot| snapshot["participants"] == participants)
        })
        .await;
        old.push(snapshot);
    }
    let newest = old.last().unwrap().clone();
    let changed = |fields: Value| {
        let mut snapshot = newest.clone();
        for (name, value) in fields.as_object().unwrap() {
            snapshot[name] = value.clone();
        }
        snapshot.to_string()
    };
    let (epoch, version) = order(&newest);
    let mut messages: Vec<String> = old.iter().rev().chain(&old).map(ToString::to_string).collect();
    messages.extend([
        newest.to_string(),
        changed(json!({ "participants": 999 })),
        changed(json!({ "epoch": epoch - 1, "version": version + 1_000, "participants": 999 })),
        changed(json!({ "epoch": 0, "version": i64::MAX, "participants": 999 })),
        changed(json!({ "version": version - 1, "participants": 999 })),
        changed(json!({ "epoch": epoch + 1, "version": "one", "participants": 999 })),
        changed(json!({ "epoch": epoch + 1, "categories": "none" })),
        changed(json!({ "epoch": epoch + 1, "budget": "nowhere" })),
        String::new(),
        "nonsense".to_owned(),
        "{}".to_owned(),
        "[]".to_owned(),
        "null".to_owned(),
        "1e999".to_owned(),
        newest.to_string()[..100].to_owned(),
        "x".repeat(300_000),
        "[".repeat(10_000),
    ]);
    for message in &messages {
        assert_eq!(redis.command(&["PUBLISH", CHANNEL, message]).await.as_deref(), Some("2"), "both listen");
        for node in [&one, &other] {
            let shown = node.client().aggregate().await;
            assert_eq!((revision(&shown), &shown["participantCount"]), ((epoch, version), &json!(4)), "{message:.200}");
        }
    }
    // Messages keep their order: whatever comes before this one came from the nonsense.
    other.client().submit(split(25.0)).await;
    for socket in &mut sockets {
        let next = socket.next_aggregate().await;
        assert_eq!((&next["participantCount"], &next["categories"][0]["averagePercent"]), (&json!(5), &json!(25.0)));
        assert_eq!(revision(&next), (epoch, version + 1));
    }
    assert_eq!(one.client().aggregate().await["participantCount"], 5);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_epoch_from_the_far_future_reaches_neither_people_nor_the_database_and_news_go_on_by_the_bus() {
    if !is_clustered() {
        return;
    }
    let redis = RedisProcess::start().await;
    let (one, other) = two_apps(&redis).await;
    let mut watcher = watching(&other.client()).await;
    one.client().submit(split(25.0)).await;
    let before = revision(&watcher.until_participants(1).await);
    let snapshot = eventually("it is in Redis", || async {
        redis.command(&["GET", KEY]).await.filter(|json| json.contains("\"participants\":1,"))
    })
    .await;
    let in_two_days = "SELECT CAST(extract(epoch FROM clock_timestamp() + interval '2 days') * 1000 AS bigint)";
    let in_two_days = one.database.integer(in_two_days).await;
    for (participants, epoch) in [(2, in_two_days), (3, (1 << 53) - 1), (4, 1 << 53), (5, i64::MAX)] {
        let forged = snapshot
            .replacen(&format!("\"epoch\":{},", before.0), &format!("\"epoch\":{epoch},"), 1)
            .replacen("\"participants\":1,", "\"participants\":999,", 1);
        assert_eq!(order(&serde_json::from_str(&forged).unwrap()).0, epoch);
        // In Redis first, so that whoever is told by the message finds it there too.
        redis.command(&["SET", KEY, &forged]).await;
        // Those that were stopped may still count as receivers.
        let receivers = redis.command(&["PUBLISH", CHANNEL, &forged]).await.unwrap();
        assert!(receivers.parse::<usize>().unwrap() >= 2, "both listen: {receivers}");
        // A process that starts looks into Redis first.
        let started = one.start_beside(&[&format!("--redis-url={}", redis.url()), "--redis-prefix=cluster-test"]).await;
        assert_ne!(started.client().aggregate().await["participantCount"], 999, "{epoch}");
        started.stop().await;

        one.client().submit(split(25.0)).await;
        let shown = watcher.until_participants(participants).await;
        assert_eq!(revision(&shown).0, before.0, "the epoch is the old one after {epoch}");
        eventually("what Redis holds is overtaken, and with it the message is sent", || async {
            (cached(&redis).await?["participants"] == participants).then_some(())
        })
        .await;
    }
    assert_eq!(one.database.integer("SELECT max(epoch) FROM budget_aggregate").await, before.0);
    assert_eq!(one.client().metric("taxbudget_epoch_raises_total").await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_snapshot_in_redis_is_readable_never_goes_back_and_is_there_again_after_it_was_lost() {
    if !is_clustered() {
        return;
    }
    let redis = RedisProcess::start().await;
    let (one, other) = two_apps(&redis).await;
    let polled = async {
        let mut last = (0, 0);
        let mut seen = 0;
        while seen < 60 {
            if let Some(snapshot) = cached(&redis).await {
                assert!(order(&snapshot) >= last, "{:?} after {last:?}", order(&snapshot));
                last = order(&snapshot);
                seen += 1;
                if snapshot["participants"] == 80 {
                    break;
                }
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let submitted = async {
        for _ in 0..20 {
            let (a, b) = (one.client(), other.client());
            tokio::join!(a.submit(split(40.0)), b.submit(split(40.0)), a.submit(split(60.0)), b.submit(split(60.0)));
        }
    };
    tokio::join!(polled, submitted);
    let shown = one.client().aggregate_of(80, 80).await;
    let snapshot = eventually("the last one is in Redis", || async {
        cached(&redis).await.filter(|snapshot| snapshot["participants"] == 80)
    })
    .await;
    assert_eq!((&snapshot["budget"], &snapshot["submissions"]), (&json!("federal"), &json!(80)));
    assert_eq!(snapshot["categories"][0]["average"], 5_000);
    assert_eq!(order(&snapshot), revision(&shown));

    // A node that is late overwrites nothing newer.
    let (epoch, version) = order(&snapshot);
    let json = redis.command(&["GET", KEY]).await.unwrap();
    let ahead = json.replacen(&format!("\"version\":{version}"), &format!("\"version\":{}", version + 1_000), 1);
    redis.command(&["SET", KEY, &ahead]).await;
    one.client().submit(split(50.0)).await;
    // Whichever folded it, the other finds it in the table: Redis announces nothing that is behind what it holds.
    one.client().aggregate_of(81, 81).await;
    other.client().aggregate_of(81, 81).await;
    // Or in a new epoch: a node that looks there takes it for more than the table has, and lets the table overtake it.
    assert!(order(&cached(&redis).await.unwrap()) >= (epoch, version + 1_000));

    redis.command(&["FLUSHALL"]).await;
    assert!(cached(&redis).await.is_none());
    let before = one.client().aggregate().await;
    assert_eq!((&before["participantCount"], &before["source"]), (&json!(81), &json!("MEMORY")), "nobody notices");
    other.client().submit(split(50.0)).await;
    eventually("it is filled again", || async { (cached(&redis).await?["participants"] == 82).then_some(()) }).await;
    one.client().aggregate_of(82, 82).await;
    for nonsense in ["nonsense", "{}", ""] {
        redis.command(&["SET", KEY, nonsense]).await;
        other.client().submit(split(50.0)).await;
        eventually("it is mended", || async {
            let json = redis.command(&["GET", KEY]).await?;
            let snapshot: Value = serde_json::from_str(&json).ok()?;
            (snapshot["participants"].as_i64()? > 82).then_some(())
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_that_starts_shows_nothing_older_than_the_table_though_redis_missed_it() {
    if !is_clustered() {
        return;
    }
    let redis = RedisProcess::start().await;
    let (one, other) = two_apps(&redis).await;
    one.client().submit(split(10.0)).await;
    one.client().aggregate_of(1, 1).await;
    let old = eventually("it is in Redis", || async {
        redis.command(&["GET", KEY]).await.filter(|json| json.contains("\"participants\":1"))
    })
    .await;
    other.client().submit(split(30.0)).await;
    let seen = one.client().aggregate_of(2, 2).await;
    eventually("it is in Redis too", || async {
        redis.command(&["GET", KEY]).await.filter(|json| json.contains("\"participants\":2"))
    })
    .await;
    // As if the last publication had not reached it.
    redis.command(&["SET", KEY, &old]).await;
    let flags = [format!("--redis-url={}", redis.url()), format!("--redis-prefix={PREFIX}")];
    let flags: Vec<&str> = flags.iter().map(String::as_str).collect();
    let fresh = one.start_beside(&flags).await;
    fresh.bus_is_up().await;
    let first = watching(&fresh.client()).await.next_aggregate().await;
    assert!(revision(&first) >= revision(&seen), "{first} after {seen}");
    assert_eq!(first["participantCount"], 2);
}

/// How a release that knew no revision key publishes: it finds the stored revision in the first bytes of the JSON.
const OLDER_RELEASE: &str = r#"
local epoch, version = string.match(redis.call('GETRANGE', KEYS[1], 0, 511), '"epoch":(%d+),"version":(%d+)')
if epoch and tonumber(epoch) <= tonumber(ARGV[5]) then
  local stored_epoch, stored_version = tonumber(epoch), tonumber(version)
  local new_epoch, new_version = tonumber(ARGV[1]), tonumber(ARGV[2])
  if new_epoch < stored_epoch or (new_epoch == stored_epoch and new_version <= stored_version) then return 0 end
end
redis.call('SET', KEYS[1], ARGV[3])
redis.call('PUBLISH', ARGV[4], ARGV[3])
return 1
"#;

fn snapshot(version: i64) -> Snapshot {
    let revision = Revision { epoch: 1_000, version };
    let as_of = chrono::DateTime::from_timestamp(0, 0).unwrap();
    Snapshot {
        budget: "federal".into(),
        revision,
        as_of,
        participants: 0,
        submissions: 0,
        shown_participants: 0,
        categories: vec![],
    }
}

#[tokio::test]
async fn nodes_of_an_older_release_and_of_this_one_take_nothing_back_from_each_other() {
    const REVISION_KEY: &str = "cluster-test:{federal}:revision";
    let redis = RedisProcess::start().await;
    let newer = RedisClient::connect(&redis.url(), PREFIX).unwrap();
    let older_publishes = async |version: i64| {
        let json = serde_json::to_string(&snapshot(version)).unwrap();
        let (version, last) = (version.to_string(), i64::MAX.to_string());
        redis.command(&["EVAL", OLDER_RELEASE, "1", KEY, "1000", &version, &json, CHANNEL, &last]).await;
    };
    let newer_publishes = async |version: i64| newer.publish_snapshot(&snapshot(version)).await.unwrap();
    let stored = async || order(&cached(&redis).await.unwrap()).1;

    older_publishes(3).await;
    newer_publishes(2).await;
    assert_eq!(stored().await, 3, "the newer release begins with what the older one left");
    newer_publishes(5).await;
    assert_eq!(stored().await, 5, "and goes on from it");
    older_publishes(4).await;
    assert_eq!(stored().await, 5, "the older release reads what the newer one wrote");
    older_publishes(7).await;
    assert_eq!(stored().await, 7);
    let read = newer.load_snapshot("federal").await;
    assert!(read.unwrap_err().to_string().contains("only an older release"), "it shows every ballot at once");
    newer_publishes(6).await;
    assert_eq!(stored().await, 7, "the revision key is now behind the snapshot and must not count");
    newer_publishes(8).await;
    assert_eq!(stored().await, 8);

    redis.command(&["DEL", REVISION_KEY]).await;
    newer_publishes(7).await;
    assert_eq!(stored().await, 8, "Redis may evict one key");
    redis.command(&["DEL", KEY]).await;
    newer_publishes(8).await;
    assert_eq!(stored().await, 8, "or the other");
    redis.command(&["SET", KEY, "nonsense"]).await;
    newer_publishes(8).await;
    assert_eq!(stored().await, 8, "nonsense has no revision");
    assert!(redis.command(&["GET", REVISION_KEY]).await.unwrap().starts_with("1000 8 "));
    newer.close().await;
}
