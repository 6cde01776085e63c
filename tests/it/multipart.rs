//! Subscriptions in the parts of one response, as Apollo Client reads them.

use reqwest::{Response, StatusCode};
use serde_json::{Value, json};

use crate::support::{Client, TIMEOUT, TestApp, client::split, socket::WATCH};

/// What Apollo Client sends.
const ACCEPT: &str = "multipart/mixed;boundary=graphql;subscriptionSpec=1.0,application/json";
const BOUNDARY: &str = "\r\n--graphql";

/// Parts of an open response.
struct Parts {
    response: Response,
    text: String,
}

impl Parts {
    async fn open(client: &Client, accept: &str, query: &str, variables: Value) -> Self {
        let request = client.http.post(client.url("/graphql")).header("accept", accept);
        let body = json!({ "query": query, "variables": variables });
        let response = request.json(&body).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        let kind = response.headers()["content-type"].to_str().unwrap();
        assert_eq!(kind, "multipart/mixed;boundary=\"graphql\";subscriptionSpec=\"1.0\"");
        assert_eq!(response.headers()["cache-control"], "no-cache");
        assert!(response.headers().get("content-encoding").is_none(), "streams are not compressed");
        Self { response, text: "\r\n".to_owned() }
    }

    /// The next part, once it is known to be whole: when the boundary after it is there. None at the end.
    async fn next(&mut self) -> Option<Value> {
        loop {
            if let Some(part) = self.text.strip_prefix(BOUNDARY)
                && let Some((part, _)) = part.split_once(BOUNDARY)
            {
                let (head, body) = part.split_once("\r\n\r\n").unwrap();
                assert_eq!(head.trim(), "Content-Type: application/json; charset=utf-8");
                let body = serde_json::from_str(body).unwrap();
                let length = BOUNDARY.len() + part.len();
                self.text.drain(..length);
                return Some(body);
            }
            if self.text == "\r\n--graphql--\r\n" {
                assert_eq!(self.response.chunk().await.unwrap(), None, "nothing after the last boundary");
                return None;
            }
            let chunk = tokio::time::timeout(TIMEOUT, self.response.chunk()).await.expect("a part that came late");
            self.text.push_str(std::str::from_utf8(&chunk.unwrap()?).unwrap());
        }
    }

    async fn next_aggregate(&mut self) -> Value {
        self.next().await.unwrap()["payload"]["data"]["aggregate"].clone()
    }
}

#[tokio::test]
async fn each_part_is_whole_at_once_and_not_one_message_late() {
    let app = TestApp::start().await;
    let client = app.client();
    let mut parts = Parts::open(&client, ACCEPT, WATCH, json!({ "budget": "federal" })).await;
    assert_eq!(parts.next_aggregate().await["participantCount"], 0);
    for participants in 1..=3 {
        client.submit(split(20.0)).await;
        // Nothing follows that could push it out.
        while parts.next_aggregate().await["participantCount"] != participants {}
    }
}

#[tokio::test]
async fn signs_of_life_are_empty_parts() {
    let app = TestApp::start_with(&["--keep-alive-ms=50"]).await;
    let mut parts = Parts::open(&app.client(), ACCEPT, WATCH, json!({ "budget": "federal" })).await;
    parts.next_aggregate().await;
    let mut signs = 0;
    while signs < 3 {
        let part = parts.next().await.expect("the stream goes on");
        // On a busy machine the first numbers may have been stale, and are told again when they are not.
        if part.get("payload").is_none() {
            assert_eq!(part, json!({}));
            signs += 1;
        }
    }
}

#[tokio::test]
async fn an_operation_that_ends_closes_with_the_last_boundary() {
    let app = TestApp::start().await;
    let client = app.client();
    let unknown = "subscription { aggregate(budget: \"lunar\") { version } }";
    for (accept, query, path, expected) in [
        ("multipart/mixed", "{ budgets { slug } }", "/payload/data/budgets/0/slug", json!("federal")),
        (ACCEPT, unknown, "/payload/errors/0/extensions/code", json!("NOT_FOUND")),
        ("multipart/mixed", "{ nonsense }", "/payload/errors/0/extensions/code", json!("BAD_USER_INPUT")),
    ] {
        let mut parts = Parts::open(&client, accept, query, Value::Null).await;
        let part = parts.next().await.unwrap();
        assert_eq!(part.pointer(path), Some(&expected), "{part}");
        assert_eq!(parts.next().await, None);
    }
}

#[tokio::test]
async fn a_query_is_plain_json_for_who_accepts_both() {
    let app = TestApp::start().await;
    let client = app.client();
    let request = client.http.post(client.url("/graphql")).header("accept", ACCEPT);
    let response = request.json(&json!({ "query": "{ budgets { slug } }" })).send().await.unwrap();
    assert_eq!(response.headers()["content-type"], "application/json; charset=utf-8");
    assert_eq!(response.json::<Value>().await.unwrap()["data"]["budgets"][0]["slug"], "federal");
}

#[tokio::test]
async fn a_server_that_stops_ends_the_parts_without_the_last_boundary() {
    let app = TestApp::start().await;
    let mut parts = Parts::open(&app.client(), ACCEPT, WATCH, json!({ "budget": "federal" })).await;
    parts.next_aggregate().await;
    let (stopped, rest) = tokio::join!(tokio::time::timeout(TIMEOUT, app.stop()), parts.next());
    stopped.unwrap();
    assert_eq!(rest, None);
    assert_eq!(parts.text, BOUNDARY, "a client begins again at another server");
}
