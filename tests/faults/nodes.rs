//! Processes killed under load: what was acknowledged stays and counts once, and everyone comes to know of it.

use std::time::Duration;

use rand::RngExt;
use test_support::{ledger, setting};

use crate::world::{
    Layout, Trial,
    cluster::{Cluster, REDIS_KEY},
    submitters::Load,
};

/// What a killed process left for others.
#[derive(Default)]
struct Left {
    /// Kills after which deltas were committed and not folded.
    unfolded: usize,
    /// Kills after which Redis had not heard of the newest fold.
    unpublished: usize,
}

/// Kills at moments of two kinds. The one is any moment. The other is the time between a commit and its publication: up to
/// 30 ms after an acknowledgement, while the push interval is 20 ms. Nothing in the program marks that moment for a test;
/// it is met often instead, and what the database and Redis hold right after a kill tells how often.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn web_nodes_and_worker_killed_at_any_moment_lose_nothing_and_count_nothing_twice() {
    let kills: usize = setting("FAULT_KILLS").map_or(20, |kills| kills.parse().unwrap());
    let load = Load { workers: 6, pause: Duration::from_millis(5) };
    let mut trial = Trial::begin("kills", &Layout::default(), load, 6).await;
    let mut left = Left::default();
    for kill in 0..kills {
        let victims = victims(&mut trial);
        if kill % 2 == 0 {
            trial.submitters.until_acknowledged(1).await;
            tokio::time::sleep(Duration::from_micros(trial.random.random_range(0..30_000))).await;
        } else {
            tokio::time::sleep(Duration::from_millis(trial.random.random_range(20..400))).await;
        }
        for victim in &victims {
            trial.cluster.node(*victim).kill().await;
        }
        left.look(&trial.cluster).await;
        if trial.random.random_bool(0.3) {
            tokio::time::sleep(Duration::from_millis(trial.random.random_range(0..500))).await;
        }
        for victim in &victims {
            trial.cluster.node(*victim).resume().await;
        }
    }
    trial.submitters.until_acknowledged(20).await;
    trial.figure("kills", kills);
    trial.figure("left_unfolded", left.unfolded);
    trial.figure("left_unpublished", left.unpublished);
    let ended = trial.end(Duration::from_secs(10)).await;
    assert!(ended.record.failures().count() > 0, "the kills must hit submissions under way");
    assert!(ended.histories.iter().all(|history| history.connections > 1), "they must hit sockets");
}

/// Mostly one process, sometimes two, now and then all.
fn victims(trial: &mut Trial) -> Vec<usize> {
    let mut all: Vec<usize> = (0..trial.cluster.node_count()).collect();
    let count = match trial.random.random_range(0..10) {
        0..7 => 1,
        7..9 => 2,
        _ => all.len(),
    };
    while all.len() > count {
        all.swap_remove(trial.random.random_range(0..all.len()));
    }
    all
}

impl Left {
    async fn look(&mut self, cluster: &Cluster) {
        let unfolded = cluster.database.integer("SELECT COUNT(*) FROM aggregate_delta").await;
        self.unfolded += usize::from(unfolded > 0);
        let folded = ledger::texts(&cluster.database, "SELECT CAST(MAX(version) AS text) FROM budget_aggregate").await;
        let announced = cluster.redis.as_ref().unwrap().command(&["GET", REDIS_KEY]).await;
        let announced = announced.is_some_and(|snapshot| snapshot.contains(&format!("\"version\":{},", folded[0])));
        self.unpublished += usize::from(!announced);
    }
}
