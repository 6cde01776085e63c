//! Handing in, revising, retrying, and reading it back.

use serde_json::json;

use crate::support::{
    TestApp,
    client::{split, with},
};

#[tokio::test]
async fn a_submission_is_stored_counted_and_readable_by_its_id() {
    let app = TestApp::start().await;
    let client = app.client();
    let submitted = client.submit(split(33.33)).await;
    let submission = &submitted["submission"];
    assert_eq!(submission["counted"], true);
    assert_eq!(submission["shares"][0], json!({ "percent": 33.33, "category": { "key": "healthcare" } }));
    let aggregate = client.aggregate_of(1, 1).await;
    assert_eq!(aggregate["categories"][1]["averagePercent"], 66.67);

    let query = "query ($id: ID!) { submission(id: $id) { id counted budget { slug } } }";
    let read = app.client().data(query, json!({ "id": submission["id"] })).await;
    assert_eq!(read["submission"]["budget"]["slug"], "federal");
    for unknown in ["00000000-0000-0000-0000-000000000000", "nonsense"] {
        assert!(client.data(query, json!({ "id": unknown })).await["submission"].is_null());
    }
}

#[tokio::test]
async fn a_remembered_participant_revises_and_counts_once() {
    let app = TestApp::start().await;
    let client = app.client();
    let first = client.submit(with(split(100.0), json!({ "remember": true }))).await;
    assert!(first["replaced"].is_null());
    let second = client.submit(split(50.0)).await;
    assert_eq!(second["replaced"]["id"], first["submission"]["id"]);
    assert_eq!(second["replaced"]["counted"], false);
    let aggregate = client.aggregate_of(1, 2).await;
    assert_eq!(aggregate["categories"][0]["averagePercent"], 50.0);
}
