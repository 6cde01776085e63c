//! The aggregate as JSON and CSV.

use reqwest::{Response, StatusCode};
use serde_json::{Value, json};

use crate::support::{Client, TestApp, client::split};

const JSON: &str = "/api/budgets/federal/aggregate.json";
const CSV: &str = "/api/budgets/federal/aggregate.csv";

async fn get(client: &Client, path: &str) -> Response {
    client.http.get(client.url(path)).send().await.unwrap()
}

fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers().get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
}

/// Three answers: 0, 20 and 33.33 for healthcare, the rest for education.
async fn answered() -> (TestApp, Client) {
    let app = TestApp::start().await;
    let client = app.client();
    for healthcare in [0.0, 20.0, 33.33] {
        client.submit(split(healthcare)).await;
    }
    client.aggregate_of(3, 3).await;
    (app, client)
}

#[tokio::test]
async fn json_says_what_the_query_says() {
    let (_app, client) = answered().await;
    let query = "{ budget(slug: \"federal\") { aggregate { revision version asOf participantCount submissionCount
        categories { averagePercent medianPercent lowerQuartilePercent upperQuartilePercent standardDeviation zeroCount
        histogram { fromPercent toPercent count } category { key label actualPercent } } } } }";
    let mut expected = client.data(query, Value::Null).await["budget"]["aggregate"].clone();
    for category in expected["categories"].as_array_mut().unwrap() {
        let texts = category.as_object_mut().unwrap().remove("category").unwrap();
        category.as_object_mut().unwrap().extend(texts.as_object().unwrap().clone());
    }
    let response = get(&client, JSON).await;
    assert_eq!(header(&response, "content-type"), "application/json");
    assert_eq!(header(&response, "access-control-allow-origin"), "*");
    let answer: Value = response.json().await.unwrap();
    for (field, value) in expected.as_object().unwrap() {
        assert_eq!(answer[field], *value, "{field}");
    }
    assert_eq!((&answer["slug"], &answer["stale"]), (&json!("federal"), &json!(false)));
    assert_eq!(answer["title"], "How would you spend the federal budget?");
    assert_eq!(answer["categories"][0]["histogram"].as_array().unwrap().len(), 20);
}

#[tokio::test]
async fn csv_has_a_line_for_each_category_with_two_decimals() {
    let (_app, client) = answered().await;
    let response = get(&client, CSV).await;
    assert_eq!(header(&response, "content-disposition"), "attachment; filename=\"federal-averages.csv\"");
    assert!(header(&response, "content-type").starts_with("text/csv; charset=utf-8"));
    let text = response.text().await.unwrap();
    let lines: Vec<&str> = text.split("\r\n").collect();
    assert_eq!(lines.len(), 12, "a head, ten categories, and the end of the last line: {text}");
    assert_eq!(
        lines[0],
        "key,label,average_percent,median_percent,lower_quartile_percent,upper_quartile_percent,standard_deviation,\
         zero_count,actual_percent"
    );
    // Mean 53.33 / 3; of three, the quartiles are the first and the last; sd as by the usual formula.
    assert_eq!(lines[1], "healthcare,Healthcare,17.78,20.00,0.00,33.33,13.70,1,28.18");
    assert_eq!(lines[3], "defense,Defense & Military,0.00,0.00,0.00,0.00,0.00,3,18.46");
}

#[tokio::test]
async fn labels_come_in_the_language_that_is_asked_for_and_never_as_formulas() {
    let (app, client) = answered().await;
    let german: Value = get(&client, &format!("{JSON}?language=de-AT")).await.json().await.unwrap();
    assert_eq!(german["categories"][1]["label"], "Bildung");
    let nonsense = format!("{JSON}?language={}", "x".repeat(3_000));
    let own: Value = get(&client, &nonsense).await.json().await.unwrap();
    assert_eq!(own["categories"][1]["label"], "Education");
    let label = "UPDATE category SET label = '=1+1, \"quoted\"' WHERE key = 'education'";
    app.database.execute(label).await.unwrap();
    app.services.catalogue.invalidate();
    let text = get(&client, CSV).await.text().await.unwrap();
    assert!(text.contains("education,\"'=1+1, \"\"quoted\"\"\","), "{text}");
}

#[tokio::test]
async fn what_is_known_is_not_sent_again_until_it_changes() {
    let (_app, client) = answered().await;
    for path in [JSON, CSV] {
        let first = get(&client, path).await;
        let tag = header(&first, "etag").to_owned();
        assert_eq!(header(&first, "cache-control"), "public, no-cache");
        let again = |path: String| client.http.get(client.url(&path)).header("if-none-match", &tag).send();
        let unchanged = again(path.to_owned()).await.unwrap();
        assert_eq!(unchanged.status(), StatusCode::NOT_MODIFIED, "{path}");
        assert_eq!((header(&unchanged, "etag"), header(&unchanged, "access-control-allow-origin")), (&*tag, "*"));
        assert_eq!(unchanged.text().await.unwrap(), "");
        let compressed = client.http.get(client.url(path)).header("accept-encoding", "gzip").send().await.unwrap();
        assert_eq!((header(&compressed, "content-encoding"), header(&compressed, "etag")), ("gzip", &*tag));
        assert_eq!(again(format!("{path}?language=de")).await.unwrap().status(), StatusCode::OK, "another language");
        let before = client.aggregate().await["submissionCount"].as_i64().unwrap();
        client.submit(split(100.0)).await;
        client.aggregate_of(before + 1, before + 1).await;
        assert_eq!(again(path.to_owned()).await.unwrap().status(), StatusCode::OK, "another revision");
    }
}

#[tokio::test]
async fn an_unknown_budget_and_a_draft_are_404_as_everywhere() {
    let app = TestApp::start().await;
    let client = app.client();
    app.database.execute("UPDATE budget SET status = 'draft'").await.unwrap();
    app.services.catalogue.invalidate();
    for path in [JSON, CSV, "/api/budgets/unheard-of/aggregate.json", "/api/budgets/%FF/aggregate.csv"] {
        let response = get(&client, path).await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
        assert_eq!(header(&response, "access-control-allow-origin"), "*");
        let answer: Value = response.json().await.unwrap();
        assert_eq!(answer["errors"][0]["extensions"]["code"], "NOT_FOUND", "{path}");
    }
}
