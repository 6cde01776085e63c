//! Answers at the desk: what was said and never by whom, in pages and as files.

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    sync::Arc,
    time::Duration,
};

use reqwest::Response;
use serde_json::{Value, json};
use taxbudget::{
    domain::{
        budget::{Budget, BudgetId},
        desk::{AccountId, Role, SignedIn},
        participant::ParticipantId,
    },
    service::{
        desk::answers::{ExportError, ExportLimits},
        intake::store_batch,
    },
    store::submissions::NewSubmission,
};
use uuid::Uuid;

use crate::support::{
    Client, TestApp,
    answers::{seeded, shares},
    client::{split, with},
    eventually, ledger,
};

const ANSWERS: &str = "query ($first: Int!, $after: String, $filter: AnswerFilterInput) {
  answers(budget: \"federal\", first: $first, after: $after, filter: $filter) {
    nodes { id hour shares { percent category { key } } exclusion { reason } }
    pageInfo { hasNextPage endCursor }
  }
}";

async fn page(app: &TestApp, first: usize, after: &Value, filter: Value) -> Value {
    let variables = json!({ "first": first, "after": after, "filter": filter });
    let response = app.desk(Some(Role::Viewer), ANSWERS, variables).await;
    assert_eq!(response.get("errors"), None, "{response}");
    response["data"]["answers"].clone()
}

/// The shares of the first category of the answers that a filter lets through, sorted.
async fn filtered(app: &TestApp, filter: Value) -> Vec<String> {
    let page = page(app, 100, &Value::Null, filter).await;
    let nodes = page["nodes"].as_array().unwrap();
    let mut shares: Vec<_> = nodes.iter().map(|node| node["shares"][0]["percent"].to_string()).collect();
    shares.sort();
    shares
}

/// Moves a submission into another hour, in spite of the trigger that protects the ledger.
async fn move_to(app: &TestApp, healthcare: u16, at: &str) {
    let change =
        format!("UPDATE submission SET submitted_at = '{at}' WHERE CAST(shares AS text) LIKE '[{healthcare},%'");
    if app.database.is_postgres() {
        app.database.execute("ALTER TABLE submission DISABLE TRIGGER submission_immutable").await.unwrap();
    } else {
        app.database.execute("DROP TRIGGER IF EXISTS submission_immutable").await.unwrap();
    }
    app.database.execute(&change).await.unwrap();
}

/// A file of `federal`, as somebody who has signed in gets it.
async fn file(viewer: &Client, name: &str) -> Response {
    viewer.http.get(viewer.url(&format!("/admin/budgets/federal/{name}"))).send().await.unwrap()
}

async fn text(viewer: &Client, name: &str) -> String {
    let response = file(viewer, name).await;
    assert_eq!(response.status(), 200, "{name}");
    response.text().await.unwrap()
}

#[tokio::test]
async fn pages_hold_each_voice_once_the_latest_hour_first_and_never_who_it_is() {
    let app = TestApp::start().await;
    let person = app.client();
    let mut secrets = HashSet::new();
    for percent in [1.0, 2.0] {
        let payload = person.submit(with(split(percent), json!({ "remember": true }))).await;
        secrets.insert(payload["submission"]["id"].as_str().unwrap().to_owned());
    }
    for percent in 10..30 {
        let payload = app.client().submit(split(f64::from(percent))).await;
        secrets.insert(payload["submission"]["id"].as_str().unwrap().to_owned());
    }
    let participant = person.data("{ viewer { participant } }", Value::Null).await["viewer"]["participant"].clone();
    secrets.insert(participant.as_str().unwrap().to_owned());
    for (healthcare, at) in [(1_000, "2026-01-01 10:59:59+00:00"), (1_100, "2026-01-01 10:00:00+00:00")] {
        let at = if app.database.is_postgres() { at.to_owned() } else { at.replace(' ', "T") };
        move_to(&app, healthcare, &at).await;
    }

    let (mut after, mut seen, mut sizes) = (Value::Null, Vec::new(), Vec::new());
    loop {
        let page = page(&app, 8, &after, json!({})).await;
        let text = page.to_string();
        for secret in &secrets {
            assert!(!text.contains(secret) && !text.contains(&secret.replace('-', "")), "{text}");
        }
        let nodes = page["nodes"].as_array().unwrap().clone();
        sizes.push(nodes.len());
        seen.extend(nodes);
        after = page["pageInfo"]["endCursor"].clone();
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
    }
    assert_eq!(sizes, [8, 8, 5], "the first answer of the person was replaced");
    let ids: BTreeSet<String> = seen.iter().map(|node| node["id"].to_string()).collect();
    assert_eq!(ids.len(), 21);
    let hours: Vec<&str> = seen.iter().map(|node| node["hour"].as_str().unwrap()).collect();
    assert!(hours.is_sorted_by(|a, b| a >= b), "{hours:?}");
    assert_eq!(hours[19..], ["2026-01-01T10:00:00+00:00"; 2]);
    assert!(hours.iter().all(|hour| hour.contains(":00:00+")), "{hours:?}");
    let shares: Vec<String> = seen.iter().map(|node| node["shares"][0]["percent"].to_string()).collect();
    assert!(shares.contains(&"2.0".to_owned()) && !shares.contains(&"1.0".to_owned()), "{shares:?}");
}

#[tokio::test]
async fn filters_narrow_the_list_and_what_they_cannot_be_is_refused() {
    let app = TestApp::start().await;
    for percent in [10.0, 20.0, 30.0, 40.0] {
        app.client().submit(split(percent)).await;
    }
    let at = if app.database.is_postgres() { "2026-01-01 10:30:00+00:00" } else { "2026-01-01T10:30:00+00:00" };
    move_to(&app, 1_000, at).await;
    let found = page(&app, 100, &Value::Null, json!({})).await;
    let twenty = found["nodes"].as_array().unwrap().iter().find(|node| node["shares"][0]["percent"] == 20.0).unwrap();
    let input = json!({ "budget": "federal", "answer": twenty["id"], "reason": "a test" });
    let exclude = "mutation ($input: ExcludeInput!) { excludeAnswers(input: $input) { count } }";
    app.desk(Some(Role::Organiser), exclude, json!({ "input": input })).await;

    let range =
        |least: f64, greatest: f64| json!({ "category": "healthcare", "minPercent": least, "maxPercent": greatest });
    for (filter, expected) in [
        (json!({}), &["10.0", "20.0", "30.0", "40.0"] as &[&str]),
        (json!({ "until": "2026-01-01T11:00:00Z" }), &["10.0"]),
        (json!({ "until": "2026-01-01T10:00:00Z" }), &[]),
        (json!({ "since": "2026-01-01T10:00:00Z", "until": "2026-01-02T00:00:00Z" }), &["10.0"]),
        // A filter by less than an hour would tell the second of a submission.
        (json!({ "since": "2026-01-01T10:30:00.000001Z" }), &["10.0", "20.0", "30.0", "40.0"]),
        (json!({ "until": "2026-01-01T10:29:59Z" }), &["10.0"]),
        (json!({ "since": "2026-01-01T11:00:00Z" }), &["20.0", "30.0", "40.0"]),
        (json!({ "excluded": true }), &["20.0"]),
        (json!({ "excluded": false }), &["10.0", "30.0", "40.0"]),
        (range(20.0, 30.0), &["20.0", "30.0"]),
        (range(20.01, 29.99), &[]),
        (json!({ "category": "education", "minPercent": 80 }), &["10.0", "20.0"]),
    ] {
        assert_eq!(filtered(&app, filter.clone()).await, expected, "{filter}");
    }
    for (variables, path) in [
        (json!({ "first": 0 }), "first"),
        (json!({ "first": 101 }), "first"),
        (json!({ "first": 1, "after": "nonsense" }), "after"),
        (json!({ "first": 1, "filter": { "category": "nothing", "minPercent": 1 } }), "filter.category"),
        (json!({ "first": 1, "filter": { "minPercent": 1 } }), "filter.category"),
        (json!({ "first": 1, "filter": { "category": "other", "minPercent": 101 } }), "filter.minPercent"),
        (json!({ "first": 1, "filter": { "category": "other", "maxPercent": 0.001 } }), "filter.maxPercent"),
        (json!({ "first": 1, "filter": { "cohort": "x" } }), "cohort"),
    ] {
        let refused = app.desk(Some(Role::Viewer), ANSWERS, variables.clone()).await;
        assert_eq!(refused["errors"][0]["extensions"]["violations"][0]["path"], path, "{variables}: {refused}");
    }
}

/// The steps of a list that rise.
fn rises(list: &[f64]) -> usize {
    list.windows(2).filter(|pair| pair[0] < pair[1]).count()
}

#[tokio::test]
async fn within_an_hour_neither_pages_nor_files_tell_the_order_in_which_answers_came() {
    let app = TestApp::start().await;
    // The share is the order of arrival.
    for number in 1..=40 {
        app.client().submit(split(f64::from(number))).await;
    }
    let viewer = app.signed_in("vera", None, Some(Role::Viewer)).await;
    let json_lines = text(&viewer, "answers.jsonl").await;
    let of_file =
        json_lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["shares"]["healthcare"].clone());
    let (mut of_pages, mut after) = (Vec::new(), Value::Null);
    loop {
        let next = page(&app, 7, &after, json!({})).await;
        of_pages.extend(next["nodes"].as_array().unwrap().iter().map(|node| node["shares"][0]["percent"].clone()));
        after = next["pageInfo"]["endCursor"].clone();
        if next["pageInfo"]["hasNextPage"] == false {
            break;
        }
    }
    for list in [of_file.collect::<Vec<_>>(), of_pages] {
        let list: Vec<f64> = list.iter().map(|share| share.as_f64().unwrap()).collect();
        let distinct: BTreeSet<String> = list.iter().map(ToString::to_string).collect();
        assert_eq!((list.len(), distinct.len()), (40, 40), "{list:?}");
        // Of 39 steps of a random order, fewer than 8 or more than 31 rise once in millions of runs.
        assert!((8..=31).contains(&rises(&list)), "{list:?}");
    }
}

#[tokio::test]
async fn a_budget_shows_its_answers_only_to_those_with_a_role_in_it() {
    let app = TestApp::start().await;
    app.client().submit(split(10.0)).await;
    let stranger = SignedIn {
        account: AccountId(2),
        name: "eve".to_owned(),
        installation: None,
        budgets: [(BudgetId(99), Role::Owner)].into(),
    };
    let response = app.desk_as(Some(stranger), ANSWERS, json!({ "first": 1 })).await;
    assert_eq!(response["errors"][0]["extensions"]["code"], "NOT_FOUND", "{response}");
    let viewer = app.signed_in("vera", None, Some(Role::Viewer)).await;
    let stranger = app.signed_in("eve", None, None).await;
    for name in ["answers.csv", "answers.jsonl", "answers.dictionary.csv"] {
        for (client, status) in [(&app.client(), 401), (&stranger, 404), (&viewer, 200)] {
            let response = file(client, name).await;
            assert_eq!(response.status(), status, "{name}");
            assert_eq!(response.headers()["cache-control"], "no-store", "{name}");
        }
        let foreign = viewer.http.get(viewer.url(&format!("/admin/budgets/federal/{name}")));
        let foreign = foreign.header("origin", "https://elsewhere.example").send().await.unwrap();
        assert_eq!(foreign.status(), 403, "{name}");
    }
}

#[tokio::test]
async fn exports_open_in_spreadsheets_of_each_language_hold_every_answer_once_and_nobodys_id() {
    let app = TestApp::start().await;
    let ids = [
        app.client().submit(with(split(12.5), json!({ "remember": true }))).await,
        app.client().submit(split(33.33)).await,
    ]
    .map(|payload| payload["submission"]["id"].as_str().unwrap().to_owned());
    let found = page(&app, 100, &Value::Null, json!({})).await;
    let nodes = found["nodes"].as_array().unwrap();
    let excluded = nodes.iter().find(|node| node["shares"][0]["percent"] == 12.5).unwrap();
    let input = json!({ "budget": "federal", "answer": excluded["id"], "reason": "=HYPERLINK(\"x\"); or not" });
    let exclude = "mutation ($input: ExcludeInput!) { excludeAnswers(input: $input) { count } }";
    app.desk(Some(Role::Organiser), exclude, json!({ "input": input })).await;

    let viewer = app.signed_in("vera", None, Some(Role::Viewer)).await;
    for name in ["answers.csv", "answers.jsonl"] {
        assert_eq!(file(&viewer, name).await.headers()["x-answer-count"], "2", "the excluded one too: {name}");
    }
    let english = text(&viewer, "answers.csv").await;
    let lines: Vec<&str> = english.trim_start_matches('\u{feff}').split_terminator("\r\n").collect();
    assert!(english.starts_with('\u{feff}'));
    assert!(lines[0].starts_with("answer,hour,counted,excluded_because,healthcare,education,"), "{}", lines[0]);
    assert_eq!(lines.len(), 3);
    assert!(english.contains(",1,,33.33,66.67,0.00,"), "{english}");
    let guarded = ",0,\"'=HYPERLINK(\"\"x\"\"); or not\",12.50,87.50,0.00,";
    assert!(english.contains(guarded), "{english}");
    for language in ["de", "de-AT", "es", "fr"] {
        let german = text(&viewer, &format!("answers.csv?language={language}")).await;
        assert!(german.starts_with("\u{feff}answer;hour;counted;excluded_because;healthcare;"), "{german}");
        assert!(german.contains(";1;;33,33;66,67;0,00;"), "{german}");
        assert!(german.contains(";0;\"'=HYPERLINK(\"\"x\"\"); or not\";12,50;"), "{german}");
    }
    assert!(text(&viewer, "answers.csv?language=ar").await.contains(",1,,33.33,66.67,"));

    let json_lines = text(&viewer, "answers.jsonl").await;
    let answers: BTreeMap<String, Value> = json_lines
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .map(|answer| (answer["shares"]["healthcare"].to_string(), answer))
        .collect();
    assert_eq!(answers.len(), 2);
    assert_eq!((&answers["33.33"]["counted"], &answers["33.33"]["excludedBecause"]), (&json!(true), &Value::Null));
    assert_eq!(answers["12.5"]["excludedBecause"], "=HYPERLINK(\"x\"); or not");
    assert_eq!(answers["12.5"]["answer"], excluded["id"], "the same name as at the desk");
    assert!(answers["12.5"]["hour"].as_str().unwrap().ends_with(":00:00Z"));
    for file in [&english, &json_lines] {
        for id in &ids {
            assert!(!file.contains(id) && !file.contains(&id.replace('-', "")), "{file}");
        }
    }

    let dictionary = file(&viewer, "answers.dictionary.csv?language=de").await;
    let name = dictionary.headers()["content-disposition"].to_str().unwrap().to_owned();
    assert_eq!(name, "attachment; filename=\"federal-answers.dictionary.csv\"");
    let dictionary = dictionary.text().await.unwrap();
    assert!(dictionary.starts_with("\u{feff}Spalte;Überschrift auf der Seite;"), "{dictionary}");
    let columns: Vec<&str> = dictionary.lines().skip(1).filter_map(|line| line.split(';').next()).collect();
    let head: Vec<&str> = lines[0].split(',').collect();
    assert_eq!(columns, head, "every column is explained, in order");
}

/// `federal` after this many more answers.
async fn answered(app: &TestApp, count: usize) -> Arc<Budget> {
    let budget = Arc::new(ledger::budget(&app.services.store, "federal").await);
    let mut random = seeded("export");
    let one = |number: usize| NewSubmission {
        id: Uuid::new_v4(),
        budget: Arc::clone(&budget),
        participant: number.is_multiple_of(2).then(|| ParticipantId(Uuid::new_v4())),
        allocation: ledger::allocation(&shares(&mut random, 10)),
        key_digest: None,
    };
    let batch: Vec<NewSubmission> = (0..count).map(one).collect();
    store_batch(&app.services.store, &batch).await.unwrap();
    budget
}

#[tokio::test]
async fn an_export_is_of_one_moment_and_a_third_one_at_the_same_time_waits() {
    let app = TestApp::start().await;
    let budget = answered(&app, 2_000).await;
    let mut first = app.services.answers.export(&budget, ExportLimits::default()).unwrap();
    let second = app.services.answers.export(&budget, ExportLimits::default()).unwrap();
    assert!(app.services.answers.export(&budget, ExportLimits::default()).is_err());
    let mut exported = vec![first.next().await.unwrap().unwrap()];
    answered(&app, 500).await;
    while let Some(answer) = first.next().await {
        exported.push(answer.unwrap());
    }
    let ids: HashSet<String> = exported.iter().map(|answer| answer.id.clone()).collect();
    assert_eq!((ids.len(), exported.len()), (2_000, 2_000));
    drop((first, second));
    let viewer = app.signed_in("vera", None, Some(Role::Viewer)).await;
    let lines = eventually("the exports that nobody reads have ended", || async {
        let response = file(&viewer, "answers.jsonl").await;
        if response.status() == 200 { response.text().await.ok() } else { None }
    })
    .await;
    assert_eq!(lines.lines().count(), 2_500);
}

#[tokio::test]
async fn an_export_whose_reader_is_too_slow_frees_its_place_and_is_never_taken_for_a_whole_one() {
    let app = TestApp::start().await;
    let budget = answered(&app, 1_000).await;
    let (short, long) = (Duration::from_millis(20), Duration::from_hours(1));
    let start = |stall, total| app.services.answers.export(&budget, ExportLimits { stall, total });
    for (stall, total) in [(short, long), (long, short)] {
        let slow = [start(stall, total).unwrap(), start(stall, total).unwrap()];
        let mut whole = eventually("the places are free again", || async { start(long, long).ok() }).await;
        let mut count = 0;
        while let Some(answer) = whole.next().await {
            answer.unwrap();
            count += 1;
        }
        assert_eq!(count, 1_000);
        for mut export in slow {
            let mut last = None;
            while let Some(answer) = export.next().await {
                last = Some(answer);
            }
            match last.unwrap().unwrap_err() {
                ExportError::Stalled => assert_eq!(stall, short),
                ExportError::TooLong => assert_eq!(total, short),
                error => panic!("{error}"),
            }
        }
    }
}
