//! The database is killed, stands still, or is held up: nothing is half done, readers go on, and all is well soon after.

use std::time::{Duration, Instant};

use rand::RngExt;
use sea_orm::{ConnectionTrait, TransactionTrait};
use test_support::{Client, eventually, socket::Socket};

use crate::world::{
    Layout, Trial,
    cluster::Extra,
    node::Node,
    submitters::{Load, Outcome, Record},
};

/// After the database is back.
const BOUND: Duration = Duration::from_secs(10);
/// A submission that the database does not answer is answered by then: 5 s for the database, and some for a busy machine.
const ANSWERED_WITHIN: Duration = Duration::from_secs(8);

const LOAD: Load = Load { workers: 6, pause: Duration::from_millis(10) };

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_killed_and_recovered_has_lost_nothing_that_was_acknowledged() {
    let mut trial = Trial::begin("postgres-killed", &Layout::default(), LOAD, 6).await;
    let restarts = 3;
    for _ in 0..restarts {
        trial.submitters.until_acknowledged(30).await;
        tokio::time::sleep(Duration::from_millis(trial.random.random_range(0..300))).await;
        let from = Instant::now();
        trial.cluster.postgres().stop_immediately().await;
        tokio::time::sleep(Duration::from_millis(trial.random.random_range(0..2_000))).await;
        trial.cluster.postgres().resume().await;
        trial.outage(from);
    }
    trial.submitters.until_acknowledged(30).await;
    trial.figure("restarts", restarts);
    let ended = trial.end(BOUND).await;
    assert_answered(&ended.record);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_the_database_stands_still_submissions_are_refused_in_time_and_readers_are_told_that_numbers_are_old() {
    const STILL: Duration = Duration::from_secs(10);
    let mut trial = Trial::begin("postgres-paused", &Layout::default(), LOAD, 6).await;
    trial.submitters.until_acknowledged(50).await;
    let from = Instant::now();
    trial.cluster.postgres().pause();
    let clients: Vec<Client> = trial.cluster.web.iter().map(Node::client).collect();
    let mut told = Vec::new();
    for client in &clients {
        eventually("a reader is told", || async { (client.aggregate().await["stale"] == true).then_some(()) }).await;
        told.push(from.elapsed());
    }
    for client in &clients {
        let mut joining = Socket::connect(client.address).await;
        joining.watch().await;
        assert_eq!(joining.next_aggregate().await["stale"], true, "who begins to watch now is told too");
        let asked = Instant::now();
        let ready = client.http.get(client.url("/readyz")).send().await.unwrap();
        assert_eq!(ready.status(), 200, "a node that can show something is not sent away");
        assert!(ready.text().await.unwrap().contains("\"database\":\"away\""));
        assert!(asked.elapsed() < Duration::from_secs(4));
        assert_eq!(client.metric("taxbudget_database_up").await, 0);
    }
    tokio::time::sleep(STILL.saturating_sub(from.elapsed())).await;
    trial.cluster.postgres().proceed();
    trial.outage(from);
    for client in &clients {
        eventually("numbers are fresh again", || async { (client.aggregate().await["stale"] == false).then_some(()) })
            .await;
    }
    trial.submitters.until_acknowledged(50).await;
    trial.figure("told_ms", told.iter().max().unwrap().as_millis());
    let ended = trial.end(BOUND).await;
    assert!(told.iter().all(|after| *after < Duration::from_secs(6)), "{told:?}");
    let refused: Vec<_> =
        ended.record.failures().filter(|attempt| matches!(attempt.outcome, Outcome::Refused(..))).collect();
    assert!(!refused.is_empty(), "somebody must have been refused");
    for history in &ended.histories {
        assert!(history.seen.iter().any(|seen| seen.is_stale), "watchers are told too, by a push");
        assert!(!history.newest().unwrap().is_stale, "and that it is over");
    }
    assert_answered(&ended.record);
}

/// Holds answers to their promise: all in time, and refusals with a code and with when to come back.
fn assert_answered(record: &Record) {
    for attempt in &record.attempts {
        assert!(attempt.took < ANSWERED_WITHIN, "{attempt:?}");
    }
    for attempt in record.failures() {
        match &attempt.outcome {
            Outcome::Refused(code, Some(_)) if code == "UNAVAILABLE" => {}
            other => panic!("{other:?} is not the answer for a database that is away"),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_long_transaction_of_somebody_delays_only_what_it_holds() {
    const LONG: Duration = Duration::from_secs(4);
    let mut trial = Trial::begin("long-transaction", &Layout::default(), LOAD, 6).await;
    // Only looks, and stays: old versions of rows pile up, and nobody notices.
    let connection = trial.cluster.database.connect().await;
    let transaction = connection.begin().await.unwrap();
    transaction.execute_unprepared("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ").await.unwrap();
    transaction.execute_unprepared("SELECT COUNT(*) FROM aggregate_delta, budget_aggregate, ballot").await.unwrap();
    trial.submitters.until_acknowledged(100).await;

    // Holds the aggregate's rows: nothing is published, and submissions go on.
    let other = trial.cluster.database.connect().await;
    let holding = other.begin().await.unwrap();
    let from = Instant::now();
    holding.execute_unprepared("SELECT * FROM budget_aggregate FOR UPDATE").await.unwrap();
    tokio::time::sleep(LONG).await;
    trial.submitters.until_acknowledged(20).await;
    assert_eq!(trial.submitters.look(|record| record.failures().count()), 0, "no submission needs the aggregate's row");
    holding.commit().await.unwrap();
    trial.outage(from);
    trial.submitters.until_acknowledged(20).await;

    // Holds the budget, which every submission needs: refused in time, and accepted when it is free again.
    let holding = other.begin().await.unwrap();
    let from = Instant::now();
    holding.execute_unprepared("SELECT * FROM budget FOR UPDATE").await.unwrap();
    tokio::time::sleep(2 * LONG).await;
    holding.commit().await.unwrap();
    trial.outage(from);
    trial.submitters.until_acknowledged(20).await;

    transaction.commit().await.unwrap();
    let ended = trial.end(BOUND).await;
    assert_answered(&ended.record);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_to_the_database_that_the_network_swallows_without_a_word_are_given_up() {
    let layout = Layout { extras: vec![Extra::Relays], ..Layout::default() };
    let mut trial = Trial::begin("postgres-swallowed", &layout, LOAD, 6).await;
    trial.submitters.until_acknowledged(50).await;
    let from = Instant::now();
    trial.cluster.database_relay.as_ref().unwrap().fall_silent();
    tokio::time::sleep(Duration::from_secs(7)).await;
    // New connections get through; those that fell silent never speak again.
    trial.cluster.database_relay.as_ref().unwrap().recover();
    trial.outage(from);
    trial.submitters.until_acknowledged(50).await;
    let ended = trial.end(BOUND).await;
    assert_answered(&ended.record);
}
