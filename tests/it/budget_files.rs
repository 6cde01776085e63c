//! Budget files: imported and exported by command, and the published JSON Schema.

use std::{fs, process::Stdio};

use serde_json::Value;
use taxbudget::domain::{
    budget_draft::{BudgetDraft, file},
    desk::Role,
    starter_budgets::STARTER_BUDGETS,
};
use test_support::ledger::texts;
use tokio::{io::AsyncWriteExt, process::Command};

use crate::support::{TestApp, TestDatabase, app::PASSWORD, ledger, process::run, program::program};

const TOWN: &str = "slug: town
title: Our town
language: en
currency: EUR
categories:
  - { key: parks, label: Parks, color: '#4f8ee4', actualPercent: 33.33 }
  - { key: roads, label: Roads, color: '#a16085', actualPercent: 66.67 }
translations:
  de: { title: Unsere Stadt, categories: { parks: { label: Grün } } }
visibility: after-closing
opensAt: 2026-12-01T08:00:00+01:00
timeZone: Europe/Berlin
";

/// Runs `budget import` or `budget export`. Returns whether it succeeded, and what it printed and complained about.
async fn budget(database: &TestDatabase, arguments: &[&str]) -> (bool, String, String) {
    let line = [&["budget"], arguments, &["--database-url", &database.url]].concat();
    let output = run(&line).await;
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.success(), text(output.stdout), text(output.stderr))
}

#[tokio::test]
async fn a_file_is_imported_as_a_draft_and_exported_as_it_was() {
    let app = TestApp::start().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("town.yaml");
    fs::write(&path, TOWN).unwrap();
    let path = path.to_str().unwrap();
    let (done, printed, _) = budget(&app.database, &["import", path, "--public-url", "https://town.example"]).await;
    assert!(done && printed == "https://town.example/b/town\n", "{printed}");
    assert_eq!(app.database.integer("SELECT COUNT(*) FROM budget WHERE slug = 'town' AND status = 'draft'").await, 1);

    let original = file::parse(TOWN).unwrap();
    for format in ["yaml", "json"] {
        let (done, printed, _) = budget(&app.database, &["export", "town", "--format", format]).await;
        assert!(done);
        assert_eq!(file::parse(&printed).unwrap(), original, "{printed}");
        assert_eq!(printed.starts_with('{'), format == "json");
    }
    assert_eq!(original.opens_at.unwrap().to_rfc3339(), "2026-12-01T07:00:00+00:00");

    let (done, _, complaint) = budget(&app.database, &["import", path]).await;
    assert!(!done && complaint.contains("TAKEN") | complaint.contains("Another budget has the address"), "{complaint}");
    fs::write(path, TOWN.replace("Our town", "Our town, mended")).unwrap();
    let (done, ..) = budget(&app.database, &["import", path, "--replace"]).await;
    assert!(done);
    assert_eq!(texts(&app.database, "SELECT title FROM budget WHERE slug = 'town'").await, ["Our town, mended"]);
    let actions = texts(&app.database, "SELECT actor || ' ' || action FROM audit_entry ORDER BY id").await;
    assert_eq!(actions, ["console: budget.create", "console: budget.import"]);
    let (done, _, complaint) = budget(&app.database, &["export", "atlantis"]).await;
    assert!(!done && complaint.contains("there is no budget \"atlantis\""), "{complaint}");
    ledger::assert_exact(&app.database).await;
}

#[tokio::test]
async fn a_wrong_file_changes_nothing_and_says_line_column_and_path() {
    let app = TestApp::start().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("town.yaml");
    for (text, expected) in [
        (TOWN.replace("33.33", "33.333"), "line 6, column"),
        (TOWN.replace("33.33", "33.333"), "categories[0].actualPercent"),
        (TOWN.replace("title: Our town", "titel: Our town"), "line 2, column 1"),
        (TOWN.replace("EUR", "Taler"), "currency: \"Taler\" is not a currency code"),
        (TOWN.replace("Europe/Berlin", "Europe/Atlantis"), "timeZone: "),
        ("{ \"slug\": 1 }".to_owned(), "line 1, column 11"),
    ] {
        fs::write(&path, &text).unwrap();
        let (done, printed, complaint) = budget(&app.database, &["import", path.to_str().unwrap()]).await;
        assert!(!done && printed.is_empty() && complaint.contains(expected), "{text}\n{complaint}");
    }
    assert_eq!(app.database.integer("SELECT COUNT(*) FROM budget").await, 1);
}

#[tokio::test]
async fn a_budget_is_imported_from_the_standard_input_and_every_starter_budget_can_be() {
    let app = TestApp::start().await;
    for starter in STARTER_BUDGETS {
        let mut draft = starter.draft();
        draft.slug = format!("my-{}", starter.name);
        let mut child = Command::new(program())
            .args(["budget", "import", "-", "--database-url", &app.database.url])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(file::write(&draft, file::Format::Json).as_bytes()).await.unwrap();
        drop(stdin);
        let output = child.wait_with_output().await.unwrap();
        assert!(output.status.success(), "{}: {output:?}", starter.name);
        let (_, exported, _) = budget(&app.database, &["export", &draft.slug]).await;
        assert_eq!(file::parse(&exported), Ok(draft), "{}", starter.name);
    }
}

#[tokio::test]
async fn the_committed_json_schema_is_what_the_program_prints_and_serves() {
    let committed = include_str!("../../budgets/budget.schema.json");
    assert!(committed == BudgetDraft::json_schema(), "budgets/budget.schema.json is out of date: run `make generate`");
    let app = TestApp::start().await;
    let client = app.client();
    let response = client.http.get(client.url("/budget.schema.json")).send().await.unwrap();
    assert_eq!(response.headers()["content-type"], "application/schema+json");
    let tag = response.headers()["etag"].clone();
    let schema: Value = response.json().await.unwrap();
    assert_eq!(schema, serde_json::from_str::<Value>(committed).unwrap());
    let again = client.http.get(client.url("/budget.schema.json")).header("if-none-match", tag).send().await.unwrap();
    assert_eq!(again.status(), 304);
    // Every member of a draft is described.
    let full = STARTER_BUDGETS[0].draft().to_value();
    for name in full.as_object().unwrap().keys() {
        assert!(
            schema["properties"][name]["description"].is_string() || schema["properties"][name]["$ref"].is_string(),
            "{name}"
        );
    }
}

#[tokio::test]
async fn the_documented_script_runs_a_consultation_from_its_file_to_its_result() {
    let app = TestApp::start().await;
    app.signed_in("ada", Some(Role::Organiser), None).await;
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/examples/consultation.sh");
    let town = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/examples/town.yaml");
    let output = Command::new("sh")
        .arg(script)
        .arg(town)
        .env("SERVER", format!("http://{}", app.address))
        .env("ADMIN_NAME", "ada")
        .env("ADMIN_PASSWORD", PASSWORD)
        .env("DATABASE_URL", &app.database.url)
        .env("TAXBUDGET", program())
        .output()
        .await
        .unwrap();
    let (printed, complaint) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert!(output.status.success(), "{printed}\n{complaint}");
    for expected in [
        "\"OPEN\"",
        "\"excludeAnswers\":{\"count\":1}",
        "\"CLOSED\"",
        "schools,Schools,40.00,",
        ",0,Sent by a script,100.00,",
        "title: Where should our town",
    ] {
        assert!(printed.contains(expected), "{expected}: {printed}\n{complaint}");
    }
    ledger::assert_exact(&app.database).await;
}
