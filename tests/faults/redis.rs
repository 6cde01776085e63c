//! Redis comes and goes, forgets, stands still, and the network swallows its connections: news between nodes takes a moment
//! longer, and nothing else happens.

use std::time::Duration;

use rand::RngExt;
use test_support::process::signal;

use crate::world::{Layout, Trial, cluster::Extra, submitters::Load};

/// Without Redis, and with it.
const BOUND: Duration = Duration::from_secs(3);

const LOAD: Load = Load { workers: 4, pause: Duration::from_millis(20) };

async fn trial(name: &str) -> Trial {
    Trial::begin(name, &Layout { extras: vec![Extra::Relays], ..Layout::default() }, LOAD, 6).await
}

/// No submission may need Redis, and no socket.
async fn end(trial: Trial) {
    trial.end(BOUND).await.assert_undisturbed();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redis_that_is_killed_and_comes_back_empty_delays_news_and_nothing_else() {
    let mut trial = trial("redis-killed").await;
    for _ in 0..3 {
        trial.submitters.until_acknowledged(20).await;
        trial.cluster.redis().stop().await;
        tokio::time::sleep(Duration::from_millis(trial.random.random_range(0..4_000))).await;
        trial.submitters.until_acknowledged(20).await;
        trial.cluster.redis().resume().await;
        tokio::time::sleep(Duration::from_millis(trial.random.random_range(0..1_000))).await;
    }
    trial.submitters.until_acknowledged(20).await;
    end(trial).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redis_that_forgets_everything_is_filled_again() {
    let mut trial = trial("redis-flushed").await;
    for _ in 0..10 {
        trial.submitters.until_acknowledged(10).await;
        tokio::time::sleep(Duration::from_millis(trial.random.random_range(0..200))).await;
        trial.cluster.redis().command(&["FLUSHALL"]).await;
        if trial.random.random_bool(0.5) {
            // Listeners are thrown off too.
            trial.cluster.redis().command(&["CLIENT", "KILL", "TYPE", "pubsub"]).await;
        }
    }
    trial.submitters.until_acknowledged(20).await;
    end(trial).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redis_that_stands_still_holds_nobody_up() {
    let mut trial = trial("redis-paused").await;
    trial.submitters.until_acknowledged(20).await;
    let process = trial.cluster.redis().id().unwrap();
    signal("STOP", &[process]);
    tokio::time::sleep(Duration::from_secs(7)).await;
    trial.submitters.until_acknowledged(20).await;
    signal("CONT", &[process]);
    trial.submitters.until_acknowledged(40).await;
    end(trial).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_to_redis_that_the_network_swallows_without_a_word_are_found_out() {
    let mut trial = trial("redis-swallowed").await;
    trial.submitters.until_acknowledged(20).await;
    trial.cluster.redis_relay.as_ref().unwrap().fall_silent();
    tokio::time::sleep(Duration::from_secs(9)).await;
    trial.submitters.until_acknowledged(20).await;
    trial.cluster.redis_relay.as_ref().unwrap().recover();
    for node in &trial.cluster.web {
        node.client().bus_is_up().await;
    }
    trial.submitters.until_acknowledged(40).await;
    end(trial).await;
}
