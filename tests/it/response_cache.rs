//! The cache of public responses: who gets them, for how long, and what is never cached.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use reqwest::{Response, StatusCode};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use taxbudget::{
    domain::budget::NewBudget,
    engine::response_cache::{CacheKey, CachedResponse, ResponseCache},
    service::dependencies::DependencyTracker,
};

use crate::support::{
    Client, TestApp,
    client::{split, with},
    ledger,
    socket::{Socket, revision},
};

const AVERAGES: &str = "query Averages($budget: String!) { budget(slug: $budget) { title aggregate {
  revision participantCount categories { averagePercent } } } }";

/// A GET of the averages with more headers.
async fn get(client: &Client, headers: &[(&str, &str)]) -> Response {
    let parameters = [("query", AVERAGES), ("variables", "{\"budget\":\"federal\"}")];
    let request = client.http.get(client.url("/graphql")).query(&parameters);
    headers.iter().fold(request, |request, (name, value)| request.header(*name, *value)).send().await.unwrap()
}

fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers().get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
}

#[tokio::test]
async fn a_get_of_public_data_has_a_tag_and_is_304_until_something_changes() {
    let app = TestApp::start().await;
    let client = app.client();
    let first = get(&client, &[]).await;
    let tag = header(&first, "etag").to_owned();
    assert!(tag.starts_with("W/\""), "{tag}");
    assert_eq!(header(&first, "cache-control"), "public, no-cache");
    assert_eq!(header(&first, "vary"), "accept, accept-encoding");
    let opaque = tag.trim_start_matches("W/").to_owned();
    for known in [&tag, &opaque, &format!("\"other\", {tag}"), "*"] {
        let unchanged = get(&client, &[("if-none-match", known)]).await;
        assert_eq!(unchanged.status(), StatusCode::NOT_MODIFIED, "{known}");
        for name in ["etag", "cache-control", "vary"] {
            assert_eq!(header(&unchanged, name), header(&first, name), "{name}");
        }
        assert_eq!(unchanged.text().await.unwrap(), "");
    }
    assert_eq!(get(&client, &[("if-none-match", "W/\"other\"")]).await.status(), StatusCode::OK);

    client.submit(split(40.0)).await;
    client.aggregate_of(1, 1).await;
    let changed = get(&client, &[("if-none-match", &tag)]).await;
    assert_eq!(changed.status(), StatusCode::OK);
    assert_ne!(header(&changed, "etag"), tag);
    let answer: Value = changed.json().await.unwrap();
    assert_eq!(answer["data"]["budget"]["aggregate"]["participantCount"], 1);
}

#[tokio::test]
async fn two_servers_give_equal_answers_equal_tags() {
    let app = TestApp::start().await;
    let beside = app.start_beside(&[]).await;
    let query = [("query", "{ budgets { slug title } }")];
    let mut tags = Vec::new();
    for client in [app.client(), beside.client()] {
        let response = client.http.get(client.url("/graphql")).query(&query).send().await.unwrap();
        tags.push(header(&response, "etag").to_owned());
    }
    assert!(tags[0] == tags[1] && !tags[0].is_empty(), "{tags:?}");
}

#[tokio::test]
async fn what_was_pushed_is_what_is_answered_from_then_on() {
    let app = TestApp::start_with(&["--push-interval-ms=1"]).await;
    let client = app.client();
    let mut socket = Socket::connect(app.address).await;
    socket.watch().await;
    let mut participants = 0;
    while participants < 60 {
        client.submit(split(f64::from(participants))).await;
        participants += 1;
        let pushed = socket.until_participants(participants.into()).await;
        // By a link, by a body, and in the file, all of which were known for the publication before.
        let by_get: Value = get(&client, &[]).await.json().await.unwrap();
        let by_post = client.send(AVERAGES, json!({ "budget": "federal" })).await;
        let file = client.http.get(client.url("/api/budgets/federal/aggregate.json")).send().await.unwrap();
        let file: Value = file.json().await.unwrap();
        for answer in [&by_get["data"]["budget"]["aggregate"], &by_post["data"]["budget"]["aggregate"], &file] {
            assert!(revision(answer) >= revision(&pushed), "older than what was pushed: {answer}");
        }
    }
}

#[tokio::test]
async fn what_depends_on_who_asks_is_never_kept_and_never_given_to_another() {
    let app = TestApp::start().await;
    let query = "{ viewer { submissions { nodes { id } } } budgets { slug viewerSubmission { shares { percent } } } }";
    let kept = app.client().metric("taxbudget_response_cache_entries").await;
    for _ in 0..2 {
        for percent in [10.0, 20.0] {
            let client = app.client();
            client.submit(with(split(percent), json!({ "remember": true }))).await;
            let request = client.http.get(client.url("/graphql")).query(&[("query", query)]);
            let response = request.send().await.unwrap();
            assert_eq!(header(&response, "cache-control"), "private, no-cache");
            assert_eq!(header(&response, "vary"), "accept, accept-encoding, authorization, cookie");
            assert_eq!(header(&response, "etag"), "");
            let by_get: Value = response.json().await.unwrap();
            let by_post = client.send(query, Value::Null).await;
            assert_eq!(by_get, by_post);
            assert_eq!(by_get["data"]["budgets"][0]["viewerSubmission"]["shares"][0]["percent"], percent);
        }
    }
    let nobody = app.client().send(query, Value::Null).await;
    assert_eq!(nobody["data"]["budgets"][0]["viewerSubmission"], Value::Null, "{nobody}");
    assert_eq!(app.client().metric("taxbudget_response_cache_entries").await, kept);
}

#[tokio::test]
async fn a_bad_token_is_refused_also_where_the_answer_is_known() {
    let app = TestApp::start().await;
    let client = app.client();
    for _ in 0..2 {
        assert_eq!(get(&client, &[]).await.status(), StatusCode::OK);
        assert_eq!(get(&client, &[("authorization", "Bearer x")]).await.status(), StatusCode::UNAUTHORIZED);
        let request = client.http.post(client.url("/graphql")).bearer_auth("x");
        let body = json!({ "query": AVERAGES, "variables": { "budget": "federal" } });
        assert_eq!(request.json(&body).send().await.unwrap().status(), StatusCode::UNAUTHORIZED);
        client.send(AVERAGES, json!({ "budget": "federal" })).await;
    }
}

#[tokio::test]
async fn a_changed_text_of_a_budget_is_told_soon_by_answers_that_were_known() {
    let app = TestApp::start().await;
    let client = app.client();
    assert_eq!(get(&client, &[]).await.status(), StatusCode::OK);
    let before = &app.services.store.budgets().await.unwrap()[0];
    let budget = NewBudget { title: "Another one".to_owned(), ..ledger::like(before, "another") };
    assert_eq!(client.data("{ budgets { title } }", Value::Null).await["budgets"].as_array().unwrap().len(), 1);
    app.services.store.create_budget(&budget).await.unwrap();
    crate::support::eventually("the other budget is told of", || async {
        let budgets = client.data("{ budgets { title } }", Value::Null).await["budgets"].clone();
        (budgets.as_array().unwrap().len() == 2).then_some(())
    })
    .await;
}

#[tokio::test]
async fn many_who_ask_at_once_get_one_execution_between_them() {
    let app = TestApp::start().await;
    let client = app.client();
    let asking = (0..100).map(|_| client.send(AVERAGES, json!({ "budget": "federal" })));
    let answers = futures_util::future::join_all(asking).await;
    assert!(answers.iter().all(|answer| answer == &answers[0]));

    let executions = AtomicUsize::new(0);
    let execute = async || {
        executions.fetch_add(1, Ordering::Relaxed);
        let dependencies = DependencyTracker::begin(&app.services).dependencies();
        tokio::task::yield_now().await;
        Ok::<_, ()>(Arc::new(CachedResponse::new("an answer", dependencies)))
    };
    let cache = ResponseCache::default();
    let asking = (0..100).map(|_| cache.get_or_make(CacheKey::operation(b"a key"), execute));
    let answers = futures_util::future::join_all(asking).await;
    assert!(answers.iter().all(|answer| answer.as_ref().is_ok_and(|answer| *answer.body == *b"an answer")));
    assert_eq!(executions.into_inner(), 1);
}

#[tokio::test]
async fn the_memory_of_cached_responses_is_bounded() {
    let app = TestApp::start_with(&["--trusted-proxies=127.0.0.0/8"]).await;
    let client = app.client();
    client.submit(split(40.0)).await;
    // One network may not ask for so much.
    let from =
        |n: usize| Client::with_header(app.address, "x-forwarded-for", &format!("198.51.{}.{}", n / 250, n % 250));
    let large = |n: usize| {
        let histogram = "histogram(bins: 100) { fromPercent toPercent }";
        format!("query Q{n} {{ budget(slug: \"federal\") {{ aggregate {{ categories {{ {histogram} }} }} }} }}")
    };
    let first = client.send(&large(0), Value::Null).await.to_string().len();
    assert!(first > 30_000, "{first}");
    let limit = 32 * 1024 * 1024;
    for n in 1..limit / (2 * first) + 40 {
        from(n).send(&large(n), Value::Null).await;
    }
    let weight = usize::try_from(client.metric("taxbudget_response_cache_bytes").await).unwrap();
    assert!((limit / 2..=limit).contains(&weight), "{weight} bytes");
}

#[tokio::test]
async fn a_persisted_query_is_learnt_once_and_then_asked_for_by_its_hash_alone() {
    let app = TestApp::start().await;
    let client = app.client();
    let hash = hex::encode(Sha256::digest(AVERAGES));
    let extensions = json!({ "persistedQuery": { "version": 1, "sha256Hash": hash } });
    let variables = json!({ "budget": "federal" });
    let post = async |body: Value| -> Value {
        client.http.post(client.url("/graphql")).json(&body).send().await.unwrap().json().await.unwrap()
    };
    let by_hash = json!({ "extensions": extensions, "variables": variables });
    let unknown = post(by_hash.clone()).await;
    assert_eq!(unknown["errors"][0]["message"], "PersistedQueryNotFound", "{unknown}");
    assert_eq!(unknown["errors"][0]["extensions"]["code"], "PERSISTED_QUERY_NOT_FOUND", "{unknown}");
    assert_eq!(unknown.get("data"), None);

    let learnt = post(with(by_hash.clone(), json!({ "query": AVERAGES }))).await;
    assert_eq!(learnt["data"]["budget"]["aggregate"]["participantCount"], 0, "{learnt}");
    assert_eq!(post(by_hash).await, learnt);
    // By GET, as Apollo Client asks where it may, with the tag for caches between.
    let parameters = [("extensions", extensions.to_string()), ("variables", variables.to_string())];
    let request = || client.http.get(client.url("/graphql")).query(&parameters);
    let response = request().send().await.unwrap();
    let tag = header(&response, "etag").to_owned();
    assert_eq!(response.json::<Value>().await.unwrap(), learnt);
    let unchanged = request().header("if-none-match", tag).send().await.unwrap();
    assert_eq!(unchanged.status(), StatusCode::NOT_MODIFIED);
    // And over a socket.
    let mut socket = Socket::connect(app.address).await;
    let payload = json!({ "extensions": extensions, "variables": variables });
    socket.send(json!({ "id": "1", "type": "subscribe", "payload": payload })).await.unwrap();
    assert_eq!(socket.next_message().await["payload"], learnt);
}

#[tokio::test]
async fn a_persisted_query_with_another_hash_version_or_document_is_refused_and_not_learnt() {
    let app = TestApp::start().await;
    let client = app.client();
    let hash = |text: &str| hex::encode(Sha256::digest(text));
    for (persisted, query, code) in [
        (json!({ "version": 1, "sha256Hash": hash("{ other }") }), AVERAGES, "BAD_USER_INPUT"),
        (json!({ "version": 1, "sha256Hash": "abc" }), AVERAGES, "BAD_USER_INPUT"),
        (json!({ "version": 1, "sha256Hash": "é".repeat(32) }), AVERAGES, "BAD_USER_INPUT"),
        (json!({ "version": 2, "sha256Hash": hash(AVERAGES) }), AVERAGES, "PERSISTED_QUERY_NOT_SUPPORTED"),
        (json!({ "version": 1, "sha256Hash": hash("{ not") }), "{ not", "BAD_USER_INPUT"),
    ] {
        let body = json!({ "query": query, "variables": { "budget": "federal" },
            "extensions": { "persistedQuery": persisted } });
        let request = client.http.post(client.url("/graphql")).json(&body);
        let answer: Value = request.send().await.unwrap().json().await.unwrap();
        assert_eq!(answer["errors"][0]["extensions"]["code"], code, "{persisted}: {answer}");
    }
    for unlearnt in [AVERAGES, "{ not", "{ other }"] {
        let body = json!({ "extensions": { "persistedQuery": { "version": 1, "sha256Hash": hash(unlearnt) } } });
        let request = client.http.post(client.url("/graphql")).json(&body);
        let answer: Value = request.send().await.unwrap().json().await.unwrap();
        assert_eq!(answer["errors"][0]["extensions"]["code"], "PERSISTED_QUERY_NOT_FOUND", "{unlearnt}: {answer}");
    }
}

#[tokio::test]
async fn the_file_of_the_aggregate_is_kept_tagged_and_packed() {
    let app = TestApp::start().await;
    let client = app.client();
    let file = async |headers: &[(&str, &str)]| {
        let request = client.http.get(client.url("/api/budgets/federal/aggregate.json?language=de"));
        headers.iter().fold(request, |request, (name, value)| request.header(*name, *value)).send().await.unwrap()
    };
    client.submit(split(40.0)).await;
    client.aggregate_of(1, 1).await;
    let first = file(&[]).await;
    let tag = header(&first, "etag").to_owned();
    assert_eq!(header(&first, "cache-control"), "public, no-cache");
    let kept = client.metric("taxbudget_response_cache_entries").await;
    assert_eq!(file(&[("if-none-match", &tag)]).await.status(), StatusCode::NOT_MODIFIED);
    assert_eq!(header(&file(&[("accept-encoding", "gzip")]).await, "content-encoding"), "gzip");
    assert_eq!(client.metric("taxbudget_response_cache_entries").await, kept, "the same was used again");
    client.submit(split(60.0)).await;
    client.aggregate_of(2, 2).await;
    assert_eq!(file(&[("if-none-match", &tag)]).await.status(), StatusCode::OK);
}
