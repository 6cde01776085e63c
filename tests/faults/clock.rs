//! The wall clock jumps an hour forward or back, of one process or of several: nobody is refused, and nothing goes back.

use std::time::Duration;

use rand::RngExt;

use crate::world::{
    Layout, Trial, clock,
    cluster::{Data, Extra},
    submitters::Load,
};

const HOUR: i64 = 3_600;

const LOAD: Load = Load { workers: 4, pause: Duration::from_millis(20) };

/// Lets the clocks of some of these jump, again and again.
async fn jump(name: &str, layout: Layout, names: &[&str]) {
    if clock::library().is_none() {
        return println!("skipped: libfaketime is not installed; scripts/ensure-services does that");
    }
    let _sweep = clock::Sweep;
    let mut trial = Trial::begin(name, &Layout { extras: vec![Extra::Clocks], ..layout }, LOAD, 6).await;
    let jumps = 8;
    for _ in 0..jumps {
        trial.submitters.until_acknowledged(20).await;
        for name in names {
            // Back and forth between an hour early, right, and an hour late: some at each time.
            if trial.random.random_bool(0.6) {
                clock::set(trial.cluster.folder(), name, HOUR * trial.random.random_range(-1..=1));
            }
        }
    }
    trial.submitters.until_acknowledged(20).await;
    trial.figure("jumps", jumps);
    trial.end(Duration::from_secs(3)).await.assert_undisturbed();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clocks_of_nodes_and_database_that_jump_an_hour_refuse_nobody_and_take_nothing_back() {
    jump("clocks", Layout::default(), &["web-1", "web-2", "worker", "postgres"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_one_clock_of_an_embedded_server_may_jump_too() {
    let folder = tempfile::tempdir().unwrap();
    let data = Data::Sqlite(folder.path().to_owned());
    let layout = Layout { data, web_nodes: 1, has_worker: false, ..Layout::default() };
    jump("clock-embedded", layout, &["web-1"]).await;
}
