//! Handing in, revising, retrying, and reading it back.

use std::sync::Arc;

use futures_util::future::join_all;
use serde_json::{Value, json};
use taxbudget::{
    domain::{
        allocation::{Allocation, RequestedShare},
        budget::NewBudget,
    },
    service::intake::{StoreOutcome, store_batch},
    store::submissions::NewSubmission,
};
use uuid::Uuid;

use crate::support::{
    Client, TestApp, TestDatabase,
    client::{split, with},
    ledger,
    socket::{Incoming, Socket},
};

const VIEWER: &str = "{ viewer { participant submissions { nodes { id } } } }";

#[tokio::test]
async fn a_submission_is_stored_counted_and_readable_by_its_id() {
    let app = TestApp::start().await;
    let client = app.client();
    let submitted = client.submit(split(33.33)).await;
    let submission = &submitted["submission"];
    assert_eq!(submission["counted"], true);
    assert_eq!(submission["shares"][0], json!({ "percent": 33.33, "category": { "key": "healthcare" } }));
    let aggregate = client.aggregate_of(1, 1).await;
    assert_eq!(aggregate["categories"][1]["averagePercent"], 66.67);

    let query = "query ($id: ID!) { submission(id: $id) { id counted budget { slug } } }";
    let read = app.client().data(query, json!({ "id": submission["id"] })).await;
    assert_eq!(read["submission"]["budget"]["slug"], "federal");
    for unknown in ["00000000-0000-0000-0000-000000000000", "nonsense"] {
        assert!(client.data(query, json!({ "id": unknown })).await["submission"].is_null());
    }
}

#[tokio::test]
async fn a_remembered_participant_revises_and_counts_once() {
    let app = TestApp::start().await;
    let client = app.client();
    let first = client.submit(remembered(split(100.0))).await;
    assert!(first["replaced"].is_null());
    let second = client.submit(split(50.0)).await;
    assert_eq!(second["replaced"]["id"], first["submission"]["id"]);
    assert_eq!(second["replaced"]["counted"], false);
    let aggregate = client.aggregate_of(1, 2).await;
    assert_eq!(aggregate["categories"][0]["averagePercent"], 50.0);
}

#[tokio::test]
async fn without_consent_there_is_no_cookie_and_each_submission_counts_by_itself() {
    let app = TestApp::start().await;
    let client = app.client();
    for healthcare in [100.0, 50.0, 0.0] {
        let submitted = client.submit(split(healthcare)).await;
        assert!(submitted["replaced"].is_null());
    }
    let aggregate = client.aggregate_of(3, 3).await;
    assert_eq!(aggregate["categories"][0]["averagePercent"], 50.0);
    let viewer = client.data(VIEWER, Value::Null).await["viewer"].clone();
    assert_eq!(viewer, json!({ "participant": null, "submissions": { "nodes": [] } }));
    assert_eq!(rows(&app, "ballot").await, 0);
}

#[tokio::test]
async fn a_retry_returns_the_first_submission_and_counts_nothing() {
    let app = TestApp::start().await;
    for input in [keyed(split(40.0), "key-of-a-stranger"), remembered(keyed(split(40.0), "the-key-of-a-participant"))] {
        let client = app.client();
        let first = client.submit(input.clone()).await;
        let again = client.submit(input).await;
        assert_eq!(again, first, "whole, with its time");
        assert!(again["replaced"].is_null());
    }
    app.client().aggregate_of(2, 2).await;
    assert_eq!(rows(&app, "submission").await, 2);
}

#[tokio::test]
async fn retries_at_the_same_moment_store_one_submission_on_one_server_and_on_two() {
    let app = TestApp::start().await;
    let beside = app.start_beside(&[]).await;
    let remembering = app.client();
    remembering.submit(remembered(split(10.0))).await;
    for round in 0..5 {
        let input = keyed(split(40.0), &format!("the-key-of-round-{round}"));
        let strangers = [app.client(), app.client(), beside.client(), beside.client()];
        let one_participant = [remembering.clone(), Client { address: beside.address, ..remembering.clone() }];
        for clients in [strangers.as_slice(), &one_participant] {
            let answers = join_all(clients.iter().map(|client| client.submit(input.clone()))).await;
            let ids: Vec<_> = answers.iter().map(|answer| &answer["submission"]["id"]).collect();
            assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
        }
        // With consent, and before any of them has the cookie.
        let consenting = [app.client(), app.client(), beside.client(), beside.client()];
        let input = remembered(keyed(split(40.0), &format!("the-consenting-key-of-round-{round}")));
        let answers = join_all(consenting.iter().map(|client| client.submit(input.clone()))).await;
        assert!(
            answers.iter().all(|answer| answer["submission"]["id"] == answers[0]["submission"]["id"]),
            "{answers:?}"
        );
    }
    assert_eq!(rows(&app, "submission").await, 1 + 3 * 5);
    app.client().aggregate_of(1 + 2 * 5, 1 + 3 * 5).await;
}

#[tokio::test]
async fn the_same_key_with_another_allocation_is_refused_and_never_a_second_submission() {
    let app = TestApp::start().await;
    for (first, key) in
        [(split(40.0), "one-key-one-allocation"), (remembered(split(40.0)), "one-remembered-key-one-allocation")]
    {
        let client = app.client();
        client.submit(keyed(first, key)).await;
        let error = client.refused(keyed(split(41.0), key)).await;
        assert_eq!(error["extensions"]["code"], "BAD_USER_INPUT");
        let violation = &error["extensions"]["violations"][0];
        assert_eq!((&violation["path"], &violation["rule"]), (&json!("idempotencyKey"), &json!("KEY_TAKEN")));
        assert!(error["message"].as_str().unwrap().contains("Use a new key"), "{error}");
    }
    // Also when both come in one batch.
    let clients = [app.client(), app.client()];
    let (first, second) = tokio::join!(
        clients[0].try_submit(keyed(split(1.0), "two-at-once")),
        clients[1].try_submit(keyed(split(2.0), "two-at-once")),
    );
    let refused = [first.unwrap(), second.unwrap()].iter().filter(|answer| answer.get("errors").is_some()).count();
    assert_eq!(refused, 1);
    assert_eq!(rows(&app, "submission").await, 3);
}

#[tokio::test]
async fn a_key_is_unique_within_its_participant_or_within_the_budget_without_one() {
    let app = TestApp::start().await;
    add_budget(&app, "town", |_| {}).await;
    let key = "everybody-likes-this-key";
    let mut ids = Vec::new();
    let (alice, bob) = (app.client(), app.client());
    for participant in [&alice, &bob] {
        participant.submit(remembered(split(10.0))).await;
        ids.push(participant.submit(keyed(split(20.0), key)).await["submission"]["id"].clone());
    }
    for budget in ["federal", "town"] {
        let input = with(keyed(split(20.0), key), json!({ "budget": budget }));
        ids.push(app.client().submit(input).await["submission"]["id"].clone());
    }
    let mut distinct = ids.clone();
    distinct.sort_by_key(Value::to_string);
    distinct.dedup();
    assert_eq!(distinct.len(), 4, "two participants and two budgets: {ids:?}");
    // A participant's key belongs to one submission, whatever the budget.
    let error = alice.refused(with(keyed(split(20.0), key), json!({ "budget": "town" }))).await;
    assert_eq!(error["extensions"]["violations"][0]["rule"], "KEY_TAKEN");
    assert_eq!(rows(&app, "submission").await, 6);
}

#[tokio::test]
async fn a_retry_finds_the_first_submission_whatever_has_happened_since() {
    let app = TestApp::start_with(&["--submission-rate=1/h"]).await;
    app.bus_is_up().await;
    let client = app.client();
    let input = remembered(keyed(split(40.0), "a-key-that-outlives-all"));
    let first = client.submit(input.clone()).await;

    let error = client.refused(split(41.0)).await;
    assert_eq!(error["extensions"]["code"], "RATE_LIMITED");
    assert_eq!(client.submit(input.clone()).await["submission"], first["submission"], "while rate-limited");

    app.database.execute("UPDATE budget SET status = 'closed'").await.unwrap();
    let error = app.client().refused(split(41.0)).await;
    assert_eq!(error["extensions"]["code"], "BUDGET_NOT_OPEN");
    assert_eq!(client.submit(input.clone()).await["submission"], first["submission"], "limited and closed");
    let unlimited = app.start_beside(&[]).await;
    let client = Client { address: unlimited.address, ..client };
    assert_eq!(client.submit(input).await["submission"], first["submission"], "closed");
    let error = client.refused(keyed(split(41.0), "a-key-that-outlives-all")).await;
    assert_eq!(error["extensions"]["code"], "BUDGET_NOT_OPEN", "another allocation is no retry");
    assert_eq!(rows(&app, "submission").await, 1);
}

#[tokio::test]
async fn a_retry_of_who_lost_the_first_answer_and_its_cookie_is_the_same_participant() {
    let app = TestApp::start().await;
    let input = remembered(keyed(split(40.0), "0b7dd9d4-9d3a-4a1c-8f0e-4f5f0d7e6a11"));
    let first = app.client().submit(input.clone()).await;
    let client = app.client(); // the cookie is gone
    let again = client.submit(input).await;
    assert_eq!(again["submission"], first["submission"]);
    let viewer = client.data(VIEWER, Value::Null).await["viewer"].clone();
    assert_eq!(viewer["submissions"]["nodes"][0]["id"], first["submission"]["id"], "the cookie came again");
    let revised = client.submit(split(50.0)).await;
    assert_eq!(revised["replaced"]["id"], first["submission"]["id"]);
    client.aggregate_of(1, 2).await;
    // Another key, another voice.
    let other = app.client().submit(remembered(keyed(split(40.0), "5f2c1d7e-0000-4000-8000-000000000000"))).await;
    assert_ne!(other["submission"]["id"], first["submission"]["id"]);
    client.aggregate_of(2, 3).await;
}

#[tokio::test]
async fn the_cookies_value_is_good_as_a_bearer_token_over_http_and_websocket() {
    let app = TestApp::start().await;
    let (cookie, first) = submit_for_cookie(&app, split(40.0)).await;
    for attribute in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age="] {
        assert!(cookie.contains(attribute), "{cookie}");
    }
    let authorization = format!("Bearer {}", token_of(&cookie));
    let by_cookie = Client::with_header(app.address, "cookie", cookie.split(';').next().unwrap());
    let by_token = Client::with_header(app.address, "authorization", &authorization);
    let viewer = by_cookie.data(VIEWER, Value::Null).await;
    assert!(viewer["viewer"]["participant"].is_string(), "{viewer}");
    assert_eq!(by_token.data(VIEWER, Value::Null).await, viewer);

    let mut socket = Socket::open(app.address, "/graphql/ws", json!({ "authorization": authorization })).await.unwrap();
    socket.send(json!({ "id": "1", "type": "subscribe", "payload": { "query": VIEWER } })).await.unwrap();
    let Incoming::Json(answer) = socket.receive().await.unwrap() else { panic!("the socket was closed") };
    assert_eq!(answer["payload"]["data"], viewer);

    let revised = by_token.submit(split(50.0)).await;
    assert_eq!(revised["replaced"]["id"], first);
    app.client().aggregate_of(1, 2).await;
}

#[tokio::test]
async fn a_forged_cookie_is_nobodys() {
    let app = TestApp::start().await;
    let (cookie, _) = submit_for_cookie(&app, split(40.0)).await;
    let participant = Client::with_header(app.address, "cookie", cookie.split(';').next().unwrap())
        .data(VIEWER, Value::Null)
        .await["viewer"]["participant"]
        .clone();
    let another = Uuid::new_v4().to_string();
    let signed = token_of(&cookie).to_owned();
    let forged = signed.replace(participant.as_str().unwrap(), &another);
    assert_ne!(forged, signed, "the participant stands in the cookie");
    for value in [&forged, participant.as_str().unwrap(), &another, ""] {
        let client = Client::with_header(app.address, "cookie", &format!("taxbudget_participant={value}"));
        assert!(client.data(VIEWER, Value::Null).await["viewer"]["participant"].is_null(), "{value}");
        assert!(client.submit(split(60.0)).await["replaced"].is_null());
    }
    app.client().aggregate_of(5, 5).await;
    // Who consents again becomes someone new.
    let client = Client::with_header(app.address, "cookie", &format!("taxbudget_participant={forged}"));
    assert!(client.submit(remembered(split(60.0))).await["replaced"].is_null());
    assert_eq!(app.database.integer("SELECT count(*) FROM ballot").await, 2);
}

#[tokio::test]
async fn a_budget_that_closes_takes_nothing_from_that_moment_on() {
    let app = TestApp::start().await;
    let client = app.client();
    client.submit(split(40.0)).await;
    for (change, says) in [
        ("status = 'closed'", "it is closed"),
        ("status = 'open', closes_at = '2001-01-01 00:00:00+00:00'", "it is closed"),
        ("closes_at = NULL, opens_at = '2999-01-01 00:00:00+00:00'", "it opens at 2999"),
        ("opens_at = NULL, status = 'draft'", "it is a draft"),
    ] {
        // What the server remembers of the budget is from before the change: the transaction must not trust it.
        client.aggregate().await;
        app.database.execute(&format!("UPDATE budget SET {change}")).await.unwrap();
        let error = client.refused(split(50.0)).await;
        let code = error["extensions"]["code"].as_str().unwrap();
        // Once the cached budgets are too old, a draft is not there at all.
        if code != "NOT_FOUND" || says != "it is a draft" {
            assert_eq!(code, "BUDGET_NOT_OPEN", "{change}: {error}");
            assert!(error["message"].as_str().unwrap().contains(says), "{change}: {error}");
        }
    }
    app.database.execute("UPDATE budget SET status = 'open'").await.unwrap();
    app.services.catalogue.invalidate();
    client.submit(split(50.0)).await;
    assert_eq!(rows(&app, "submission").await, 2);
}

#[tokio::test]
async fn the_window_is_judged_by_the_databases_clock_and_not_by_each_servers() {
    let database = Arc::new(TestDatabase::create().await);
    if !database.is_postgres() {
        eprintln!("not tested on SQLite: it has no clock but the machine's");
        return;
    }
    // A database whose clock is a day ahead of the server's.
    let name = database.url.rsplit('/').next().unwrap();
    let clock = "CREATE FUNCTION public.clock_timestamp() RETURNS timestamptz LANGUAGE sql
        AS $$ SELECT pg_catalog.clock_timestamp() + interval '1 day' $$";
    database.execute(clock).await.unwrap();
    database.execute(&format!("ALTER DATABASE {name} SET search_path = public, pg_catalog")).await.unwrap();
    let seconds = database.integer("SELECT CAST(floor(EXTRACT(EPOCH FROM clock_timestamp())) AS bigint)").await;
    let now = chrono::DateTime::from_timestamp(seconds, 0).unwrap();
    let app = TestApp::start_with_database(database, "test-clock", &[]).await;
    let hours = |hours| Some(now + chrono::TimeDelta::hours(hours));
    add_budget(&app, "opened", |budget| budget.opens_at = hours(-12)).await;
    add_budget(&app, "over", |budget| budget.closes_at = hours(-12)).await;
    let client = app.client();
    let submitted = client.submit(with(split(50.0), json!({ "budget": "opened" }))).await;
    let error = client.refused(with(split(50.0), json!({ "budget": "over" }))).await;
    assert_eq!(error["extensions"]["code"], "BUDGET_NOT_OPEN");
    let at: chrono::DateTime<chrono::Utc> = submitted["submission"]["submittedAt"].as_str().unwrap().parse().unwrap();
    assert!(at >= now, "{at} is the server's time, not the database's");
}

#[tokio::test]
async fn an_allocation_checked_against_categories_that_have_changed_is_not_stored() {
    let app = TestApp::start().await;
    let budget = app.services.catalogue.by_slug("federal").await.unwrap().unwrap();
    let all = RequestedShare { category: "other".to_owned(), percent: "100".to_owned() };
    let allocation = Allocation::new(&budget, &[all]).unwrap();
    let category = "INSERT INTO category (budget_id, key, label, description, color, position)
        VALUES (1, 'moon', 'Moon', '', '#000000', 10)";
    app.database.execute(category).await.unwrap();
    let budget = Arc::clone(&budget.budget);
    let submission = NewSubmission { id: Uuid::now_v7(), budget, participant: None, allocation, key_digest: None };
    let outcomes = store_batch(&app.services.store, &[submission]).await.unwrap();
    assert_eq!(outcomes, [StoreOutcome::BudgetChanged]);
    assert_eq!(rows(&app, "submission").await, 0);
}

#[tokio::test]
async fn the_history_is_newest_first_in_pages_and_only_the_latest_counts() {
    let app = TestApp::start().await;
    add_budget(&app, "town", |_| {}).await;
    let client = app.client();
    let mut expected = Vec::new();
    for healthcare in [10.0, 20.0, 30.0, 40.0] {
        let submitted = client.submit(remembered(split(healthcare))).await;
        expected.insert(0, submitted["submission"]["id"].clone());
    }
    let town = client.submit(with(split(50.0), json!({ "budget": "town" }))).await;
    expected.insert(0, town["submission"]["id"].clone());

    let query = "query ($first: Int, $after: String) { viewer { submissions(first: $first, after: $after) {
        nodes { id counted } edges { cursor node { id } }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }";
    let mut found = Vec::new();
    let mut after = Value::Null;
    for (size, next) in [(2, true), (2, true), (1, false)] {
        let data = client.data(query, json!({ "first": 2, "after": after })).await;
        let page = &data["viewer"]["submissions"];
        let nodes = page["nodes"].as_array().unwrap();
        assert_eq!(nodes.len(), size, "{page}");
        let info = &page["pageInfo"];
        assert_eq!((&info["hasNextPage"], &info["hasPreviousPage"]), (&json!(next), &json!(!after.is_null())));
        assert_eq!(info["startCursor"], page["edges"][0]["cursor"]);
        assert_eq!(info["endCursor"], page["edges"][size - 1]["cursor"]);
        assert_eq!(page["edges"][0]["node"]["id"], nodes[0]["id"]);
        found.extend(nodes.iter().cloned());
        after = info["endCursor"].clone();
    }
    let ids: Vec<_> = found.iter().map(|node| node["id"].clone()).collect();
    assert_eq!(ids, expected);
    let counted: Vec<_> = found.iter().map(|node| node["counted"].as_bool().unwrap()).collect();
    assert_eq!(counted, [true, true, false, false, false], "the latest of each budget");
    // What comes on top moves no page that was begun before.
    let after =
        client.data(query, json!({ "first": 1 })).await["viewer"]["submissions"]["pageInfo"]["endCursor"].clone();
    client.submit(split(60.0)).await;
    let page = client.data(query, json!({ "first": 4, "after": after })).await;
    let ids: Vec<_> =
        page["viewer"]["submissions"]["nodes"].as_array().unwrap().iter().map(|node| &node["id"]).collect();
    assert_eq!(ids, expected[1..].iter().collect::<Vec<_>>());
}

#[tokio::test]
async fn a_page_of_twenty_costs_as_many_statements_as_a_page_of_one() {
    let app = TestApp::start().await;
    let client = app.client();
    client.submit(remembered(split(50.0))).await;
    join_all((0..20).map(|_| client.submit(split(60.0)))).await;
    let query = "query ($first: Int!) { viewer { submissions(first: $first) { nodes {
        id counted budget { slug categories { key } } shares { percent category { label } } } } } }";
    let mut costs = Vec::new();
    for first in [1, 20] {
        let mut cost = u64::MAX;
        // The background tasks send statements too, a few a second: the smallest of many is the page's own.
        for _ in 0..25 {
            let before = app.services.store.statements().sent.get();
            let data = client.data(query, json!({ "first": first })).await;
            cost = cost.min(app.services.store.statements().sent.get() - before);
            assert_eq!(data["viewer"]["submissions"]["nodes"].as_array().unwrap().len(), first);
        }
        costs.push(cost);
    }
    assert_eq!(costs[0], costs[1]);
    assert!((1..=4).contains(&costs[0]), "the rows and what counts; the budgets are remembered: {costs:?}");
}

#[tokio::test]
async fn the_database_itself_keeps_ledger_rows_as_they_are() {
    let app = TestApp::start().await;
    let client = app.client();
    client.submit(remembered(split(40.0))).await;
    for change in ["shares = '[10000,0,0,0,0,0,0,0,0,0]'", "participant_id = NULL", "submitted_at = submitted_at"] {
        let error = app.database.execute(&format!("UPDATE submission SET {change}")).await.unwrap_err();
        assert!(error.to_string().contains("a submission is never changed"), "{change}: {error}");
    }
    client.submit(split(50.0)).await;
    assert_eq!(rows(&app, "submission").await, 2, "a revision is a row of its own");
}

#[tokio::test]
async fn the_database_itself_freezes_the_categories_of_a_budget_with_submissions() {
    let app = TestApp::start().await;
    let town = add_budget(&app, "town", |budget| budget.categories.truncate(2)).await;
    let add = |budget: i64, key: &str, position: i32| {
        format!(
            "INSERT INTO category (budget_id, key, label, description, color, position)
             VALUES ({budget}, '{key}', 'Moon', '', '#000000', {position})"
        )
    };
    // Before the first submission everything may change.
    for change in [
        add(1, "moon", 10),
        "UPDATE category SET key = 'sun' WHERE key = 'moon'".to_owned(),
        "UPDATE category SET position = 11 WHERE key = 'sun'".to_owned(),
        "DELETE FROM category WHERE key = 'sun'".to_owned(),
        add(town, "moon", 10),
    ] {
        app.database.execute(&change).await.unwrap_or_else(|error| panic!("{change}: {error}"));
    }
    app.services.catalogue.invalidate();
    app.client().submit(split(40.0)).await;
    for change in [
        add(1, "mars", 10),
        "UPDATE category SET key = 'sun' WHERE budget_id = 1 AND key = 'other'".to_owned(),
        "UPDATE category SET position = 11 WHERE budget_id = 1 AND key = 'other'".to_owned(),
        "UPDATE category SET id = 4711 WHERE budget_id = 1 AND key = 'other'".to_owned(),
        format!("UPDATE category SET budget_id = {town}, position = 3 WHERE budget_id = 1 AND key = 'other'"),
        format!("UPDATE category SET budget_id = 1 WHERE budget_id = {town} AND key = 'moon'"),
        "DELETE FROM category WHERE budget_id = 1 AND key = 'other'".to_owned(),
    ] {
        let error = app.database.execute(&change).await.expect_err(&change);
        assert!(error.to_string().contains("frozen once it has a submission"), "{change}: {error}");
    }
    // Words may still be mended, and other budgets are free.
    for change in [
        "UPDATE category SET label = 'All other', description = 'Mended' WHERE budget_id = 1 AND key = 'other'"
            .to_owned(),
        format!("UPDATE category SET key = 'sun' WHERE budget_id = {town} AND key = 'moon'"),
    ] {
        app.database.execute(&change).await.unwrap_or_else(|error| panic!("{change}: {error}"));
    }
}

fn remembered(input: Value) -> Value {
    with(input, json!({ "remember": true }))
}

fn keyed(input: Value, key: &str) -> Value {
    with(input, json!({ "idempotencyKey": key }))
}

async fn rows(app: &TestApp, table: &str) -> i64 {
    app.database.integer(&format!("SELECT count(*) FROM {table}")).await
}

/// Another budget like the first one, with a change; its number.
async fn add_budget(app: &TestApp, slug: &str, change: impl FnOnce(&mut NewBudget)) -> i64 {
    let mut budget = ledger::like(&app.services.store.budgets().await.unwrap()[0], slug);
    change(&mut budget);
    let id = app.services.store.create_budget(&budget).await.unwrap();
    app.services.catalogue.invalidate();
    id.0
}

/// Hands in with consent; the `Set-Cookie` header and the submission's id.
async fn submit_for_cookie(app: &TestApp, input: Value) -> (String, Value) {
    let client = app.client();
    let query = "mutation ($input: SubmitAllocationInput!) { submitAllocation(input: $input) { submission { id } } }";
    let body = json!({ "query": query, "variables": { "input": remembered(input) } });
    let response = client.http.post(client.url("/graphql")).json(&body).send().await.unwrap();
    let cookie = response.headers()["set-cookie"].to_str().unwrap().to_owned();
    let answer: Value = response.json().await.unwrap();
    (cookie, answer["data"]["submitAllocation"]["submission"]["id"].clone())
}

/// The value in a `Set-Cookie` header.
fn token_of(cookie: &str) -> &str {
    cookie.split(';').next().unwrap().split_once('=').unwrap().1
}
