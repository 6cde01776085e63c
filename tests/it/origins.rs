//! What pages of other sites may do, and what their browsers are told of it.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{
    Client, TestApp,
    client::{SUBMIT, split, with},
    origins,
    socket::Socket,
};

const ALLOWED: &str = "https://app.example.net";
const EVIL: &str = "https://evil.test";

async fn app() -> TestApp {
    TestApp::start_with(&origins::FLAGS).await
}

#[tokio::test]
async fn exactly_what_may_be_executed_is_whatever_the_method_transport_content_type_origin_and_cookie() {
    let app = app().await;
    origins::check(app.address, &app.database).await;
}

#[tokio::test]
async fn a_page_of_another_site_that_has_a_token_may_not_use_it() {
    let app = app().await;
    let client = app.client();
    let input = with(split(50.0), json!({ "remember": true }));
    let body = json!({ "query": SUBMIT, "variables": { "input": input } });
    let response = client.http.post(client.url("/graphql")).json(&body).send().await.unwrap();
    let cookie = response.headers()["set-cookie"].to_str().unwrap();
    let token = format!("Bearer {}", cookie.split_once('=').unwrap().1.split(';').next().unwrap());

    let body = json!({ "query": "{ viewer { participant } }" });
    for path in ["/graphql", "/graphql/stream"] {
        for (origin, status) in [(EVIL, StatusCode::FORBIDDEN), (ALLOWED, StatusCode::OK)] {
            let request = client.http.post(client.url(path)).header("origin", origin).header("authorization", &token);
            let response = request.json(&body).send().await.unwrap();
            assert_eq!(response.status(), status, "{path} {origin}");
            let answer = response.text().await.unwrap();
            assert_eq!(answer.contains("--allowed-origins"), status == StatusCode::FORBIDDEN, "{answer}");
        }
    }
    for (origin, is_refused) in [(EVIL, true), (ALLOWED, false)] {
        let opening = Socket::open_from(app.address, origin, json!({ "authorization": token })).await;
        let refusal = opening.err().map(|error| error.to_string()).unwrap_or_default();
        assert_eq!(refusal.contains("4403") && refusal.contains("--allowed-origins"), is_refused, "{refusal}");
    }
}

#[tokio::test]
async fn a_subscription_of_a_foreign_page_is_served_to_nobody_in_particular() {
    let app = app().await;
    let mut socket = Socket::open_from(app.address, EVIL, Value::Null).await.unwrap();
    socket.watch().await;
    assert_eq!(socket.next_aggregate().await["participantCount"], 0);
    socket.subscribe("2", SUBMIT, json!({ "input": split(50.0) })).await;
    loop {
        let message = socket.next_message().await;
        if message["id"] == "2" {
            assert_eq!(
                (&message["type"], &message["payload"][0]["extensions"]["code"]),
                (&json!("error"), &json!("FORBIDDEN"))
            );
            let advice = message["payload"][0]["message"].as_str().unwrap();
            assert!(advice.contains("--allowed-origins"), "{advice}");
            break;
        }
    }
    assert_eq!(app.database.integer("SELECT count(*) FROM submission").await, 0);
}

#[tokio::test]
async fn a_page_over_http2_has_the_origin_that_the_authority_names() {
    let app = app().await;
    let http = reqwest::Client::builder().http2_prior_knowledge().build().unwrap();
    let client = Client { http, ..app.client() };
    let body = json!({ "query": SUBMIT, "variables": { "input": split(50.0) } });
    for (origin, status) in
        [(format!("http://{}", app.address), StatusCode::OK), (EVIL.to_owned(), StatusCode::FORBIDDEN)]
    {
        let response =
            client.http.post(client.url("/graphql")).header("origin", &origin).json(&body).send().await.unwrap();
        assert_eq!((response.status(), response.version()), (status, reqwest::Version::HTTP_2), "{origin}");
    }
}

#[tokio::test]
async fn options_are_answered_on_every_route_with_the_methods_that_there_are() {
    let app = app().await;
    let client = app.client();
    for (path, allow) in [
        ("/", "GET"),
        ("/results/0", "GET"),
        ("/graphql", "GET, HEAD, POST"),
        ("/graphql/stream", "GET, HEAD, POST"),
        ("/graphql/ws", "GET"),
        ("/api/budgets/federal/aggregate.json", "GET"),
        ("/api/budgets/federal/picture.png", "GET"),
        ("/healthz", "GET"),
        ("/readyz", "GET"),
        ("/metrics", "GET"),
        ("/assets/nothing.js", "GET"),
        ("/no/such/page", "GET"),
    ] {
        let response = client.http.request(Method::OPTIONS, client.url(path)).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::NO_CONTENT, "{path}");
        let methods: Vec<String> =
            response.headers()["allow"].to_str().unwrap().split(", ").map(str::to_owned).collect();
        for method in allow.split(", ").chain(["OPTIONS"]) {
            assert!(methods.iter().any(|it| it == method), "{path}: {methods:?}");
        }
        assert_eq!(response.text().await.unwrap(), "", "{path}");
    }
}

#[tokio::test]
async fn a_preflight_says_what_a_page_may_send() {
    let app = app().await;
    let client = app.client();
    for (path, origin, allowed_origin, methods, headers) in [
        ("/graphql", EVIL, "*", "GET, HEAD, POST", "content-type, last-event-id"),
        ("/graphql/stream", EVIL, "*", "GET, HEAD, POST", "content-type, last-event-id"),
        ("/graphql", ALLOWED, ALLOWED, "GET, HEAD, POST", "authorization, content-type, last-event-id"),
        ("/api/budgets/federal/aggregate.csv", ALLOWED, "*", "GET, HEAD", "if-none-match"),
        ("/", EVIL, "", "", ""),
        ("/graphql/ws", ALLOWED, "", "", ""),
    ] {
        let request = client.http.request(Method::OPTIONS, client.url(path)).header("origin", origin);
        let request = request.header("access-control-request-method", "POST");
        let response = request.send().await.unwrap();
        let header = |name: &str| response.headers().get(name).map_or("", |value| value.to_str().unwrap());
        assert_eq!(header("access-control-allow-origin"), allowed_origin, "{path} {origin}");
        assert_eq!(header("access-control-allow-methods"), methods, "{path} {origin}");
        assert_eq!(header("access-control-allow-headers"), headers, "{path} {origin}");
        let credentials = header("access-control-allow-credentials");
        assert_eq!(credentials == "true", allowed_origin == ALLOWED, "{path} {origin}: {credentials}");
    }
}

#[tokio::test]
async fn answers_vary_by_origin_only_where_some_origins_are_on_the_allow_list() {
    for (flags, varies) in [(origins::FLAGS.as_slice(), true), (&[], false)] {
        let app = TestApp::start_with(flags).await;
        let client = app.client();
        // Executed, then known already.
        for _ in 0..2 {
            let request = client.http.get(client.url("/graphql")).query(&[("query", "{ budgets { slug } }")]);
            let response = request.header("origin", EVIL).send().await.unwrap();
            assert_eq!(response.headers()["access-control-allow-origin"], "*");
            let vary = response.headers().get_all("vary").iter().any(|value| value == "origin");
            assert_eq!(vary, varies, "{:?}", response.headers());
        }
    }
}
