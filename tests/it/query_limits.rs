//! What a query may ask for: every limit, over every transport, and that tools' own documents are within them.

use std::fs;

use futures_util::future::join_all;
use rand::RngExt;
use reqwest::{Response, StatusCode};
use serde_json::{Map, Value, json};

use crate::support::{
    Client, TestApp,
    client::{SUBMIT, split, with},
    eventually,
    hostile::{Generator, SHAPES},
    socket::{Incoming, Socket, WATCH},
};

/// How a document comes to the server.
#[derive(Debug, Clone, Copy)]
enum Transport {
    Post,
    Get,
    Events,
    Multipart,
    WebSocket,
}

const TRANSPORTS: [Transport; 5] =
    [Transport::Post, Transport::Get, Transport::Events, Transport::Multipart, Transport::WebSocket];

/// The first result, with `data` or `errors`; none where the server refused the request for another reason.
async fn ask(client: &Client, transport: Transport, query: &str, variables: &Map<String, Value>) -> Option<Value> {
    // Of several operations one must be named.
    let operation_name = query.starts_with("query q0{").then_some("q0");
    let body = json!({ "query": query, "variables": variables, "operationName": operation_name });
    let post = |path: &str, accept: &str| client.http.post(client.url(path)).header("accept", accept).json(&body);
    let response = match transport {
        Transport::Post => post("/graphql", "application/json").send().await,
        Transport::Events => post("/graphql/stream", "text/event-stream").send().await,
        Transport::Multipart => post("/graphql", "multipart/mixed").send().await,
        Transport::Get => {
            let variables = Value::from(variables.clone()).to_string();
            let url =
                [("query", query), ("variables", &variables), ("operationName", operation_name.unwrap_or_default())];
            let request =
                client.http.get(client.url("/graphql")).header("accept", "application/json, text/event-stream;q=0.5");
            request.query(&url).send().await
        }
        Transport::WebSocket => return over_websocket(client, body).await,
    };
    if response.as_ref().is_err_and(reqwest::Error::is_builder) {
        return None; // too long for a URL
    }
    let response = response.unwrap();
    let kind = response.headers().get("content-type").map_or("", |kind| kind.to_str().unwrap());
    if !response.status().is_success() && (kind.is_empty() || kind.starts_with("application/json")) {
        return None; // too large, or a method that is not for this
    }
    Some(first_result(response).await)
}

async fn over_websocket(client: &Client, payload: Value) -> Option<Value> {
    let mut socket = Socket::connect(client.address).await;
    socket.send(json!({ "id": "1", "type": "subscribe", "payload": payload })).await.unwrap();
    match socket.receive().await {
        Ok(Incoming::Json(message)) if message["type"] == "error" => Some(json!({ "errors": message["payload"] })),
        Ok(Incoming::Json(message)) => Some(message["payload"].clone()),
        // The message was too large.
        Ok(Incoming::Closed(_)) | Err(_) => None,
    }
}

/// The JSON of a response, or of the first event or part of one that goes on.
async fn first_result(mut response: Response) -> Value {
    let mut text = String::new();
    loop {
        if let Ok(result) = serde_json::from_str(&text) {
            return result;
        }
        let event = text.split("data: ").nth(1).and_then(|data| data.split_once("\n\n"));
        if let Some((data, _)) = event {
            return serde_json::from_str(data).unwrap();
        }
        let part = text.split("{\"payload\":").nth(1).and_then(|part| part.split_once("}\r\n--graphql"));
        if let Some((payload, _)) = part {
            return serde_json::from_str(payload).unwrap();
        }
        let chunk = response.chunk().await.unwrap().unwrap_or_else(|| panic!("ended without a result: {text}"));
        text.push_str(&String::from_utf8_lossy(&chunk));
    }
}

/// What the page itself sends, with name, hash and document.
fn page_operations() -> Vec<Value> {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/frontend/operations.json");
    serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap()
}

fn times(count: usize, part: impl Fn(usize) -> String) -> String {
    (0..count).map(part).collect()
}

fn all_of_a_budget(alias: usize) -> String {
    let fields = ["id", "slug", "title", "description", "language", "languages", "startPosition", "currency"];
    let more =
        ["totalAmount", "status", "opensAt", "closesAt", "__typename", "viewerSubmission{id}", "taxIllustration{note}"];
    fields.iter().chain(&more).enumerate().map(|(n, field)| format!("f{alias}x{n}:{field} ")).collect()
}

/// A document for each limit that just exceeds it, and as a valid one where there is such.
fn beyond_each_limit() -> Vec<(&'static str, String)> {
    let in_histogram = |bins: u32, inside: &str| {
        format!("{{budget(slug:\"federal\"){{aggregate{{categories{{histogram(bins:{bins}){{{inside}}}}}}}}}}}")
    };
    vec![
        ("textBytes", format!("{{budgets{{id}}}} #{}", "x".repeat(16 * 1024))),
        ("tokens", format!("{{budgets{{{}}}}}", "id ".repeat(1_501))),
        ("nesting", format!("{{budget(slug:{}1{}){{id}}}}", "[".repeat(50), "]".repeat(50))),
        ("operations", times(21, |n| format!("query q{n}{{budgets{{id}}}} "))),
        (
            "fragments",
            format!("{{budgets{{...F0}}}} {}", times(51, |n| format!("fragment F{n} on Budget{{id}} "))),
        ),
        ("directives", format!("{{budgets{{id {}}}}}", "@skip(if:false) ".repeat(51))),
        ("variableUses", format!("query({}){{budgets{{id}}}}", times(201, |n| format!("$v{n}:Int ")))),
        ("arguments", format!("{{budget({}){{id}}}}", times(21, |n| format!("a{n}:1 ")))),
        ("rootFields", format!("{{{}}}", times(21, |n| format!("a{n}:budget(slug:\"federal\"){{id}}")))),
        ("fieldRepeats", format!("{{budgets{{{}}}}}", times(51, |n| format!("a{n}:id ")))),
        ("selections", format!("{{{}}} fragment F on Budget{{{}}}", times(20, |n| format!("a{n}:budget(slug:\"federal\"){{...F}} ")), times(7, all_of_a_budget))),
        ("depth", format!("{{{}id{}}}", "...{".repeat(24), "}".repeat(24))),
        // Lengths beyond every integer, beside the load that they are to hide.
        (
            "cost",
            "{viewer{submissions(first:1073741860){nodes{budget{aggregate{categories{histogram(bins:1717986860){count}}}}}}}}"
                .to_owned(),
        ),
        ("cost", in_histogram(100, "a:__typename b:__typename c:__typename d:__typename")),
        (
            "introspectionCost",
            "{__schema{types{fields{type{fields{type{fields{type{name}}}}}}}}}".to_owned(),
        ),
        ("nameBytes", in_histogram(100, &format!("{}:count", "a".repeat(8_000)))),
    ]
}

#[tokio::test]
async fn a_document_beyond_a_limit_is_refused_by_every_transport_and_told_which_limit_it_is() {
    let app = TestApp::start().await;
    let client = app.client();
    for (limit, query) in beyond_each_limit() {
        for transport in TRANSPORTS {
            let Some(result) = ask(&client, transport, &query, &Map::new()).await else {
                assert!(query.len() > 8 * 1024, "{transport:?}: {limit}: not answered at all");
                continue;
            };
            let error = &result["errors"][0];
            assert_eq!(error["extensions"]["code"], "QUERY_TOO_COMPLEX", "{transport:?}: {limit}: {error}");
            assert_eq!(error["extensions"]["limit"], limit, "{transport:?}: {error}");
            let (maximum, actual) = (&error["extensions"]["maximum"], &error["extensions"]["actual"]);
            assert!(maximum.as_u64().unwrap() < actual.as_u64().unwrap(), "{error}");
            let message = error["message"].as_str().unwrap();
            assert!(message.contains(&maximum.to_string()) && message.contains(&actual.to_string()), "{message}");
        }
    }
    let variables = json!({ "n": vec![0; 1_001] });
    let many = client.error("query($n:[Int!]){budgets{id}}", variables).await;
    assert_eq!(many["extensions"]["limit"], "variableValues", "{many}");
}

#[tokio::test]
async fn an_answer_of_more_than_a_megabyte_ends_in_an_error_whatever_its_texts_are() {
    let app = TestApp::start().await;
    let client = app.client();
    let long = "\u{e9}".repeat(40_000);
    app.database.execute(&format!("UPDATE budget SET description = '{long}'")).await.unwrap();
    let query = format!("{{budget(slug:\"federal\"){{{}}}}}", times(14, |n| format!("a{n}:description ")));
    let few = "{budget(slug:\"federal\"){description}}";
    // The server reads budgets anew within a second.
    let changed = eventually("the description is changed", || async {
        let answer = client.send(few, Value::Null).await;
        (answer["data"]["budget"]["description"] == long).then_some(answer)
    });
    changed.await;
    for transport in [Transport::Post, Transport::Get, Transport::Events, Transport::WebSocket] {
        let result = ask(&client, transport, &query, &Map::new()).await.unwrap();
        assert_eq!(result["errors"][0]["extensions"]["limit"], "answerBytes", "{transport:?}");
        assert_eq!(result["data"], Value::Null);
    }
}

#[tokio::test]
async fn documents_that_are_made_to_hang_validators_are_refused_in_a_sentence() {
    let app = TestApp::start().await;
    let client = app.client();
    let spreads = "...A ".repeat(60);
    let conflicts = format!("{{x({}) {}}}", times(20, |n| format!("a{n}:1,")), "x ".repeat(49));
    // Fragments that double: 1 033 bytes would be 2²⁸ fields.
    let doubling = times(28, |n| format!("fragment F{n} on Query{{...F{m} ...F{m}}} ", m = n + 1));
    let doubling = format!("{{...F0}} {doubling} fragment F28 on Query{{__typename}}");
    let undefined = times(45, |n| format!("a{n}:id @skip(if:$v{n}) "));
    let undefined =
        format!("{} fragment F on Budget{{{undefined}}}", times(20, |n| format!("query q{n}{{budgets{{...F}}}} ")));
    for (query, says) in [
        (format!("subscription{{...A}} fragment A on Subscription{{{spreads}}}"), "\"A\" contains itself"),
        ("{...A} fragment A on Query{...B} fragment B on Query{...A}".to_owned(), "contains itself"),
        (conflicts, "differing arguments"),
        (format!("{{{}}}", times(200, |n| format!("x:b{n} "))), "different fields"),
        (doubling, "fieldRepeats"),
        (undefined, "is not defined by operation"),
        (format!("{{budgets{{{}}}}}", times(300, |n| format!("nobody{n} "))), "300 fields do not exist"),
        ("{budgets @nope {id}}".to_owned(), "Unknown directive"),
        ("{budgets @public {id}}".to_owned(), "may not be used"),
        ("{__typename @nope}".to_owned(), "Unknown directive \"nope\""),
        ("{budgets{__typename @skip(if:false) @public}}".to_owned(), "Unknown directive \"public\""),
        ("{...F} fragment F on Query{__typename(of:1)}".to_owned(), "Unknown argument \"of\""),
        ("{__typename{id}}".to_owned(), "must not have a selection"),
    ] {
        for transport in TRANSPORTS {
            let result = ask(&client, transport, &query, &Map::new()).await.unwrap();
            let (message, limit) = (&result["errors"][0]["message"], &result["errors"][0]["extensions"]["limit"]);
            let is_told = message.as_str().unwrap().contains(says) || limit == says;
            assert!(result["data"].is_null() && is_told, "{transport:?}: {query}: {result}");
            assert!(result["errors"].as_array().unwrap().len() <= 21, "{result}");
        }
    }
}

#[tokio::test]
async fn one_answer_tells_of_twenty_errors_and_how_many_more_there_are() {
    let app = TestApp::start().await;
    let query = format!("{{budgets{{{}}}}}", times(30, |n| format!("a{n}:title(nobody:1) ")));
    let answer = app.client().send(&query, Value::Null).await;
    let errors = answer["errors"].as_array().unwrap();
    assert_eq!(errors.len(), 21);
    assert_eq!(errors[20]["message"], "There are 10 more errors. Mend the first ones.");
    assert!(errors.iter().all(|error| error["extensions"]["code"] == "BAD_USER_INPUT"), "{answer}");
}

#[tokio::test]
async fn documents_of_todays_tools_are_executed() {
    let app = TestApp::start().await;
    let client = app.client();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/tool_documents");
    let mut seen = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let variables = json!({ "budget": "federal", "count": 20 });
        let answer = client.send(&text, variables).await;
        assert!(answer["errors"].is_null() && answer["data"].is_object(), "{}: {answer}", path.display());
        seen += 1;
    }
    assert!(seen >= 4, "the documents were not found");
}

#[tokio::test]
async fn whatever_hostile_documents_come_each_gets_a_short_answer_and_everybody_else_is_served() {
    let app = TestApp::start().await;
    let client = app.client();
    client.submit(split(60.0)).await;
    let seed: u64 = rand::rng().random();
    println!("seed {seed}");
    for (index, hostile) in Generator::new(seed).take(20 * SHAPES.len()).enumerate() {
        let transport = TRANSPORTS[index % TRANSPORTS.len()];
        let Some(result) = ask(&client, transport, &hostile.query, &hostile.variables).await else { continue };
        let what = format!("seed {seed}, number {index}, {}, {transport:?}", hostile.shape);
        assert!(result["data"].is_object() || result["errors"].is_array(), "{what}: {result}");
        assert!(result.to_string().len() <= 1024 * 1024, "{what}: {} bytes", result.to_string().len());
        let errors = result["errors"].as_array().map_or(0, Vec::len);
        assert!(errors <= 50, "{what}: {errors} errors");
        for error in result["errors"].as_array().into_iter().flatten() {
            assert!(error["extensions"]["code"].is_string(), "{what}: {error}");
            assert_ne!(error["extensions"]["code"], "INTERNAL", "{what}: {error}");
        }
    }
    client.aggregate_of(1, 1).await;
    let health = client.http.get(client.url("/healthz")).send().await.unwrap();
    assert_eq!(health.status(), StatusCode::OK);
}

#[tokio::test]
async fn skip_and_include_see_the_default_of_a_variable_that_was_not_sent() {
    let app = TestApp::start().await;
    let client = app.client();
    let submit = |directive: &str, default: &str| {
        format!(
            "mutation($b:Boolean{default}){{submitAllocation(input:{{budget:\"federal\",shares:[{{category:\"other\",percent:100}}]}})
            {directive} {{submission{{id}}}}}}"
        )
    };
    assert_eq!(client.data(&submit("@skip(if:$b)", "=true"), json!({})).await, json!({}));
    assert_eq!(client.data(&submit("@include(if:$b)", "!=false"), json!({})).await, json!({}));
    let counted = client.data(&submit("@include(if:$b)", "=true"), json!({})).await;
    assert!(counted["submitAllocation"]["submission"]["id"].is_string(), "{counted}");
    let counted = client.data(&submit("@skip(if:$b)", "!=true"), json!({ "b": false })).await;
    assert!(counted["submitAllocation"]["submission"]["id"].is_string(), "what was sent goes before the default");
    client.aggregate_of(2, 2).await;
    let query = "query($b:Boolean=true){budgets{slug @skip(if:$b) title @include(if:$b) ...@skip(if:$b){currency}}}";
    let budgets = client.data(query, json!({})).await["budgets"].clone();
    let keys: Vec<&String> = budgets[0].as_object().unwrap().keys().collect();
    assert_eq!(keys, ["title"]);
    let mut socket = Socket::connect(app.address).await;
    let query =
        "subscription($b:Boolean=true){aggregate(budget:\"federal\"){version @skip(if:$b) stale @include(if:$b)}}";
    socket.subscribe("1", query, json!({})).await;
    assert_eq!(socket.next_aggregate().await, json!({ "stale": false }));
}

#[tokio::test]
async fn a_server_of_trusted_operations_executes_those_of_the_page_and_no_others() {
    let app = TestApp::start_with(&["--operations=trusted"]).await;
    let client = app.client();
    let operations = page_operations();
    assert!(operations.len() >= 5, "{operations:?}");
    for operation in &operations {
        let (name, text) = (&operation["name"], operation["document"].as_str().unwrap());
        let input = if name == "RedeemCode" {
            json!({ "budget": "federal", "code": "923JV-RP328-CDYC4" })
        } else if name == "EraseMyData" {
            json!({})
        } else {
            split(50.0)
        };
        let variables = json!({
            "budget": "federal", "language": "en", "id": "00000000-0000-0000-0000-000000000000", "input": input
        });
        let Value::Object(variables) = variables else { unreachable!() };
        let transport = if text.starts_with("subscription") { Transport::WebSocket } else { Transport::Post };
        let result = ask(&client, transport, text, &variables).await.unwrap();
        if name == "RedeemCode" {
            // It is executed, and this budget takes no code.
            assert_eq!(result["errors"][0]["extensions"]["violations"][0]["rule"], "CODE_NOT_NEEDED", "{result}");
        } else {
            assert!(result["data"].is_object() && result["errors"].is_null(), "{name}: {result}");
        }
    }
    for query in [
        SUBMIT,
        WATCH,
        "{ budgets { slug } }",
        "{ __typename }",
        "query IntrospectionQuery { __schema { types { name } } }",
    ] {
        for transport in TRANSPORTS {
            let result = ask(&client, transport, query, &Map::new()).await.unwrap();
            assert_eq!(result["errors"][0]["extensions"]["code"], "FORBIDDEN", "{transport:?}: {query}: {result}");
        }
    }
    // Known by its hash alone too.
    let hash = operations.iter().find(|operation| operation["name"] == "PolledAggregate").unwrap()["sha256"].clone();
    let extensions = json!({ "persistedQuery": { "version": 1, "sha256Hash": hash } });
    let body = json!({ "variables": { "budget": "federal" }, "extensions": extensions });
    let answer: Value =
        client.http.post(client.url("/graphql")).json(&body).send().await.unwrap().json().await.unwrap();
    assert!(answer["data"]["budget"].is_object(), "{answer}");
}

#[tokio::test]
async fn different_subscriptions_have_a_capacity_and_the_page_itself_is_never_turned_away() {
    let app = TestApp::start().await;
    let client = app.client();
    let watch = |n: usize| {
        format!(
            "subscription{{aggregate(budget:\"federal\"){{version categories{{a{n}:histogram(bins:20){{count}} averagePercent medianPercent zeroCount}}}}}}"
        )
    };
    let (mut sockets, mut began, mut refusal) = (Vec::new(), 0, None);
    'sockets: for _ in 0..60 {
        let mut socket = Socket::connect(app.address).await;
        for id in 0..10 {
            socket.subscribe(&id.to_string(), &watch(began), Value::Null).await;
            let message = socket.next_message().await;
            if message["type"] == "error" {
                refusal = Some(message["payload"][0].clone());
                sockets.push(socket);
                break 'sockets;
            }
            assert_eq!(message["type"], "next", "{message}");
            began += 1;
        }
        sockets.push(socket);
    }
    let refusal = refusal.unwrap_or_else(|| panic!("{began} began and none was refused"));
    assert_eq!(refusal["extensions"]["code"], "OVERLOADED", "{refusal}");
    assert!(began >= 10, "only {began} began");
    // One who asks what somebody else asks costs nothing; the page's own subscription always begins.
    let operations = page_operations();
    let own = operations.iter().find(|operation| operation["name"] == "LiveAggregate").unwrap();
    for (query, variables) in
        [(watch(0).as_str(), Value::Null), (own["document"].as_str().unwrap(), json!({ "budget": "federal" }))]
    {
        let mut socket = Socket::connect(app.address).await;
        socket.subscribe("1", query, variables).await;
        assert!(socket.next_aggregate().await["version"].is_number(), "{query}");
    }
    drop(sockets);
    client.everybody_left().await;
    let mut socket = Socket::connect(app.address).await;
    socket.subscribe("1", &watch(began), Value::Null).await;
    assert!(socket.next_aggregate().await["version"].is_number(), "the capacity came back");
}

#[tokio::test]
async fn what_takes_milliseconds_runs_on_threads_of_its_own_and_what_does_not_is_not_handed_over() {
    let app = TestApp::start().await;
    let client = app.client();
    client.submit(split(50.0)).await;
    client.data("{ budgets { slug categories { label } } }", Value::Null).await;
    client.aggregate_of(1, 1).await;
    assert_eq!(client.metric_or_zero("taxbudget_heavy_work_total").await, 0);
    let histograms = times(5, |n| format!("a{n}:histogram(bins:20){{count}} averagePercent medianPercent zeroCount "));
    let dear = format!("{{budget(slug:\"federal\"){{aggregate{{categories{{{histograms}}}}}}}}}");
    client.data(&dear, Value::Null).await;
    assert_eq!(client.metric("taxbudget_heavy_work_total").await, 1, "executed there");
    let long = format!("{{budgets{{slug}}}} #{}", "x".repeat(5_000));
    client.data(&long, Value::Null).await;
    assert_eq!(client.metric("taxbudget_heavy_work_total").await, 3, "parsed and executed there");
    client.data(&dear, Value::Null).await;
    assert_eq!(client.metric("taxbudget_heavy_work_total").await, 3, "known");
}

#[tokio::test]
async fn one_network_may_ask_for_much_thirty_times_at_once_and_the_page_as_often_as_it_likes() {
    let app = TestApp::start_with(&["--trusted-proxies=127.0.0.0/8"]).await;
    let from = |address: &str| Client::with_header(app.address, "x-forwarded-for", address);
    let (greedy, other) = (from("198.51.100.1"), from("198.51.100.2"));
    let dear = |n: usize| {
        format!(
            "{{budget(slug:\"federal\"){{aggregate{{categories{{a{n}:histogram(bins:100){{count fromPercent}}}}}}}}}}"
        )
    };
    // Parsing alone is counted too, whatever comes of it.
    let long = |n: usize| format!("{{nobody{n}}} #{}", "x".repeat(5_000));
    let documents: Vec<(&str, String)> = (0..100).flat_map(|n| [("executed", dear(n)), ("parsed", long(n))]).collect();
    let answers = join_all(documents.iter().map(|(_, document)| greedy.send(document, Value::Null))).await;
    for kind in ["executed", "parsed"] {
        let of_kind = || documents.iter().zip(&answers).filter(|((its_kind, _), _)| *its_kind == kind);
        let refused = of_kind().filter(|(_, answer)| answer["errors"][0]["extensions"]["code"] == "RATE_LIMITED");
        let refused: Vec<&Value> = refused.map(|(_, answer)| &answer["errors"][0]).collect();
        assert!(refused.len() >= 20, "{} of 100 {kind} were refused", refused.len());
        assert!(refused.iter().all(|error| error["extensions"]["retryAfterSeconds"].is_number()), "{refused:?}");
    }
    let is_limited = |answer: &Value| answer["errors"][0]["extensions"]["code"] == "RATE_LIMITED";
    let admitted = answers.iter().filter(|answer| !is_limited(answer)).count();
    assert!(admitted >= 30, "{admitted} of 200 were admitted");
    // What is light, others, and the page are as before.
    greedy.data("{ budgets { slug } }", Value::Null).await;
    other.data(&dear(1_000), Value::Null).await;
    for operation in page_operations() {
        let text = operation["document"].as_str().unwrap();
        if operation["name"] == "BudgetPage" {
            greedy.data(text, json!({ "budget": "federal", "language": "en" })).await;
        }
    }
}

#[tokio::test]
async fn a_class_that_watches_the_same_large_chart_is_one_large_query_and_not_sixty() {
    let app = TestApp::start().await;
    let query = "subscription{aggregate(budget:\"federal\"){version categories{histogram(bins:100){fromPercent}}}}";
    let mut sockets = Vec::new();
    for _ in 0..60 {
        let mut socket = Socket::connect(app.address).await;
        socket.subscribe("1", query, Value::Null).await;
        let message = socket.next_message().await;
        assert_eq!(message["type"], "next", "number {}: {message}", sockets.len() + 1);
        sockets.push(socket);
    }
}

#[tokio::test]
async fn only_documents_that_are_valid_are_kept() {
    let app = TestApp::start().await;
    let client = app.client();
    for n in 0..50 {
        let nested = "x ".repeat(40);
        let query = format!("{{ nobody{n} {{ {nested} }} }}");
        assert_eq!(client.error(&query, Value::Null).await["extensions"]["code"], "BAD_USER_INPUT");
    }
    assert_eq!(client.metric("taxbudget_documents").await, 0);
    client.data("{ budgets { slug } }", Value::Null).await;
    let watched = with(split(50.0), json!({}));
    client.submit(watched).await;
    assert_eq!(client.metric("taxbudget_documents").await, 2);
}

#[tokio::test]
async fn a_block_string_that_never_ends_hides_nothing_from_the_limits() {
    let app = TestApp::start().await;
    // The parser takes an unended `"""` for the empty string, and reads on behind it. A hundred levels do no harm yet; some
    // 1 530 overflow the stack.
    let hidden = format!("{{budget(slug:[\"\"\"\",{}{}]){{id}}}}", "[".repeat(100), "]".repeat(100));
    for transport in TRANSPORTS {
        let result = ask(&app.client(), transport, &hidden, &Map::new()).await.unwrap();
        let error = &result["errors"][0];
        let is_unreadable = error["message"].as_str().unwrap().starts_with("The query cannot be read");
        assert!(error["extensions"]["limit"] == "nesting" || is_unreadable, "{transport:?}: {result}");
    }
}

fn own_operation(name: &str) -> String {
    let operations = page_operations();
    let own = operations.iter().find(|operation| operation["name"] == name).unwrap();
    own["document"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_page_loads_while_somebody_asks_more_heavy_queries_than_may_wait() {
    let app = TestApp::start().await;
    let (client, page) = (app.client(), own_operation("BudgetPage"));
    let variables = json!({ "budget": "federal", "language": "en" });
    let heavy = |n: usize| {
        let histograms = times(5, |a| format!("a{a}:histogram(bins:20){{count n{n}:count}} "));
        format!("{{budget(slug:\"federal\"){{aggregate{{categories{{{histograms}}}}}}}}}")
    };
    let heavy: Vec<_> = (0..300).map(heavy).collect();
    let flood = join_all(heavy.iter().map(|query| client.send(query, Value::Null)));
    let visitors = join_all((0..100).map(|_| client.send(&page, variables.clone())));
    let (flood, pages) = tokio::join!(flood, visitors);
    let is_refused = |answer: &&Value| {
        let code = &answer["errors"][0]["extensions"]["code"];
        code == "OVERLOADED" || code == "RATE_LIMITED"
    };
    let refused = [flood, pages].map(|answers| answers.iter().filter(is_refused).count());
    assert!(refused[0] > 0, "the flood was too small to prove anything");
    assert_eq!(refused[1], 0, "of a hundred visitors so many saw no page");
}

#[tokio::test]
async fn variables_that_an_operation_does_not_define_begin_no_execution_of_its_own() {
    let app = TestApp::start().await;
    let (client, own) = (app.client(), own_operation("LiveAggregate"));
    let mut socket = Socket::connect(app.address).await;
    for id in 0..5 {
        let mut variables = json!({ "budget": "federal" });
        variables[format!("nobody{id}")] = id.into();
        socket.subscribe(&id.to_string(), &own, variables).await;
        assert_eq!(socket.next_message().await["type"], "next");
    }
    assert_eq!(client.metric("taxbudget_shared_subscriptions").await, 1);
}
