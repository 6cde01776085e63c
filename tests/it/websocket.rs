//! `graphql-transport-ws`, rule by rule, and clients that don't keep to it.

use std::net::SocketAddr;

use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tokio_tungstenite::tungstenite::Message;

use crate::support::{
    TIMEOUT, TestApp,
    client::{split, with},
    socket::{Incoming, Socket, WATCH},
};

const PATH: &str = "/graphql/ws";
const PROTOCOL: Option<&str> = Some("graphql-transport-ws");
const SUBMIT: &str =
    "mutation ($input: SubmitAllocationInput!) { submitAllocation(input: $input) { submission { counted } } }";
const MINE: &str = "subscription { aggregate(budget: \"federal\") { version budget {
    viewerSubmission { shares { percent } } } } }";

async fn dial(address: SocketAddr) -> Socket {
    Socket::dial(address, PATH, PROTOCOL).await.unwrap()
}

/// Everything that was sent before is done when its answer comes.
async fn settled(socket: &mut Socket) {
    socket.send(json!({ "type": "ping", "payload": { "settled": true } })).await.unwrap();
    assert_eq!(socket.next_message().await, json!({ "type": "pong", "payload": { "settled": true } }));
}

#[tokio::test]
async fn a_socket_that_offers_no_subprotocol_of_ours_is_closed_with_4406() {
    let app = TestApp::start().await;
    for protocol in [None, Some("graphql-ws"), Some("mqtt, chat")] {
        for path in [PATH, "/graphql"] {
            let (code, reason) = Socket::dial(app.address, path, protocol).await.unwrap().closed().await;
            assert_eq!(code, 4406, "{protocol:?}");
            assert!(reason.contains("graphql-transport-ws"), "{reason}");
        }
    }
    // One that offers several gets ours.
    let mut socket = Socket::dial(app.address, PATH, Some("chat, graphql-transport-ws")).await.unwrap();
    settled(&mut socket).await;
}

#[tokio::test]
async fn the_subprotocol_is_named_in_the_spelling_that_pythons_gql_looks_for() {
    let app = TestApp::start().await;
    for path in [PATH, "/graphql"] {
        let mut stream = TcpStream::connect(app.address).await.unwrap();
        let request = format!(
            "GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
             sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
             sec-websocket-protocol: graphql-ws, graphql-transport-ws\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await.unwrap());
        }
        let head = String::from_utf8(head).unwrap();
        assert!(head.starts_with("HTTP/1.1 101 "), "{head}");
        assert!(head.contains("\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n"), "{head}");
    }
}

#[tokio::test]
async fn a_client_that_does_not_greet_in_time_is_closed_with_4408() {
    let app = TestApp::start().await;
    let mut silent = dial(app.address).await;
    let mut chatty = dial(app.address).await;
    settled(&mut chatty).await;
    assert_eq!(silent.closed().await, (4408, "Connection initialisation timeout".to_owned()));
    assert_eq!(chatty.closed().await.0, 4408, "pings are no greeting");
}

#[tokio::test]
async fn whoever_subscribes_before_the_greeting_is_closed_with_4401() {
    let app = TestApp::start().await;
    let mut socket = dial(app.address).await;
    socket.subscribe("1", "{ budgets { slug } }", Value::Null).await;
    assert_eq!(socket.closed().await.0, 4401);
}

#[tokio::test]
async fn a_second_greeting_is_closed_with_4429() {
    let app = TestApp::start().await;
    let mut socket = Socket::connect(app.address).await;
    socket.watch().await;
    socket.send(json!({ "type": "connection_init" })).await.unwrap();
    assert_eq!(socket.closed().await, (4429, "Too many initialisation requests".to_owned()));
}

#[tokio::test]
async fn a_greeting_with_a_token_that_is_not_valid_is_closed_with_4403() {
    let app = TestApp::start().await;
    for token in [json!("Bearer nonsense"), json!("nonsense"), json!(5), Value::Null] {
        let mut socket = dial(app.address).await;
        socket.send(json!({ "type": "connection_init", "payload": { "authorization": token } })).await.unwrap();
        assert_eq!(socket.closed().await.0, 4403, "{token}");
    }
}

#[tokio::test]
async fn an_id_that_is_in_use_is_closed_with_4409_and_one_that_was_completed_is_free() {
    let app = TestApp::start().await;
    let mut socket = Socket::connect(app.address).await;
    for _ in 0..3 {
        socket.watch().await;
        socket.next_aggregate().await;
        socket.send(json!({ "id": "1", "type": "complete" })).await.unwrap();
    }
    // Free too after its end and after an error.
    for query in ["{ budgets { slug } }", "{ nonsense }", "{ budgets { slug } }"] {
        socket.subscribe("1", query, Value::Null).await;
        while !["complete", "error"].contains(&socket.next_message().await["type"].as_str().unwrap()) {}
    }
    socket.watch().await;
    socket.watch().await;
    assert_eq!(socket.closed().await, (4409, "Subscriber for 1 already exists".to_owned()));
}

#[tokio::test]
async fn a_reason_for_closing_is_cut_to_the_123_bytes_that_its_frame_holds() {
    let app = TestApp::start().await;
    let mut socket = Socket::connect(app.address).await;
    let id = "é".repeat(64);
    for _ in 0..2 {
        socket.subscribe(&id, WATCH, json!({ "budget": "federal" })).await;
    }
    let (code, reason) = socket.closed().await;
    assert_eq!(code, 4409);
    assert!(reason.starts_with("Subscriber for éé") && (122..=123).contains(&reason.len()), "{reason}");
}

#[tokio::test]
async fn what_is_no_message_of_the_protocol_is_closed_with_4400_and_what_is_wrong() {
    let app = TestApp::start().await;
    for (frame, says) in [
        (Message::text("nonsense"), "Not a message"),
        (Message::text(""), "Not a message"),
        (Message::text("[]"), "Not a message"),
        (Message::text("{\"id\":\"1\"}"), "`type`"),
        (Message::text("{\"type\":\"start\",\"id\":\"1\",\"payload\":{}}"), "There is no message `start`"),
        (Message::text("{\"type\":\"next\",\"id\":\"1\",\"payload\":{}}"), "There is no message `next`"),
        (Message::text("{\"type\":\"subscribe\",\"payload\":{\"query\":\"{a}\"}}"), "needs an `id`"),
        (Message::text("{\"type\":\"subscribe\",\"id\":\"1\"}"), "needs a `payload`"),
        (Message::text("{\"type\":\"subscribe\",\"id\":\"1\",\"payload\":{}}"), "needs a `query`"),
        (Message::text("{\"type\":\"subscribe\",\"id\":\"1\",\"payload\":{\"query\":5}}"), "`payload`"),
        (Message::text("{\"type\":\"complete\"}"), "needs an `id`"),
        (Message::text("{\"type\":\"ping\",\"payload\":5}"), "must be an object"),
        (Message::binary(b"{\"type\":\"ping\"}".to_vec()), "Binary"),
    ] {
        let mut socket = Socket::connect(app.address).await;
        socket.send_frame(frame.clone()).await;
        let (code, reason) = socket.closed().await;
        assert_eq!(code, 4400, "{frame}");
        assert!(reason.contains(says) && reason.len() <= 123, "{frame}: {reason}");
    }
}

#[tokio::test]
async fn a_ping_is_answered_with_its_payload_also_before_the_greeting_and_a_pong_is_not() {
    let app = TestApp::start().await;
    let mut socket = dial(app.address).await;
    for greeted in [false, true] {
        if greeted {
            socket.send(json!({ "type": "connection_init" })).await.unwrap();
            assert_eq!(socket.next_message().await, json!({ "type": "connection_ack" }));
        }
        socket.send(json!({ "type": "pong" })).await.unwrap();
        socket.send(json!({ "type": "pong", "payload": { "unasked": true } })).await.unwrap();
        for payload in [json!({}), json!({ "sent": 1.5, "nested": [{ "text": "é\"" }] })] {
            socket.send(json!({ "type": "ping", "payload": payload })).await.unwrap();
            assert_eq!(socket.next_message().await, json!({ "type": "pong", "payload": payload }));
        }
        socket.send(json!({ "type": "ping" })).await.unwrap();
        assert_eq!(socket.next_message().await, json!({ "type": "pong" }));
        // The frame of the same name below the protocol.
        socket.send_frame(Message::Ping(b"below".to_vec().into())).await;
        assert_eq!(socket.next_frame().await, Some(Message::Pong(b"below".to_vec().into())));
    }
}

#[tokio::test]
async fn a_query_or_mutation_is_one_next_and_then_complete() {
    let app = TestApp::start().await;
    let mut socket = Socket::connect(app.address).await;
    let query = "query ($slug: String!) { budget(slug: $slug) { slug } }";
    // Made, and known the second time.
    for id in ["q1", "q2"] {
        socket.subscribe(id, query, json!({ "slug": "federal" })).await;
        let data = json!({ "data": { "budget": { "slug": "federal" } } });
        assert_eq!(socket.next_message().await, json!({ "id": id, "type": "next", "payload": data }));
        assert_eq!(socket.next_message().await, json!({ "id": id, "type": "complete" }));
    }
    socket.subscribe("m", SUBMIT, json!({ "input": split(25.0) })).await;
    let data = json!({ "data": { "submitAllocation": { "submission": { "counted": true } } } });
    assert_eq!(socket.next_message().await, json!({ "id": "m", "type": "next", "payload": data }));
    assert_eq!(socket.next_message().await, json!({ "id": "m", "type": "complete" }));
    app.client().aggregate_of(1, 1).await;
}

#[tokio::test]
async fn an_operation_that_is_not_executed_is_one_error_and_nothing_after_it() {
    let app = TestApp::start().await;
    let mut socket = Socket::connect(app.address).await;
    for (query, code) in [
        ("{ not GraphQL", "BAD_USER_INPUT"),
        ("{ nonsense }", "BAD_USER_INPUT"),
        ("query A { budgets { slug } } query B { budgets { slug } }", "BAD_USER_INPUT"),
        ("subscription { nonsense }", "BAD_USER_INPUT"),
        ("subscription { aggregate(budget: 5) { version } }", "BAD_USER_INPUT"),
        ("subscription { aggregate(budget: \"lunar\") { version } }", "NOT_FOUND"),
        (
            "subscription { a: aggregate(budget: \"federal\") { version } b: aggregate(budget: \"federal\") { version } }",
            "BAD_USER_INPUT",
        ),
        ("subscription { aggregate(budget: \"federal\", maxRate: 0) { version } }", "BAD_USER_INPUT"),
    ] {
        socket.subscribe("x", query, Value::Null).await;
        let message = socket.next_message().await;
        assert_eq!((&message["id"], &message["type"]), (&json!("x"), &json!("error")), "{query}: {message}");
        assert_eq!(message["payload"][0]["extensions"]["code"], code, "{query}: {message}");
        assert!(message["payload"][0]["message"].is_string(), "{message}");
        settled(&mut socket).await;
    }
}

#[tokio::test]
async fn a_field_that_fails_is_a_next_with_data_and_errors() {
    let app = TestApp::start().await;
    let mut socket = Socket::connect(app.address).await;
    socket.subscribe("1", "{ budgets { slug } viewer { submissions(first: 0) { nodes { id } } } }", Value::Null).await;
    let message = socket.next_message().await;
    assert_eq!(message["type"], "next", "{message}");
    assert!(message["payload"].as_object().unwrap().contains_key("data"), "{message}");
    assert_eq!(message["payload"]["errors"][0]["path"][0], "viewer", "{message}");
    assert_eq!(socket.next_message().await, json!({ "id": "1", "type": "complete" }));
}

#[tokio::test]
async fn nothing_comes_after_the_clients_complete_and_completing_what_is_not_there_does_nothing() {
    let app = TestApp::start().await;
    let mut socket = Socket::connect(app.address).await;
    socket.watch().await;
    socket.next_aggregate().await;
    socket.send(json!({ "id": "1", "type": "complete" })).await.unwrap();
    socket.send(json!({ "id": "never-begun", "type": "complete" })).await.unwrap();
    settled(&mut socket).await;
    app.client().submit(split(10.0)).await;
    app.client().aggregate_of(1, 1).await;
    settled(&mut socket).await;
}

#[tokio::test]
async fn two_viewers_are_never_told_each_others_data() {
    let app = TestApp::start().await;
    let mut viewers = Vec::new();
    for percent in [10.0, 20.0] {
        let client = app.client();
        let input = with(split(percent), json!({ "remember": true }));
        let request = client.http.post(client.url("/graphql"));
        let response = request.json(&json!({ "query": SUBMIT, "variables": { "input": input } })).send().await.unwrap();
        let cookie = response.headers()["set-cookie"].to_str().unwrap();
        let token = cookie.split_once('=').unwrap().1.split(';').next().unwrap();
        viewers.push((percent, json!({ "authorization": format!("Bearer {token}") })));
    }
    let mut sockets = Vec::new();
    for round in 0..4 {
        for (percent, greeting) in &viewers {
            let mut socket = Socket::open(app.address, PATH, greeting.clone()).await.unwrap();
            socket.subscribe(&format!("{round}"), MINE, Value::Null).await;
            sockets.push((Some(*percent), socket));
        }
        let mut nobody = Socket::connect(app.address).await;
        nobody.subscribe("n", MINE, Value::Null).await;
        sockets.push((None, nobody));
    }
    let check = |percent: &Option<f64>, message: &Value| {
        assert_eq!(message["type"], "next", "{message}");
        let shown = &message["payload"]["data"]["aggregate"]["budget"]["viewerSubmission"];
        assert_eq!(shown["shares"][0]["percent"].as_f64(), *percent, "{message}");
    };
    for (percent, socket) in &mut sockets {
        check(percent, &socket.next_message().await);
    }
    app.client().submit(split(70.0)).await;
    for (percent, socket) in &mut sockets {
        check(percent, &socket.next_message().await);
    }
    assert_eq!(app.client().metric("taxbudget_shared_subscriptions").await, 0, "nothing of this is shared");
}

#[tokio::test]
async fn frames_that_break_the_rules_of_websockets_are_closed_with_their_code_and_hurt_nobody_else() {
    let app = TestApp::start().await;
    let mut other = Socket::connect(app.address).await;
    other.watch().await;
    other.next_aggregate().await;
    let masked = |first: u8, payload: &[u8]| {
        let length = u8::try_from(payload.len()).unwrap();
        [&[first, 0x80 | length, 0, 0, 0, 0], payload].concat()
    };
    for (what, frame, expected) in [
        ("a text that is not UTF-8", masked(0x81, b"\xff\xfe"), 1007),
        ("a reserved bit", masked(0xc1, b"{}"), 1002),
        ("a reserved kind of frame", masked(0x83, b"{}"), 1002),
        ("a frame that is not masked", vec![0x81, 2, b'{', b'}'], 1002),
        ("a continuation of nothing", masked(0x80, b"{}"), 1002),
        ("more than a message may be", [&[0x81, 0xff][..], &(16_u64 * 1024 + 1).to_be_bytes(), &[0; 4]].concat(), 1009),
        ("more than there is in the world", [&[0x81, 0xff][..], &u64::MAX.to_be_bytes(), &[0; 4]].concat(), 1009),
    ] {
        let mut stream = Socket::connect(app.address).await.into_stream();
        stream.write_all(&frame).await.unwrap();
        let mut received = Vec::new();
        let reading = tokio::time::timeout(TIMEOUT, stream.read_to_end(&mut received));
        let _ = reading.await.expect("not closed");
        assert_eq!(received.first(), Some(&0x88), "{what}: a close frame, got {received:?}");
        assert_eq!(u16::from_be_bytes([received[2], received[3]]), expected, "{what}");
        assert!(received[1] <= 125, "{what}");
    }
    // A message in fragments that together are too long.
    let mut stream = Socket::connect(app.address).await.into_stream();
    for part in 0..40_u8 {
        let head = [u8::from(part == 0), 0xfe, 0x10, 0x00, 0, 0, 0, 0];
        if stream.write_all(&[&head[..], &[b'x'; 4096]].concat()).await.is_err() {
            break;
        }
    }
    let mut received = Vec::new();
    let _ = tokio::time::timeout(TIMEOUT, stream.read_to_end(&mut received)).await.expect("not closed");
    assert_eq!(received.get(2..4), Some(&1009_u16.to_be_bytes()[..]), "{received:?}");

    app.client().submit(split(10.0)).await;
    other.until_participants(1).await;
}

#[tokio::test]
async fn a_socket_runs_ten_operations_and_refuses_more_without_harm_to_them() {
    let app = TestApp::start().await;
    let mut socket = Socket::connect(app.address).await;
    for id in 0..1_000 {
        socket.subscribe(&id.to_string(), WATCH, json!({ "budget": "federal" })).await;
    }
    let (mut began, mut refused) = (0, 0);
    while began + refused < 1_000 {
        let message = socket.next_message().await;
        match message["type"].as_str().unwrap() {
            "next" => began += 1,
            "error" => {
                assert_eq!(message["payload"][0]["extensions"]["code"], "OVERLOADED", "{message}");
                refused += 1;
            }
            other => panic!("{other}"),
        }
    }
    assert_eq!((began, refused), (10, 990));
    assert_eq!(app.client().metric("taxbudget_socket_operations").await, 10);
    assert_eq!(app.client().metric("taxbudget_shared_subscriptions").await, 1, "all the same, so executed once");
    socket.send(json!({ "id": "0", "type": "complete" })).await.unwrap();
    socket.subscribe("one more", WATCH, json!({ "budget": "federal" })).await;
    assert_eq!(socket.next_message().await["id"], "one more");
    // Each of them hears of the next publication.
    app.client().submit(split(30.0)).await;
    let mut heard = 0;
    while heard < 10 {
        heard += i32::from(socket.next_message().await["payload"]["data"]["aggregate"]["participantCount"] == 1);
    }
}

#[tokio::test]
async fn gauges_are_back_at_zero_when_everybody_has_left_in_whatever_way() {
    let app = TestApp::start_with(&["--keep-alive-ms=1000"]).await;
    let client = app.client();
    let mut sockets = Vec::new();
    for n in 0..40 {
        let mut socket = Socket::connect(app.address).await;
        for id in 0..=n % 3 {
            socket.subscribe(&id.to_string(), WATCH, json!({ "budget": "federal" })).await;
            socket.next_message().await;
        }
        sockets.push(socket);
    }
    let mut streams = Vec::new();
    for accept in ["text/event-stream", "multipart/mixed"] {
        let request = client.http.post(client.url("/graphql")).header("accept", accept);
        let body = json!({ "query": WATCH, "variables": { "budget": "federal" } });
        streams.push(request.json(&body).send().await.unwrap());
    }
    assert_eq!(client.metric("taxbudget_open_streams").await, 42);
    assert!(client.metric("taxbudget_socket_operations").await > 40);
    assert_eq!(client.metric("taxbudget_shared_subscriptions").await, 1);
    for (n, mut socket) in sockets.into_iter().enumerate() {
        match n % 4 {
            0 => socket.send_frame(Message::Close(None)).await,
            1 => drop(socket),
            // Reset, as by a machine that is switched off.
            2 => socket.into_stream().set_zero_linger().unwrap(),
            // In the middle of a frame.
            _ => {
                let mut stream = socket.into_stream();
                stream.write_all(&[0x81, 0xfe, 0x10]).await.unwrap();
            }
        }
    }
    drop(streams);
    client.everybody_left().await;
}

#[tokio::test]
async fn a_silent_socket_is_pinged_and_one_that_does_not_answer_is_given_up() {
    let app = TestApp::start_with(&["--keep-alive-ms=150"]).await;
    // This client answers pings when it reads.
    let mut alive = Socket::connect(app.address).await;
    alive.watch().await;
    alive.next_aggregate().await;
    // This one never reads again.
    let mut gone = Socket::connect(app.address).await;
    gone.watch().await;
    gone.next_aggregate().await;
    for _ in 0..10 {
        assert!(matches!(alive.next_frame().await, Some(Message::Ping(_))));
    }
    app.client().metric_is("taxbudget_open_streams", 1).await;
    settled_among_pings(&mut alive).await;
}

async fn settled_among_pings(socket: &mut Socket) {
    socket.send(json!({ "type": "ping" })).await.unwrap();
    assert!(matches!(socket.receive().await.unwrap(), Incoming::Json(pong) if pong == json!({ "type": "pong" })));
}

#[tokio::test]
async fn the_older_subprotocol_is_spoken_where_it_was_asked_for() {
    let app = TestApp::start_with(&["--legacy-websocket=on"]).await;
    let mut socket = Socket::dial(app.address, PATH, Some("graphql-ws")).await.unwrap();
    socket.send(json!({ "type": "connection_init" })).await.unwrap();
    assert_eq!(socket.next_message().await["type"], "connection_ack");
    let payload = json!({ "query": WATCH, "variables": { "budget": "federal" } });
    socket.send(json!({ "id": "1", "type": "start", "payload": payload })).await.unwrap();
    let message = socket.next_message().await;
    assert_eq!((&message["id"], &message["type"]), (&json!("1"), &json!("data")), "{message}");
    app.client().submit(split(40.0)).await;
    while socket.next_message().await["payload"]["data"]["aggregate"]["participantCount"] != 1 {}
    // The newer one is there too.
    let mut newer = Socket::connect(app.address).await;
    newer.watch().await;
    assert_eq!(newer.next_aggregate().await["participantCount"], 1);
}

#[tokio::test]
async fn hundreds_that_come_back_at_once_are_all_served() {
    let app = TestApp::start().await;
    let client = app.client();
    for round in 1..=3 {
        let watchers = (0..300).map(|_| async {
            let mut socket = Socket::connect(app.address).await;
            socket.watch().await;
            socket.next_aggregate().await;
            socket
        });
        let mut sockets = futures_util::future::join_all(watchers).await;
        client.submit(split(50.0)).await;
        for socket in &mut sockets {
            socket.until_participants(round).await;
        }
        // Away without a word, all of them.
    }
    client.everybody_left().await;
}
