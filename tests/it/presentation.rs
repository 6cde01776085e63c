//! How budgets are shown: texts in the reader's language, where the form begins, and what an income pays.

use serde_json::{Value, json};

use crate::support::TestApp;

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
        app.services.catalogue.forget();
        let budget = client.data(TEXTS, json!({ "language": "de" })).await["budget"].clone();
        assert_eq!(budget["title"], "How would you spend the federal budget?", "{damage}");
        assert_eq!((&budget["startPosition"], &budget["languages"]), (&json!("ZERO"), &json!(["en"])), "{damage}");
    }
}
