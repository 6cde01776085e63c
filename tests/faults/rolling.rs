//! Every process told to stop and started anew, one after another, behind the proxy, as a deployment does it.

use std::time::Duration;

use crate::world::{Layout, Trial, cluster::Extra, submitters::Load};

/// What RFC 6455 and its registry call a restart of the service; every client of the protocol comes back after it.
const RESTARTING: u16 = 1012;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rolling_restart_fails_no_mutation_and_closes_every_socket_with_a_code_to_come_back_after() {
    let layout = Layout {
        extras: vec![Extra::Proxy],
        // Short, so that the test is. The sockets are closed within it.
        flags: vec!["--drain-window-ms=700".to_owned(), "--trusted-proxies=127.0.0.1/32".to_owned()],
        ..Layout::default()
    };
    // Dense, so that somebody is always about to be answered when a node closes.
    let load = Load { workers: 10, pause: Duration::from_millis(2) };
    let mut trial = Trial::begin("rolling", &layout, load, 12).await;
    let rounds = 4;
    for _ in 0..rounds {
        for number in 0..trial.cluster.node_count() {
            trial.submitters.until_acknowledged(20).await;
            let node = trial.cluster.node(number);
            let (address, name) = (node.address, node.name.clone());
            assert_eq!(node.terminate().await, Some(0), "{name}");
            trial.cluster.node(number).resume().await;
            trial.cluster.is_ready(address).await;
        }
    }
    trial.submitters.until_acknowledged(20).await;
    trial.figure("stops", rounds * trial.cluster.node_count());
    // Watchers are current within 3 s all the time, also those whose socket is closed.
    let failures = trial.submitters.look(|record| record.failures().cloned().collect::<Vec<_>>());
    assert!(failures.is_empty(), "{} mutations failed, such as {:?}", failures.len(), failures[0]);
    let ended = trial.end(Duration::from_secs(3)).await;
    assert_eq!(ended.record.failures().count(), 0);
    let closed: Vec<_> = ended.histories.iter().flat_map(|history| &history.ended).collect();
    assert!(closed.len() >= ended.histories.len(), "every socket was closed at least once: {}", closed.len());
    assert!(closed.iter().all(|ended| ended.code == Some(RESTARTING)), "{closed:?}");
    let refused: Vec<_> = ended.histories.iter().flat_map(|history| &history.refused).collect();
    assert!(refused.is_empty(), "{refused:?}");
}
