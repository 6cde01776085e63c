//! One test's run: begin it, do harm, end it. The end verifies everything that must hold whatever the harm was.

use std::{
    collections::HashSet,
    fmt::Display,
    time::{Duration, Instant},
};

use rand::{SeedableRng, rngs::StdRng};

use super::{
    Cluster, Layout,
    submitters::{Load, Record, Submitters},
    verdict::{Outage, check_order, longest_lag, steps_back},
    watchers::{History, Watchers},
};
use test_support::{answers::seed, eventually, ledger};

/// No node of a trial ever needs more, in megabytes; a debug build with its caches begins at about 60.
const MOST_MEMORY_MB: u64 = 250;

/// A cluster under load, with watchers.
pub struct Trial {
    pub cluster: Cluster,
    pub submitters: Submitters,
    pub watchers: Watchers,
    pub random: StdRng,
    pub outages: Vec<Outage>,
    name: String,
    seed: u64,
    began: Instant,
    figures: Vec<String>,
}

/// What is known at the end, for what else a test has to say of it.
pub struct Ended {
    pub record: Record,
    pub histories: Vec<History>,
}

impl Ended {
    /// Holds a fault to what clients may notice of it: later news, and nothing else.
    pub fn assert_undisturbed(&self) {
        let failures: Vec<_> = self.record.failures().collect();
        assert!(failures.is_empty(), "{} submissions failed, such as {:?}", failures.len(), failures[0]);
        let closed: Vec<_> = self.histories.iter().flat_map(|history| &history.ended).collect();
        assert!(closed.is_empty(), "{} sockets were closed, such as {:?}", closed.len(), closed[0]);
    }
}

impl Trial {
    /// Prints the seed and starts everything.
    pub async fn begin(name: &str, layout: &Layout, load: Load, watchers: usize) -> Self {
        let seed = seed(name);
        let mut random = StdRng::seed_from_u64(seed);
        let began = Instant::now();
        let cluster = Cluster::start(layout).await;
        let watchers = Watchers::start(watchers, &cluster.addresses(), &mut random);
        let submitters = Submitters::start(cluster.addresses(), load, &mut random).await;
        let name = name.to_owned();
        Self { cluster, submitters, watchers, random, outages: Vec::new(), name, seed, began, figures: Vec::new() }
    }

    /// Something more for the line at the end.
    pub fn figure(&mut self, name: &str, value: impl Display) {
        self.figures.push(format!("{name}={value}"));
    }

    /// Remembers a time in which nothing could come through.
    pub fn outage(&mut self, from: Instant) {
        self.outages.push(Outage { from, to: Instant::now() });
    }

    /// Lets the load end and verifies, with every process as it was left: what was acknowledged is stored and counts once;
    /// aggregate, recount and SQL agree; versions only rise; every watcher held everything within `bound` of its
    /// acknowledgement or of the end of an outage; memory is bounded; nothing outlives the test.
    pub async fn end(self, bound: Duration) -> Ended {
        let Self { mut cluster, submitters, watchers, outages, name, seed, began, mut figures, .. } = self;
        let record = submitters.stop().await;
        let submissions = i64::try_from(record.receipts.0.len()).unwrap();
        let voices: HashSet<usize> = record.receipts.0.values().filter_map(|receipt| receipt.participant).collect();
        let nobody = record.receipts.0.values().filter(|receipt| receipt.participant.is_none()).count();
        let participants = i64::try_from(voices.len() + nobody).unwrap();

        eventually("every watcher holds the final numbers", || async {
            let holds = |history: &History| {
                history.last().is_some_and(|seen| (seen.participants, seen.submissions) == (participants, submissions))
            };
            watchers.all(holds).then_some(())
        })
        .await;
        assert_eq!(cluster.database.integer("SELECT COUNT(*) FROM aggregate_delta").await, 0);
        assert_eq!(
            ledger::stored(&cluster.database, "federal").await,
            ledger::counted(&cluster.database, "federal").await
        );
        record.receipts.assert_kept(&cluster.database).await;
        let numbers = ledger::assert_exact(&cluster.database).await;
        assert_eq!((numbers.participants, numbers.submissions), (participants, submissions));

        let histories = watchers.stop().await;
        let acknowledged = record.acknowledgements();
        let lags = histories.iter().map(|history| {
            check_order(history).unwrap();
            longest_lag(&acknowledged, history, &outages).expect("all of them hold the final numbers")
        });
        let lag = lags.max().unwrap_or_default();
        assert!(lag <= bound, "a watcher was {lag:?} behind what was acknowledged; the bound is {bound:?}");
        let newest: HashSet<_> = histories.iter().map(|history| history.newest().unwrap().revision).collect();
        assert_eq!(newest.len(), 1, "all hold the same snapshot: {newest:?}");

        for node in cluster.web.iter().filter(|node| node.is_running()) {
            node.client().everybody_left().await;
        }
        let memory = cluster.nodes().map(super::node::Node::peak_memory_mb).max().unwrap_or(0);
        assert!(memory < MOST_MEMORY_MB, "a node had {memory} MB");
        cluster.stop().await;

        let connections: usize = histories.iter().map(|history| history.connections).sum();
        let slowest = record.attempts.iter().map(|attempt| attempt.took).max().unwrap_or_default();
        let back: usize = histories.iter().map(steps_back).sum();
        figures.extend([
            format!("submissions={submissions}"),
            format!("attempts={}", record.attempts.len()),
            format!("retries={}", record.failures().count()),
            format!("slowest_ms={}", slowest.as_millis()),
            format!("connections={connections}"),
            format!("steps_back={back}"),
            format!("lag_ms={}", lag.as_millis()),
            format!("memory_mb={memory}"),
            format!("seconds={}", began.elapsed().as_secs()),
        ]);
        println!("{name}: seed={seed} {}", figures.join(" "));
        Ended { record, histories }
    }
}
