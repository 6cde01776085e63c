//! Ids that no two objects share, and `node`, which finds an object by its id.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::support::{
    Client, TestApp,
    client::{split, with},
};

const OBJECTS: &str = "{ budgets { __typename id categories { __typename id } }
    viewer { submissions { nodes { __typename id } } } }";
const NODE: &str = "query ($id: ID!) { node(id: $id) { __typename id } }";

/// The type and id of every object that this visitor can see.
async fn objects(client: &Client) -> Vec<Value> {
    let data = client.data(OBJECTS, Value::Null).await;
    let own = |object: &Value| json!({ "__typename": object["__typename"], "id": object["id"] });
    let budgets = data["budgets"].as_array().unwrap();
    let categories = budgets.iter().flat_map(|budget| budget["categories"].as_array().unwrap());
    let submissions = data["viewer"]["submissions"]["nodes"].as_array().unwrap();
    budgets.iter().chain(categories).chain(submissions).map(own).collect()
}

async fn node(client: &Client, id: &Value) -> Value {
    client.data(NODE, json!({ "id": id })).await["node"].clone()
}

async fn remembered(app: &TestApp) -> Client {
    let client = app.client();
    client.submit(with(split(30.0), json!({ "remember": true }))).await;
    client
}

#[tokio::test]
async fn no_two_objects_have_the_same_id_and_node_finds_each_by_its_own() {
    let app = TestApp::start().await;
    let client = remembered(&app).await;
    let objects = objects(&client).await;
    let of = |key: &str| objects.iter().map(|object| object[key].as_str().unwrap().to_owned()).collect::<HashSet<_>>();
    assert_eq!(of("__typename"), HashSet::from(["Budget", "Category", "Submission"].map(str::to_owned)));
    assert_eq!(of("id").len(), objects.len(), "{objects:?}");
    for object in &objects {
        assert_eq!(&node(&client, &object["id"]).await, object);
    }
}

#[tokio::test]
async fn every_type_with_an_id_is_a_node() {
    let app = TestApp::start().await;
    let query = "{ __schema { types { kind name fields { name } interfaces { name } } }
        __type(name: \"Node\") { possibleTypes { name } } }";
    let data = app.client().data(query, Value::Null).await;
    let has = |list: &Value, name: &str| list.as_array().unwrap().iter().any(|item| item["name"] == name);
    let mut with_id = 0;
    for kind in data["__schema"]["types"].as_array().unwrap() {
        if kind["kind"] == "OBJECT" && has(&kind["fields"], "id") {
            with_id += 1;
            assert!(has(&kind["interfaces"], "Node"), "{} is no Node", kind["name"]);
            assert!(has(&data["__type"]["possibleTypes"], kind["name"].as_str().unwrap()), "{}", kind["name"]);
        }
    }
    assert_eq!(with_id, 3);
}

#[tokio::test]
async fn a_node_is_told_what_its_type_has() {
    let app = TestApp::start().await;
    let client = remembered(&app).await;
    let query = "query ($id: ID!) { node(id: $id) { ... on Budget { slug categories { key } } ... on Category { key }
        ... on Submission { counted budget { slug } } } }";
    for object in objects(&client).await {
        let told = client.data(query, json!({ "id": object["id"] })).await["node"].clone();
        match object["__typename"].as_str().unwrap() {
            "Budget" => assert!(told["slug"] == "federal" && told["categories"][0]["key"] == "healthcare", "{told}"),
            "Category" => assert!(told["key"].is_string(), "{told}"),
            _ => assert_eq!(told, json!({ "counted": true, "budget": { "slug": "federal" } })),
        }
    }
}

#[tokio::test]
async fn an_id_that_names_nothing_is_answered_with_null() {
    let app = TestApp::start().await;
    let client = app.client();
    let budget = client.data("{ budget(slug: \"federal\") { id } }", Value::Null).await["budget"]["id"].clone();
    let budget = budget.as_str().unwrap();
    let long = "A".repeat(10_000);
    let foreign = [
        "",
        "1",
        "federal",
        "Budget:1",
        "QnVkZ2V0OjA",        // Budget:0
        "QnVkZ2V0OjQ3MTE",    // Budget:4711
        "Q2F0ZWdvcnk6NDcxMQ", // Category:4711
        "Vmlld2VyOjE",        // Viewer:1
        "00000000-0000-0000-0000-000000000000",
        "\u{1F600}",
        &long,
    ];
    for id in foreign.into_iter().map(str::to_owned).chain([format!("{budget}="), budget.to_lowercase()]) {
        assert_eq!(node(&client, &json!(id)).await, Value::Null, "{id}");
    }
    assert_eq!(node(&client, &json!(budget)).await["id"], budget);
}

#[tokio::test]
async fn a_draft_and_its_categories_are_not_found() {
    let app = TestApp::start().await;
    let client = app.client();
    let objects = objects(&client).await;
    assert_eq!(objects.len(), 11);
    app.database.execute("UPDATE budget SET status = 'draft'").await.unwrap();
    app.services.catalogue.forget();
    for object in &objects {
        assert_eq!(node(&client, &object["id"]).await, Value::Null, "{object}");
    }
    app.database.execute("UPDATE budget SET status = 'closed'").await.unwrap();
    app.services.catalogue.forget();
    for object in &objects {
        assert_eq!(&node(&client, &object["id"]).await, object);
    }
}

#[tokio::test]
async fn a_submission_is_found_by_its_own_participant_alone_whatever_was_answered_before() {
    let app = TestApp::start().await;
    let owner = remembered(&app).await;
    let other = remembered(&app).await;
    let nobody = app.client();
    let anonymous = nobody.submit(split(10.0)).await["submission"]["id"].clone();
    let id = objects(&owner).await.last().unwrap()["id"].clone();
    // The same bytes each time, by both methods: no answer is kept for the next caller, not even one without a private field.
    let kind = "query ($id: ID!) { node(id: $id) { __typename } }";
    for _ in 0..2 {
        for (client, sees) in [(&owner, true), (&other, false), (&nobody, false), (&owner, true)] {
            let expected = if sees { json!({ "__typename": "Submission", "id": id }) } else { Value::Null };
            assert_eq!(node(client, &id).await, expected);
            let expected = if sees { json!({ "__typename": "Submission" }) } else { Value::Null };
            assert_eq!(client.data(kind, json!({ "id": id })).await["node"], expected);
            let parameters = [("query", kind), ("variables", &json!({ "id": id }).to_string())];
            let response = client.http.get(client.url("/graphql")).query(&parameters).send().await.unwrap();
            let cache = response.headers()["cache-control"].to_str().unwrap().to_owned();
            assert!(cache.contains("private") || cache.contains("no-store"), "{cache}");
            assert_eq!(response.json::<Value>().await.unwrap()["data"]["node"], expected);
        }
    }
    // Who submitted without being remembered has its id alone, by which `submission` still finds it.
    assert_eq!(node(&nobody, &anonymous).await, Value::Null);
    let query = "query ($id: ID!) { submission(id: $id) { id } }";
    assert_eq!(nobody.data(query, json!({ "id": anonymous })).await["submission"]["id"], anonymous);
}
