//! How budgets are shown: texts in the reader's language, where the form begins, and what an income pays.

use std::sync::Arc;

use serde_json::{Value, json};

use taxbudget::{
    domain::budget::Budget,
    service::intake::store_batch,
    store::{Store, submissions::NewSubmission},
};

use crate::support::{TestApp, TestDatabase, client::split, eventually, ledger, setting};

const TEXTS: &str = "query ($language: String) { budget(slug: \"federal\") { title(language: $language)
    description(language: $language) language languages startPosition
    categories { key label(language: $language) description(language: $language) } } }";

#[tokio::test]
async fn texts_come_in_the_language_that_is_asked_for_and_else_in_the_budgets_own() {
    let app = TestApp::start().await;
    let client = app.client();
    let own = client.data(TEXTS, Value::Null).await["budget"].clone();
    assert_eq!(own["title"], "How would you spend the federal budget?");
    assert_eq!((&own["language"], &own["startPosition"]), (&json!("en"), &json!("ZERO")));
    assert_eq!(own["languages"], json!(["en", "ar", "de", "es", "fr"]));
    let long = "de-".repeat(5_000);
    for language in ["en", "en-GB", "xx", "", "-", "../de", "d", &long[1..]] {
        assert_eq!(client.data(TEXTS, json!({ "language": language })).await["budget"], own, "{language}");
    }
    for language in ["de", "DE", "de-AT", "es", "fr", "ar"] {
        let other = client.data(TEXTS, json!({ "language": language })).await["budget"].clone();
        assert!(other["title"] != own["title"] && other["description"] != own["description"], "{language}");
        for (own, other) in own["categories"].as_array().unwrap().iter().zip(other["categories"].as_array().unwrap()) {
            assert_eq!(own["key"], other["key"]);
            assert_ne!(own["description"], other["description"], "{language}");
        }
    }
}

#[tokio::test]
async fn the_taxes_of_an_income_can_be_computed_from_the_illustration() {
    let app = TestApp::start().await;
    let query = "{ budget(slug: \"federal\") { taxIllustration { note note_de: note(language: \"de\") incomes
        taxes { label brackets { above percent } } } } }";
    let illustration = app.client().data(query, Value::Null).await["budget"]["taxIllustration"].clone();
    assert_eq!(illustration["incomes"], json!([30_000.0, 60_000.0, 120_000.0]));
    assert_ne!(illustration["note"], illustration["note_de"]);
    let tax_of = |income: f64, tax: &Value| -> f64 {
        let brackets = tax["brackets"].as_array().unwrap();
        let above = |index: usize| brackets.get(index).map_or(f64::INFINITY, |at| at["above"].as_f64().unwrap());
        let part = |index: usize| (income.min(above(index + 1)) - above(index)).max(0.0);
        let rates = brackets.iter().map(|bracket| bracket["percent"].as_f64().unwrap());
        rates.enumerate().map(|(index, percent)| part(index) * percent / 100.0).sum()
    };
    // By hand, after the brackets of 2025: on 60 000, 10 % of 11 925 and 12 % of 32 325; 6.2 %; 1.45 %.
    let taxes = illustration["taxes"].as_array().unwrap();
    let paid: Vec<f64> = taxes.iter().map(|tax| (tax_of(60_000.0, tax) * 100.0).round() / 100.0).collect();
    assert_eq!(paid, [5_071.5, 3_720.0, 870.0]);
    // On 250 000: Social Security up to 176 100 alone, Medicare with the additional 0.9 % above 200 000.
    let paid: Vec<f64> = taxes.iter().skip(1).map(|tax| (tax_of(250_000.0, tax) * 100.0).round() / 100.0).collect();
    assert_eq!(paid, [10_918.2, 4_075.0]);
}

#[tokio::test]
async fn a_budget_without_a_presentation_or_with_a_broken_one_is_shown_in_its_own_words() {
    let app = TestApp::start().await;
    let client = app.client();
    for damage in [
        "UPDATE budget_presentation SET presentation = '{\"language\": 7}'",
        // As in a database that was made before there were presentations.
        "DELETE FROM budget_presentation",
    ] {
        app.database.execute(damage).await.unwrap();
        app.services.catalogue.invalidate();
        let budget = client.data(TEXTS, json!({ "language": "de" })).await["budget"].clone();
        assert_eq!(budget["title"], "How would you spend the federal budget?", "{damage}");
        assert_eq!((&budget["startPosition"], &budget["languages"]), (&json!("ZERO"), &json!(["en"])), "{damage}");
    }
}

/// Values that cannot be read, by table and column, and right ones. SQLite takes anything; PostgreSQL takes times that the
/// program cannot hold.
fn damages() -> [(&'static str, &'static str, &'static str, &'static str); 3] {
    if setting("TEST_DATABASE_URL").is_some() {
        return [
            ("budget", "closes_at", "'infinity'", "NULL"),
            ("budget", "opens_at", "'-infinity'", "NULL"),
            ("budget", "closes_at", "'290000-01-01 00:00:00+00'", "NULL"),
        ];
    }
    [
        ("budget", "closes_at", "'2026-11-30'", "NULL"),
        ("budget", "total_amount", "'much'", "NULL"),
        ("category", "position", "'first'", "0"),
    ]
}

/// A budget beside `federal`, with the same categories.
async fn second_budget(store: &Store) -> Arc<Budget> {
    let federal = ledger::budget(store, "federal").await;
    store.create_budget(&ledger::like(&federal, "second")).await.unwrap();
    Arc::new(ledger::budget(store, "second").await)
}

#[tokio::test]
async fn a_budget_whose_rows_cannot_be_read_is_left_out_and_every_other_one_works() {
    let app = TestApp::start().await;
    let client = app.client();
    second_budget(&app.services.store).await;
    let shows = async |expected: Value| {
        eventually(&format!("{expected} is shown"), || async {
            let budgets = client.data("{ budgets { slug } }", Value::Null).await["budgets"].clone();
            (budgets == expected).then_some(())
        })
        .await;
    };
    for (count, (table, column, wrong, right)) in (1..).zip(damages()) {
        let second = "(SELECT id FROM budget WHERE slug = 'second')";
        let rows = if table == "budget" {
            format!("id = {second}")
        } else {
            format!("budget_id = {second} AND key = 'healthcare'")
        };
        let update = |value: &str| format!("UPDATE {table} SET {column} = {value} WHERE {rows}");
        app.database.execute(&update(wrong)).await.unwrap();
        shows(json!([{ "slug": "federal" }])).await;
        client.submit(split(50.0)).await;
        client.aggregate_of(count, count).await;
        app.database.execute(&update(right)).await.unwrap();
        shows(json!([{ "slug": "federal" }, { "slug": "second" }])).await;
    }
}

#[tokio::test]
async fn what_waits_for_a_budget_that_cannot_be_read_is_kept_until_it_can() {
    let database = TestDatabase::create().await;
    let store = ledger::migrated(&database).await;
    let federal = Arc::new(ledger::budget(&store, "federal").await);
    let second = second_budget(&store).await;
    let submission = |budget: &Arc<Budget>| NewSubmission {
        id: uuid::Uuid::new_v4(),
        budget: Arc::clone(budget),
        participant: None,
        allocation: ledger::allocation(&[10_000, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
        key_digest: None,
    };
    store_batch(&store, &[submission(&second), submission(&federal)]).await.unwrap();
    let update = async |value: &str| {
        let sql = format!("UPDATE budget SET closes_at = {value} WHERE id = {}", second.id.0);
        database.execute(&sql).await.unwrap();
    };
    update(damages()[0].2).await;
    ledger::quiet(&store).fold_pending().await.unwrap();
    assert_eq!(ledger::stored(&database, "federal").await.submissions, 1, "the other one was folded");
    assert_eq!(store.pending_delta_count().await.unwrap(), 1);
    update("NULL").await;
    ledger::fold(&store).await;
    assert_eq!(ledger::stored(&database, "second").await, ledger::counted(&database, "second").await);
    assert_eq!(ledger::stored(&database, "second").await.submissions, 1);
    store.close().await;
}
