//! GraphQL over server-sent events.

use reqwest::{Response, StatusCode};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
};

use crate::support::{
    Client, TIMEOUT, TestApp,
    client::split,
    socket::{WATCH, revision},
};

/// Events of an open response.
pub struct Events {
    response: Response,
    text: String,
}

impl Events {
    pub async fn open(client: &Client, query: &str, variables: Value) -> Self {
        let body = json!({ "query": query, "variables": variables });
        let request = client.http.post(client.url("/graphql/stream")).header("accept", "text/event-stream");
        Self::of(request.json(&body).send().await.unwrap())
    }

    fn of(response: Response) -> Self {
        assert_eq!(response.status(), StatusCode::OK);
        for (name, value) in
            [("content-type", "text/event-stream"), ("cache-control", "no-cache"), ("x-accel-buffering", "no")]
        {
            assert_eq!(response.headers()[name], value);
        }
        Self { response, text: String::new() }
    }

    /// The next event's name and data; none at the end.
    async fn next(&mut self) -> Option<(String, String)> {
        self.next_with_id().await.map(|(name, data, _)| (name, data))
    }

    /// The same with its id, where it has one.
    async fn next_with_id(&mut self) -> Option<(String, String, Option<String>)> {
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let field = |name: &str| {
                    let line = event.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
                    line.map(|value| value.trim_start().to_owned())
                };
                let found = field("event").map(|name| (name, field("data").unwrap_or_default(), field("id")));
                let rest = rest.to_owned();
                self.text = rest;
                if found.is_some() {
                    return found;
                }
            } else {
                let chunk = tokio::time::timeout(TIMEOUT, self.response.chunk()).await.unwrap().unwrap()?;
                self.text.push_str(std::str::from_utf8(&chunk).unwrap());
            }
        }
    }

    pub async fn next_result(&mut self) -> Value {
        let (name, data) = self.next().await.unwrap();
        assert_eq!(name, "next", "{data}");
        serde_json::from_str(&data).unwrap()
    }

    async fn until_participants(&mut self, participants: i64) -> Value {
        loop {
            let aggregate = self.next_result().await["data"]["aggregate"].clone();
            if aggregate["participantCount"] == participants {
                return aggregate;
            }
        }
    }
}

#[tokio::test]
async fn a_watcher_gets_the_current_numbers_at_once_and_then_each_newer() {
    let app = TestApp::start().await;
    let client = app.client();
    client.submit(split(10.0)).await;
    client.aggregate_of(1, 1).await;
    let mut events = Events::open(&client, WATCH, json!({ "budget": "federal" })).await;
    let first = events.next_result().await["data"]["aggregate"].clone();
    assert_eq!(first["participantCount"], 1);
    client.submit(split(20.0)).await;
    let second = events.until_participants(2).await;
    assert!(revision(&first) < revision(&second));
}

#[tokio::test]
async fn a_browsers_event_source_may_watch_by_get() {
    let app = TestApp::start().await;
    let client = app.client();
    let parameters = [("query", WATCH), ("variables", "{\"budget\":\"federal\"}")];
    let request = client.http.get(client.url("/graphql/stream")).query(&parameters);
    let mut events = Events::of(request.header("accept", "text/event-stream").send().await.unwrap());
    assert_eq!(events.next_result().await["data"]["aggregate"]["participantCount"], 0);
}

#[tokio::test]
async fn queries_mutations_and_errors_are_one_result_and_the_end() {
    let app = TestApp::start().await;
    let client = app.client();
    let mutation =
        "mutation ($input: SubmitAllocationInput!) { submitAllocation(input: $input) { submission { counted } } }";
    for (query, variables, path, expected) in [
        ("{ budget(slug: \"federal\") { slug } }", Value::Null, "/data/budget/slug", json!("federal")),
        (mutation, json!({ "input": split(5.0) }), "/data/submitAllocation/submission/counted", json!(true)),
        (WATCH, json!({ "budget": "unheard-of" }), "/errors/0/extensions/code", json!("NOT_FOUND")),
        ("{ nonsense }", Value::Null, "/errors/0/extensions/code", json!("BAD_USER_INPUT")),
        ("{ not GraphQL", Value::Null, "/errors/0/extensions/code", json!("BAD_USER_INPUT")),
    ] {
        let mut events = Events::open(&client, query, variables).await;
        let result = events.next_result().await;
        assert_eq!(result.pointer(path), Some(&expected), "{result}");
        assert_eq!(events.next().await, Some(("complete".to_owned(), String::new())), "{query}");
        assert_eq!(events.next().await, None, "{query}");
    }
    client.aggregate_of(1, 1).await;
}

#[tokio::test]
async fn what_is_no_request_for_events_is_refused_with_its_status() {
    let app = TestApp::start().await;
    let client = app.client();
    let url = client.url("/graphql/stream");
    let query = json!({ "query": "{ __typename }" });
    let get = |query: &str| client.http.get(&url).query(&[("query", query)]).header("accept", "text/event-stream");
    let post = || client.http.post(&url).header("accept", "text/event-stream");
    for (request, status) in [
        (get("mutation { submitAllocation }"), StatusCode::METHOD_NOT_ALLOWED),
        (
            get("query a { __typename } mutation b { x }").query(&[("operationName", "b")]),
            StatusCode::METHOD_NOT_ALLOWED,
        ),
        (get(""), StatusCode::BAD_REQUEST),
        (client.http.get(&url), StatusCode::BAD_REQUEST),
        (client.http.get(format!("{url}?variables=nonsense&query=x")), StatusCode::BAD_REQUEST),
        (client.http.post(&url).header("accept", "application/json").json(&query), StatusCode::NOT_ACCEPTABLE),
        (client.http.post(&url).header("accept", "text/event-stream;q=0").json(&query), StatusCode::NOT_ACCEPTABLE),
        (post().body(query.to_string()), StatusCode::UNSUPPORTED_MEDIA_TYPE),
        (post().header("content-type", "text/plain").body(query.to_string()), StatusCode::UNSUPPORTED_MEDIA_TYPE),
        (post().header("content-type", "application/json").body("nonsense"), StatusCode::BAD_REQUEST),
        (post().json(&json!({ "query": "x".repeat(200_000) })), StatusCode::PAYLOAD_TOO_LARGE),
        (post().bearer_auth("nonsense").json(&query), StatusCode::UNAUTHORIZED),
        (client.http.put(&url), StatusCode::METHOD_NOT_ALLOWED),
    ] {
        let shown = format!("{request:?}");
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), status, "{shown}");
    }
}

#[tokio::test]
async fn a_server_that_stops_ends_the_stream_without_saying_that_it_is_complete() {
    let app = TestApp::start().await;
    let mut events = Events::open(&app.client(), WATCH, json!({ "budget": "federal" })).await;
    events.next_result().await;
    let stopped = tokio::time::timeout(TIMEOUT, app.stop());
    let (stopped, end) = tokio::join!(stopped, events.next());
    stopped.unwrap();
    assert_eq!(end, None, "a client begins again at another server");
}

#[tokio::test]
async fn each_result_has_the_revision_as_its_id_and_who_names_it_is_not_sent_it_again() {
    let app = TestApp::start().await;
    let client = app.client();
    let body = json!({ "query": WATCH, "variables": { "budget": "federal" } });
    let open = async |last: Option<&str>| {
        let request = client.http.post(client.url("/graphql/stream")).header("accept", "text/event-stream");
        let request = last.into_iter().fold(request, |request, last| request.header("last-event-id", last));
        Events::of(request.json(&body).send().await.unwrap())
    };
    let mut events = open(None).await;
    let (_, data, id) = events.next_with_id().await.unwrap();
    let shown: Value = serde_json::from_str(&data).unwrap();
    let id = id.unwrap();
    assert_eq!(shown["data"]["aggregate"]["revision"], id.as_str());

    // Nothing has changed: what comes first is the next publication.
    let mut again = open(Some(&id)).await;
    let mut of_old = open(Some("1-1")).await;
    assert_eq!(of_old.next_result().await, shown, "what was missed is the newest");
    client.submit(split(20.0)).await;
    let next = again.next_result().await["data"]["aggregate"].clone();
    assert!(revision(&next) > revision(&shown["data"]["aggregate"]), "{next}");
    // Something has changed meanwhile: the newest comes at once.
    events.until_participants(1).await;
    let newest = open(Some(&id)).await.next_result().await["data"]["aggregate"].clone();
    assert_eq!(newest["participantCount"], 1);
    // Ids that are none of ours.
    for nonsense in ["", "x", "999999999999999999999-1"] {
        assert_eq!(open(Some(nonsense)).await.next_result().await["data"]["aggregate"]["participantCount"], 1);
    }
}

#[tokio::test]
async fn a_silent_stream_shows_signs_of_life_that_are_no_events() {
    let app = TestApp::start_with(&["--keep-alive-ms=50"]).await;
    let mut events = Events::open(&app.client(), WATCH, json!({ "budget": "federal" })).await;
    events.next_result().await;
    for _ in 0..3 {
        let chunk = tokio::time::timeout(TIMEOUT, events.response.chunk()).await.unwrap().unwrap().unwrap();
        assert_eq!(&*chunk, b":\n\n");
    }
}

#[tokio::test]
async fn the_response_begins_before_there_is_anything_to_say() {
    let app = TestApp::start().await;
    let client = app.client();
    let mut events = Events::open(&client, WATCH, json!({ "budget": "federal" })).await;
    let first = tokio::time::timeout(TIMEOUT, events.response.chunk()).await.unwrap().unwrap().unwrap();
    assert!(first.starts_with(b":\n\n"), "a comment, so that proxies pass the head on: {first:?}");
}

#[tokio::test]
async fn events_are_given_at_either_address_to_who_accepts_them() {
    let app = TestApp::start().await;
    let client = app.client();
    let body = json!({ "query": WATCH, "variables": { "budget": "federal" } });
    let request = client.http.post(client.url("/graphql")).header("accept", "text/event-stream");
    // Not compressed, whatever the client can unpack: nothing may wait for more.
    let response = request.header("accept-encoding", "gzip").json(&body).send().await.unwrap();
    assert!(response.headers().get("content-encoding").is_none());
    assert_eq!(Events::of(response).next_result().await["data"]["aggregate"]["participantCount"], 0);
}

/// A request of another kind, as a client may send it before it has a response.
const PIPELINED: &str = "GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n";

/// A subscription over a connection of its own, read chunk by chunk.
struct Chunks(BufReader<TcpStream>);

impl Chunks {
    /// Requests by this method, sends more at once, and reads the head of the response.
    async fn open(app: &TestApp, method: &str, more: &str) -> (Self, String) {
        let mut stream = TcpStream::connect(app.address).await.unwrap();
        let path = "/graphql/stream?query=subscription{aggregate(budget:%22federal%22){participantCount}}";
        let head = format!("{method} {path} HTTP/1.1\r\nhost: localhost\r\naccept: text/event-stream\r\n\r\n{more}");
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut chunks = Self(BufReader::new(stream));
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            head.push_str(&chunks.line().await);
        }
        assert!(head.starts_with("HTTP/1.1 200 "), "{head}");
        assert!(head.contains("\r\nconnection: close\r\n"), "no other request is answered: {head}");
        (chunks, head)
    }

    async fn subscribe(app: &TestApp, more: &str) -> Self {
        let (mut chunks, head) = Self::open(app, "GET", more).await;
        assert!(head.contains("\r\ntransfer-encoding: chunked\r\n"), "{head}");
        assert_eq!(chunks.next().await, ":\n\n");
        chunks
    }

    async fn line(&mut self) -> String {
        let mut line = String::new();
        tokio::time::timeout(TIMEOUT, self.0.read_line(&mut line)).await.unwrap().unwrap();
        assert!(line.ends_with("\r\n"), "{line:?}");
        line
    }

    /// The next chunk, which is empty at the end.
    async fn next(&mut self) -> String {
        let size = usize::from_str_radix(self.line().await.trim_end(), 16).unwrap();
        let mut chunk = vec![0; size + 2];
        tokio::time::timeout(TIMEOUT, self.0.read_exact(&mut chunk)).await.unwrap().unwrap();
        let chunk = String::from_utf8(chunk).unwrap();
        chunk.strip_suffix("\r\n").expect(&chunk).to_owned()
    }

    async fn until_participants(&mut self, participants: i64) {
        loop {
            let chunk = self.next().await;
            // A sign of life may come before the first result.
            if chunk == ":\n\n" {
                continue;
            }
            assert!(chunk.starts_with("event: next\n") && chunk.ends_with("}\n\n"), "one event: {chunk:?}");
            if chunk.contains(&format!("\"participantCount\":{participants}")) {
                return;
            }
        }
    }

    /// Waits until the server closes the connection, without having sent more.
    async fn closed(mut self) {
        let mut rest = String::new();
        tokio::time::timeout(TIMEOUT, self.0.read_to_string(&mut rest)).await.expect("not closed").unwrap();
        assert_eq!(rest, "");
    }
}

#[tokio::test]
async fn over_http_1_a_stream_is_chunks_with_signs_of_life_and_ends_with_the_last_chunk_and_its_connection() {
    let app = TestApp::start_with(&["--keep-alive-ms=50"]).await;
    let mut chunks = Chunks::subscribe(&app, "").await;
    chunks.until_participants(0).await;
    for _ in 0..3 {
        assert_eq!(chunks.next().await, ":\n\n");
    }
    let stopped = tokio::time::timeout(TIMEOUT, app.stop());
    let reading = async {
        loop {
            match &*chunks.next().await {
                ":\n\n" => {}
                last => return assert_eq!(last, ""),
            }
        }
    };
    tokio::join!(stopped, reading).0.unwrap();
    chunks.closed().await;
}

#[tokio::test]
async fn over_http_1_a_client_that_goes_or_sends_no_more_gives_its_places_back() {
    let app = TestApp::start().await;
    let client = app.client();
    let (mut first, mut second) = (Chunks::subscribe(&app, "").await, Chunks::subscribe(&app, PIPELINED).await);
    first.until_participants(0).await;
    second.until_participants(0).await;
    assert_eq!(client.metric("taxbudget_open_streams").await, 2);
    assert_eq!(client.metric("taxbudget_open_connections").await, 3);
    drop(first);
    client.metric_is("taxbudget_open_streams", 1).await;
    second.0.get_mut().shutdown().await.unwrap();
    second.closed().await;
    client.everybody_left().await;
    client.metric_is("taxbudget_open_connections", 1).await;
}

#[tokio::test]
async fn what_a_client_sends_after_its_subscription_over_http_1_is_not_answered_and_disturbs_nothing() {
    let app = TestApp::start().await;
    let client = app.client();
    let mut chunks = Chunks::subscribe(&app, PIPELINED).await;
    chunks.until_participants(0).await;
    for participants in 1..=3 {
        // More than one read takes.
        chunks.0.get_mut().write_all(PIPELINED.repeat(100).as_bytes()).await.unwrap();
        client.submit(split(10.0)).await;
        chunks.until_participants(participants).await;
    }
    assert_eq!(client.metric("taxbudget_open_streams").await, 1);
    drop(chunks);
    client.everybody_left().await;
}

#[tokio::test]
async fn a_head_of_a_subscription_is_the_head_alone() {
    let app = TestApp::start().await;
    let (chunks, head) = Chunks::open(&app, "HEAD", "").await;
    assert!(head.contains("\r\ncontent-type: text/event-stream\r\n"), "{head}");
    chunks.closed().await;
    app.client().everybody_left().await;
}
