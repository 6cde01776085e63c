//! Results that are shown after taking part or after closing: until then, no number but the count leaves the server, by no
//! transport, file, picture or cache; from then on they are there.

use serde_json::{Value, json};
use taxbudget::{
    domain::{
        budget::NewBudget,
        desk::{Actor, Role},
        publish_every::PublishEvery,
        visibility::ResultVisibility,
    },
    service::desk::budgets,
};

use crate::support::{
    Client, TestApp,
    client::with,
    eventually, ledger,
    socket::{Incoming, Socket},
};

/// The share of the first answer, which appears in no other number.
const SECRET: f64 = 13.37;
const QUERY: &str =
    "{ budget(slug: \"town\") { visibility aggregate { participantCount categories { averagePercent } } } }";
const COUNT: &str = "{ budget(slug: \"town\") { aggregate { participantCount submissionCount } } }";
const WATCH: &str = "subscription ($budget: String!) { aggregate(budget: $budget) { participantCount categories { averagePercent medianPercent } } }";
const WATCH_COUNT: &str = "subscription { aggregate(budget: \"town\") { participantCount } }";

/// A server with the budget `town`, which has one answer of somebody who is not known; returns the id of the answer too.
async fn town(visibility: ResultVisibility) -> (TestApp, String) {
    let app = TestApp::start().await;
    let store = &app.services.store;
    let federal = ledger::budget(store, "federal").await;
    let town = NewBudget { visibility, publish_every: PublishEvery::ONE, ..ledger::like(&federal, "town") };
    store.create_budget(&town).await.unwrap();
    app.services.catalogue.invalidate();
    let submitted = app.client().submit(answer(SECRET)).await;
    ledger::fold(store).await;
    eventually("the answer is counted", || async {
        (app.client().data(COUNT, json!({})).await["budget"]["aggregate"]["participantCount"] == 1).then_some(())
    })
    .await;
    (app, submitted["submission"]["id"].as_str().unwrap().to_owned())
}

fn answer(percent: f64) -> Value {
    let rest = (10_000.0 - percent * 100.0).round() / 100.0;
    json!({ "budget": "town", "shares": [
        { "category": "healthcare", "percent": percent },
        { "category": "education", "percent": rest },
    ] })
}

async fn set(app: &TestApp, patch: Value) {
    budgets::set(&app.services.store, &Actor::Console, "town", &patch).await.unwrap();
    show_change(app).await;
}

async fn close(app: &TestApp) {
    let town = ledger::budget(&app.services.store, "town").await.id;
    budgets::close(&app.services.store, &Actor::Console, town).await.unwrap();
    show_change(app).await;
}

/// As a mutation of the desk does: from its response on, its node shows the change.
async fn show_change(app: &TestApp) {
    app.services.catalogue.invalidate();
    app.services.catalogue.all().await.unwrap();
}

/// What each way out of the server says to this client: a name, whether it has the results, and everything that came.
async fn ways_out(client: &Client, id: &str) -> Vec<(String, bool, String)> {
    let mut found = Vec::new();
    let is_there = |text: &str| text.contains("13.37");
    let budget_id = client.data("{ budget(slug: \"town\") { id } }", json!({})).await["budget"]["id"].clone();
    let of_submission =
        format!("{{ submission(id: \"{id}\") {{ budget {{ aggregate {{ categories {{ medianPercent }} }} }} }} }}");
    let of_node = format!(
        "{{ node(id: {budget_id}) {{ ... on Budget {{ aggregate {{ categories {{ averagePercent }} }} }} }} }}"
    );
    let histogram = "{ budget(slug: \"town\") { aggregate { ...Numbers } } } fragment Numbers on BudgetAggregate { categories { averagePercent histogram { count } } }";
    let listed = "{ budgets { aggregate { categories { averagePercent } } } }";
    let own = "{ budget(slug: \"town\") { viewerSubmission { id } aggregate { categories { averagePercent } } } }";
    for query in [QUERY, histogram, listed, own, &of_submission, &of_node] {
        // Twice: the second response may come from a cache.
        for turn in 0..2 {
            let posted = client.send(query, json!({})).await;
            let code = &posted["errors"][0]["extensions"]["code"];
            let text = posted.to_string();
            assert!(is_there(&text) || code == "RESULTS_HIDDEN", "{query}: {text}");
            found.push((format!("POST {turn} {query}"), is_there(&text), text));
            let got =
                client.http.get(client.url("/graphql")).query(&[("query", query)]).header("accept", "application/json");
            let got = got.send().await.unwrap();
            let header = |name: &str| got.headers().get(name).map_or("", |value| value.to_str().unwrap()).to_owned();
            let (cache, tag) = (header("cache-control"), header("etag"));
            let text = got.text().await.unwrap();
            assert!(is_there(&text) || (tag.is_empty() && !cache.contains("public")), "{query}: {cache} {tag}");
            found.push((format!("GET {turn} {query}"), is_there(&text), text));
        }
    }
    for (accept, path) in
        [("text/event-stream", "/graphql/stream"), ("multipart/mixed;subscriptionSpec=1.0", "/graphql")]
    {
        let body = json!({ "query": WATCH, "variables": { "budget": "town" } });
        let request = client.http.post(client.url(path)).header("accept", accept).json(&body);
        let mut response = request.send().await.unwrap();
        let mut text = String::new();
        while !text.contains("averagePercent") && !text.contains("RESULTS_HIDDEN") {
            text.push_str(std::str::from_utf8(&response.chunk().await.unwrap().unwrap()).unwrap());
        }
        found.push((accept.to_owned(), is_there(&text), text));
    }
    for path in ["/api/budgets/town/aggregate.json", "/api/budgets/town/aggregate.csv"] {
        for turn in 0..2 {
            let text = client.http.get(client.url(path)).send().await.unwrap().text().await.unwrap();
            assert!(is_there(&text) || text.contains("RESULTS_HIDDEN"), "{path}: {text}");
            found.push((format!("{path} {turn}"), is_there(&text), text));
        }
    }
    for path in ["/api/budgets/town/picture.png".to_owned(), format!("/results/{}/picture.png", raw(id))] {
        let response = client.http.get(client.url(&path)).send().await.unwrap();
        let is_picture = response.headers()["content-type"] == "image/png";
        let text = if is_picture { String::new() } else { response.text().await.unwrap() };
        assert!(is_picture || text.contains("RESULTS_HIDDEN"), "{path}: {text}");
        found.push((path, is_picture, text));
    }
    let page = client.http.get(client.url("/?budget=town")).send().await.unwrap().text().await.unwrap();
    assert!(!is_there(&page), "{page}");
    found
}

/// The UUID of a submission's opaque id, as it stands in addresses.
fn raw(id: &str) -> &str {
    id.rsplit(':').next().unwrap()
}

/// Files and pictures know nobody, so they are there for everybody or for nobody.
fn is_file(way: &str) -> bool {
    way.starts_with("/api/") || way.starts_with("/results/")
}

#[tokio::test]
async fn before_taking_part_and_before_closing_nothing_but_the_count_leaves_and_then_everything() {
    for visibility in [ResultVisibility::AfterTakingPart, ResultVisibility::AfterClosing] {
        let (app, id) = Box::pin(town(visibility)).await;
        let (stranger, participant) = (app.client(), app.client());
        for (way, is_there, text) in ways_out(&stranger, &id).await {
            assert!(!is_there, "{visibility:?}, {way}: {text}");
        }
        let mut input = answer(SECRET);
        input = with(input, json!({ "remember": true }));
        participant.submit(input).await;
        ledger::fold(&app.services.store).await;
        for (way, is_there, text) in ways_out(&participant, &id).await {
            let expected = visibility == ResultVisibility::AfterTakingPart && !is_file(&way);
            assert_eq!(is_there, expected, "{visibility:?}, {way}: {text}");
        }
        // What the participant was told is told to nobody else, from no cache.
        for (way, is_there, text) in ways_out(&stranger, &id).await {
            assert!(!is_there, "{visibility:?}, {way}: {text}");
        }
        let count = stranger.data(COUNT, json!({})).await["budget"]["aggregate"].clone();
        assert_eq!(count, json!({ "participantCount": 2, "submissionCount": 2 }));
        // The desk sees them always.
        let desk = "{ budget(slug: \"town\") { public { aggregate { categories { averagePercent } } } } }";
        let seen = app.desk(Some(Role::Viewer), desk, json!({})).await;
        assert!(seen.to_string().contains("13.37"), "{seen}");

        close(&app).await;
        for client in [&stranger, &participant] {
            for (way, is_there, text) in ways_out(client, &id).await {
                assert!(is_there, "{visibility:?}, {way}: {text}");
            }
        }
    }
}

#[tokio::test]
async fn what_was_cached_while_it_was_public_is_not_served_once_it_is_hidden() {
    let (app, id) = Box::pin(town(ResultVisibility::Always)).await;
    let client = app.client();
    let file = client.url("/api/budgets/town/aggregate.json");
    for (way, is_there, text) in ways_out(&client, &id).await {
        assert!(is_there, "{way}: {text}");
    }
    let get = async |tag: Option<&str>| {
        let request =
            client.http.get(client.url("/graphql")).query(&[("query", QUERY)]).header("accept", "application/json");
        let request = tag.map_or(request.try_clone().unwrap(), |tag| request.header("if-none-match", tag));
        request.send().await.unwrap()
    };
    let tag = get(None).await.headers()["etag"].to_str().unwrap().to_owned();
    assert_eq!(get(Some(&tag)).await.status(), 304);
    let file_tag = client.http.get(&file).send().await.unwrap().headers()["etag"].to_str().unwrap().to_owned();

    set(&app, json!({ "visibility": "after-closing" })).await;
    for (way, is_there, text) in ways_out(&client, &id).await {
        assert!(!is_there, "{way}: {text}");
    }
    // A 304 would say that the old numbers are still the current ones.
    let asked_again = get(Some(&tag)).await;
    assert_eq!(asked_again.status(), 200);
    assert!(asked_again.text().await.unwrap().contains("RESULTS_HIDDEN"));
    let asked_again = client.http.get(&file).header("if-none-match", file_tag).send().await.unwrap();
    assert_eq!(asked_again.status(), 403);

    set(&app, json!({ "visibility": "always" })).await;
    for (way, is_there, text) in ways_out(&client, &id).await {
        assert!(is_there, "{way}: {text}");
    }
}

async fn message(socket: &mut Socket, id: &str) -> Value {
    loop {
        match socket.receive().await.unwrap() {
            Incoming::Json(message) if message["type"] == "next" && message["id"] == id => {
                return message["payload"].clone();
            }
            Incoming::Json(_) => {}
            other @ Incoming::Closed(_) => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn who_watches_sees_results_appear_and_disappear_with_the_rule() {
    let (app, _) = Box::pin(town(ResultVisibility::Always)).await;
    let mut sockets = [Socket::connect(app.address).await, Socket::connect(app.address).await];
    for socket in &mut sockets {
        socket.subscribe("all", WATCH, json!({ "budget": "town" })).await;
        assert!(message(socket, "all").await.to_string().contains("13.37"));
    }
    set(&app, json!({ "visibility": "after-closing" })).await;
    for socket in &mut sockets {
        let hidden = message(socket, "all").await;
        assert_eq!(hidden["errors"][0]["extensions"]["code"], "RESULTS_HIDDEN", "{hidden}");
        assert_eq!(hidden["data"], Value::Null);
    }
    // The count goes on, and a newer publication tells nothing else.
    sockets[0].subscribe("count", WATCH_COUNT, json!({})).await;
    assert_eq!(message(&mut sockets[0], "count").await["data"]["aggregate"]["participantCount"], 1);
    app.client().submit(answer(SECRET)).await;
    ledger::fold(&app.services.store).await;
    assert_eq!(message(&mut sockets[0], "count").await["data"]["aggregate"]["participantCount"], 2);
    let hidden = message(&mut sockets[1], "all").await;
    assert_eq!(hidden["errors"][0]["extensions"]["code"], "RESULTS_HIDDEN", "{hidden}");
    close(&app).await;
    for socket in &mut sockets {
        eventually_shown(socket, 2).await;
    }
}

/// Reads until the results of so many ballots are there.
async fn eventually_shown(socket: &mut Socket, participants: i64) {
    loop {
        let shown = message(socket, "all").await;
        if shown["data"]["aggregate"]["participantCount"] == participants {
            assert!(shown.to_string().contains("13.37"), "{shown}");
            return;
        }
    }
}

#[tokio::test]
async fn results_appear_at_the_time_of_closing_without_anybody_asking_again() {
    let (app, _) = Box::pin(town(ResultVisibility::AfterClosing)).await;
    let now = app.services.store.now().await.unwrap();
    set(&app, json!({ "closesAt": (now + chrono::TimeDelta::milliseconds(1_500)).to_rfc3339() })).await;
    let mut socket = Socket::connect(app.address).await;
    socket.subscribe("all", WATCH, json!({ "budget": "town" })).await;
    let first = message(&mut socket, "all").await;
    assert_eq!(first["errors"][0]["extensions"]["code"], "RESULTS_HIDDEN", "{first}");
    eventually_shown(&mut socket, 1).await;
}

#[tokio::test]
async fn a_participant_who_watches_is_told_the_results_and_a_stranger_beside_is_not() {
    let (app, _) = Box::pin(town(ResultVisibility::AfterTakingPart)).await;
    let participant = app.client();
    let query = "mutation ($input: SubmitAllocationInput!) { submitAllocation(input: $input) { submission { id } } }";
    let body = json!({ "query": query, "variables": { "input": with(answer(SECRET), json!({ "remember": true })) } });
    let response = participant.http.post(participant.url("/graphql")).json(&body).send().await.unwrap();
    let cookie = response.headers()["set-cookie"].to_str().unwrap();
    let token = cookie.split_once('=').unwrap().1.split(';').next().unwrap().to_owned();
    ledger::fold(&app.services.store).await;
    let mut known =
        Socket::open(app.address, "/graphql/ws", json!({ "authorization": format!("Bearer {token}") })).await.unwrap();
    let mut stranger = Socket::connect(app.address).await;
    for socket in [&mut known, &mut stranger] {
        socket.subscribe("all", WATCH, json!({ "budget": "town" })).await;
    }
    assert!(message(&mut known, "all").await.to_string().contains("13.37"));
    let hidden = message(&mut stranger, "all").await;
    assert_eq!(hidden["errors"][0]["extensions"]["code"], "RESULTS_HIDDEN", "{hidden}");
    // The next publication too.
    app.client().submit(answer(SECRET)).await;
    ledger::fold(&app.services.store).await;
    eventually_shown(&mut known, 3).await;
    let hidden = message(&mut stranger, "all").await;
    assert_eq!(hidden["errors"][0]["extensions"]["code"], "RESULTS_HIDDEN", "{hidden}");
}

#[tokio::test]
async fn another_node_that_follows_by_redis_or_the_table_hides_the_same() {
    let (app, id) = Box::pin(town(ResultVisibility::AfterClosing)).await;
    let beside = app.start_beside(&[]).await;
    beside.bus_is_up().await;
    for (way, is_there, text) in ways_out(&beside.client(), &id).await {
        assert!(!is_there, "{way}: {text}");
    }
    set(&app, json!({ "visibility": "always" })).await;
    eventually("the other node shows the results", || async {
        beside.client().send(QUERY, json!({})).await.to_string().contains("13.37").then_some(())
    })
    .await;
    for (way, is_there, text) in ways_out(&beside.client(), &id).await {
        assert!(is_there, "{way}: {text}");
    }
}
