//! The operations page: nodes, database and Redis, jobs with their progress, and the figures of a budget while it runs.

use std::sync::Arc;

use async_graphql::Variables;
use futures_util::StreamExt;
use serde_json::{Value, json};
use taxbudget::{
    domain::desk::{AccountId, Role, SignedIn},
    domain::network::ClientAddress,
    graphql::admin::caller::{DeskCaller, DeskTransport},
    jobs::{Kind, Runner},
    service::desk::sessions::Visitor,
};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::support::{
    TestApp,
    client::{split, with},
    eventually, ledger,
    process::run,
    socket::Socket,
};

const OPERATIONS: &str = "{ operations { nodes { id role version connections streams startedAt lastSeenAt }
  database { kind ok latencyMs sizeBytes } redis { configured ok latencyMs } queue foldLagMs pendingDeltas snapshotAgeMs
  reads { memory redis table recount } } }";
const JOB: &str =
    "id kind budget attempts progress total result error outcome { code count budgets } node startedAt finishedAt";

async fn operations(app: &TestApp) -> Value {
    let response = app.desk(Some(Role::Viewer), OPERATIONS, Value::Null).await;
    assert_eq!(response.get("errors"), None, "{response}");
    response["data"]["operations"].clone()
}

async fn desk(app: &TestApp, query: &str, variables: Value) -> Value {
    let response = app.desk(Some(Role::Organiser), query, variables).await;
    assert_eq!(response.get("errors"), None, "{response}");
    response["data"].clone()
}

async fn jobs(app: &TestApp) -> Vec<Value> {
    let data = desk(app, &format!("{{ jobs {{ nodes {{ {JOB} }} }} }}"), Value::Null).await;
    data["jobs"]["nodes"].as_array().unwrap().clone()
}

async fn start(app: &TestApp, kind: &str, budget: Option<&str>) -> Value {
    let query =
        format!("mutation ($kind: JobKind!, $budget: String) {{ startJob(kind: $kind, budget: $budget) {{ {JOB} }} }}");
    desk(app, &query, json!({ "kind": kind, "budget": budget })).await["startJob"].clone()
}

/// The results of a subscription of a viewer at the desk.
fn subscribe(app: &TestApp, query: &str, variables: Value) -> impl futures_util::Stream<Item = Value> + Unpin + use<> {
    let signed_in = SignedIn {
        account: AccountId(1),
        name: "ada".to_owned(),
        installation: Some(Role::Viewer),
        budgets: [].into(),
    };
    let visitor = Visitor { signed_in: Arc::new(signed_in), session: None };
    let address = ClientAddress::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST));
    let caller = DeskCaller::new(Some(visitor), address, DeskTransport::default());
    let request = async_graphql::Request::new(query).variables(Variables::from_json(variables)).data(caller);
    Box::pin(app.admin.execute_stream(request).map(|response| serde_json::to_value(response).unwrap()))
}

#[tokio::test]
async fn operations_tell_of_every_node_and_part_and_of_what_this_node_does() {
    let app = TestApp::start().await;
    app.bus_is_up().await;
    app.client().submit(split(10.0)).await;
    app.client().aggregate_of(1, 1).await;
    let socket = Socket::connect(app.address).await;
    let report = operations(&app).await;
    let nodes = report["nodes"].as_array().unwrap();
    assert_eq!(nodes.len(), 1);
    assert_eq!((&nodes[0]["role"], &nodes[0]["version"]), (&json!("all"), &json!(env!("CARGO_PKG_VERSION"))));
    assert_eq!(nodes[0]["streams"], 1, "{report}");
    assert!(nodes[0]["connections"].as_i64().unwrap() >= 1, "{report}");
    let kind = if app.database.is_postgres() { "PostgreSQL" } else { "SQLite" };
    assert_eq!((&report["database"]["kind"], &report["database"]["ok"]), (&json!(kind), &json!(true)));
    assert!(report["database"]["latencyMs"].as_f64().unwrap() > 0.0);
    assert!(report["database"]["sizeBytes"].as_f64().unwrap() > 100_000.0, "{report}");
    assert_eq!(report["redis"]["ok"], true);
    assert_eq!(report["redis"]["latencyMs"].is_number(), report["redis"]["configured"] == true, "{report}");
    assert_eq!((&report["queue"], &report["pendingDeltas"], &report["foldLagMs"]), (&json!(0), &json!(0), &json!(0.0)));
    assert!(report["snapshotAgeMs"].as_f64().unwrap() >= 0.0);
    // The table answers until the first publication has reached the memory.
    let reads: f64 = ["memory", "table"].iter().map(|tier| report["reads"][tier].as_f64().unwrap()).sum();
    assert!(reads >= 1.0, "{report}");
    drop(socket);

    let other = app.start_beside(&["--role=web"]).await;
    let both = eventually("each node tells of the other", || async {
        let report = operations(&app).await;
        (report["nodes"].as_array().unwrap().len() == 2).then_some(report)
    })
    .await;
    let roles: Vec<&Value> = both["nodes"].as_array().unwrap().iter().map(|node| &node["role"]).collect();
    assert_eq!(roles, [&json!("all"), &json!("web")]);
    other.stop().await;
    eventually("a node that stops says so", || async {
        (operations(&app).await["nodes"].as_array().unwrap().len() == 1).then_some(())
    })
    .await;
    // A delta that nobody folds.
    let waiting = "INSERT INTO aggregate_delta (budget_id, delta) VALUES (1, '{\"format\":99,\"submissions\":0}')";
    app.database.execute(waiting).await.unwrap();
    let report = operations(&app).await;
    assert_eq!(report["pendingDeltas"], 1, "{report}");
    assert!(report["foldLagMs"].as_f64().unwrap() > 0.0, "{report}");
}

#[tokio::test]
async fn operations_answer_while_the_database_is_away_with_what_is_in_memory() {
    let app = TestApp::start().await;
    app.client().submit(split(10.0)).await;
    app.client().aggregate_of(1, 1).await;
    assert_eq!(operations(&app).await["database"]["ok"], true);
    app.services.store.close().await;
    let report = operations(&app).await;
    assert_eq!(report["database"]["ok"], false, "{report}");
    for unknown in ["pendingDeltas", "foldLagMs"] {
        assert_eq!(report[unknown], Value::Null, "{report}");
    }
    assert_eq!(report["nodes"].as_array().unwrap().len(), 1, "this one");
    assert!(report["snapshotAgeMs"].is_number() && report["queue"] == 0, "{report}");
    let attention = "{ attention(budget: \"federal\") { kind message } }";
    let attention = desk(&app, attention, Value::Null).await;
    assert_eq!(attention["attention"][0]["kind"], "STORAGE", "{attention}");
}

#[tokio::test]
async fn a_rebuild_from_the_desk_is_followed_to_its_end_and_a_verify_tells_of_drift_before_and_none_after() {
    let app = TestApp::start().await;
    for percent in [10.0, 20.0, 30.0] {
        app.client().submit(split(percent)).await;
    }
    app.client().aggregate_of(3, 3).await;
    app.database.execute("UPDATE budget_aggregate SET participants = 5").await.unwrap();
    let follow = async |kind: &str, budget: Option<&str>| {
        let job = start(&app, kind, budget).await;
        assert_eq!((&job["kind"], &job["finishedAt"]), (&json!(kind), &Value::Null));
        let query = format!("subscription ($id: ID!) {{ jobChanged(id: $id) {{ {JOB} }} }}");
        let seen: Vec<Value> = subscribe(&app, &query, json!({ "id": job["id"] })).collect().await;
        let last = seen.last().unwrap()["data"]["jobChanged"].clone();
        assert!(last["finishedAt"].is_string() && last["node"].is_string(), "{seen:?}");
        last
    };
    let verified = follow("VERIFY", None).await;
    assert_eq!((&verified["result"], &verified["progress"]), (&json!("drift in federal"), &json!(3.0)), "{verified}");
    assert_eq!(verified["outcome"], json!({ "code": "DRIFT", "count": null, "budgets": ["federal"] }));
    let attention = "{ attention(budget: \"federal\") { kind } }";
    assert_eq!(desk(&app, attention, Value::Null).await["attention"], json!([{ "kind": "DRIFT" }]));
    let rebuilt = follow("REBUILD", Some("federal")).await;
    assert_eq!((&rebuilt["result"], &rebuilt["budget"]), (&json!("1 budgets had drifted"), &json!("federal")));
    assert_eq!(rebuilt["outcome"], json!({ "code": "REBUILT", "count": 1.0, "budgets": [] }));
    let verified = follow("VERIFY", Some("federal")).await;
    assert_eq!(verified["result"], "no drift (1 budgets)");
    assert_eq!(verified["outcome"], json!({ "code": "NO_DRIFT", "count": 1.0, "budgets": [] }));
    assert_eq!(desk(&app, attention, Value::Null).await["attention"], json!([]));
    let retained = follow("RETENTION", None).await;
    assert_eq!(retained["result"], "0 submissions were deleted");
    assert_eq!(retained["outcome"], json!({ "code": "DELETED", "count": 0.0, "budgets": [] }));
    ledger::assert_exact(&app.database).await;
    let kinds: Vec<Value> = jobs(&app).await.into_iter().map(|job| job["kind"].clone()).collect();
    assert_eq!(kinds, ["RETENTION", "VERIFY", "REBUILD", "VERIFY"], "the newest first");
    let log = ledger::texts(&app.database, "SELECT action FROM audit_entry WHERE action = 'job.start'").await;
    assert_eq!(log.len(), 4);
}

#[tokio::test]
async fn a_job_that_failed_begins_again_when_somebody_says_so_and_no_other_does() {
    let app = TestApp::start().await;
    let retry = format!("mutation ($id: ID!) {{ retryJob(id: $id) {{ {JOB} }} }}");
    let id = start(&app, "VERIFY", None).await["id"].clone();
    let ended = |id: Value| {
        let app = &app;
        async move {
            eventually("the job has ended", || async {
                let job = jobs(app).await.into_iter().find(|job| job["id"] == id).unwrap();
                job["finishedAt"].is_string().then_some(job)
            })
            .await
        }
    };
    ended(id.clone()).await;
    let refused = app.desk(Some(Role::Organiser), &retry, json!({ "id": id })).await;
    assert_eq!(refused["errors"][0]["extensions"]["violations"][0]["rule"], "NOT_FAILED", "{refused}");
    let failed = format!(
        "UPDATE background_job SET error = 'no luck', result = 'failed: no luck', attempts = 5 WHERE id = {}",
        id.as_str().unwrap().trim_start_matches("Job:")
    );
    app.database.execute(&failed).await.unwrap();
    let job = jobs(&app).await.remove(0);
    assert_eq!(job["outcome"], json!({ "code": "FAILED", "count": null, "budgets": [] }), "{job}");
    let again = desk(&app, &retry, json!({ "id": id })).await["retryJob"].clone();
    assert_eq!((&again["error"], &again["finishedAt"]), (&Value::Null, &Value::Null), "{again}");
    let done = ended(id).await;
    assert_eq!((&done["result"], &done["attempts"]), (&json!("no drift (1 budgets)"), &json!(1)));
    for (role, code) in [(Role::Viewer, "FORBIDDEN"), (Role::Organiser, "NOT_FOUND")] {
        let refused = app.desk(Some(role), &retry, json!({ "id": "999" })).await;
        assert_eq!(refused["errors"][0]["extensions"]["code"], code);
    }
}

#[tokio::test]
async fn a_job_that_waits_already_is_not_added_again_and_a_budget_that_is_gone_is_said_by_a_code() {
    // Nobody does a job here.
    let app = TestApp::start_with(&["--role=web"]).await;
    let first = start(&app, "REBUILD", None).await;
    let same = start(&app, "REBUILD", None).await;
    assert_eq!(first["id"], same["id"]);
    let others = [start(&app, "VERIFY", None).await, start(&app, "REBUILD", Some("federal")).await];
    assert!(others.iter().all(|other| other["id"] != first["id"]), "{others:?}");
    assert_eq!(start(&app, "REBUILD", Some("federal")).await["id"], others[1]["id"]);
    let log = ledger::texts(&app.database, "SELECT action FROM audit_entry WHERE action = 'job.start'").await;
    assert_eq!(log.len(), 3, "what was not added is not in the log");

    app.database.execute("UPDATE background_job SET budget = 'gone' WHERE budget = 'federal'").await.unwrap();
    let runner = Runner::new(app.services.store.clone(), ledger::quiet(&app.services.store), Uuid::nil());
    while runner.perform_one(&CancellationToken::new()).await.unwrap() {}
    let outcome = jobs(&app).await.into_iter().find(|job| job["budget"] == "gone").unwrap()["outcome"].clone();
    assert_eq!(outcome, json!({ "code": "UNKNOWN_BUDGET", "count": null, "budgets": ["gone"] }));
    assert_ne!(start(&app, "REBUILD", None).await["id"], first["id"], "after the end of the first");
}

#[tokio::test]
async fn the_job_of_a_night_is_added_once_by_however_many_nodes() {
    let app = TestApp::start().await;
    let day = "2026-11-26".parse().unwrap();
    for _ in 0..3 {
        app.services.store.schedule_job(Kind::Verify.name(), day).await.unwrap();
    }
    app.services.store.schedule_job(Kind::Verify.name(), "2026-11-27".parse().unwrap()).await.unwrap();
    assert_eq!(app.database.integer("SELECT COUNT(*) FROM background_job").await, 2);
    let claimed = app.services.store.claim_job(Uuid::nil()).await;
    assert!(claimed.is_ok());
}

#[tokio::test]
async fn the_figures_of_a_running_budget_move_with_submissions_and_opened_forms() {
    let app = TestApp::start().await;
    let person = app.client();
    for path in ["/", "/?lang=de", "/?lang=de", "/aggregate"] {
        assert_eq!(person.http.get(person.url(path)).send().await.unwrap().status(), 200);
    }
    app.services.form_views.save(&app.services.store).await.unwrap();
    let query = "subscription { live(budget: \"federal\") { participants submissions revised completion
        perMinute { minute count } languages { language count } } }";
    let mut figures = subscribe(&app, query, Value::Null);
    let first = figures.next().await.unwrap()["data"]["live"].clone();
    assert_eq!((&first["participants"], &first["completion"]), (&json!(0), &json!(0.0)), "{first}");
    assert_eq!(first["languages"], json!([{ "language": "de", "count": 2 }, { "language": "en", "count": 1 }]));
    assert_eq!(first["perMinute"].as_array().unwrap().len(), 60);
    for percent in [10.0, 20.0] {
        person.submit(with(split(percent), json!({ "remember": true }))).await;
    }
    let moved = loop {
        let next = figures.next().await.unwrap()["data"]["live"].clone();
        if next["submissions"] == 2 {
            break next;
        }
    };
    assert_eq!((&moved["participants"], &moved["revised"]), (&json!(1), &json!(1)), "{moved}");
    assert!((moved["completion"].as_f64().unwrap() - 1.0 / 3.0).abs() < 1e-9, "{moved}");
    let counted = |figures: &Value| -> i64 {
        figures["perMinute"].as_array().unwrap().iter().map(|minute| minute["count"].as_i64().unwrap()).sum()
    };
    assert_eq!(counted(&moved), 2);
}

#[tokio::test]
async fn organisers_are_told_of_flags_and_of_the_end_of_the_window() {
    let app = TestApp::start().await;
    for _ in 0..25 {
        app.client().submit(split(12.5)).await;
    }
    app.services.cohorts.save(&app.services.store).await.unwrap();
    let soon = app.services.store.now().await.unwrap() + chrono::TimeDelta::hours(2);
    let at = if app.database.is_postgres() { soon.format("%F %T+00:00") } else { soon.format("%FT%T+00:00") };
    app.database.execute(&format!("UPDATE budget SET closes_at = '{at}'")).await.unwrap();
    app.services.catalogue.invalidate();
    let found = desk(&app, "{ attention(budget: \"federal\") { kind message at } }", Value::Null).await;
    let kinds: Vec<&Value> = found["attention"].as_array().unwrap().iter().map(|it| &it["kind"]).collect();
    assert_eq!(kinds, [&json!("FLAGS"), &json!("CLOSES_SOON")], "{found}");
}

#[tokio::test]
async fn the_desk_and_the_command_tell_the_same_totals_days_averages_and_revisions() {
    let app = TestApp::start().await;
    let person = app.client();
    for percent in [10.0, 20.0, 30.0] {
        person.submit(with(split(percent), json!({ "remember": true }))).await;
    }
    app.client().submit(with(split(40.0), json!({ "remember": true }))).await;
    app.client().submit(split(50.0)).await;
    app.client().aggregate_of(3, 5).await;
    let query = "query ($budget: String) { stats(budget: $budget, days: 2) { budgets { budget participants submissions
        shownParticipants days { day submissions anonymous } categories { category averagePercent }
        revisions { submissions participants } } } }";
    let all = desk(&app, query, Value::Null).await["stats"]["budgets"].clone();
    assert_eq!(desk(&app, query, json!({ "budget": "federal" })).await["stats"]["budgets"], all);
    let found = &all[0];
    let totals = (&found["participants"], &found["submissions"], &found["shownParticipants"]);
    assert_eq!(totals, (&json!(3), &json!(5), &json!(3)));
    let days = found["days"].as_array().unwrap();
    let sum = |field: &str| -> i64 { days.iter().map(|day| day[field].as_i64().unwrap()).sum() };
    assert_eq!((sum("submissions"), sum("anonymous")), (5, 1));
    assert_eq!(found["categories"][0], json!({ "category": "healthcare", "averagePercent": 40.0 }));
    let revisions = json!([{ "submissions": 1, "participants": 1 }, { "submissions": 3, "participants": 1 }]);
    assert_eq!(found["revisions"], revisions);

    let command = ["stats", "--totals", "--days=2", "--database-url", &app.database.url];
    let json = run(&[&command[..], &["--json"]].concat()).await;
    let told: Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!((&told[0]["participants"], &told[0]["revisions"]), (&json!(3), &revisions), "{told}");
    assert_eq!(told[0]["categories"][0], json!({ "category": "healthcare", "average_basis_points": 4_000 }));
    let text = String::from_utf8(run(&command).await.stdout).unwrap();
    assert!(text.starts_with("federal: 3 participants, 5 submissions, 3 in the averages\n"), "{text}");
    let stranger = SignedIn {
        account: AccountId(2),
        name: "eve".to_owned(),
        installation: None,
        budgets: [(ledger::budget(&app.services.store, "federal").await.id, Role::Viewer)].into(),
    };
    let refused = app.desk_as(Some(stranger.clone()), query, Value::Null).await;
    assert_eq!(refused["errors"][0]["extensions"]["code"], "FORBIDDEN", "{refused}");
    let allowed = app.desk_as(Some(stranger), query, json!({ "budget": "federal" })).await;
    assert_eq!(allowed.get("errors"), None, "{allowed}");
}
