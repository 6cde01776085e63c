//! How often one participant or network may submit, that nobody's address is kept for it, and what the log never holds.

use std::{fs, process::Stdio};

use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::support::{
    Client, TestApp, TestDatabase,
    client::{split, with},
    process::ServerProcess,
    redis::RedisProcess,
    setting,
    socket::Socket,
};

const TRUSTING: &str = "--trusted-proxies=127.0.0.0/8";
const NO_WORK: &str = "--proof-of-work=off";

/// A server that refuses what is beyond an allowance, whatever work is offered, and that has reached its Redis, if it has
/// one: until then it counts alone.
async fn limited_app(flags: &[&str]) -> TestApp {
    let app = TestApp::start_with(&[&[NO_WORK], flags].concat()).await;
    app.bus_is_up().await;
    app
}

fn remembered(healthcare: f64) -> Value {
    with(split(healthcare), json!({ "remember": true }))
}

/// Hands in what must be refused for coming too often; the seconds to wait.
async fn limited(client: &Client) -> u64 {
    let error = client.refused(split(50.0)).await;
    assert_eq!(error["extensions"]["code"], "RATE_LIMITED", "{error}");
    let seconds = error["extensions"]["retryAfterSeconds"].as_u64().unwrap();
    assert!(error["message"].as_str().unwrap().contains(&format!("Try again in {seconds} seconds")), "{error}");
    seconds
}

fn from(address: std::net::SocketAddr, forwarded_for: &str) -> Client {
    Client::with_header(address, "x-forwarded-for", forwarded_for)
}

#[tokio::test]
async fn a_participant_may_hand_in_so_often_and_is_told_how_long_to_wait() {
    let app = limited_app(&["--submission-rate=2/h"]).await;
    let client = app.client();
    client.submit(remembered(10.0)).await;
    client.submit(split(20.0)).await;
    let seconds = limited(&client).await;
    assert!((1_790..=1_800).contains(&seconds), "one half of an hour, rounded up: {seconds}");
    // A refusal costs nothing: the wait does not grow.
    assert!(limited(&client).await <= seconds);
    // Others are not held up by it.
    let another = app.client();
    another.submit(remembered(30.0)).await;
    another.submit(split(40.0)).await;
    app.client().aggregate_of(2, 4).await;
}

#[tokio::test]
async fn a_fresh_cookie_does_not_escape_the_allowance_of_the_network() {
    let app = limited_app(&["--submission-rate=10/h", "--network-submission-rate=3/h"]).await;
    for _ in 0..2 {
        app.client().submit(remembered(50.0)).await;
    }
    app.client().submit(split(50.0)).await;
    assert!((1_190..=1_200).contains(&limited(&app.client()).await));
    let error = app.client().refused(remembered(50.0)).await;
    assert_eq!(error["extensions"]["code"], "RATE_LIMITED");
    app.client().aggregate_of(3, 3).await;
}

#[tokio::test]
async fn an_input_that_breaks_a_rule_uses_up_nothing() {
    let app = limited_app(&["--submission-rate=2/h", "--network-submission-rate=2/h"]).await;
    let client = app.client();
    client.submit(remembered(50.0)).await;
    for _ in 0..5 {
        let too_much = json!({ "budget": "federal", "shares": [{ "category": "other", "percent": 101 }] });
        assert_eq!(client.refused(too_much).await["extensions"]["code"], "BAD_USER_INPUT");
        let nowhere = with(split(50.0), json!({ "budget": "nowhere" }));
        assert_eq!(client.refused(nowhere).await["extensions"]["code"], "NOT_FOUND");
    }
    client.submit(split(60.0)).await;
    limited(&client).await;
}

#[tokio::test]
async fn what_only_the_database_can_judge_uses_up_the_allowance() {
    // Otherwise a key or a closed budget would be a way to load the database without limit.
    let app = limited_app(&["--network-submission-rate=3/h"]).await;
    let client = app.client();
    let keyed = |healthcare: f64| with(split(healthcare), json!({ "idempotencyKey": "one-key-for-all" }));
    client.submit(keyed(50.0)).await;
    client.submit(keyed(50.0)).await;
    assert_eq!(client.refused(keyed(60.0)).await["extensions"]["violations"][0]["rule"], "KEY_TAKEN");
    limited(&client).await;
    client.submit(keyed(50.0)).await; // a retry is answered all the same
    client.aggregate_of(1, 1).await;
}

#[tokio::test]
async fn all_nodes_count_together_through_redis_and_each_alone_without_it() {
    let app = limited_app(&["--network-submission-rate=4/h"]).await;
    let beside = app.start_beside(&["--network-submission-rate=4/h", NO_WORK]).await;
    beside.bus_is_up().await;
    for _ in 0..2 {
        app.client().submit(split(50.0)).await;
        beside.client().submit(split(50.0)).await;
    }
    if setting("TEST_REDIS_URL").is_none() {
        for _ in 0..2 {
            app.client().submit(split(50.0)).await;
            beside.client().submit(split(50.0)).await;
        }
    }
    limited(&app.client()).await;
    limited(&beside.client()).await;
}

#[tokio::test]
async fn a_forwarded_address_counts_only_where_a_trusted_proxy_vouches_for_it() {
    let open = limited_app(&["--network-submission-rate=2/h"]).await;
    from(open.address, "198.51.100.1").submit(split(50.0)).await;
    from(open.address, "198.51.100.2").submit(split(50.0)).await;
    limited(&from(open.address, "198.51.100.3")).await;

    let proxied = limited_app(&["--network-submission-rate=2/h", TRUSTING]).await;
    for address in ["198.51.100.1", "198.51.100.2", "2001:db8:1:1::1"] {
        let client = from(proxied.address, address);
        client.submit(split(50.0)).await;
        client.submit(split(50.0)).await;
        limited(&client).await;
    }
    // What the visitor wrote in front of what the proxy saw changes nothing, nor does another address of the household.
    limited(&from(proxied.address, "203.0.113.9, 198.51.100.1")).await;
    limited(&from(proxied.address, "203.0.113.9, 198.51.100.1, 127.0.0.1")).await;
    limited(&from(proxied.address, "2001:db8:1:1:2:3:4:5")).await;
    from(proxied.address, "198.51.100.1, 203.0.113.9").submit(split(50.0)).await;
}

#[tokio::test]
async fn a_forwarded_address_is_read_in_every_spelling_and_each_client_counts_by_itself() {
    let app = limited_app(&["--network-submission-rate=1/h", TRUSTING]).await;
    for address in [
        "198.51.100.11:5111",
        "198.51.100.12:5112",
        "[2001:db8:0:1::1]:443",
        "[2001:db8:0:2::1]",
        "\"[2001:db8:0:3::1]:443\"",
        " 198.51.100.13 ",
        "::ffff:198.51.100.14",
    ] {
        from(app.address, address).submit(split(50.0)).await;
        limited(&from(app.address, address)).await;
    }
    for same in ["198.51.100.11", "198.51.100.12:9", "2001:db8:0:2::1", "198.51.100.14:1"] {
        limited(&from(app.address, same)).await;
    }
    // A hop that is not text spoils no other.
    let mixed = reqwest::header::HeaderValue::from_bytes(b"K\xf6ln, 198.51.100.15").unwrap();
    let http =
        reqwest::Client::builder().default_headers([("x-forwarded-for".parse().unwrap(), mixed)].into_iter().collect());
    let client = Client { address: app.address, http: http.build().unwrap() };
    client.submit(split(50.0)).await;
    limited(&from(app.address, "198.51.100.15")).await;
}

#[tokio::test]
async fn counted_proxies_are_believed_so_far_and_no_farther() {
    let app = limited_app(&["--network-submission-rate=1/h", "--proxy-count=2"]).await;
    from(app.address, "203.0.113.1, 198.51.100.1, 10.0.0.1").submit(split(50.0)).await;
    limited(&from(app.address, "203.0.113.2, 198.51.100.1, 10.0.0.2")).await;
    // A client within the network of the proxies counts by itself too.
    from(app.address, "203.0.113.1, 10.0.0.7, 10.0.0.1").submit(split(50.0)).await;
    limited(&from(app.address, "10.0.0.7, 10.0.0.1")).await;
    // Who passed by a proxy counts as the peer, whatever it says.
    from(app.address, "203.0.113.1").submit(split(50.0)).await;
    limited(&from(app.address, "203.0.113.2")).await;

    let app =
        limited_app(&["--network-submission-rate=1/h", "--proxy-count=1", "--trusted-proxies=192.0.2.0/24"]).await;
    from(app.address, "198.51.100.1").submit(split(50.0)).await;
    limited(&from(app.address, "198.51.100.2")).await; // the peer is no proxy
}

#[tokio::test]
async fn a_proxy_that_cannot_be_read_is_told_to_the_operator_once_and_without_an_address() {
    let database = TestDatabase::create().await;
    let log = tempfile::NamedTempFile::new().unwrap();
    let flags = [
        "--listen=127.0.0.1:0",
        "--secret=a-secret-for-tests-of-enough-length",
        TRUSTING,
        &format!("--database-url={}", database.url),
    ];
    let server = ServerProcess::start_in(&[], &flags.map(str::to_owned), Stdio::from(log.reopen().unwrap())).await;
    for hop in ["198.51.100.77:port", "unknown", "198.51.100.77/24"] {
        from(server.address, hop).submit(split(50.0)).await;
    }
    assert_eq!(server.terminate().await, Some(0));
    let log = fs::read_to_string(log.path()).unwrap();
    assert_eq!(log.matches("X-Forwarded-For").count(), 1, "{log}");
    assert!(!log.contains("198.51.100.77"), "{log}");
}

#[tokio::test]
async fn a_network_beyond_its_allowance_may_look_for_first_submissions_only_so_often() {
    let app = limited_app(&["--network-submission-rate=1/h"]).await;
    let keyed = with(split(50.0), json!({ "idempotencyKey": "one-key-for-all" }));
    let client = app.client();
    let first = client.submit(keyed.clone()).await;
    limited(&client).await; // without a key there is nothing to look for
    for _ in 0..30 {
        assert_eq!(client.submit(keyed.clone()).await["submission"], first["submission"]);
    }
    assert_eq!(client.refused(keyed).await["extensions"]["code"], "RATE_LIMITED");
    client.aggregate_of(1, 1).await;
}

#[tokio::test]
async fn while_redis_is_away_each_node_counts_by_itself() {
    let mut redis = RedisProcess::start().await;
    let url = format!("--redis-url={}", redis.url());
    let app = limited_app(&["--network-submission-rate=2/h", &url]).await;
    for _ in 0..2 {
        app.client().submit(split(50.0)).await;
    }
    limited(&app.client()).await;
    assert_eq!(redis_keys(&redis.url(), &format!("{}:rate:*", app.redis_prefix)).await.len(), 1, "Redis counted");

    redis.stop().await;
    for _ in 0..2 {
        app.client().submit(split(50.0)).await;
    }
    limited(&app.client()).await;

    redis.resume().await;
    app.bus_is_up().await;
    for _ in 0..2 {
        app.client().submit(split(50.0)).await;
    }
    limited(&app.client()).await;
    app.client().aggregate_of(6, 6).await;
}

#[tokio::test]
async fn the_most_talkative_log_names_no_address_participant_or_result_and_shows_no_message() {
    const ADDRESS: &str = "198.51.100.78";
    const MARK: &str = "MarkOfThisMessage";
    let database = TestDatabase::create().await;
    let log = tempfile::NamedTempFile::new().unwrap();
    let flags = [
        "--listen=127.0.0.1:0",
        "--log=trace,tungstenite=trace,tokio_tungstenite=trace,hyper=trace,axum=trace,h2=trace,sqlx=trace,usvg=trace",
        "--secret=a-secret-for-tests-of-enough-length",
        "--drain-window-ms=0",
        TRUSTING,
        &format!("--database-url={}", database.url),
        &format!("--redis-url={}", setting("TEST_REDIS_URL").unwrap_or_default()),
    ];
    let server = ServerProcess::start_in(&[], &flags.map(str::to_owned), Stdio::from(log.reopen().unwrap())).await;
    let client = from(server.address, ADDRESS);
    let query = format!(
        "mutation {MARK}($input: SubmitAllocationInput!) {{ submitAllocation(input: $input) {{ submission {{ id }} }} }}"
    );
    let body = json!({ "query": query, "variables": { "input": remembered(50.0) } });
    let submitted = client.http.post(client.url("/graphql")).json(&body).send().await.unwrap();
    let cookie = submitted.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let (_, token) = cookie.split_once('=').unwrap();
    let id = submitted.json::<Value>().await.unwrap()["data"]["submitAllocation"]["submission"]["id"].clone();
    let id = id.as_str().unwrap();
    let viewer = client.http.post(client.url("/graphql")).header("cookie", &cookie);
    let viewer = viewer.json(&json!({ "query": "{ viewer { participant } }" })).send().await.unwrap();
    let viewer: Value = viewer.json().await.unwrap();
    let participant = viewer["data"]["viewer"]["participant"].as_str().unwrap();

    let authorization = json!({ "authorization": format!("Bearer {token}") });
    let mut socket = Socket::open(server.address, "/graphql/ws", authorization).await.unwrap();
    let history = format!("query {MARK} {{ viewer {{ participant submissions {{ nodes {{ id }} }} }} }}");
    socket.subscribe("1", &history, Value::Null).await;
    assert_eq!(socket.next_message().await["payload"]["data"]["viewer"]["participant"], participant);
    socket.send(json!({ "type": MARK })).await.unwrap();
    assert_eq!(socket.closed().await.0, 4400, "what is wrong with a message is told, and not logged");
    client.aggregate_of(1, 1).await;
    for path in ["", "/picture.png", "/nothing-here"] {
        let response = client.http.get(client.url(&format!("/results/{id}{path}"))).send().await.unwrap();
        assert_eq!(response.status().is_success(), path != "/nothing-here");
    }
    assert_eq!(server.terminate().await, Some(0));

    let log = fs::read_to_string(log.path()).unwrap();
    assert!(log.contains("DEBUG") && log.contains("route=\"/results/{id}/picture.png\""), "the log is there: {log}");
    for secret in [ADDRESS, MARK, id, participant, token] {
        assert!(!log.contains(secret), "{}", log.lines().find(|line| line.contains(secret)).unwrap_or_default());
    }
    assert!(!log.contains("usvg") && !log.contains("invalid 'width'"), "bars of nothing are no event");
}

#[tokio::test]
async fn no_address_is_kept_in_the_database_in_redis_or_in_the_log() {
    const ADDRESS: &str = "198.51.100.77";
    let database = TestDatabase::create().await;
    let redis = RedisProcess::start().await;
    let log = tempfile::NamedTempFile::new().unwrap();
    let flags = [
        "--listen=127.0.0.1:0",
        "--log=trace",
        "--secret=a-secret-for-tests-of-enough-length",
        "--network-submission-rate=2/h",
        NO_WORK,
        TRUSTING,
        &format!("--database-url={}", database.url),
        &format!("--redis-url={}", redis.url()),
    ];
    let server = ServerProcess::start_in(&[], &flags.map(str::to_owned), Stdio::from(log.reopen().unwrap())).await;
    let client = from(server.address, ADDRESS);
    client.bus_is_up().await;
    let first = client.submit(remembered(50.0)).await;
    client.submit(split(50.0)).await;
    limited(&client).await;
    client.aggregate_of(2, 2).await;
    let keys = redis_keys(&redis.url(), "*").await;
    assert!(keys.iter().any(|key| key.contains(":rate:{rates}:network:")), "{keys:?}");
    assert!(keys.iter().all(|key| !key.contains(ADDRESS)), "{keys:?}");
    assert_eq!(server.terminate().await, Some(0));

    let log = fs::read_to_string(log.path()).unwrap();
    assert!(log.contains("graphql"), "the log is there");
    assert!(!log.contains(ADDRESS), "{}", log.lines().find(|line| line.contains(ADDRESS)).unwrap_or_default());

    let id = first["submission"]["id"].as_str().unwrap();
    assert!(database.holds_text("submission", id).await, "the search finds what is there");
    for table in [
        "submission",
        "ballot",
        "aggregate_delta",
        "budget_aggregate",
        "category_aggregate",
        "background_job",
        "network_key",
    ] {
        assert!(!database.holds_text(table, ADDRESS).await, "in {table}");
    }
}

/// The keys in a Redis.
async fn redis_keys(url: &str, pattern: &str) -> Vec<String> {
    let mut connection = TcpStream::connect(url.strip_prefix("redis://").unwrap()).await.unwrap();
    connection.write_all(format!("KEYS {pattern}\r\nQUIT\r\n").as_bytes()).await.unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).await.unwrap();
    answer.lines().filter(|line| !line.starts_with(['*', '$', '+'])).map(str::to_owned).collect()
}
