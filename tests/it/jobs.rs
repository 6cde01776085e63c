//! Background jobs, stepped by hand: what becomes of one that fails, that never ends, or whose process dies.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ConnectionTrait, Statement};
use taxbudget::{
    jobs::{Kind, Runner},
    store::{Store, jobs::AttemptEnd},
};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::support::{TestDatabase, ledger};

/// The only job of the database, as its row has it.
struct Row {
    attempts: i32,
    run_at: DateTime<Utc>,
    finished_at: Option<DateTime<Utc>>,
    progress: Option<i64>,
    result: Option<String>,
    error: Option<String>,
}

async fn row(database: &TestDatabase) -> Row {
    let connection = database.connect().await;
    let statement = Statement::from_string(connection.get_database_backend(), "SELECT * FROM background_job");
    let row = connection.query_one_raw(statement).await.unwrap().unwrap();
    let row = Row {
        attempts: row.try_get("", "attempts").unwrap(),
        run_at: row.try_get("", "run_at").unwrap(),
        finished_at: row.try_get("", "finished_at").unwrap(),
        progress: row.try_get("", "progress").unwrap(),
        result: row.try_get("", "result").unwrap(),
        error: row.try_get("", "error").unwrap(),
    };
    connection.close().await.unwrap();
    row
}

/// A database with one job in it, and no server.
async fn with_job() -> (TestDatabase, Store, Runner) {
    let database = TestDatabase::create().await;
    let store = ledger::migrated(&database).await;
    store.enqueue_job(Kind::Rebuild.name()).await.unwrap();
    let runner = Runner::new(store.clone(), ledger::quiet(&store), Uuid::nil());
    (database, store, runner)
}

async fn make_due(database: &TestDatabase) {
    database.execute("UPDATE background_job SET run_at = created_at").await.unwrap();
}

#[tokio::test]
async fn a_job_that_fails_for_a_reason_that_may_pass_is_tried_again_after_growing_pauses() {
    let (database, store, runner) = with_job().await;
    let stop = CancellationToken::new();
    database.execute("ALTER TABLE ballot RENAME TO moved_away").await.unwrap();
    for (attempt, least, most) in [(1, 5, 10), (2, 15, 20), (3, 35, 40)] {
        assert!(runner.perform_one(&stop).await.unwrap(), "attempt {attempt}");
        let row = row(&database).await;
        assert_eq!((row.attempts, row.finished_at, row.result), (attempt, None, None));
        assert!(row.error.unwrap().contains("budget \"federal\": "));
        let pause = (row.run_at - store.now().await.unwrap()).num_seconds();
        assert!((least..=most).contains(&pause), "{pause} s after attempt {attempt}");
        assert!(!runner.perform_one(&stop).await.unwrap(), "it is not due yet");
        make_due(&database).await;
    }
    database.execute("ALTER TABLE moved_away RENAME TO ballot").await.unwrap();
    database.execute("UPDATE budget_aggregate SET participants = 5").await.unwrap();
    assert!(runner.perform_one(&stop).await.unwrap());
    let row = row(&database).await;
    assert!(row.finished_at.is_some());
    assert_eq!((row.attempts, row.result.as_deref(), row.error), (4, Some("1 budgets had drifted"), None));
    make_due(&database).await;
    assert!(!runner.perform_one(&stop).await.unwrap(), "it is done");
    store.close().await;
}

#[tokio::test]
async fn a_job_is_given_up_after_five_attempts_whether_they_failed_or_never_ended() {
    let stop = CancellationToken::new();
    for (attempts, expected) in [(4, "failed: budget \"federal\": "), (5, "failed: none of 5 attempts came to an end")]
    {
        let (database, store, runner) = with_job().await;
        database.execute("ALTER TABLE ballot RENAME TO moved_away").await.unwrap();
        database.execute(&format!("UPDATE background_job SET attempts = {attempts}")).await.unwrap();
        assert!(runner.perform_one(&stop).await.unwrap());
        let row = row(&database).await;
        assert!(row.finished_at.is_some());
        assert!(row.result.as_deref().unwrap().starts_with(expected), "{:?}", row.result);
        store.close().await;
    }
}

#[tokio::test]
async fn a_job_whose_process_died_is_claimed_again_when_its_claim_ends_and_the_dead_one_changes_nothing() {
    let (database, store, _) = with_job().await;
    let dead = store.claim_job(Uuid::nil()).await.unwrap().unwrap();
    assert!(store.claim_job(Uuid::nil()).await.unwrap().is_none(), "the claim holds");
    assert!(store.extend_claim(&dead, 7, Some(10)).await.unwrap());
    assert_eq!(row(&database).await.progress, Some(7));
    make_due(&database).await;
    let next = store.claim_job(Uuid::nil()).await.unwrap().unwrap();
    assert_eq!((dead.attempt, next.attempt), (1, 2));
    assert!(!store.extend_claim(&dead, 9, None).await.unwrap());
    let retry = AttemptEnd::Retry { error: "late".to_owned(), pause: TimeDelta::zero() };
    for end in [AttemptEnd::Done("late".to_owned()), AttemptEnd::Failed("late".to_owned()), retry] {
        store.end_attempt(&dead, 9, &end).await.unwrap();
    }
    store.release_job(&dead).await.unwrap();
    let row = row(&database).await;
    assert_eq!((row.attempts, row.finished_at, row.progress, row.error), (2, None, None, None));
    assert!(store.claim_job(Uuid::nil()).await.unwrap().is_none());
    store.close().await;
}

#[tokio::test]
async fn a_job_that_the_end_of_its_server_interrupts_is_due_again_at_once_and_has_lost_no_attempt() {
    let (database, store, runner) = with_job().await;
    let stop = CancellationToken::new();
    stop.cancel();
    assert!(!runner.perform_one(&stop).await.unwrap());
    let interrupted = row(&database).await;
    assert_eq!((interrupted.attempts, interrupted.finished_at), (0, None));
    assert!(runner.perform_one(&CancellationToken::new()).await.unwrap());
    assert_eq!(row(&database).await.result.as_deref(), Some("0 budgets had drifted"));
    store.close().await;
}

#[tokio::test]
async fn a_job_that_an_older_release_left_without_a_time_is_due_at_once() {
    let (database, store, runner) = with_job().await;
    database.execute("UPDATE background_job SET run_at = NULL").await.unwrap();
    assert!(runner.perform_one(&CancellationToken::new()).await.unwrap());
    assert!(row(&database).await.finished_at.is_some());
    store.close().await;
}

#[tokio::test]
async fn a_job_that_panics_has_failed_once_and_the_runner_goes_on() {
    let (database, store, runner) = with_job().await;
    if !database.is_postgres() {
        println!("skipped: SQLite holds nothing on which a job would panic");
        return;
    }
    // The library that decodes it panics.
    database.execute("UPDATE budget_aggregate SET as_of = 'infinity'").await.unwrap();
    assert!(runner.perform_one(&CancellationToken::new()).await.unwrap());
    let row = row(&database).await;
    assert_eq!((row.attempts, row.finished_at), (1, None));
    assert!(row.error.as_deref().unwrap().contains("panicked"), "{:?}", row.error);
    store.close().await;
}
