//! What subscribers see.

use std::sync::Arc;

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::{
    TestApp,
    client::{split, with},
    socket::{Incoming, Socket, WATCH},
};

#[tokio::test]
async fn a_subscriber_sees_the_current_aggregate_at_once_and_a_new_one_after_a_submission() {
    let app = TestApp::start().await;
    let mut socket = Socket::connect(app.address).await;
    socket.watch().await;
    let first = socket.next_aggregate().await;
    assert_eq!(first["participantCount"], 0);
    app.client().submit(split(40.0)).await;
    let second = socket.until_participants(1).await;
    assert_eq!(second["categories"][0]["averagePercent"], 40.0);
    assert!(second["version"].as_i64() > first["version"].as_i64());
    assert_ne!(second["revision"], first["revision"]);
}

#[tokio::test]
async fn every_subscriber_sees_a_submission_at_either_address_and_twice_on_one_socket() {
    let app = TestApp::start().await;
    let mut one = Socket::open(app.address, "/graphql/ws", Value::Null).await.unwrap();
    let mut other = Socket::open(app.address, "/graphql", Value::Null).await.unwrap();
    for socket in [&mut one, &mut other] {
        socket.watch().await;
        assert_eq!(socket.next_aggregate().await["participantCount"], 0);
    }
    app.client().submit(split(40.0)).await;
    let seen = one.until_participants(1).await;
    assert_eq!(other.until_participants(1).await, seen);

    one.subscribe("2", WATCH, json!({ "budget": "federal" })).await;
    assert_eq!(one.next_message().await["id"], "2", "the current one, for the new subscription alone");
    app.client().submit(split(60.0)).await;
    let mut ids = [one.next_message().await, one.next_message().await].map(|message| {
        assert_eq!(message["payload"]["data"]["aggregate"]["participantCount"], 2);
        message["id"].as_str().unwrap().to_owned()
    });
    ids.sort();
    assert_eq!(ids, ["1", "2"]);
    // A subscription that was ended says nothing more; the other one goes on.
    one.send(json!({ "id": "2", "type": "complete" })).await.unwrap();
    one.send(json!({ "type": "ping" })).await.unwrap();
    assert_eq!(one.next_message().await, json!({ "type": "pong" }), "what was sent before is done");
    app.client().submit(split(80.0)).await;
    let message = one.next_message().await;
    assert_eq!(
        (&message["id"], &message["payload"]["data"]["aggregate"]["participantCount"]),
        (&json!("1"), &json!(3))
    );
}

#[tokio::test]
async fn watching_an_unknown_budget_is_an_error_with_a_code_and_the_end() {
    let app = TestApp::start().await;
    let mut socket = Socket::connect(app.address).await;
    socket.subscribe("a", WATCH, json!({ "budget": "nowhere" })).await;
    let answer = socket.next_message().await;
    let error = &answer["payload"][0];
    assert_eq!((&answer["type"], &error["extensions"]["code"]), (&json!("error"), &json!("NOT_FOUND")), "{answer}");
    assert!(error["message"].as_str().unwrap().contains("`budgets`"), "{error}");
    // The socket is as good as before.
    socket.watch().await;
    assert_eq!(socket.next_aggregate().await["participantCount"], 0);
}

#[tokio::test]
async fn the_versions_that_a_subscriber_sees_only_rise_and_end_with_the_newest() {
    let app = TestApp::start_with(&["--push-interval-ms=1"]).await;
    let mut socket = Socket::connect(app.address).await;
    socket.watch().await;
    let submitting = join_all((0..60).map(|n| {
        let client = app.client();
        async move { client.submit(split(f64::from(n))).await }
    }));
    let watching = async {
        let mut versions = Vec::new();
        loop {
            let aggregate = socket.next_aggregate().await;
            versions.push(aggregate["version"].as_i64().unwrap());
            if aggregate["participantCount"] == 60 {
                return versions;
            }
        }
    };
    let (_, versions) = tokio::join!(submitting, watching);
    assert!(versions.is_sorted_by(|before, after| before < after), "{versions:?}");
}

#[tokio::test]
async fn who_connects_again_never_sees_an_older_version_also_after_a_restart() {
    let mut app = TestApp::start().await;
    let mut last = 0;
    for round in 1..=6 {
        let mut socket = Socket::connect(app.address).await;
        socket.watch().await;
        let first = socket.next_aggregate().await;
        assert!(first["version"].as_i64().unwrap() >= last, "after {last}: {first}");
        app.client().submit(split(50.0)).await;
        last = socket.until_participants(round).await["version"].as_i64().unwrap();
        if round % 2 == 0 {
            let (database, prefix) = (Arc::clone(&app.database), app.redis_prefix.clone());
            app.stop().await;
            app = TestApp::start_with_database(database, &prefix, &[]).await;
        }
    }
}

#[tokio::test]
async fn a_server_that_stops_closes_each_socket_with_restarting_and_ends_no_subscription() {
    let app = TestApp::start().await;
    let mut sockets = Vec::new();
    for _ in 0..20 {
        let mut socket = Socket::connect(app.address).await;
        socket.watch().await;
        socket.next_aggregate().await;
        sockets.push(socket);
    }
    sockets.push(Socket::connect(app.address).await); // one that watches nothing
    let ends = join_all(sockets.iter_mut().map(Socket::receive));
    let ((), ends) = tokio::join!(app.stop(), ends);
    for end in ends {
        // Had `complete` come first, a client would take the subscription for finished and not begin it again.
        let Ok(Incoming::Closed(Some(frame))) = end else { panic!("not closed: {end:?}") };
        assert_eq!(u16::from(frame.code), 1012, "{frame:?}");
    }
}

#[tokio::test]
async fn queries_and_mutations_go_over_a_socket_too() {
    let app = TestApp::start().await;
    let mut socket = Socket::connect(app.address).await;
    let input = with(split(25.0), json!({ "remember": false }));
    let query =
        "mutation ($input: SubmitAllocationInput!) { submitAllocation(input: $input) { submission { counted } } }";
    let payload = json!({ "query": query, "variables": { "input": input } });
    socket.send(json!({ "id": "m", "type": "subscribe", "payload": payload })).await.unwrap();
    let answer = socket.next_message().await;
    assert_eq!(answer["payload"]["data"]["submitAllocation"]["submission"]["counted"], true, "{answer}");
    assert_eq!(socket.next_message().await, json!({ "id": "m", "type": "complete" }));
    app.client().aggregate_of(1, 1).await;
}
