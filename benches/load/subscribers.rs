//! Many subscribers, and the count of what they receive.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicI64, AtomicU32, Ordering::Relaxed},
    },
    time::Duration,
};

use parking_lot::Mutex;
use tokio::task::JoinSet;

use crate::{
    figures,
    socket::{Feed, Push, Socket},
};

/// Connections that are opened at a time: fewer than the kernel's backlog.
const CONNECT_AT_ONCE: usize = 200;

/// Open subscriptions that are read all the time; closed when dropped.
pub struct Subscribers {
    counter: Arc<Counter>,
    _tasks: JoinSet<()>,
}

struct Counter {
    is_on: AtomicBool,
    received: Vec<AtomicU32>,
    latencies: Mutex<Vec<f64>>,
    newest: AtomicI64,
    publications: AtomicU32,
    lost: AtomicU32,
}

/// What was received during a count.
pub struct Received {
    /// Messages of all subscribers together.
    pub messages: u64,
    /// Publications that at least one subscriber received.
    pub publications: u32,
    /// Messages a subscriber: fewest, median, most.
    pub per_subscriber: [f64; 3],
    /// Milliseconds from the publication's moment to its receipt: median and 99th percentile.
    pub latency_ms: [f64; 2],
}

impl Counter {
    fn count(&self, index: usize, push: Push) {
        if !self.is_on.load(Relaxed) {
            return;
        }
        self.received[index].fetch_add(1, Relaxed);
        if self.newest.fetch_max(push.as_of_micros, Relaxed) < push.as_of_micros {
            self.publications.fetch_add(1, Relaxed);
        }
        let mut latencies = self.latencies.lock();
        latencies.push(push.latency_micros() as f64 / 1000.0);
    }
}

impl Subscribers {
    /// Opens this many subscriptions to the same feed, each of which has received the current aggregate.
    pub async fn open(address: SocketAddr, count: usize, feed: Feed) -> anyhow::Result<Self> {
        Self::open_each(address, count, |_| feed).await
    }

    /// Opens this many subscriptions, each to a feed by its number.
    pub async fn open_each(address: SocketAddr, count: usize, feed: impl Fn(usize) -> Feed) -> anyhow::Result<Self> {
        let counter = Arc::new(Counter {
            is_on: AtomicBool::new(false),
            received: (0..count).map(|_| AtomicU32::new(0)).collect(),
            // Room for ten thousand subscribers, ten publications a second, ten seconds: the vector must not grow
            // during the measurement.
            latencies: Mutex::new(Vec::with_capacity(1_000_000)),
            newest: AtomicI64::new(0),
            publications: AtomicU32::new(0),
            lost: AtomicU32::new(0),
        });
        let mut tasks = JoinSet::new();
        let mut opening = JoinSet::new();
        for index in 0..count.min(CONNECT_AT_ONCE) {
            let feed = feed(index);
            opening.spawn(async move { (index, Socket::open(address, feed).await) });
        }
        let mut next = opening.len();
        while let Some(opened) = opening.join_next().await {
            let (index, socket) = opened?;
            let (socket, _) = socket?;
            tasks.spawn(listen(socket, index, Arc::clone(&counter)));
            if next < count {
                let (index, feed) = (next, feed(next));
                opening.spawn(async move { (index, Socket::open(address, feed).await) });
                next += 1;
            }
        }
        Ok(Self { counter, _tasks: tasks })
    }

    /// Counts for this long.
    pub async fn count(&self, time: Duration) -> anyhow::Result<Received> {
        let counter = &self.counter;
        counter.is_on.store(true, Relaxed);
        tokio::time::sleep(time).await;
        counter.is_on.store(false, Relaxed);
        let lost = counter.lost.load(Relaxed);
        anyhow::ensure!(lost == 0, "{lost} subscribers lost their connection");
        let mut received: Vec<f64> = counter.received.iter().map(|count| f64::from(count.load(Relaxed))).collect();
        let mut latencies = counter.latencies.lock();
        Ok(Received {
            messages: latencies.len() as u64,
            publications: counter.publications.load(Relaxed),
            per_subscriber: [0.0, 0.5, 1.0].map(|part| figures::quantile(&mut received, part)),
            latency_ms: [0.5, 0.99].map(|part| figures::quantile(&mut latencies, part)),
        })
    }
}

async fn listen(mut socket: Socket, index: usize, counter: Arc<Counter>) {
    while socket.pushes(|push| counter.count(index, push)).await.is_ok() {}
    counter.lost.fetch_add(1, Relaxed);
}
