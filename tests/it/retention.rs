//! Submissions that are deleted some time after their budget has closed: they go, and every number stays.

use std::sync::Arc;

use serde_json::{Value, json};
use taxbudget::{
    domain::{budget::BudgetStatus, participant::ParticipantId},
    ledger::recount,
    service::intake::store_batch,
    store::submissions::NewSubmission,
};
use uuid::Uuid;

use crate::support::{
    Client, TestApp, TestDatabase,
    client::{split, with},
    eventually, ledger,
    process::run,
};

/// Closed long ago, with a retention time of one day.
const EXPIRED: &str = "UPDATE budget SET closes_at = '2001-01-01 00:00:00+00:00', retention_days = 1";

async fn rows(database: &TestDatabase, table: &str) -> i64 {
    database.integer(&format!("SELECT COUNT(*) FROM {table}")).await
}

/// What the aggregate says, all but where it was read.
async fn figures(client: &Client) -> Value {
    let query =
        "{ budget(slug: \"federal\") { aggregate { revision participantCount submissionCount shownParticipantCount
        categories { averagePercent medianPercent standardDeviation zeroCount histogram(bins: 100) { count } } } } }";
    client.data(query, Value::Null).await
}

async fn verified(database: &TestDatabase) -> String {
    let verified = run(&["verify", "--database-url", &database.url]).await;
    let text = String::from_utf8(verified.stdout.clone()).unwrap();
    assert!(verified.status.success(), "{text}");
    text
}

#[tokio::test]
async fn when_the_retention_time_is_over_the_submissions_go_by_themselves_and_the_results_stay() {
    let app = TestApp::start_with(&["--publish-every=3"]).await;
    let database = Arc::clone(&app.database);
    let mut ids = Vec::new();
    for person in 0..8 {
        let client = app.client();
        for answer in 0..2 {
            let input = with(split(f64::from(person * 10 + answer)), json!({ "remember": person != 7 }));
            ids.push(client.submit(input).await["submission"]["id"].as_str().unwrap().to_owned());
        }
    }
    let counts = (9, 16);
    app.client().aggregate_of(counts.0, counts.1).await;
    database.execute(EXPIRED).await.unwrap();
    // The rest is shown as far as it can be, and nothing is deleted before it is time.
    eventually("the budget is settled", || async {
        (database.integer("SELECT COUNT(*) FROM held_back_change WHERE settled").await == 1).then_some(())
    })
    .await;
    let before = figures(&app.client()).await;
    assert_eq!(rows(&database, "submission").await, counts.1);
    app.stop().await;

    let app = TestApp::start_with_database(Arc::clone(&database), "retention", &[]).await;
    eventually("every submission is deleted", || async {
        (database.integer("SELECT COUNT(*) FROM retained_tally WHERE completed_at IS NOT NULL").await == 1)
            .then_some(())
    })
    .await;
    assert_eq!((rows(&database, "submission").await, rows(&database, "ballot").await), (0, 0));
    assert_eq!(figures(&app.client()).await, before);
    for id in &ids {
        let path = format!("/results/{id}");
        assert_eq!(app.client().http.get(app.client().url(&path)).send().await.unwrap().status(), 404);
    }
    let held_back = ledger::texts(&database, "SELECT CAST(held_back AS text) FROM held_back_change").await;
    for record in held_back {
        let record: Value = serde_json::from_str(&record).unwrap();
        let named = (&record["added"]["participants"], &record["changed"]["replaced"]);
        assert_eq!(named, (&json!([]), &json!({})), "{record}");
    }
    let text = verified(&database).await;
    assert!(text.contains("no drift (9 participants, 16 submissions)"), "{text}");
    let rebuilt = run(&["rebuild", "--database-url", &database.url]).await;
    assert!(rebuilt.status.success(), "{rebuilt:?}");
    assert_eq!(figures(&app.client()).await, before, "a rebuild changes nothing");
    // The tables of the aggregate can be emptied too: the retained tally has it all.
    for table in ["category_aggregate", "budget_aggregate"] {
        database.execute(&format!("DELETE FROM {table}")).await.unwrap();
    }
    let rebuilt = run(&["rebuild", "--database-url", &database.url]).await;
    assert!(rebuilt.status.success(), "{rebuilt:?}");
    let aggregate = app.client().aggregate_of(counts.0, counts.1).await;
    let average = &before["budget"]["aggregate"]["categories"][0]["averagePercent"];
    assert_eq!(aggregate["categories"][0]["averagePercent"], *average);
    let frozen = database.execute("UPDATE category SET key = 'other-key' WHERE position = 0").await.unwrap_err();
    assert!(frozen.to_string().contains("frozen once it has a submission"), "{frozen}");
    app.stop().await;
}

#[tokio::test]
async fn a_deletion_of_many_batches_that_is_cut_off_goes_on_where_it_was_and_never_drifts() {
    const PEOPLE: u128 = 1_500;
    const ROWS: usize = 5_000;
    let database = TestDatabase::create().await;
    let store = ledger::migrated(&database).await;
    let budget = Arc::new(ledger::budget(&store, "federal").await);
    let mut batch = Vec::new();
    for number in 0..ROWS {
        let person = (number as u128) % (2 * PEOPLE);
        let shares = [u16::try_from(number).unwrap(), 10_000 - u16::try_from(number).unwrap(), 0, 0, 0, 0, 0, 0, 0, 0];
        batch.push(NewSubmission {
            id: Uuid::now_v7(),
            budget: Arc::clone(&budget),
            // The others have no participant.
            participant: (person < PEOPLE).then(|| ParticipantId(Uuid::from_u128(person + 1))),
            allocation: ledger::allocation(&shares),
            key_digest: None,
        });
    }
    for chunk in batch.chunks(1_000) {
        store_batch(&store, chunk).await.unwrap();
    }
    ledger::fold(&store).await;
    let counted = ledger::assert_exact(&database).await;
    let before = recount::verify(&store, &budget, || {}).await.unwrap().recount;
    assert_eq!(before.participants, counted.participants);
    database.execute(EXPIRED).await.unwrap();

    let ledger = ledger::quiet(&store);
    let mut cuts = 0;
    loop {
        let left = rows(&database, "submission").await;
        let deletion = ledger.delete_expired();
        let next_batch = eventually("a batch is deleted", || async {
            (rows(&database, "submission").await < left || left == 0).then_some(())
        });
        let is_complete = tokio::select! { deleted = deletion => { deleted.unwrap(); true }, () = next_batch => false };
        let found = recount::verify(&store, &budget, || {}).await.unwrap();
        assert!(found.drift.is_zero(), "{:?}", found.drift);
        assert_eq!(found.recount, before, "what was deleted is retained");
        if is_complete {
            break;
        }
        cuts += 1;
    }
    println!("cut off {cuts} times");
    assert_eq!((rows(&database, "submission").await, rows(&database, "ballot").await), (0, 0));
    assert_eq!(ledger.delete_expired().await.unwrap(), 0, "there is nothing left to do");
    store.close().await;
    verified(&database).await;
}

#[tokio::test]
async fn submissions_are_kept_while_the_time_is_not_over_and_a_budget_closed_by_its_status_is_counted_from_then_on() {
    let database = TestDatabase::create().await;
    let store = ledger::migrated(&database).await;
    let budget = Arc::new(ledger::budget(&store, "federal").await);
    let submission = NewSubmission {
        id: Uuid::now_v7(),
        budget: Arc::clone(&budget),
        participant: Some(ParticipantId(Uuid::new_v4())),
        allocation: ledger::allocation(&[1_000; 10]),
        key_digest: None,
    };
    store_batch(&store, &[submission]).await.unwrap();
    ledger::fold(&store).await;
    let ledger = ledger::quiet(&store);
    let yesterday = "UPDATE budget SET closes_at = '2001-01-01 00:00:00+00:00'";
    for (reason, change) in [
        ("kept for ever", yesterday),
        ("open", "UPDATE budget SET closes_at = NULL, retention_days = 1"),
        ("not over", "UPDATE budget SET status = 'closed'"),
    ] {
        database.execute(change).await.unwrap();
        assert_eq!(ledger.delete_expired().await.unwrap(), 0, "{reason}");
        assert_eq!(rows(&database, "submission").await, 1, "{reason}");
    }
    let closed = ledger::budget(&store, "federal").await;
    let age = store.now().await.unwrap() - closed.closes_at.expect("the time at which it was found closed");
    assert!(closed.status == BudgetStatus::Closed && age.num_minutes() == 0, "{age}");
    database.execute(yesterday).await.unwrap();
    assert_eq!(ledger.delete_expired().await.unwrap(), 1);
    store.close().await;
}

#[tokio::test]
async fn an_operator_sets_the_retention_time_and_the_page_can_tell_people() {
    let app = TestApp::start_with(&["--operator=Town of Example", "--operator-contact=privacy@example.org"]).await;
    let set = async |value: &str| {
        let database = format!("--database-url={}", app.database.url);
        run(&["budget", "set", "federal", &format!("--retention-days={value}"), &database]).await
    };
    let becomes = async |days: Value| {
        eventually(&format!("the retention time is {days}"), || async {
            app.services.catalogue.all().await.unwrap();
            let told = app.client().data("{ budget(slug: \"federal\") { retentionDays } }", Value::Null).await;
            (told["budget"]["retentionDays"] == days).then_some(())
        })
        .await;
    };
    becomes(Value::Null).await;
    let without_end = set("30").await;
    assert!(without_end.status.success());
    let note = String::from_utf8(without_end.stderr).unwrap();
    assert!(note.contains("nothing is deleted yet, because the budget has no time at which it closes"), "{note}");
    becomes(json!(30)).await;
    for wrong in ["0", "3651", "never"] {
        assert_eq!(set(wrong).await.status.code(), Some(2), "{wrong}");
    }
    assert!(set("forever").await.status.success());
    becomes(Value::Null).await;
    let query = "{ installation { operator contact } budget(slug: \"federal\") {
        submissionsPerParticipant { count seconds } submissionsPerNetwork { count seconds } } }";
    let told = app.client().data(query, Value::Null).await;
    assert_eq!(told["installation"], json!({ "operator": "Town of Example", "contact": "privacy@example.org" }));
    assert_eq!(told["budget"], json!({ "submissionsPerParticipant": null, "submissionsPerNetwork": null }));
    let limited = app.start_beside(&["--submission-rate=10/h", "--network-submission-rate=300/h"]).await;
    let told = limited.client().data(query, Value::Null).await;
    assert_eq!(told["budget"]["submissionsPerParticipant"], json!({ "count": 10, "seconds": 3_600 }));
    assert_eq!(told["installation"]["operator"], Value::Null);
}
