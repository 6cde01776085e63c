//! GraphQL over HTTP, rule by rule: media types, status codes, methods, and what lies below.

use std::io::Read;

use flate2::read::GzDecoder;
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::support::{Client, TIMEOUT, TestApp, client::split, socket::WATCH};

const JSON: &str = "application/json; charset=utf-8";
const GRAPHQL: &str = "application/graphql-response+json; charset=utf-8";
const SLUGS: &str = "{ budgets { slug } }";
const GIVE: &str =
    "mutation Give($input: SubmitAllocationInput!) { submitAllocation(input: $input) { submission { id } } }";

/// A POST of this body that accepts this.
async fn post(client: &Client, accept: Option<&str>, body: &str) -> Response {
    let request = client.http.post(client.url("/graphql")).header("content-type", "application/json");
    let request = accept.into_iter().fold(request, |request, accept| request.header("accept", accept));
    request.body(body.to_owned()).send().await.unwrap()
}

async fn get(client: &Client, parameters: &[(&str, &str)]) -> Response {
    client.http.get(client.url("/graphql")).query(parameters).send().await.unwrap()
}

fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers().get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
}

/// The first error of an answer, which has no data.
async fn refusal(response: Response) -> Value {
    let answer: Value = response.json().await.unwrap();
    assert_eq!(answer.get("data"), None, "nothing was executed: {answer}");
    answer["errors"][0].clone()
}

fn query(query: &str) -> String {
    json!({ "query": query }).to_string()
}

#[tokio::test]
async fn the_answer_has_the_media_type_that_is_accepted_most() {
    let app = TestApp::start().await;
    let client = app.client();
    for (accept, kind) in [
        (None, JSON),
        (Some("*/*"), JSON),
        (Some("application/*"), JSON),
        (Some("application/json"), JSON),
        (Some("application/json; charset=utf-8"), JSON),
        (Some("application/graphql-response+json"), GRAPHQL),
        (Some("application/graphql-response+json; charset=utf-8, application/json; charset=utf-8"), GRAPHQL),
        (Some("application/graphql-response+json;q=0.5, application/json;q=0.9"), JSON),
        (Some("text/html, application/graphql-response+json;q=0.1"), GRAPHQL),
    ] {
        let response = post(&client, accept, &query(SLUGS)).await;
        assert_eq!((response.status(), header(&response, "content-type")), (StatusCode::OK, kind), "{accept:?}");
        let answer: Value = response.json().await.unwrap();
        assert_eq!(answer, json!({ "data": { "budgets": [{ "slug": "federal" }] } }), "{accept:?}");
    }
}

#[tokio::test]
async fn what_is_posted_is_kept_nowhere_and_no_answer_is_taken_for_something_else() {
    let app = TestApp::start().await;
    let client = app.client();
    let mutation = json!({ "query": GIVE, "variables": { "input": split(50.0) } }).to_string();
    let viewer = query("{ viewer { participant } }");
    // Twice: the second time a public answer is known and comes another way.
    for body in [&query(SLUGS), &query(SLUGS), &viewer, &mutation, &query("{ nonsense }"), &"nonsense".to_owned()] {
        for accept in ["application/json", "application/graphql-response+json"] {
            let response = post(&client, Some(accept), body).await;
            assert_eq!(header(&response, "cache-control"), "no-store", "{body}");
            assert_eq!(header(&response, "x-content-type-options"), "nosniff", "{body}");
        }
    }
    for (wanted, caching) in [
        (SLUGS, "public, no-cache"),
        (SLUGS, "public, no-cache"),
        ("{ viewer { participant } }", "private, no-cache"),
        ("{ nonsense }", "no-store"),
        ("", "no-store"),
    ] {
        let response = get(&client, &[("query", wanted)]).await;
        assert_eq!(header(&response, "cache-control"), caching, "{wanted}");
        assert_eq!(header(&response, "x-content-type-options"), "nosniff", "{wanted}");
    }
    let stream = client.http.get(client.url("/graphql/stream")).query(&[("query", SLUGS)]).send().await.unwrap();
    assert_eq!(header(&stream, "x-content-type-options"), "nosniff");
}

#[tokio::test]
async fn a_client_that_accepts_no_form_of_the_answer_gets_406_and_nothing_is_executed() {
    let app = TestApp::start().await;
    let client = app.client();
    let mutation = json!({ "query": GIVE, "variables": { "input": split(50.0) } }).to_string();
    for accept in ["text/plain", "application/xml", "image/*", "application/json;q=0"] {
        for body in [&query(SLUGS), &query("{ nonsense }")] {
            let response = post(&client, Some(accept), body).await;
            assert_eq!(response.status(), StatusCode::NOT_ACCEPTABLE, "{accept}");
            let error = refusal(response).await;
            assert!(error["message"].as_str().unwrap().contains("application/json"), "{error}");
        }
        assert_eq!(post(&client, Some(accept), &mutation).await.status(), StatusCode::NOT_ACCEPTABLE);
    }
    assert_eq!(app.database.integer("SELECT count(*) FROM submission").await, 0);
}

#[tokio::test]
async fn a_request_that_is_not_executed_has_no_data_and_a_status_of_its_media_type() {
    let app = TestApp::start().await;
    let client = app.client();
    for (body, says) in [
        (query("{ not GraphQL"), "The query cannot be read"),
        (query("{ nonsense }"), "Unknown field"),
        (query("query A { budgets { slug } } query B { budgets { slug } }"), "several operations"),
        (json!({ "query": SLUGS, "operationName": "Other" }).to_string(), "Unknown operation named \"Other\""),
        (query(GIVE), "input is not defined"),
        (query(&format!("{{ budgets {{ {} }} }}", "slug ".repeat(20_000))), "too much at once"),
    ] {
        // Under application/json an error status could also be a proxy's.
        for (accept, status, kind) in [
            ("application/json", StatusCode::OK, JSON),
            ("application/graphql-response+json", StatusCode::BAD_REQUEST, GRAPHQL),
        ] {
            let response = post(&client, Some(accept), &body).await;
            assert_eq!((response.status(), header(&response, "content-type")), (status, kind), "{body:.80}");
            let error = refusal(response).await;
            assert!(error["message"].as_str().unwrap().contains(says), "{error}");
            assert!(error["extensions"]["code"].is_string(), "{error}");
        }
    }
}

#[tokio::test]
async fn a_field_that_fails_leaves_the_status_200_and_its_data_null() {
    let app = TestApp::start().await;
    let client = app.client();
    let body = query("{ budgets { slug } viewer { submissions(first: 0) { nodes { id } } } }");
    for accept in ["application/json", "application/graphql-response+json"] {
        let response = post(&client, Some(accept), &body).await;
        assert_eq!(response.status(), StatusCode::OK);
        let answer: Value = response.json().await.unwrap();
        assert!(answer.as_object().unwrap().contains_key("data"), "it was executed: {answer}");
        assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{answer}");
        assert_eq!(answer["errors"][0]["path"][0], "viewer", "{answer}");
    }
}

#[tokio::test]
async fn bodies_that_are_not_json_in_utf8_are_refused_with_415() {
    let app = TestApp::start().await;
    let client = app.client();
    for kind in
        [None, Some("text/plain"), Some("application/graphql"), Some("application/json; charset=latin1"), Some("x")]
    {
        let request = client.http.post(client.url("/graphql"));
        let request = kind.into_iter().fold(request, |request, kind| request.header("content-type", kind));
        let response = request.body(query(SLUGS)).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE, "{kind:?}");
        let error = refusal(response).await;
        assert!(error["message"].as_str().unwrap().contains("application/json"), "{error}");
    }
    for kind in ["application/json", "application/json; charset=utf-8", "Application/JSON;charset=\"UTF-8\""] {
        let request = client.http.post(client.url("/graphql")).header("content-type", kind);
        assert_eq!(request.body(query(SLUGS)).send().await.unwrap().status(), StatusCode::OK, "{kind}");
    }
}

#[tokio::test]
async fn bodies_that_are_no_requests_are_answered_in_the_shape_of_graphql() {
    let app = TestApp::start().await;
    let client = app.client();
    let too_large = format!("{{\"query\": \"{{ budgets {{ id }} }}\", \"padding\": \"{}\" }}", "x".repeat(128 * 1024));
    for (body, status, says) in [
        ("", StatusCode::BAD_REQUEST, "not a GraphQL request in JSON"),
        ("{", StatusCode::BAD_REQUEST, "not a GraphQL request in JSON"),
        ("not json", StatusCode::BAD_REQUEST, "Send {\"query\""),
        ("null", StatusCode::BAD_REQUEST, "not a GraphQL request in JSON"),
        ("[{\"query\":\"{ budgets { id } }\"}]", StatusCode::BAD_REQUEST, "not a GraphQL request in JSON"),
        ("{\"query\": 5}", StatusCode::BAD_REQUEST, "expected a string"),
        ("{\"query\":\"{ budgets { id } }\",\"variables\":5}", StatusCode::BAD_REQUEST, "expected a map"),
        ("{}", StatusCode::BAD_REQUEST, "There is no query"),
        ("{\"query\": \" \"}", StatusCode::BAD_REQUEST, "There is no query"),
        (&too_large, StatusCode::PAYLOAD_TOO_LARGE, "at most 128 KB"),
    ] {
        let what = body.chars().take(60).collect::<String>();
        let response = post(&client, None, body).await;
        assert_eq!(response.status(), status, "{what}");
        let error = refusal(response).await;
        assert_eq!(error["extensions"]["code"], "BAD_USER_INPUT", "{what}: {error}");
        assert!(error["message"].as_str().unwrap().contains(says), "{what}: {error}");
    }
}

#[tokio::test]
async fn a_body_without_a_length_is_read_and_bounded_all_the_same() {
    let app = TestApp::start().await;
    let client = app.client();
    let mut stream = TcpStream::connect(app.address).await.unwrap();
    let head = "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nconnection: close\r\n\
        transfer-encoding: chunked\r\n\r\n";
    let body = query(SLUGS);
    let (begin, end) = body.split_at(7);
    let chunk = |part: &str| format!("{:x}\r\n{part}\r\n", part.len());
    stream.write_all(format!("{head}{}{}0\r\n\r\n", chunk(begin), chunk(end)).as_bytes()).await.unwrap();
    assert!(read_to_end(stream).await.contains("\"slug\":\"federal\""));

    let mut stream = TcpStream::connect(app.address).await.unwrap();
    let too_large = format!("{head}{}0\r\n\r\n", chunk(&"x".repeat(128 * 1024 + 1)));
    stream.write_all(too_large.as_bytes()).await.unwrap();
    assert!(read_to_end(stream).await.starts_with("HTTP/1.1 413 "));

    // A client that vanishes in the middle of its body hurts nobody.
    let mut stream = TcpStream::connect(app.address).await.unwrap();
    let half =
        "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{\"qu";
    stream.write_all(half.as_bytes()).await.unwrap();
    drop(stream);
    assert_eq!(post(&client, None, &query(SLUGS)).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_body_that_arrives_in_parts_is_put_together() {
    let app = TestApp::start().await;
    let body = query(SLUGS);
    let (begin, end) = body.split_at(7);
    // The first response is executed, the second one is cached.
    for _ in 0..2 {
        let mut stream = TcpStream::connect(app.address).await.unwrap();
        let head = format!(
            "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nconnection: close\r\n\
             content-length: {}\r\n\r\n{begin}",
            body.len()
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        // Another exchange, so that the server reads the first part before the second one is sent.
        post(&app.client(), None, &query("{ __typename }")).await;
        stream.write_all(end.as_bytes()).await.unwrap();
        let response = read_to_end(stream).await;
        assert!(response.starts_with("HTTP/1.1 200 ") && response.contains("\"slug\":\"federal\""), "{response}");
    }
}

async fn read_to_end(mut stream: TcpStream) -> String {
    let mut text = String::new();
    tokio::time::timeout(TIMEOUT, stream.read_to_string(&mut text)).await.unwrap().unwrap();
    text
}

#[tokio::test]
async fn what_extensions_say_that_is_not_known_is_passed_over() {
    let app = TestApp::start().await;
    for extensions in [json!({}), json!({ "tracing": [1, 2] }), Value::Null] {
        let body = json!({ "query": SLUGS, "extensions": extensions, "operationName": "", "variables": null, "id": 7 });
        assert_eq!(post(&app.client(), None, &body.to_string()).await.status(), StatusCode::OK, "{extensions}");
    }
}

#[tokio::test]
async fn a_get_reads_and_never_changes_anything() {
    let app = TestApp::start().await;
    let client = app.client();
    let answer: Value = get(&client, &[("query", SLUGS)]).await.json().await.unwrap();
    assert_eq!(answer["data"]["budgets"][0]["slug"], "federal");

    let variables = json!({ "input": split(50.0) }).to_string();
    let both = format!("query Read {{ budgets {{ id }} }} {GIVE}");
    for (query, operation) in [(GIVE, ""), (&both, "Give")] {
        let response = get(&client, &[("query", query), ("variables", &variables), ("operationName", operation)]).await;
        assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED, "{query}");
        assert_eq!(response.headers()["allow"], "POST");
        let answer: Value = response.json().await.unwrap();
        assert!(answer["errors"][0]["message"].as_str().unwrap().contains("Send mutations by POST"), "{answer}");
    }
    for (parameters, says) in
        [("", "There is no query"), ("?x=1", "There is no query"), ("?query={a}&variables=5", "JSON object")]
    {
        let response = client.http.get(client.url("/graphql") + parameters).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{parameters}");
        let answer: Value = response.json().await.unwrap();
        assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT");
        assert!(answer["errors"][0]["message"].as_str().unwrap().contains(says), "{answer}");
    }
    let subscription = get(&client, &[("query", WATCH), ("variables", "{\"budget\":\"federal\"}")]).await;
    assert_eq!(subscription.status(), StatusCode::NOT_ACCEPTABLE);
    assert_eq!(app.database.integer("SELECT count(*) FROM submission").await, 0);
}

#[tokio::test]
async fn a_get_takes_variables_and_the_name_of_the_operation_from_the_address() {
    let app = TestApp::start().await;
    let client = app.client();
    let document = "query Slug($slug: String!) { budget(slug: $slug) { slug } } query All { budgets { slug } }";
    let response =
        get(&client, &[("query", document), ("operationName", "Slug"), ("variables", "{\"slug\":\"federal\"}")]).await;
    let answer: Value = response.json().await.unwrap();
    assert_eq!(answer, json!({ "data": { "budget": { "slug": "federal" } } }));
    let answer: Value = get(&client, &[("query", document), ("operationName", "All")]).await.json().await.unwrap();
    assert_eq!(answer, json!({ "data": { "budgets": [{ "slug": "federal" }] } }));
    let head = client.http.head(client.url("/graphql")).query(&[("query", SLUGS)]).send().await.unwrap();
    assert_eq!((head.status(), header(&head, "content-type")), (StatusCode::OK, JSON));
    assert_eq!(head.text().await.unwrap(), "");
}

#[tokio::test]
async fn every_other_method_is_refused_with_405_and_those_that_there_are() {
    let app = TestApp::start().await;
    let client = app.client();
    for path in ["/graphql", "/graphql/stream"] {
        for method in [Method::PUT, Method::DELETE, Method::PATCH] {
            let response = client.http.request(method.clone(), client.url(path)).send().await.unwrap();
            assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED, "{method} {path}");
            assert_eq!(header(&response, "allow"), "GET, HEAD, POST");
            assert!(refusal(response).await["message"].as_str().unwrap().contains("Use POST"));
        }
    }
}

#[tokio::test]
async fn a_subscription_is_refused_where_no_stream_is_accepted_with_advice() {
    let app = TestApp::start().await;
    let client = app.client();
    let body = json!({ "query": WATCH, "variables": { "budget": "federal" } }).to_string();
    for accept in [None, Some("*/*"), Some("application/json"), Some("application/graphql-response+json")] {
        let response = post(&client, accept, &body).await;
        assert_eq!(response.status(), StatusCode::NOT_ACCEPTABLE, "{accept:?}");
        let error = refusal(response).await;
        for advice in ["text/event-stream", "multipart/mixed", "/graphql/ws"] {
            assert!(error["message"].as_str().unwrap().contains(advice), "{error}");
        }
    }
}

#[tokio::test]
async fn a_page_is_given_to_a_browser_and_an_answer_to_everybody_else() {
    let app = TestApp::start().await;
    let client = app.client();
    let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    // Also where the answer is known already.
    for _ in 0..2 {
        let request = client.http.get(client.url("/graphql")).query(&[("query", SLUGS)]);
        let page = request.header("accept", browser).send().await.unwrap();
        assert!(header(&page, "content-type").starts_with("text/html"), "{page:?}");
        assert_eq!(header(&get(&client, &[("query", SLUGS)]).await, "content-type"), JSON);
    }
}

#[tokio::test]
async fn long_answers_are_packed_for_who_can_unpack_them() {
    let app = TestApp::start().await;
    let client = app.client();
    let long = "{ budgets { slug title categories { key label description color } } }";
    let private =
        "{ viewer { submissions { nodes { id } } } budgets { slug title categories { key label description color } } }";
    let send = async |query: &str, packing: &str| {
        let request = client.http.post(client.url("/graphql")).header("accept-encoding", packing);
        request.json(&json!({ "query": query })).send().await.unwrap()
    };
    for query in [long, long, private] {
        let plain = send(query, "identity").await;
        assert_eq!(header(&plain, "content-encoding"), "");
        let plain: Value = plain.json().await.unwrap();
        for packing in ["gzip", "br, gzip;q=0.5", "GZIP"] {
            let compressed = send(query, packing).await;
            assert_eq!(header(&compressed, "content-encoding"), "gzip", "{packing}");
            let mut text = String::new();
            GzDecoder::new(&*compressed.bytes().await.unwrap()).read_to_string(&mut text).unwrap();
            assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), plain);
        }
        for packing in ["br", "gzip;q=0"] {
            assert_eq!(header(&send(query, packing).await, "content-encoding"), "", "{packing}");
        }
    }
    let short = send(SLUGS, "gzip").await;
    assert_eq!(header(&short, "content-encoding"), "", "not worth it");
}

#[tokio::test]
async fn requests_in_one_packet_are_answered_one_after_the_other_in_order() {
    let app = TestApp::start().await;
    let mut stream = TcpStream::connect(app.address).await.unwrap();
    let mut requests = String::new();
    for n in 0..20 {
        // Known and unknown ones, by either method.
        let body = query(&format!("{{ a{}: budgets {{ slug }} }}", n % 7));
        let last = if n == 19 { "connection: close\r\n" } else { "" };
        requests += &match n % 3 {
            0 => format!("GET /graphql?query=%7Ba{n}:budgets%7Bslug%7D%7D HTTP/1.1\r\nhost: x\r\n\r\n"),
            _ => format!(
                "POST /graphql HTTP/1.1\r\nhost: x\r\n{last}content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
                body.len()
            ),
        };
    }
    stream.write_all(requests.as_bytes()).await.unwrap();
    let answers = read_to_end(stream).await;
    let names: Vec<&str> = answers.split("{\"data\":{\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    let expected: Vec<String> = (0..20).map(|n| format!("a{}", if n % 3 == 0 { n } else { n % 7 })).collect();
    assert_eq!(names, expected);
}

#[tokio::test]
async fn http2_is_spoken_in_the_clear_to_who_knows_it() {
    let app = TestApp::start().await;
    let http = reqwest::Client::builder().http2_prior_knowledge().build().unwrap();
    let client = Client { address: app.address, http };
    let requests = (0..50).map(|n| {
        let (client, body) = (client.clone(), query(&format!("{{ a{n}: budgets {{ slug }} }}")));
        async move {
            let response = post(&client, None, &body).await;
            assert_eq!((response.status(), response.version()), (StatusCode::OK, reqwest::Version::HTTP_2));
            let answer: Value = response.json().await.unwrap();
            assert_eq!(answer["data"][format!("a{n}")][0]["slug"], "federal");
        }
    });
    futures_util::future::join_all(requests).await;
    // A stream beside them on the same connection.
    let request = client.http.post(client.url("/graphql/stream")).header("accept", "text/event-stream");
    let body = json!({ "query": WATCH, "variables": { "budget": "federal" } });
    let mut events = request.json(&body).send().await.unwrap();
    client.submit(split(40.0)).await;
    let mut text = String::new();
    while !text.contains("\"participantCount\":1") {
        let chunk = tokio::time::timeout(TIMEOUT, events.chunk()).await.unwrap().unwrap().unwrap();
        text.push_str(std::str::from_utf8(&chunk).unwrap());
    }
}

#[tokio::test]
async fn a_byte_order_mark_is_no_part_of_the_body_and_a_compressed_body_is_told_so() {
    let app = TestApp::start().await;
    let client = app.client();
    let marked = post(&client, None, &format!("\u{feff}{}", query(SLUGS))).await;
    assert_eq!(marked.status(), StatusCode::OK);
    let send = async |encoding: &str, body: &str| {
        let request = client.http.post(client.url("/graphql")).header("content-type", "application/json");
        request.header("content-encoding", encoding).body(body.to_owned()).send().await.unwrap()
    };
    let compressed = send("gzip", "\u{1f}not json").await;
    assert_eq!(compressed.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let error = refusal(compressed).await;
    assert!(error["message"].as_str().unwrap().contains("`Content-Encoding`"), "{error}");
    assert_eq!(send("identity", &query("{ __typename }")).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn escapes_of_characters_beyond_the_first_plane_are_understood_or_named() {
    let app = TestApp::start().await;
    let client = app.client();
    // As JSON libraries write a string with a face in it, and by number.
    for literal in [r#""\uD83D\uDE00""#, r#""\u{1F600}""#] {
        let answer = client.data(&format!("{{ budget(slug: {literal}) {{ title }} }}"), Value::Null).await;
        assert_eq!(answer, json!({ "budget": null }), "{literal}");
    }
    let answer = client.data(r#"{ budget(slug: "\u{66}eder\u0061l") { slug } }"#, Value::Null).await;
    assert_eq!(answer["budget"]["slug"], "federal");
    let error = client.error(r#"{ budget(slug: "\uD83D") { title } }"#, Value::Null).await;
    assert_eq!(error["extensions"]["code"], "BAD_USER_INPUT");
    let message = error["message"].as_str().unwrap();
    assert!(message.starts_with("The escape \\uD83D in a string is one half of a character"), "{message}");
}
