//! Every bad input: its code, its path, a message that helps, and nothing stored.

use reqwest::StatusCode;
use serde_json::{Value, json};
use taxbudget::domain::budget::{BudgetStatus, NewBudget};

use crate::support::{
    TestApp,
    client::{split, with},
    ledger,
    socket::{Incoming, Socket},
};

const SUBMIT: &str =
    "mutation ($input: SubmitAllocationInput!) { submitAllocation(input: $input) { submission { id } } }";

/// One bad input and what is to be said about it.
struct Case {
    what: &'static str,
    input: Value,
    code: &'static str,
    /// Path and rule of each violation, in order.
    violations: Vec<(&'static str, &'static str)>,
    /// What the message must name: the rule, and what to do.
    says: Vec<&'static str>,
}

fn case(
    what: &'static str,
    input: Value,
    code: &'static str,
    violations: &[(&'static str, &'static str)],
    says: &[&'static str],
) -> Case {
    Case { what, input, code, violations: violations.to_vec(), says: says.to_vec() }
}

/// An input that breaks one rule.
fn bad(what: &'static str, input: Value, path: &'static str, rule: &'static str, says: &[&'static str]) -> Case {
    case(what, input, "BAD_USER_INPUT", &[(path, rule)], says)
}

/// An input that the schema's types already refuse.
fn ill_typed(what: &'static str, input: Value, path: &'static str, says: &[&'static str]) -> Case {
    bad(what, input, path, "GRAPHQL", says)
}

fn shares(shares: Value) -> Value {
    [("budget".to_owned(), "federal".into()), ("shares".to_owned(), shares)].into_iter().collect()
}

fn percents(of: &[(&str, f64)]) -> Value {
    let share = |(category, percent): &(&str, f64)| json!({ "category": category, "percent": percent });
    shares(of.iter().map(share).collect())
}

fn keyed(key: &str) -> Value {
    with(split(50.0), json!({ "idempotencyKey": key }))
}

fn to(budget: &str) -> Value {
    with(split(50.0), json!({ "budget": budget }))
}

fn wrong_shares() -> Vec<Case> {
    let percent = ("shares[0].percent", "PERCENT");
    vec![
        bad(
            "sum below",
            percents(&[("healthcare", 99.99)]),
            "shares",
            "SUM",
            &["99.99 %", "0.01 % below", "exactly 100"],
        ),
        bad(
            "sum above",
            percents(&[("healthcare", 60.0), ("education", 40.01)]),
            "shares",
            "SUM",
            &["100.01 %", "0.01 % above", "exactly 100"],
        ),
        bad("all zero", percents(&[("healthcare", 0.0)]), "shares", "SUM", &["0.00 %", "100.00 % below"]),
        bad(
            "negative, though the sum is right",
            percents(&[("education", -0.01), ("healthcare", 100.01)]),
            percent.0,
            percent.1,
            &["-0.01 is below 0", "from 0 to 100"],
        )
        .and(percent.1, "shares[1].percent"),
        bad("over 100", percents(&[("healthcare", 100.01)]), percent.0, percent.1, &["100.01 is above 100"]),
        bad(
            "far over 100",
            percents(&[("healthcare", 1e300)]),
            percent.0,
            percent.1,
            &["… is above 100", "from 0 to 100"],
        ),
        bad("next to nothing", percents(&[("healthcare", 5e-324)]), percent.0, percent.1, &["at most 2 decimals"]),
        bad(
            "three decimals",
            percents(&[("healthcare", 33.333), ("education", 66.667)]),
            percent.0,
            percent.1,
            &["33.333 has more than 2 decimals"],
        )
        .and(percent.1, "shares[1].percent"),
        bad(
            "unknown category",
            percents(&[("healthcare", 50.0), ("moon", 50.0)]),
            "shares[1].category",
            "UNKNOWN_CATEGORY",
            &["\"moon\"", "Use one of: healthcare, education"],
        ),
        bad(
            "a category of other letter case",
            percents(&[("Healthcare", 100.0)]),
            "shares[0].category",
            "UNKNOWN_CATEGORY",
            &["Use one of"],
        ),
        bad(
            "repeated category, though the sum is right",
            percents(&[("healthcare", 50.0), ("education", 0.0), ("healthcare", 50.0)]),
            "shares[2].category",
            "REPEATED_CATEGORY",
            &["\"healthcare\"", "twice", "one share"],
        ),
        bad("no shares", shares(json!([])), "shares", "REQUIRED", &["at least one category"]),
        bad(
            "too many shares",
            shares(vec![json!({ "category": "healthcare", "percent": 1 }); 11].into()),
            "shares",
            "TOO_MANY",
            &["10 categories", "at most once"],
        ),
        case(
            "several broken rules are all named",
            with(percents(&[("healthcare", -1.0), ("moon", 101.0)]), json!({ "idempotencyKey": "short" })),
            "BAD_USER_INPUT",
            &[
                ("idempotencyKey", "KEY_FORMAT"),
                percent,
                ("shares[1].percent", "PERCENT"),
                ("shares[1].category", "UNKNOWN_CATEGORY"),
            ],
            &["8 to 64", "below 0", "above 100", "\"moon\""],
        ),
    ]
}

fn wrong_keys() -> Vec<Case> {
    let of = |what, key: &str| {
        bad(what, keyed(key), "idempotencyKey", "KEY_FORMAT", &["8 to 64 characters", "control character", "UUID"])
    };
    vec![
        of("key of 7", "1234567"),
        of("key of 65", &"k".repeat(65)),
        of("empty key", ""),
        of("key with a line break", "12345678\n"),
        of("key with a NUL", "1234\u{0}5678"),
    ]
}

fn wrong_budgets() -> Vec<Case> {
    let unknown = |what, slug| case(what, to(slug), "NOT_FOUND", &[], &["no budget with this slug", "`budgets`"]);
    let not_open =
        |what, slug, reason| case(what, to(slug), "BUDGET_NOT_OPEN", &[], &["takes no submissions now", reason]);
    vec![
        unknown("unknown budget", "lunar"),
        unknown("empty slug", ""),
        unknown("draft budget, which nobody is shown", "draft"),
        not_open("closed budget", "closed", "it is closed"),
        not_open("budget that opens later", "future", "it opens at 2999-01-01T00:00:00Z"),
        not_open("budget whose window is over", "past", "it is closed"),
        case(
            "the categories of a draft are not told either",
            with(percents(&[("moon", 100.0)]), json!({ "budget": "draft" })),
            "NOT_FOUND",
            &[],
            &["no budget with this slug"],
        ),
    ]
}

fn wrong_types() -> Vec<Case> {
    let share = |share: Value| shares(json!([share]));
    let also = |field: Value| with(split(50.0), field);
    vec![
        ill_typed("null", Value::Null, "input", &["expected type", "SubmitAllocationInput"]),
        ill_typed("a long text for the input", json!("x".repeat(10_000)), "", &["SubmitAllocationInput", "…"]),
        ill_typed("a number for the input", json!(5), "", &["SubmitAllocationInput", "found 5"]),
        ill_typed("nothing in the input", json!({}), "budget", &["\"budget\"", "required"]),
        ill_typed("no shares field", json!({ "budget": "federal" }), "shares", &["\"shares\"", "required"]),
        ill_typed("budget null", also(json!({ "budget": null })), "budget", &["expected type \"String\""]),
        ill_typed("number for the budget", also(json!({ "budget": 1 })), "budget", &["expected type \"String\""]),
        ill_typed("shares null", shares(Value::Null), "shares", &["expected type \"[ShareInput!]\""]),
        ill_typed("a share null", shares(json!([null])), "shares[0]", &["expected type \"ShareInput\""]),
        ill_typed("a text for a share", shares(json!(["all"])), "", &["ShareInput", "found \"all\""]),
        ill_typed("no category", share(json!({ "percent": 100 })), "shares[0].category", &["\"category\"", "required"]),
        ill_typed(
            "category null",
            share(json!({ "category": null, "percent": 100 })),
            "shares[0].category",
            &["expected type \"String\""],
        ),
        ill_typed(
            "number for a category",
            share(json!({ "category": 5, "percent": 100 })),
            "shares[0].category",
            &["expected type \"String\""],
        ),
        ill_typed(
            "no per cent",
            share(json!({ "category": "other" })),
            "shares[0].percent",
            &["\"percent\"", "required"],
        ),
        ill_typed(
            "per cent null, in the second share",
            shares(json!([{ "category": "healthcare", "percent": 100 }, { "category": "other", "percent": null }])),
            "shares[1].percent",
            &["expected type \"Float\""],
        ),
        ill_typed(
            "text for a per cent",
            share(json!({ "category": "other", "percent": "100" })),
            "shares[0].percent",
            &["expected type \"Float\""],
        ),
        ill_typed(
            "NaN as text",
            share(json!({ "category": "other", "percent": "NaN" })),
            "shares[0].percent",
            &["expected type \"Float\""],
        ),
        ill_typed(
            "unknown field of a share",
            share(json!({ "category": "other", "percent": 100, "percents": 100 })),
            "shares[0].percents",
            &["unknown field \"percents\""],
        ),
        ill_typed("unknown field", also(json!({ "colour": "red" })), "colour", &["unknown field \"colour\""]),
        ill_typed("text for remember", also(json!({ "remember": "yes" })), "remember", &["expected type \"Boolean\""]),
        ill_typed("remember null", also(json!({ "remember": null })), "remember", &["expected type \"Boolean\""]),
        ill_typed(
            "number for the key",
            also(json!({ "idempotencyKey": 12_345_678 })),
            "idempotencyKey",
            &["expected type \"String\""],
        ),
    ]
}

impl Case {
    /// One more violation, behind the first.
    fn and(mut self, rule: &'static str, path: &'static str) -> Self {
        self.violations.push((path, rule));
        self
    }
}

#[tokio::test]
async fn every_bad_allocation_is_refused_with_code_path_and_advice_and_stores_nothing() {
    let app = TestApp::start().await;
    add_budgets_that_take_nothing(&app).await;
    for case in [wrong_shares(), wrong_keys(), wrong_budgets(), wrong_types()].into_iter().flatten() {
        let literal =
            SUBMIT.replace("($input: SubmitAllocationInput!)", "").replace("$input", &as_graphql(&case.input));
        let by_variable = app.client().error(SUBMIT, json!({ "input": case.input })).await;
        let by_literal = app.client().error(&literal, Value::Null).await;
        for (way, error) in [("variable", by_variable), ("literal", by_literal)] {
            check(&case, way, &error);
        }
    }
    assert_nothing_is_stored(&app).await;
}

fn check(case: &Case, way: &str, error: &Value) {
    let Case { what, code, .. } = case;
    let context = format!("{what}, by {way}: {error}");
    assert_eq!(error["extensions"]["code"], *code, "{context}");
    let message = error["message"].as_str().unwrap();
    for part in &case.says {
        assert!(message.contains(part), "the message does not say '{part}': {context}");
    }
    assert!(message.len() < 600, "too long to read: {context}");
    let violations = error["extensions"]["violations"].as_array().cloned().unwrap_or_default();
    let found: Vec<_> = violations
        .iter()
        .map(|violation| (violation["path"].as_str().unwrap(), violation["rule"].as_str().unwrap()))
        .collect();
    assert_eq!(found, case.violations, "{context}");
    for violation in &violations {
        assert!(message.contains(violation["message"].as_str().unwrap()), "{context}");
    }
}

#[tokio::test]
async fn what_is_no_number_is_refused_wherever_it_stands() {
    let app = TestApp::start().await;
    let client = app.client();
    // As literals: GraphQL reads NaN as the name of an enum's value, and a number beyond the largest is none.
    for literal in ["NaN", "Infinity", "\"NaN\"", "1e999", "-1e999"] {
        let mutation = format!(
            "mutation {{ submitAllocation(input: {{ budget: \"federal\", shares: [
                {{ category: \"healthcare\", percent: {literal} }}] }}) {{ submission {{ id }} }} }}"
        );
        let error = client.error(&mutation, Value::Null).await;
        assert_eq!(error["extensions"]["code"], "BAD_USER_INPUT", "{literal}: {error}");
    }
    // As a variable of its own.
    let mutation = "mutation ($percent: Float!) { submitAllocation(input: { budget: \"federal\", shares: [
        { category: \"education\", percent: 50 }, { category: \"healthcare\", percent: $percent }] }) { submission { id } } }";
    for percent in [json!("NaN"), Value::Null, json!([50]), json!(true)] {
        let error = client.error(mutation, json!({ "percent": percent })).await;
        assert_eq!(error["extensions"]["violations"][0]["path"], "shares[1].percent", "{percent}: {error}");
    }
    // In the JSON itself.
    let body = json!({ "query": mutation, "variables": { "percent": 12_345 } }).to_string();
    for number in ["NaN", "Infinity", "1e999"] {
        let request = client.http.post(client.url("/graphql")).header("content-type", "application/json");
        let response = request.body(body.replace("12345", number)).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{number}");
        let answer: Value = response.json().await.unwrap();
        assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{answer}");
    }
    assert_nothing_is_stored(&app).await;
}

#[tokio::test]
async fn queries_that_cannot_be_answered_say_why() {
    let app = TestApp::start().await;
    let client = app.client();
    let bins = |bins: &str| {
        format!(
            "{{ budget(slug: \"federal\") {{ aggregate {{ categories {{ histogram(bins: {bins}) {{ count }} }} }} }} }}"
        )
    };
    let page = |arguments: &str| format!("{{ viewer {{ submissions({arguments}) {{ nodes {{ id }} }} }} }}");
    let nested = |levels: usize| {
        let (open, close) = ("aggregate { budget { ".repeat(levels), "} } ".repeat(levels));
        format!("{{ budget(slug: \"federal\") {{ {open} id {close} }} }}")
    };
    let wide: String = (0..40).map(|n| format!("page{n}: submissions(first: 100) {{ nodes {{ id }} }} ")).collect();
    let input = "BAD_USER_INPUT";
    let complex = "QUERY_TOO_COMPLEX";
    for (query, code, path, says) in [
        ("not graphql", input, "", "The query cannot be read: expected"),
        ("{", input, "", "The query cannot be read: expected selection"),
        (&format!("{{ budgets {{ id {} ? }} }}", "id ".repeat(900)), input, "", "The query cannot be read"),
        ("{ nothing }", input, "", "Unknown field \"nothing\""),
        ("{ budgets }", input, "", "must have a selection"),
        ("{ budgets { id } ...Nope }", input, "", "Unknown fragment"),
        ("{ budget { id } }", input, "slug", "required"),
        ("{ budget(slug: 5) { id } }", input, "slug", "expected type \"String\""),
        ("query A { budgets { id } } query B { budgets { id } }", input, "", "several operations: name one"),
        ("mutation { submitAllocation { submission { id } } }", input, "input", "required"),
        (SUBMIT, input, "", "input is not defined"),
        (&bins("0"), input, "bins", "0 bins are not possible. Ask for 10, 20 or 100."),
        (&bins("101"), input, "bins", "Ask for 10, 20 or 100."),
        (&bins("7"), input, "bins", "7 bins are not possible. Ask for 10, 20 or 100."),
        (&bins("-1"), input, "bins", "Ask for 10, 20 or 100."),
        (&bins("\"5\""), input, "bins", "expected type \"Int\""),
        (&bins("1000000"), input, "bins", "1000000 bins are not possible. Ask for 10, 20 or 100."),
        (&page("first: 0"), input, "first", "0 submissions are not possible. Ask for 1 to 100."),
        (&page("first: -5"), input, "first", "Ask for 1 to 100."),
        (&page("first: 101"), input, "first", "Ask for 1 to 100."),
        (&page("after: \"nonsense\""), input, "after", "not a cursor of this list"),
        (&page("after: \"\""), input, "after", "Use an `endCursor`"),
        (&page("after: \"99999999999999999999_00000000000000000000000000000000\""), input, "after", "not a cursor"),
        (&nested(12), complex, "", "too much at once"),
        (&nested(20), complex, "", "too much at once"),
        (&nested(2_000), complex, "", "too much at once"),
        (&format!("{{ viewer {{ {wide} }} }}"), complex, "", "too much at once"),
        ("{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }", input, "", "contains itself"),
    ] {
        let error = client.error(query, Value::Null).await;
        let what = query.chars().take(100).collect::<String>();
        assert_eq!(error["extensions"]["code"], code, "{what}: {error}");
        assert!(error.to_string().len() < 2_000, "{what}: the answer is as long as the query");
        assert!(error["message"].as_str().unwrap().contains(says), "{what}: {error}");
        if code == input {
            assert_eq!(error["extensions"]["violations"][0]["path"], path, "{what}: {error}");
        }
    }
}

#[tokio::test]
async fn a_bearer_token_that_is_not_valid_is_refused_and_not_taken_for_nobody() {
    let app = TestApp::start().await;
    let client = app.client();
    let body = json!({ "query": SUBMIT, "variables": { "input": split(50.0) } });
    for authorization in ["Bearer nonsense", "Bearer ", "bearer nonsense"] {
        let request = client.http.post(client.url("/graphql")).header("authorization", authorization).json(&body);
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED, "{authorization}");
        let answer: Value = response.json().await.unwrap();
        assert_eq!(answer["errors"][0]["extensions"]["code"], "UNAUTHENTICATED", "{answer}");
        assert!(answer["errors"][0]["message"].as_str().unwrap().contains("send no token"), "{answer}");
    }
    let opening = Socket::open(app.address, "/graphql/ws", json!({ "authorization": "Bearer nonsense" })).await;
    let refusal = opening.err().expect("a socket with a bad token must not open").to_string();
    assert!(refusal.contains("bearer token is not valid"), "{refusal}");
    assert_nothing_is_stored(&app).await;
}

#[tokio::test]
async fn consent_to_a_cookie_over_a_websocket_is_refused_because_none_can_be_set() {
    let app = TestApp::start().await;
    let mut socket = Socket::connect(app.address).await;
    let remembered = with(split(50.0), json!({ "remember": true }));
    let payload = json!({ "query": SUBMIT, "variables": { "input": remembered } });
    socket.send(json!({ "id": "1", "type": "subscribe", "payload": payload })).await.unwrap();
    let Incoming::Json(answer) = socket.receive().await.unwrap() else { panic!("the socket was closed") };
    let error = &answer["payload"]["errors"][0];
    assert_eq!(error["extensions"]["code"], "BAD_USER_INPUT", "{answer}");
    let violation = &error["extensions"]["violations"][0];
    assert_eq!((&violation["path"], &violation["rule"]), (&json!("remember"), &json!("COOKIE_NEEDS_HTTP")));
    assert!(error["message"].as_str().unwrap().contains("Submit over HTTP"), "{error}");
    assert_nothing_is_stored(&app).await;
}

#[tokio::test]
async fn a_fault_of_ours_is_answered_with_an_error_id_and_nothing_of_our_insides() {
    let app = TestApp::start().await;
    let client = app.client();
    let submitted = client.submit(split(50.0)).await;
    app.database.execute("DROP TABLE submission").await.unwrap();
    let query = "query ($id: ID!) { submission(id: $id) { id } }";
    let error = client.error(query, json!({ "id": submitted["submission"]["id"] })).await;
    assert_eq!(error["extensions"]["code"], "INTERNAL", "{error}");
    let id = error["extensions"]["errorId"].as_str().unwrap();
    assert!(error["message"].as_str().unwrap().contains(id), "{error}");
    let mutation_error = client.refused(split(60.0)).await;
    assert_eq!(mutation_error["extensions"]["code"], "UNAVAILABLE", "{mutation_error}");
    for answer in [error, mutation_error] {
        let text = answer.to_string().to_lowercase();
        for inside in ["sql", "table", "relation", "select", "insert", "no such", "database error", "src/", ".rs"] {
            assert!(!text.contains(inside), "'{inside}' is of our insides: {text}");
        }
    }
}

#[tokio::test]
async fn each_response_carries_the_id_of_its_request() {
    let app = TestApp::start().await;
    let client = app.client();
    let id_of = async |given: Option<&str>, path: &str| {
        let mut request = client.http.get(client.url(path));
        if let Some(given) = given {
            request = request.header("x-request-id", given);
        }
        request.send().await.unwrap().headers()["x-request-id"].to_str().unwrap().to_owned()
    };
    for path in ["/healthz", "/graphql", "/nothing-here"] {
        assert_eq!(id_of(Some("from-the-proxy_1.2"), path).await, "from-the-proxy_1.2", "{path}");
        assert_ne!(id_of(None, path).await, id_of(None, path).await, "{path}");
    }
    let too_long = "x".repeat(65);
    for forged in ["two words", "a=b", "\"quoted\"", &too_long] {
        assert_ne!(id_of(Some(forged), "/healthz").await, forged);
    }
}

/// The budgets of the table, each of which takes no submission.
async fn add_budgets_that_take_nothing(app: &TestApp) {
    let budgets = app.services.store.budgets().await.unwrap();
    let moment = |text: &str| Some(text.parse().unwrap());
    for (slug, status, opens_at, closes_at) in [
        ("draft", BudgetStatus::Draft, None, None),
        ("closed", BudgetStatus::Closed, None, None),
        ("future", BudgetStatus::Open, moment("2999-01-01T00:00:00Z"), None),
        ("past", BudgetStatus::Open, None, moment("2001-01-01T00:00:00Z")),
    ] {
        let budget = NewBudget { status, opens_at, closes_at, ..ledger::like(&budgets[0], slug) };
        app.services.store.create_budget(&budget).await.unwrap();
    }
    app.services.catalogue.invalidate();
}

async fn assert_nothing_is_stored(app: &TestApp) {
    for table in ["submission", "ballot", "aggregate_delta"] {
        assert_eq!(app.database.integer(&format!("SELECT count(*) FROM {table}")).await, 0, "rows in {table}");
    }
    let aggregate = app.client().aggregate().await;
    assert_eq!((&aggregate["participantCount"], &aggregate["submissionCount"]), (&json!(0), &json!(0)));
}

/// A JSON value as a GraphQL literal: the same, but for the quotes around the names of fields.
fn as_graphql(value: &Value) -> String {
    match value {
        Value::Object(fields) => {
            let fields: Vec<_> = fields.iter().map(|(name, value)| format!("{name}: {}", as_graphql(value))).collect();
            format!("{{ {} }}", fields.join(", "))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(as_graphql).collect::<Vec<_>>().join(", ")),
        scalar => scalar.to_string(),
    }
}
