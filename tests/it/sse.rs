//! GraphQL over server-sent events.

use reqwest::{Response, StatusCode};
use serde_json::{Value, json};

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
