//! Crowds: all come back at the same moment, or some stop reading.

use std::time::{Duration, Instant};
use test_support::{TIMEOUT, raw_socket::silent};

use crate::world::{
    Layout, Trial,
    crowd::{Crowd, query},
    submitters::Load,
};

/// A longer way for messages, so that few of them fill what the kernel keeps for somebody.
const LARGE: &str = "categories { histogram(bins: 100) { fromPercent toPercent } }";

/// How many were acknowledged so far.
fn acknowledged(trial: &Trial) -> i64 {
    trial.submitters.look(|record| i64::try_from(record.receipts.0.len()).unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_thousand_subscribers_who_come_back_at_once_are_all_current_soon() {
    const CROWD: usize = 5_000;
    const BOUND: Duration = Duration::from_secs(10);
    let files = rlimit::increase_nofile_limit(u64::MAX).unwrap();
    if files < 2 * CROWD as u64 {
        return println!("skipped: {CROWD} sockets need more open files than the {files} that are allowed here");
    }
    // All of them come from one network.
    let flags = ["--push-interval-ms=500", "--max-streams-per-network=15000", "--max-connections-per-network=18000"];
    let layout = Layout { web_nodes: 1, flags: flags.map(str::to_owned).into(), ..Layout::default() };
    let load = Load { workers: 2, pause: Duration::from_millis(100) };
    let mut trial = Trial::begin("crowd", &layout, load, 2).await;
    let address = trial.cluster.web[0].address;
    let crowd = Crowd::gather(address, CROWD, "revision");
    let gathered = crowd.holds(1, 6 * BOUND).await;

    trial.submitters.until_acknowledged(5).await;
    trial.cluster.web[0].kill().await;
    trial.cluster.web[0].resume().await;
    let (back, patience) = (Instant::now(), 6 * BOUND);
    trial.submitters.until_acknowledged(1).await;
    crowd.holds(acknowledged(&trial), patience).await;
    let returned = back.elapsed();
    trial.submitters.until_acknowledged(1).await;
    let pushed = crowd.holds(acknowledged(&trial), patience).await;
    let memory = trial.cluster.web[0].memory_mb();
    assert!(crowd.connections() >= 2 * CROWD);
    crowd.leave().await;
    trial.figure("crowd", CROWD);
    trial.figure("gathered_ms", gathered.as_millis());
    trial.figure("returned_ms", returned.as_millis());
    trial.figure("pushed_ms", pushed.as_millis());
    trial.figure("crowd_memory_mb", memory);
    trial.end(BOUND).await;
    assert!(returned <= BOUND, "it took {returned:?} until all were back and current; the bound is {BOUND:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tenth_that_stops_reading_delays_nobody_and_is_closed_in_the_end() {
    const READERS: usize = 180;
    const SILENT: usize = 20;
    const WATCHERS: usize = 4;
    let layout = Layout {
        web_nodes: 1,
        flags: vec!["--keep-alive-ms=1000".to_owned(), "--push-interval-ms=100".to_owned()],
        ..Layout::default()
    };
    let load = Load { workers: 2, pause: Duration::from_millis(50) };
    let mut trial = Trial::begin("silent", &layout, load, WATCHERS).await;
    let (address, client) = (trial.cluster.web[0].address, trial.cluster.web[0].client());
    let crowd = Crowd::gather(address, READERS, LARGE);
    crowd.holds(1, Duration::from_secs(30)).await;
    let mut stuck = Vec::new();
    for _ in 0..SILENT {
        stuck.push(silent(address, &query(LARGE)).await);
    }
    let everybody = i64::try_from(READERS + SILENT + WATCHERS).unwrap();
    client.metric_is("taxbudget_open_streams", everybody).await;
    let remaining = everybody - i64::try_from(SILENT).unwrap();
    let (mut slowest, deadline) = (Duration::ZERO, Instant::now() + TIMEOUT);
    loop {
        slowest = slowest.max(crowd.holds(acknowledged(&trial), Duration::from_secs(3)).await);
        let open = client.metric("taxbudget_open_streams").await;
        assert!(open >= remaining, "nobody else is closed");
        if open == remaining {
            break;
        }
        assert!(Instant::now() < deadline, "{} silent ones are still there", open - remaining);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(crowd.connections(), READERS, "whoever reads keeps the connection");
    drop(stuck);
    crowd.leave().await;
    trial.figure("silent", SILENT);
    trial.figure("readers", READERS);
    trial.figure("readers_ms", slowest.as_millis());
    let ended = trial.end(Duration::from_secs(3)).await;
    assert_eq!(ended.record.failures().count(), 0);
}
