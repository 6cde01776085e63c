//! What subscribers see.

use crate::support::{TestApp, client::split, socket::Socket};

#[tokio::test]
async fn a_subscriber_sees_the_current_aggregate_at_once_and_a_new_one_after_a_submission() {
    let app = TestApp::start().await;
    let mut socket = Socket::connect(app.address).await;
    socket.watch().await;
    let first = socket.next_aggregate().await;
    assert_eq!(first["participantCount"], 0);
    app.client().submit(split(40.0)).await;
    let second = socket.until_participants(1).await;
    assert_eq!(second["categories"][0]["averagePercent"], 40.0);
    assert!(second["version"].as_i64() > first["version"].as_i64());
    assert_ne!(second["revision"], first["revision"]);
}
