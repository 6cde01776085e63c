//! Organisers edit and run budgets: what is stored, refused, brought together and frozen, and what the audit log says.

use std::{net::Ipv4Addr, sync::Arc};

use futures_util::{Stream, StreamExt};
use serde_json::{Value, json};
use taxbudget::{
    domain::{
        budget::{BudgetId, BudgetStatus},
        desk::{AccountId, Role, SignedIn},
        network::ClientAddress,
    },
    graphql::admin::caller::{DeskCaller, DeskTransport},
    service::desk::sessions::Visitor,
};
use test_support::ledger::texts;

use crate::support::{Client, TestApp, eventually, ledger};

const CREATE: &str =
    "mutation ($input: CreateBudgetInput!) { createBudget(input: $input) { slug version state draft } }";
const UPDATE: &str = "mutation ($input: UpdateBudgetInput!) {
  updateBudget(input: $input) { slug version draft updatedBy updatedAt }
}";
const OPEN: &str =
    "mutation ($budget: String!, $version: Int!) { openBudget(budget: $budget, version: $version) { state version } }";
const SCHEDULE: &str = "mutation ($input: ScheduleInput!) {
  scheduleBudget(input: $input) {
    state version timeZone opensAt closesAt opensAtLocal { text offset note } closesAtLocal { text offset note }
  }
}";

/// The data of an operation of an organiser, which must succeed.
async fn desk(app: &TestApp, query: &str, variables: Value) -> Value {
    let response = app.desk(Some(Role::Organiser), query, variables).await;
    assert!(response.get("errors").is_none(), "{response}");
    response["data"].clone()
}

/// The first error of an operation of an organiser, which must fail.
async fn refused(app: &TestApp, query: &str, variables: Value) -> Value {
    let response = app.desk(Some(Role::Organiser), query, variables).await;
    assert!(response["errors"][0].is_object(), "{response}");
    response["errors"][0].clone()
}

async fn update(app: &TestApp, budget: &str, version: i64, patch: Value) -> Value {
    let input = json!({ "input": { "budget": budget, "version": version, "patch": patch } });
    desk(app, UPDATE, input).await["updateBudget"].clone()
}

async fn refused_update(app: &TestApp, budget: &str, version: i64, patch: Value) -> Value {
    refused(app, UPDATE, json!({ "input": { "budget": budget, "version": version, "patch": patch } })).await
}

/// Does one of the mutations that take a slug alone. Returns the new state.
async fn run(app: &TestApp, mutation: &str, budget: &str) -> Value {
    let query = format!("mutation ($budget: String!) {{ {mutation}(budget: $budget) {{ state }} }}");
    desk(app, &query, json!({ "budget": budget })).await[mutation]["state"].clone()
}

fn code(error: &Value) -> &str {
    error["extensions"]["code"].as_str().unwrap()
}

/// The rules that an input broke, each with its place.
fn rules(error: &Value) -> Vec<(String, String)> {
    let violations = error["extensions"]["violations"].as_array().unwrap();
    violations
        .iter()
        .map(|it| (it["path"].as_str().unwrap().to_owned(), it["rule"].as_str().unwrap().to_owned()))
        .collect()
}

fn line(key: &str, label: &str) -> Value {
    json!({ "key": key, "label": label, "color": "#4f8ee4" })
}

/// A draft `town` with two lines; returns its version.
async fn town(app: &TestApp) -> i64 {
    let empty = json!({ "slug": "town", "title": "Our town", "language": "en", "currency": "EUR" });
    let created = desk(app, CREATE, json!({ "input": { "empty": empty } })).await;
    assert_eq!(created["createBudget"]["state"], "DRAFT");
    let lines = json!({ "categories": [line("parks", "Parks"), line("roads", "Roads")], "publishEvery": 1 });
    update(app, "town", created["createBudget"]["version"].as_i64().unwrap(), lines).await["version"].as_i64().unwrap()
}

/// The budget `town` after it was opened; returns its version.
async fn open_town(app: &TestApp) -> i64 {
    let version = town(app).await;
    let opened = desk(app, OPEN, json!({ "budget": "town", "version": version })).await;
    assert_eq!(opened["openBudget"]["state"], "OPEN");
    opened["openBudget"]["version"].as_i64().unwrap()
}

const SUBMIT: &str =
    "mutation ($input: SubmitAllocationInput!) { submitAllocation(input: $input) { submission { id } } }";

fn answer(first: u32) -> Value {
    let shares = [("parks", first), ("roads", 100 - first)];
    json!({ "input": { "budget": "town", "shares": shares.map(|(category, percent)| json!({ "category": category, "percent": percent })) } })
}

async fn answer_town(app: &TestApp) {
    app.client().data(SUBMIT, answer(40)).await;
    ledger::fold(&app.services.store).await;
}

#[tokio::test]
async fn a_consultation_is_made_opened_answered_and_closed_at_the_desk() {
    let app = TestApp::start().await;
    let version = town(&app).await;
    let client = app.client();
    let public = "{ budget(slug: \"town\") { title status } }";
    assert_eq!(client.data(public, json!({})).await["budget"], Value::Null, "a draft is shown");
    desk(&app, OPEN, json!({ "budget": "town", "version": version })).await;
    assert_eq!(client.data(public, json!({})).await["budget"]["status"], "OPEN");
    answer_town(&app).await;
    let counted = client
        .data("{ budget(slug: \"town\") { aggregate { participantCount categories { averagePercent } } } }", json!({}));
    let aggregate = counted.await["budget"]["aggregate"].clone();
    assert_eq!(aggregate["participantCount"], 1);
    assert_eq!(aggregate["categories"], json!([{ "averagePercent": 40.0 }, { "averagePercent": 60.0 }]));

    assert_eq!(run(&app, "pauseBudget", "town").await, "PAUSED");
    let error = client.error(SUBMIT, answer(10)).await;
    assert_eq!(
        (code(&error), error["message"].as_str().unwrap().contains("paused")),
        ("BUDGET_NOT_OPEN", true),
        "{error}"
    );
    assert_eq!(client.data("{ budget(slug: \"town\") { isPaused } }", json!({})).await["budget"]["isPaused"], true);
    assert_eq!(run(&app, "resumeBudget", "town").await, "OPEN");
    client.data(SUBMIT, answer(20)).await;
    assert_eq!(run(&app, "closeBudget", "town").await, "CLOSED");
    assert_eq!(code(&client.error(SUBMIT, answer(10)).await), "BUDGET_NOT_OPEN");
    ledger::assert_exact(&app.database).await;

    assert_eq!(run_archive(&app, true).await, "ARCHIVED");
    let listed = "{ budgets { slug } budget(slug: \"town\") { slug } }";
    assert_eq!(
        client.data(listed, json!({})).await,
        json!({ "budgets": [{ "slug": "federal" }], "budget": { "slug": "town" } })
    );
    let own = "query ($archived: Boolean!) { budgets(archived: $archived) { slug } }";
    assert_eq!(desk(&app, own, json!({ "archived": true })).await["budgets"], json!([{ "slug": "town" }]));
    assert_eq!(desk(&app, own, json!({ "archived": false })).await["budgets"], json!([{ "slug": "federal" }]));
    assert_eq!(run_archive(&app, false).await, "CLOSED");
}

async fn run_archive(app: &TestApp, archived: bool) -> Value {
    let query = "mutation ($archived: Boolean!) { archiveBudget(budget: \"town\", archived: $archived) { state } }";
    desk(app, query, json!({ "archived": archived })).await["archiveBudget"]["state"].clone()
}

#[tokio::test]
async fn a_draft_is_opened_only_without_problems_and_only_as_it_was_seen() {
    let app = TestApp::start().await;
    let version = town(&app).await;
    let first = json!({ "categories": [line("parks", "")], "title": "" });
    let broken = update(&app, "town", version, first).await["version"].as_i64().unwrap();
    let problems = desk(&app, "{ budget(slug: \"town\") { problems { path rule blocking } } }", json!({})).await;
    let expected = json!([
        { "path": "title", "rule": "REQUIRED", "blocking": true },
        { "path": "categories", "rule": "COUNT", "blocking": true },
        { "path": "categories[0].label", "rule": "REQUIRED", "blocking": true },
    ]);
    assert_eq!(problems["budget"]["problems"], expected);
    let error = refused(&app, OPEN, json!({ "budget": "town", "version": broken })).await;
    assert_eq!(code(&error), "BAD_USER_INPUT");
    assert_eq!(rules(&error).len(), 3, "{error}");
    let error = refused(&app, OPEN, json!({ "budget": "town", "version": version })).await;
    assert_eq!((code(&error), &error["extensions"]["conflict"]["version"]), ("CONFLICT", &json!(broken)));
    let error = refused(&app, OPEN, json!({ "budget": "federal", "version": 1 })).await;
    assert_eq!(rules(&error), [("budget".to_owned(), "STATE".to_owned())]);
}

#[tokio::test]
async fn what_cannot_be_stored_is_refused_with_its_place() {
    let app = TestApp::start().await;
    let version = town(&app).await;
    for (patch, path, rule) in [
        (json!({ "slug": "Town!" }), "slug", "SLUG"),
        (json!({ "slug": "federal" }), "slug", "TAKEN"),
        (json!({ "title": "x".repeat(201) }), "title", "LENGTH"),
        (json!({ "categories": [line("a", "A"), line("a", "B")] }), "categories[1].key", "UNIQUE"),
        (
            json!({ "categories": [{ "key": "a", "color": "#4f8ee4", "actualPercent": 101 }] }),
            "categories[0].actualPercent",
            "FORM",
        ),
        (json!({ "publishEvery": 0 }), "publishEvery", "FORM"),
        (json!({ "visibility": "sometimes" }), "visibility", "FORM"),
        (json!({ "titel": "x" }), "titel", "FORM"),
        (json!({ "title": null }), "", "FORM"),
        (json!("title"), "patch", "PATCH"),
    ] {
        let error = refused_update(&app, "town", version, patch.clone()).await;
        assert_eq!(code(&error), "BAD_USER_INPUT", "{patch}");
        assert_eq!(rules(&error), [(path.to_owned(), rule.to_owned())], "{patch}");
    }
    let unchanged = desk(&app, "{ budget(slug: \"town\") { version } }", json!({})).await;
    assert_eq!(unchanged["budget"]["version"], version);
    let taken =
        json!({ "input": { "empty": { "slug": "federal", "title": "T", "language": "en", "currency": "USD" } } });
    assert_eq!(rules(&refused(&app, CREATE, taken).await), [("slug".to_owned(), "TAKEN".to_owned())]);
}

#[tokio::test]
async fn of_two_changes_at_once_nothing_is_lost_and_the_same_place_is_a_conflict() {
    let app = TestApp::start().await;
    let version = town(&app).await;
    let first =
        update(&app, "town", version, json!({ "categories": [line("parks", "Green"), line("roads", "Roads")] })).await;
    // The other organiser has the version before, and sends a list of lines with a change of another line.
    let lines = json!([line("parks", "Parks"), line("roads", "Streets"), line("pools", "Pools")]);
    let second = update(&app, "town", version, json!({ "title": "Our money", "categories": lines })).await;
    assert_eq!(second["version"].as_i64().unwrap(), first["version"].as_i64().unwrap() + 1);
    let labels = |draft: &Value| -> Vec<String> {
        draft["categories"].as_array().unwrap().iter().map(|line| line["label"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(labels(&second["draft"]), ["Green", "Streets", "Pools"]);
    assert_eq!(second["draft"]["title"], "Our money");

    let error = refused_update(&app, "town", version, json!({ "title": "My money", "description": "D" })).await;
    assert_eq!(code(&error), "CONFLICT");
    let conflict = &error["extensions"]["conflict"];
    assert_eq!((&conflict["version"], &conflict["paths"]), (&second["version"], &json!(["title"])));
    assert_eq!(conflict["draft"]["title"], "Our money");
    let error = refused_update(&app, "town", 99, json!({ "title": "From the future" })).await;
    assert_eq!(code(&error), "CONFLICT");
    // A change of nothing is no new version.
    let same = update(&app, "town", second["version"].as_i64().unwrap(), json!({ "title": "Our money" })).await;
    assert_eq!(same["version"], second["version"]);
}

#[tokio::test]
async fn categories_change_until_somebody_answers_and_the_aggregate_follows() {
    let app = TestApp::start().await;
    let version = open_town(&app).await;
    let client = app.client();
    let query = "{ budget(slug: \"town\") { aggregate { version categories { category { key } averagePercent } } } }";
    let before = client.data(query, json!({})).await["budget"]["aggregate"]["version"].as_i64().unwrap();
    let lines = json!({ "categories": [line("roads", "Roads"), line("pools", "Pools"), line("parks", "Parks")] });
    update(&app, "town", version, lines).await;
    // The aggregate comes with the next refresh.
    let after = eventually("the aggregate has the new lines", || async {
        let aggregate = client.data(query, json!({})).await["budget"]["aggregate"].clone();
        (aggregate["version"].as_i64().unwrap() > before && aggregate["categories"].as_array().unwrap().len() == 3)
            .then_some(aggregate)
    });
    let keys: Vec<Value> =
        after.await["categories"].as_array().unwrap().iter().map(|it| it["category"]["key"].clone()).collect();
    assert_eq!(keys, ["roads", "pools", "parks"]);
    let shares = [("roads", 50), ("pools", 30), ("parks", 20)];
    let shares = shares.map(|(category, percent)| json!({ "category": category, "percent": percent }));
    client.data(SUBMIT, json!({ "input": { "budget": "town", "shares": shares } })).await;
    ledger::assert_exact(&app.database).await;
    let averages = client.data(query, json!({})).await["budget"]["aggregate"]["categories"].clone();
    let averages: Vec<f64> =
        averages.as_array().unwrap().iter().map(|it| it["averagePercent"].as_f64().unwrap()).collect();
    assert_eq!(averages, [50.0, 30.0, 20.0]);
}

#[tokio::test]
async fn an_answer_freezes_its_meaning_and_nothing_else() {
    let app = TestApp::start().await;
    let version = open_town(&app).await;
    let frozen = "{ budget(slug: \"town\") { isFrozen frozenReason version } }";
    assert_eq!(desk(&app, frozen, json!({})).await["budget"]["isFrozen"], false);
    // Before the fold too: the answer waits as a delta.
    app.client().data(SUBMIT, answer(40)).await;
    let now = desk(&app, frozen, json!({})).await["budget"].clone();
    assert_eq!((&now["isFrozen"], now["frozenReason"].as_str().unwrap().contains("Copy")), (&json!(true), true));
    for (patch, path) in [
        (json!({ "slug": "city" }), "slug"),
        (json!({ "categories": [line("roads", "Roads"), line("parks", "Parks")] }), "categories"),
        (
            json!({ "categories": [line("parks", "Parks"), line("roads", "Roads"), line("pools", "Pools")] }),
            "categories",
        ),
        (json!({ "categories": [line("parks", "Parks"), line("streets", "Streets")] }), "categories"),
        (json!({ "participation": "code" }), "participation"),
        (json!({ "currency": "USD" }), "currency"),
        (json!({ "totalAmount": 5 }), "totalAmount"),
    ] {
        let error = refused_update(&app, "town", version, patch.clone()).await;
        assert_eq!((code(&error), rules(&error)), ("FROZEN", vec![(path.to_owned(), "FROZEN".to_owned())]), "{patch}");
    }
    let mended = json!({
        "title": "Our town, mended",
        "categories": [
            { "key": "parks", "label": "Parks and gardens", "description": "Trees", "color": "#a16085", "actualPercent": 33.33 },
            { "key": "roads", "label": "Roads", "color": "#4f8ee4", "actualPercent": 66.67 },
        ],
        "translations": { "de": { "title": "Unsere Stadt", "categories": { "parks": { "label": "Parks" } } } },
        "closesAt": "2999-01-01T00:00:00Z",
    });
    let version = update(&app, "town", version, mended).await["version"].as_i64().unwrap();
    let shown = "{ budget(slug: \"town\") { title title_de: title(language: \"de\") categories { label actualPercent label_de: label(language: \"de\") } } }";
    let shown = app.client().data(shown, json!({})).await["budget"].clone();
    assert_eq!((&shown["title"], &shown["title_de"]), (&json!("Our town, mended"), &json!("Unsere Stadt")));
    let lines = json!([
        { "label": "Parks and gardens", "actualPercent": 33.33, "label_de": "Parks" },
        { "label": "Roads", "actualPercent": 66.67, "label_de": "Roads" },
    ]);
    assert_eq!(shown["categories"], lines);
    // What people see stays without blocking problems.
    let error = refused_update(&app, "town", version, json!({ "title": " " })).await;
    assert_eq!(rules(&error), [("title".to_owned(), "REQUIRED".to_owned())]);
    ledger::assert_exact(&app.database).await;
}

#[tokio::test]
async fn the_audit_log_has_who_did_what_with_both_texts() {
    let app = TestApp::start().await;
    let version = open_town(&app).await;
    update(&app, "town", version, json!({ "categories": [line("parks", "Parcs"), line("roads", "Roads")] })).await;
    run(&app, "closeBudget", "town").await;
    let actions =
        texts(&app.database, "SELECT actor || ' ' || action || ' ' || budget FROM audit_entry ORDER BY id").await;
    let expected = ["create", "update", "open", "update", "close"].map(|action| format!("ada budget.{action} town"));
    assert_eq!(actions, expected);
    let both =
        texts(&app.database, "SELECT before || ' -> ' || after FROM audit_entry WHERE before IS NOT NULL ORDER BY id")
            .await;
    // The creation has nothing before.
    let [_, opened, mended, closed] = both.iter().map(String::as_str).collect::<Vec<_>>()[..] else {
        panic!("{both:?}")
    };
    assert_eq!(opened, "{\"state\":\"DRAFT\"} -> {\"state\":\"OPEN\"}");
    assert_eq!(
        mended,
        "{\"categories\":{\"parks\":{\"label\":\"Parks\"}}} -> {\"categories\":{\"parks\":{\"label\":\"Parcs\"}}}"
    );
    assert!(
        closed.contains("\"state\":\"OPEN\"") && closed.contains("\"state\":\"CLOSED\"") && closed.contains("closesAt")
    );
    // What is refused leaves no entry.
    refused_update(&app, "town", version + 2, json!({ "slug": "Not a slug" })).await;
    assert_eq!(texts(&app.database, "SELECT action FROM audit_entry").await.len(), 5);
}

#[tokio::test]
async fn a_closed_budget_stays_closed_and_only_an_unanswered_draft_is_deleted() {
    let app = TestApp::start().await;
    let delete = "mutation ($budget: String!) { deleteBudget(budget: $budget) }";
    open_town(&app).await;
    let error = refused(&app, delete, json!({ "budget": "town" })).await;
    assert_eq!(rules(&error), [("budget".to_owned(), "STATE".to_owned())]);
    let error =
        refused(&app, "mutation { archiveBudget(budget: \"town\", archived: true) { state } }", json!({})).await;
    assert_eq!(rules(&error), [("budget".to_owned(), "STATE".to_owned())]);
    run(&app, "closeBudget", "town").await;
    let budget = desk(&app, "{ budget(slug: \"town\") { version closesAt } }", json!({})).await["budget"].clone();
    assert!(budget["closesAt"].is_string(), "the retention time is counted from it");
    let version = budget["version"].as_i64().unwrap();
    let error = refused_update(&app, "town", version, json!({ "closesAt": "2999-01-01T00:00:00Z" })).await;
    assert_eq!(rules(&error), [("closesAt".to_owned(), "CLOSED".to_owned())]);

    let copy = desk(&app, CREATE, json!({ "input": { "copyOf": "town" } })).await["createBudget"].clone();
    assert_eq!(
        (&copy["slug"], &copy["state"], &copy["draft"]["title"]),
        (&json!("town-2"), &json!("DRAFT"), &json!("Our town"))
    );
    assert_eq!(copy["draft"].get("closesAt"), None, "{copy}");
    assert_eq!(desk(&app, delete, json!({ "budget": "town-2" })).await["deleteBudget"], true);
    assert_eq!(desk(&app, "{ budget(slug: \"town-2\") { slug } }", json!({})).await["budget"], Value::Null);
    for table in
        ["category_aggregate WHERE category_id NOT IN (SELECT id FROM category)", "budget WHERE slug = 'town-2'"]
    {
        assert_eq!(app.database.integer(&format!("SELECT COUNT(*) FROM {table}")).await, 0, "{table}");
    }
    ledger::assert_exact(&app.database).await;
}

#[tokio::test]
async fn a_schedule_is_written_by_the_clock_of_a_place_and_opens_the_budget_by_itself() {
    let app = TestApp::start().await;
    let version = town(&app).await;
    let schedule = |version: i64, opens_at: Value, closes_at: Value| json!({ "input": { "budget": "town", "version": version, "opensAt": opens_at, "closesAt": closes_at, "timeZone": "Europe/Berlin" } });
    let skipped = refused(&app, SCHEDULE, schedule(version, json!("2026-03-29T02:30"), json!(null))).await;
    assert_eq!(rules(&skipped), [("opensAt".to_owned(), "LOCAL_TIME".to_owned())]);
    assert!(skipped["message"].as_str().unwrap().contains("2026-03-29T03:00"), "{skipped}");

    let set = desk(&app, SCHEDULE, schedule(version, json!("2029-10-28T02:30"), json!("2029-10-28T02:30+01:00"))).await;
    let set = set["scheduleBudget"].clone();
    assert_eq!((&set["state"], &set["timeZone"]), (&json!("SCHEDULED"), &json!("Europe/Berlin")));
    assert_eq!(set["opensAt"], "2029-10-28T00:30:00+00:00");
    assert_eq!(set["closesAt"], "2029-10-28T01:30:00+00:00");
    assert_eq!(
        (&set["opensAtLocal"]["text"], &set["opensAtLocal"]["offset"]),
        (&json!("2029-10-28T02:30"), &json!("+02:00"))
    );
    assert!(set["opensAtLocal"]["note"].as_str().unwrap().contains("first"), "{set}");
    assert!(set["closesAtLocal"]["note"].as_str().unwrap().contains("second"), "{set}");
    assert_eq!(code(&app.client().error(SUBMIT, answer(10)).await), "BUDGET_NOT_OPEN");

    let version = set["version"].as_i64().unwrap();
    let set =
        desk(&app, SCHEDULE, schedule(version, json!("2026-01-05T08:00"), json!(null))).await["scheduleBudget"].clone();
    assert_eq!(
        (&set["state"], &set["closesAt"], &set["opensAtLocal"]["note"]),
        (&json!("OPEN"), &json!(null), &json!(null))
    );
    app.client().data(SUBMIT, answer(10)).await;
}

#[tokio::test]
async fn a_budget_begins_with_a_template_a_file_or_a_copy() {
    let app = TestApp::start().await;
    let templates =
        desk(&app, "{ templates { name title description country } }", json!({})).await["templates"].clone();
    for template in templates.as_array().unwrap() {
        let created =
            desk(&app, CREATE, json!({ "input": { "template": template["name"] } })).await["createBudget"].clone();
        assert_eq!((&created["state"], &created["draft"]["title"]), (&json!("DRAFT"), &template["title"]));
        assert!(
            !template["description"].as_str().unwrap().is_empty() && template["country"].as_str().unwrap().len() == 2
        );
        let problems =
            format!("{{ budget(slug: {}) {{ problems {{ path }} missingTexts {{ path }} }} }}", created["slug"]);
        let problems = desk(&app, &problems, json!({})).await["budget"].clone();
        assert_eq!(problems, json!({ "problems": [], "missingTexts": [] }), "{}", template["name"]);
    }
    let file = "slug: village\ntitle: Our village\nlanguage: en\ncurrency: CHF\ncategories: []\n";
    let created = desk(&app, CREATE, json!({ "input": { "file": file } })).await["createBudget"].clone();
    assert_eq!((&created["slug"], &created["draft"]["currency"]), (&json!("village"), &json!("CHF")));
    let broken = refused(&app, CREATE, json!({ "input": { "file": "slug: village\ntitle: [" } })).await;
    assert!(broken["message"].as_str().unwrap().contains("line 2"), "{broken}");
    let unknown = refused(&app, CREATE, json!({ "input": { "template": "atlantis" } })).await;
    assert_eq!(rules(&unknown), [("template".to_owned(), "UNKNOWN".to_owned())]);
    assert_eq!(code(&refused(&app, CREATE, json!({ "input": { "copyOf": "atlantis" } })).await), "NOT_FOUND");
    let named = desk(&app, CREATE, json!({ "input": { "copyOf": "village", "slug": "hamlet" } })).await;
    assert_eq!(named["createBudget"]["slug"], "hamlet");
    for input in [json!({}), json!({ "copyOf": "village", "template": "federal" })] {
        let error = refused(&app, CREATE, json!({ "input": input })).await;
        assert_eq!(rules(&error), [("input".to_owned(), "ONE_OF".to_owned())]);
    }
}

/// Everything of budgets at the desk that names one, with the role that it needs in it.
const OPERATIONS: [(&str, Role); 12] = [
    ("{ budget(slug: \"town\") { slug } }", Role::Viewer),
    ("{ budgets { slug } }", Role::Viewer),
    ("mutation { createBudget(input: { copyOf: \"town\" }) { slug } }", Role::Organiser),
    ("mutation { updateBudget(input: { budget: \"town\", version: 1, patch: {} }) { slug } }", Role::Organiser),
    ("mutation { openBudget(budget: \"town\", version: 1) { slug } }", Role::Organiser),
    (
        "mutation { scheduleBudget(input: { budget: \"town\", version: 1, timeZone: \"UTC\" }) { slug } }",
        Role::Organiser,
    ),
    ("mutation { pauseBudget(budget: \"town\") { slug } }", Role::Organiser),
    ("mutation { resumeBudget(budget: \"town\") { slug } }", Role::Organiser),
    ("mutation { closeBudget(budget: \"town\") { slug } }", Role::Organiser),
    ("mutation { archiveBudget(budget: \"town\", archived: true) { slug } }", Role::Organiser),
    ("mutation { deleteBudget(budget: \"town\") }", Role::Organiser),
    ("{ budget(slug: \"town\") { draft shareKit { url } } }", Role::Viewer),
];

#[tokio::test]
async fn without_the_role_in_the_budget_it_can_neither_be_seen_nor_changed() {
    let app = TestApp::start().await;
    town(&app).await;
    let town = BudgetId(app.database.integer("SELECT id FROM budget WHERE slug = 'town'").await);
    let other = BudgetId(app.database.integer("SELECT id FROM budget WHERE slug = 'federal'").await);
    let with_role = |budget, role| SignedIn {
        account: AccountId(1),
        name: "bob".to_owned(),
        installation: None,
        budgets: [(budget, role)].into(),
    };
    for (operation, needs) in OPERATIONS {
        let nobody = app.desk_as(None, operation, json!({})).await;
        assert_eq!(code(&nobody["errors"][0]), "UNAUTHENTICATED", "{operation}: {nobody}");
        let stranger = app.desk_as(Some(with_role(other, Role::Owner)), operation, json!({})).await;
        assert!(!stranger["data"].to_string().contains("town"), "{operation}: {stranger}");
        if needs == Role::Organiser {
            assert!(["NOT_FOUND", "FORBIDDEN"].contains(&code(&stranger["errors"][0])), "{operation}: {stranger}");
            let viewer = app.desk_as(Some(with_role(town, Role::Viewer)), operation, json!({})).await;
            assert_eq!(code(&viewer["errors"][0]), "FORBIDDEN", "{operation}: {viewer}");
        } else {
            let viewer = app.desk_as(Some(with_role(town, Role::Viewer)), operation, json!({})).await;
            assert!(
                viewer.get("errors").is_none() && viewer["data"].to_string().contains("town"),
                "{operation}: {viewer}"
            );
        }
    }
    assert_eq!(app.database.integer("SELECT COUNT(*) FROM audit_entry WHERE actor = 'bob'").await, 0);
}

#[tokio::test]
async fn two_organisers_see_each_others_changes() {
    let app = TestApp::start().await;
    let version = town(&app).await;
    let beside = app.start_beside(&[]).await;
    let mut changes = [changes(&app), changes(&beside)];
    for changes in &mut changes {
        assert_eq!(changes.next().await.unwrap()["budgetChanged"]["version"], version);
    }
    update(&app, "town", version, json!({ "title": "Seen by both" })).await;
    for changes in &mut changes {
        let seen = changes.next().await.unwrap()["budgetChanged"].clone();
        assert_eq!((&seen["version"], &seen["public"]["title"]), (&json!(version + 1), &json!("Seen by both")));
        assert_eq!(seen["updatedBy"], "ada");
    }
    desk(&app, "mutation { deleteBudget(budget: \"town\") }", json!({})).await;
    for changes in &mut changes {
        assert_eq!(changes.next().await, None, "it goes on after the budget was deleted");
    }
}

fn changes(app: &TestApp) -> impl Stream<Item = Value> + Unpin + use<> {
    let signed_in = SignedIn {
        account: AccountId(2),
        name: "eve".to_owned(),
        installation: Some(Role::Viewer),
        budgets: [].into(),
    };
    let address = ClientAddress::new(Ipv4Addr::LOCALHOST.into());
    let visitor = Visitor { signed_in: Arc::new(signed_in), session: None };
    let caller = DeskCaller::new(Some(visitor), address, DeskTransport::default());
    let query = "subscription { budgetChanged(budget: \"town\") { version updatedBy public { title } } }";
    let responses = app.admin.execute_stream(async_graphql::Request::new(query).data(caller));
    Box::pin(responses.map(|response| {
        let response = serde_json::to_value(response).unwrap();
        assert!(response.get("errors").is_none(), "{response}");
        response["data"].clone()
    }))
}

#[tokio::test]
async fn a_budget_whose_row_was_written_by_hand_is_edited_as_it_is() {
    let app = TestApp::start().await;
    let version = town(&app).await;
    app.database
        .execute("UPDATE budget SET description = 'By hand', time_zone = 'Nowhere' WHERE slug = 'town'")
        .await
        .unwrap();
    eventually("the change by hand is seen", || async {
        let budget =
            desk(&app, "{ budget(slug: \"town\") { draft problems { rule } } }", json!({})).await["budget"].clone();
        (budget["draft"]["description"] == "By hand" && budget["problems"][0]["rule"] == "TIME_ZONE").then_some(())
    })
    .await;
    let mended = update(&app, "town", version, json!({ "timeZone": "UTC", "title": "T" })).await;
    assert_eq!(mended["draft"]["description"], "By hand");
    let client: Client = app.client();
    // A release before this one inserts no such columns.
    app.database
        .execute("INSERT INTO budget (slug, title, currency, status) VALUES ('by-hand', 'By hand', 'EUR', 'open')")
        .await
        .unwrap();
    eventually("the budget is shown", || async {
        let shown = client.data("{ budget(slug: \"by-hand\") { visibility categoryOrder isPaused } }", json!({})).await;
        (shown["budget"] == json!({ "visibility": "ALWAYS", "categoryOrder": "FIXED", "isPaused": false }))
            .then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_role_in_the_budget_that_had_a_slug_a_moment_ago_changes_no_other_budget() {
    let app = TestApp::start().await;
    open_town(&app).await;
    let town = ledger::budget(&app.services.store, "town").await.id;
    let grace = || SignedIn {
        account: AccountId(2),
        name: "grace".to_owned(),
        installation: None,
        budgets: [(town, Role::Organiser)].into(),
    };
    let seen = app.desk_as(Some(grace()), "{ budget(slug: \"town\") { state } }", Value::Null).await;
    assert_eq!(seen["data"]["budget"]["state"], "OPEN", "{seen}");
    // Somebody else, at another node.
    for change in ["slug = 'old-town' WHERE slug = 'town'", "slug = 'town' WHERE slug = 'federal'"] {
        app.database.execute(&format!("UPDATE budget SET {change}")).await.unwrap();
    }
    let close = "mutation { closeBudget(budget: \"town\") { state } }";
    app.desk_as(Some(grace()), close, Value::Null).await;
    let budget = ledger::budget(&app.services.store, "town").await;
    assert_ne!(budget.id, town);
    assert_eq!(budget.status, BudgetStatus::Open, "grace has no role in it");
}
