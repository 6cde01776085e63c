//! How long a connection may take for what it does, how many there may be, and who is answered all the same.

use std::{
    net::{IpAddr, Ipv4Addr},
    time::{Duration, Instant},
};

use reqwest::StatusCode;
use serde_json::{Value, json};
use taxbudget::http::Timeouts;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
};

use crate::support::{
    Client, TIMEOUT, TestApp,
    client::split,
    loopback::{client_from, connect_from},
    raw_socket::masked,
    socket::{Socket, WATCH, upgraded},
};

/// The beginning of HTTP/2, with settings and without a request.
const HTTP_2: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";
const HEALTH: &[u8] = b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n";
const PROBES: [&str; 3] = ["/healthz", "/readyz", "/metrics"];
/// A larger result, so that few of them fill what the kernel keeps for somebody who does not read.
const LARGE: &str = "subscription { aggregate(budget: \"federal\") { version participantCount
    categories { histogram(bins: 100) { fromPercent toPercent } } } }";
const HERE: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2));
const ELSEWHERE: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 3));

/// No test waits for these.
const LONG: Timeouts =
    Timeouts { first_request: Duration::from_mins(10), body: Duration::from_mins(10), idle: Duration::from_mins(10) };
const SHORT: Duration = Duration::from_millis(300);

/// Everything until the other side closes, which it must.
async fn rest(mut stream: TcpStream) -> String {
    let mut received = Vec::new();
    // A reset is an end as well.
    let _ = tokio::time::timeout(TIMEOUT, stream.read_to_end(&mut received)).await.expect("not closed");
    String::from_utf8_lossy(&received).into_owned()
}

/// Asks for the process's health on an open connection, and reads the answer.
async fn healthy(stream: &mut TcpStream) {
    stream.write_all(HEALTH).await.unwrap();
    let mut answer = Vec::new();
    while !answer.ends_with(b"ok\n") {
        answer.push(tokio::time::timeout(TIMEOUT, stream.read_u8()).await.unwrap().unwrap());
    }
    assert!(answer.starts_with(b"HTTP/1.1 200"));
}

async fn events(client: &Client, query: &str) -> reqwest::Response {
    let body = json!({ "query": query, "variables": { "budget": "federal" } });
    let request = client.http.post(client.url("/graphql/stream")).header("accept", "text/event-stream").json(&body);
    request.send().await.unwrap()
}

async fn refused(response: reqwest::Response, status: StatusCode, says: &str) {
    assert_eq!(response.status(), status);
    assert_eq!(response.headers()["retry-after"], "5");
    let answer: Value = response.json().await.unwrap();
    assert_eq!(answer["errors"][0]["extensions"]["code"], "OVERLOADED", "{answer}");
    assert!(answer["errors"][0]["message"].as_str().unwrap().contains(says), "{answer}");
}

async fn probes_answer(client: &Client) {
    for probe in PROBES {
        let response = client.http.get(client.url(probe)).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK, "{probe}");
    }
}

#[tokio::test]
async fn a_connection_whose_first_request_does_not_come_is_closed() {
    let app = TestApp::start_with_timeouts(Timeouts { first_request: SHORT, ..LONG }, &[]).await;
    for (what, sent) in [
        ("nothing", &b""[..]),
        ("half a head", b"POST /graphql HTTP/1.1\r\nhost: localhost\r\n"),
        ("half of what begins HTTP/2", &HTTP_2[..10]),
        ("HTTP/2 without a request", HTTP_2),
    ] {
        let mut stream = TcpStream::connect(app.address).await.unwrap();
        stream.write_all(sent).await.unwrap();
        let answer = rest(stream).await;
        assert!(!answer.starts_with("HTTP/1.1 200"), "{what}: {answer}");
    }
    app.client().metric_is("taxbudget_open_connections", 1).await;
}

#[tokio::test]
async fn a_body_that_does_not_come_is_answered_with_408() {
    let app = TestApp::start_with_timeouts(Timeouts { body: SHORT, ..LONG }, &[]).await;
    for (head, part) in [
        ("POST /graphql HTTP/1.1\r\ncontent-length: 100", "{"),
        ("POST /graphql HTTP/1.1\r\ntransfer-encoding: chunked", "1\r\n{\r\n"),
        ("POST /graphql/stream HTTP/1.1\r\ncontent-length: 100", "{"),
    ] {
        let mut stream = TcpStream::connect(app.address).await.unwrap();
        let head = format!("{head}\r\nhost: localhost\r\ncontent-type: application/json\r\n\r\n{part}");
        stream.write_all(head.as_bytes()).await.unwrap();
        let answer = rest(stream).await;
        assert!(answer.starts_with("HTTP/1.1 408 "), "{head}: {answer}");
        assert!(answer.contains("BAD_USER_INPUT") && answer.contains("did not arrive within"), "{answer}");
    }
}

#[tokio::test]
async fn a_head_that_is_too_large_is_answered_with_431() {
    let app = TestApp::start().await;
    let mut stream = TcpStream::connect(app.address).await.unwrap();
    let head = format!("GET /healthz HTTP/1.1\r\nhost: localhost\r\nx: {}\r\n\r\n", "x".repeat(16 * 1024));
    // It may be closed before all of it is sent.
    let _ = stream.write_all(head.as_bytes()).await;
    let mut start = [0; 13];
    stream.read_exact(&mut start).await.unwrap();
    assert_eq!(&start, b"HTTP/1.1 431 ");
}

#[tokio::test]
async fn an_idle_connection_is_closed_and_streams_and_sockets_are_not() {
    let timeouts = Timeouts { idle: 2 * SHORT, ..LONG };
    let app =
        TestApp::start_with_timeouts(Timeouts { first_request: SHORT, ..timeouts }, &["--keep-alive-ms=100"]).await;
    let client = app.client();
    let mut socket = Socket::connect(app.address).await;
    socket.watch().await;
    // Read all the time, so that pings are answered.
    let watching = tokio::spawn(async move { socket.until_participants(1).await });
    let mut streamed = events(&client, WATCH).await;
    // Requests one after another on one connection, the last two at once.
    let mut stream = TcpStream::connect(app.address).await.unwrap();
    healthy(&mut stream).await;
    healthy(&mut stream).await;
    stream.write_all(&[HEALTH, HEALTH].concat()).await.unwrap();
    assert_eq!(rest(stream).await.matches("HTTP/1.1 200").count(), 2);
    client.submit(split(10.0)).await;
    watching.await.unwrap();
    let mut text = String::new();
    while !text.contains("\"participantCount\":1") {
        let chunk = tokio::time::timeout(TIMEOUT, streamed.chunk()).await.unwrap().unwrap();
        text.push_str(&String::from_utf8_lossy(&chunk.expect("the stream ended")));
    }
}

#[tokio::test]
async fn a_stream_whose_client_does_not_read_is_ended() {
    let timeouts = Timeouts { idle: 2 * SHORT, ..LONG };
    let app =
        TestApp::start_with_timeouts(Timeouts { first_request: SHORT, ..timeouts }, &["--keep-alive-ms=50"]).await;
    let client = app.client();
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4 * 1024).unwrap();
    let mut stuck = socket.connect(app.address).await.unwrap();
    let body = json!({ "query": LARGE }).to_string();
    let head = format!(
        "POST /graphql/stream HTTP/1.1\r\nhost: localhost\r\naccept: text/event-stream\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    stuck.write_all(head.as_bytes()).await.unwrap();
    client.metric_is("taxbudget_open_streams", 1).await;
    for n in 1..=20 {
        client.submit(split(f64::from(n))).await;
        client.aggregate_of(i64::from(n), i64::from(n)).await;
    }
    let begun = Instant::now();
    client.everybody_left().await;
    // The kernel would end it after thirty seconds.
    assert!(begun.elapsed() < Duration::from_secs(15), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn an_http_2_stream_whose_client_never_makes_room_for_it_is_ended() {
    let timeouts = Timeouts { idle: 2 * SHORT, ..LONG };
    let app =
        TestApp::start_with_timeouts(Timeouts { first_request: SHORT, ..timeouts }, &["--keep-alive-ms=50"]).await;
    let literal = |text: &str| [&[u8::try_from(text.len()).unwrap()], text.as_bytes()].concat();
    // Fields after RFC 7541: GET and http from its table; path, authority and accept written out.
    let path = "/graphql/stream?query=subscription{aggregate(budget:%22federal%22){version}}";
    let fields = [
        vec![0x82, 0x86, 0x04],
        literal(path),
        vec![0x01],
        literal("localhost"),
        vec![0x00],
        literal("accept"),
        literal("text/event-stream"),
    ]
    .concat();
    // A stream may send nothing before its window is opened. The kernel takes everything, so it sees nobody who does not read.
    let settings = b"\0\0\x06\x04\0\0\0\0\0\0\x04\0\0\0\0";
    let head = [&[0, 0, u8::try_from(fields.len()).unwrap(), 0x01, 0x05, 0, 0, 0, 1], &fields[..]].concat();
    let mut stream = TcpStream::connect(app.address).await.unwrap();
    stream.write_all(&[&HTTP_2[..24], settings, &head].concat()).await.unwrap();
    app.client().metric_is("taxbudget_open_streams", 1).await;
    rest(stream).await;
    app.client().everybody_left().await;
}

#[tokio::test]
async fn a_network_with_all_its_connections_gets_answers_from_the_probes_alone_and_others_get_all() {
    let app = TestApp::start_with_timeouts(LONG, &["--max-connections-per-network=5"]).await;
    let (mine, other) = (client_from(HERE, app.address), client_from(ELSEWHERE, app.address));
    let mut held = Vec::new();
    for _ in 0..5 {
        let mut stream = connect_from(HERE, app.address).await.unwrap();
        healthy(&mut stream).await;
        held.push(stream);
    }
    probes_answer(&mine).await;
    let says = "Your network has as many open connections here as one network may (5)";
    let response = mine.http.get(mine.url("/")).send().await.unwrap();
    assert_eq!(response.headers()["connection"], "close");
    refused(response, StatusCode::TOO_MANY_REQUESTS, says).await;
    // Also who has more to send than is looked at.
    let body = json!({ "query": format!("{{ budgets {{ slug }} }} #{}", "x".repeat(100_000)) });
    let response = mine.http.post(mine.url("/graphql")).json(&body).send().await.unwrap();
    refused(response, StatusCode::TOO_MANY_REQUESTS, says).await;
    // Those that are open go on, and another network has its own share.
    healthy(&mut held[0]).await;
    other.submit(split(10.0)).await;
    let mut watching = Socket::connect(app.address).await;
    watching.watch().await;
    assert_eq!(watching.until_participants(1).await["participantCount"], 1);
    assert!(other.metric("taxbudget_refused_connections_total{kind=\"connection\",limit=\"network\"}").await >= 5);
    // One place that is given back is taken.
    held.pop();
    crate::support::eventually("there is room again", || async {
        let response = mine.http.post(mine.url("/graphql")).json(&json!({ "query": "{ budgets { slug } }" })).send();
        (response.await.unwrap().status() == StatusCode::OK).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_full_server_answers_probes_from_everywhere_and_503_to_everything_else() {
    let app = TestApp::start_with_timeouts(LONG, &["--max-connections=5"]).await;
    let client = client_from(ELSEWHERE, app.address);
    let mut held = Vec::new();
    for last in 10..15 {
        let mut stream = connect_from([127, 0, 0, last].into(), app.address).await.unwrap();
        healthy(&mut stream).await;
        held.push(stream);
    }
    assert_eq!(client.metric("taxbudget_max_connections").await, 5);
    assert_eq!(client.metric("taxbudget_open_connections").await, 5);
    // More than may be open over the limit, which say nothing: each next one ends the oldest.
    let mut silent = Vec::new();
    for _ in 0..2_000 {
        silent.push(connect_from(HERE, app.address).await.unwrap());
    }
    for _ in 0..5 {
        probes_answer(&client).await;
    }
    let response = client.http.get(client.url("/")).send().await.unwrap();
    refused(response, StatusCode::SERVICE_UNAVAILABLE, "This server has as many open connections as it may (5)").await;
    // They do not stay, though they would.
    rest(silent.pop().unwrap()).await;
}

#[tokio::test]
async fn a_trusted_proxy_brings_as_many_connections_as_there_may_be() {
    let flags = ["--max-connections-per-network=2", "--trusted-proxies=127.0.0.2/32"];
    let app = TestApp::start_with_timeouts(LONG, &flags).await;
    let mut held = Vec::new();
    for _ in 0..10 {
        let mut stream = connect_from(HERE, app.address).await.unwrap();
        stream.write_all(b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n").await.unwrap();
        let mut start = [0; 13];
        stream.read_exact(&mut start).await.unwrap();
        assert_ne!(&start, b"HTTP/1.1 429 ");
        held.push(stream);
    }
}

#[tokio::test]
async fn a_network_has_its_share_of_sockets_and_streams_by_the_address_that_its_proxy_saw() {
    let flags = ["--max-streams-per-network=2", "--trusted-proxies=127.0.0.0/8"];
    let app = TestApp::start_with(&flags).await;
    let from = |address| Client::with_header(app.address, "x-forwarded-for", address);
    let (crowded, other) = (from("198.51.100.1"), from("198.51.100.2"));
    let says = "Your network has as many open WebSockets and streams here as one network may (2)";
    let first = events(&crowded, WATCH).await;
    let second = events(&crowded, WATCH).await;
    assert_eq!((first.status(), second.status()), (StatusCode::OK, StatusCode::OK));
    refused(events(&crowded, WATCH).await, StatusCode::TOO_MANY_REQUESTS, says).await;
    assert_eq!(events(&other, WATCH).await.status(), StatusCode::OK);
    // What comes once is answered on.
    crowded.submit(split(10.0)).await;
    let limited = "taxbudget_refused_connections_total{kind=\"stream\",limit=\"network\"}";
    assert_eq!(other.metric(limited).await, 1);
    drop(first);
    crowded.metric_is("taxbudget_open_streams", 1).await;
    assert_eq!(events(&crowded, WATCH).await.status(), StatusCode::OK);

    // Sockets and streams share it.
    let app = TestApp::start_with(&["--max-streams-per-network=2"]).await;
    let _held = (Socket::connect(app.address).await, events(&app.client(), WATCH).await);
    let refusal = Socket::try_connect(app.address).await.err().unwrap().to_string();
    assert!(refusal.starts_with("HTTP/1.1 429"), "{refusal}");
}

#[tokio::test]
async fn http_2_is_served_within_the_same_limits() {
    let app = TestApp::start_with_timeouts(LONG, &["--max-connections-per-network=1"]).await;
    let client = || {
        let http = reqwest::Client::builder().http2_prior_knowledge().local_address(HERE);
        Client { address: app.address, http: http.build().unwrap() }
    };
    let (first, second) = (client(), client());
    first.submit(split(10.0)).await;
    let response = second.http.get(second.url("/healthz")).send().await.unwrap();
    assert_eq!((response.status(), response.version()), (StatusCode::OK, reqwest::Version::HTTP_2));
    let response = second.http.get(second.url("/")).send().await.unwrap();
    refused(response, StatusCode::TOO_MANY_REQUESTS, "Your network").await;
    first.submit(split(20.0)).await;
}

/// A socket of the older protocol, greeted.
async fn legacy(app: &TestApp) -> Socket {
    let mut socket = Socket::dial(app.address, "/graphql/ws", Some("graphql-ws")).await.unwrap();
    socket.send(json!({ "type": "connection_init" })).await.unwrap();
    assert_eq!(socket.next_message().await["type"], "connection_ack");
    socket
}

#[tokio::test]
async fn the_older_websocket_protocol_has_the_limits_of_the_newer_one() {
    let app = TestApp::start_with(&["--legacy-websocket=on", "--max-streams=2"]).await;
    let client = app.client();
    // Ten operations at once.
    let mut socket = legacy(&app).await;
    for id in 0..11 {
        let payload = json!({ "query": WATCH, "variables": { "budget": "federal" } });
        socket.send(json!({ "id": id.to_string(), "type": "start", "payload": payload })).await.unwrap();
    }
    let (mut began, mut refused) = (0, 0);
    while (began, refused) != (10, 1) {
        let message = socket.next_message().await;
        match message["payload"]["errors"][0]["extensions"]["code"].as_str() {
            Some("OVERLOADED") => refused += 1,
            None => began += i32::from(message["type"] == "data"),
            Some(other) => panic!("{other}"),
        }
    }
    assert_eq!(client.metric("taxbudget_socket_operations").await, 10);
    // A place among the sockets, and a time for the greeting.
    let silent = Socket::dial(app.address, "/graphql/ws", Some("graphql-ws")).await.unwrap();
    let refusal = Socket::try_connect(app.address).await.err().unwrap().to_string();
    assert!(refusal.starts_with("HTTP/1.1 503"), "{refusal}");
    rest(silent.into_stream()).await;
    // Messages of at most 16 KiB.
    let mut socket = legacy(&app).await.into_stream();
    socket.write_all(&masked(0x81, &vec![b' '; 16 * 1024 + 1])).await.unwrap();
    rest(socket).await;
    client.metric_is("taxbudget_open_streams", 1).await;
}

#[tokio::test]
async fn a_socket_of_the_older_protocol_is_pinged_and_one_that_does_not_answer_is_given_up() {
    let app = TestApp::start_with(&["--legacy-websocket=on", "--keep-alive-ms=200"]).await;
    let mut alive = legacy(&app).await;
    let _gone = legacy(&app).await;
    for _ in 0..5 {
        let frame = alive.next_frame().await;
        assert!(frame.as_ref().is_some_and(tokio_tungstenite::tungstenite::Message::is_ping), "{frame:?}");
    }
    app.client().metric_is("taxbudget_open_streams", 1).await;
}

#[tokio::test]
async fn a_message_of_sixteen_kilobytes_is_understood() {
    let app = TestApp::start().await;
    let stream = TcpStream::connect(app.address).await.unwrap();
    let mut stream = upgraded(stream, "/graphql/ws", Some("graphql-transport-ws")).await.unwrap();
    let greeting = b"{\"type\":\"connection_init\"}";
    let padded = [&greeting[..], &vec![b' '; 16 * 1024 - greeting.len()]].concat();
    stream.write_all(&masked(0x81, &padded)).await.unwrap();
    let mut answer = [0; 27];
    tokio::time::timeout(TIMEOUT, stream.read_exact(&mut answer)).await.unwrap().unwrap();
    assert!(String::from_utf8_lossy(&answer).contains("connection_ack"));
}
