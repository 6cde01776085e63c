//! Publications to many subscribers, against a broadcast of prepared messages over the same WebSocket library, and against
//! nginx with Nchan.

use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use crate::{
    figures::{median, micros},
    floor,
    http::{self, Connection},
    nchan,
    report::{Report, heading, progress, table},
    server::Server,
    socket::{Feed, Socket},
    submission,
    subscribers::Subscribers,
    usage,
};

/// The numbers of subscribers, and the turns for each.
const SIZES: [(usize, usize); 3] = [(1_000, 1), (5_000, 3), (10_000, 2)];
/// Processor time and latency are judged with this number of subscribers.
const JUDGED: usize = 5_000;
const TIME: Duration = Duration::from_secs(8);
const ALONE_TIME: Duration = Duration::from_secs(2);
/// The time until publications arrive at a steady rate.
const SETTLE: Duration = Duration::from_millis(1200);

/// The numbers of subscribers beside the peer, and the turns for each.
const PEER_SIZES: [(usize, usize); 2] = [(5_000, 3), (10_000, 3)];

/// The publisher. The others send a message as long as ours.
#[derive(Clone, Copy)]
enum Side<'a> {
    Ours(Feed),
    Floor(&'a str),
    Nchan(&'a str, Feed),
}

impl Side<'_> {
    fn feed(self) -> Feed {
        match self {
            Self::Ours(feed) | Self::Nchan(_, feed) => feed,
            Self::Floor(_) => Feed::Shared,
        }
    }
}

/// The result of one turn.
struct Turn {
    /// Microseconds of the server's processor for one message, less the cost of publishing to one subscriber.
    cpu: f64,
    /// Microseconds of the server's processor for one message.
    raw_cpu: f64,
    publications: f64,
    /// Messages a second: fewest, median, most.
    per_subscriber: [f64; 3],
    latency_ms: [f64; 2],
    /// Bytes for each idle subscriber.
    idle_memory: f64,
    server_load: f64,
    own_load: f64,
}

/// All turns with this many subscribers.
struct Size {
    subscribers: usize,
    /// The name of the other side.
    other_name: &'static str,
    other: Vec<Turn>,
    ours: Vec<Turn>,
}

pub async fn measure(report: &mut Report) -> anyhow::Result<()> {
    heading("Pushes: ten publications a second over WebSocket");
    let message = sample_message().await?;
    let mut sizes = Vec::new();
    for (subscribers, turns) in SIZES {
        let pair = [Side::Floor(&message), Side::Ours(Feed::Shared)];
        sizes.push(Size::measure(subscribers, turns, "floor", pair).await?);
    }
    println!(
        "   {} bytes of message; medians of the turns; CPU is the server's, for one delivered message,",
        message.len()
    );
    println!(
        "   net of what publishing to a single subscriber takes (ours: with 30 submissions a second); raw with it"
    );
    table(&HEAD, &sizes.iter().flat_map(Size::rows).collect::<Vec<_>>());
    for size in &sizes {
        size.judge(report);
    }
    Ok(())
}

/// Measures the same against nginx with Nchan, over WebSocket and as events.
pub async fn measure_peer(report: &mut Report) -> anyhow::Result<()> {
    heading("Pushes beside a peer: nginx with Nchan, one worker process");
    let message = sample_message().await?;
    for (name, ours, peer) in
        [("WebSocket", Feed::Shared, Feed::PeerSocket), ("event stream", Feed::Events, Feed::PeerEvents)]
    {
        let mut sizes = Vec::new();
        for (subscribers, turns) in PEER_SIZES {
            let pair = [Side::Nchan(&message, peer), Side::Ours(ours)];
            sizes.push(Size::measure(subscribers, turns, "Nchan", pair).await?);
        }
        println!("   {name}, {} bytes of message; columns as for the floor", message.len());
        table(&HEAD, &sizes.iter().flat_map(Size::rows).collect::<Vec<_>>());
        for size in &sizes {
            size.judge_beside_peer(report, name);
        }
    }
    Ok(())
}

const HEAD: [&str; 12] = [
    "subscribers",
    "",
    "CPU µs net",
    "raw",
    "published/s",
    "received/s min",
    "median",
    "max",
    "p50 ms",
    "p99 ms",
    "KB idle",
    "CPU server/load",
];

/// Returns one of our messages.
async fn sample_message() -> anyhow::Result<String> {
    let server = Server::embedded().await?;
    submission::submit(&server, 200).await?;
    Ok(Socket::open(server.address, Feed::Shared).await?.1)
}

async fn turn(side: Side<'_>, count: usize) -> anyhow::Result<Turn> {
    let server = match side {
        Side::Ours(_) => Server::embedded().await?,
        Side::Floor(message) => Server::floor(message).await?,
        Side::Nchan(message, _) => Server::nchan(message).await?,
    };
    if matches!(side, Side::Ours(_)) {
        submission::submit(&server, 200).await?;
    }
    let single = single_subscriber_cost(side, &server).await?;
    server.wait_until_idle().await?;
    let before = server.memory()?;
    let subscribers = Subscribers::open(server.address, count, side.feed()).await?;
    server.wait_until_idle().await?;
    let idle_memory = server.memory()?.saturating_sub(before) as f64 / count as f64;

    let publishing = publish(side, &server).await?;
    tokio::time::sleep(SETTLE).await;
    let before = (server.cpu()?, usage::own_cpu()?, Instant::now());
    let received = subscribers.count(TIME).await?;
    let (cpu, own, took) = (
        server.cpu()?.saturating_sub(before.0),
        usage::own_cpu()?.saturating_sub(before.1),
        before.2.elapsed().as_secs_f64(),
    );
    publishing.still_runs()?;
    anyhow::ensure!(received.messages > 0, "nothing was received");
    let messages = received.messages as f64;
    Ok(Turn {
        cpu: (micros(cpu) - single * took) / messages,
        raw_cpu: micros(cpu) / messages,
        publications: f64::from(received.publications) / took,
        per_subscriber: received.per_subscriber.map(|count| count / took),
        latency_ms: received.latency_ms,
        idle_memory,
        server_load: cpu.as_secs_f64() / took,
        own_load: own.as_secs_f64() / took,
    })
}

/// Returns the microseconds of processor time a second for publishing to one subscriber. It also causes all allocations
/// of the first publication, so that they do not count as memory of the connections.
async fn single_subscriber_cost(side: Side<'_>, server: &Server) -> anyhow::Result<f64> {
    let subscriber = Subscribers::open(server.address, 1, side.feed()).await?;
    let publishing = publish(side, server).await?;
    tokio::time::sleep(SETTLE).await;
    let (before, begun) = (server.cpu()?, Instant::now());
    tokio::time::sleep(ALONE_TIME).await;
    let cpu = micros(server.cpu()?.saturating_sub(before)) / begun.elapsed().as_secs_f64();
    publishing.end(side, server).await?;
    drop(subscriber);
    Ok(cpu)
}

/// The task that makes the server publish.
struct Publishing(JoinSet<anyhow::Error>);

async fn publish(side: Side<'_>, server: &Server) -> anyhow::Result<Publishing> {
    let mut task = JoinSet::new();
    match side {
        Side::Ours(_) => {
            task.spawn(submission::submit_steadily(server, |_| {}).await?);
        }
        Side::Floor(_) => set_floor_publishing(server, "POST").await?,
        Side::Nchan(message, _) => {
            let (address, message) = (server.address, message.to_owned());
            task.spawn(async move {
                let mut ticks = tokio::time::interval(floor::PUBLISH_EVERY);
                loop {
                    ticks.tick().await;
                    if let Err(error) = nchan::publish(address, &floor::stamped(&message)).await {
                        return error;
                    }
                }
            });
        }
    }
    Ok(Publishing(task))
}

async fn set_floor_publishing(server: &Server, method: &str) -> anyhow::Result<()> {
    let request = http::bare(method, "/publish", "");
    Connection::open(server.address).await?.exchange_with_timeout(&request).await?;
    Ok(())
}

impl Publishing {
    fn still_runs(mut self) -> anyhow::Result<()> {
        match self.0.try_join_next() {
            Some(Ok(error)) => Err(error.context("submitting")),
            _ => Ok(()),
        }
    }

    async fn end(self, side: Side<'_>, server: &Server) -> anyhow::Result<()> {
        self.still_runs()?;
        match side {
            Side::Ours(_) | Side::Nchan(..) => Ok(()),
            Side::Floor(_) => set_floor_publishing(server, "DELETE").await,
        }
    }
}

impl Size {
    /// Measures the other side and ours in turns.
    async fn measure(
        subscribers: usize,
        turns: usize,
        other_name: &'static str,
        [other, ours]: [Side<'_>; 2],
    ) -> anyhow::Result<Self> {
        let mut size = Self { subscribers, other_name, other: Vec::new(), ours: Vec::new() };
        for number in 1..=turns {
            progress(&format!("pushes to {subscribers} beside {other_name}, turn {number} of {turns}"));
            size.other.push(turn(other, subscribers).await?);
            size.ours.push(turn(ours, subscribers).await?);
        }
        Ok(size)
    }

    fn rows(&self) -> [Vec<String>; 3] {
        let subscribers = self.subscribers.to_string();
        let ratios: [fn(&Turn) -> f64; 10] = [
            |turn| turn.cpu,
            |turn| turn.raw_cpu,
            |turn| turn.publications,
            |turn| turn.per_subscriber[0],
            |turn| turn.per_subscriber[1],
            |turn| turn.per_subscriber[2],
            |turn| turn.latency_ms[0],
            |turn| turn.latency_ms[1],
            |turn| turn.idle_memory,
            |turn| turn.server_load,
        ];
        let ratios = ratios.iter().map(|figure| format!("{:.2}", self.ratio(*figure)));
        [
            [vec![subscribers.clone(), self.other_name.to_owned()], cells(&self.other)].concat(),
            [vec![subscribers.clone(), "ours".to_owned()], cells(&self.ours)].concat(),
            [subscribers, "ratio".to_owned()].into_iter().chain(ratios).collect(),
        ]
    }

    /// Returns the median of the ratios of ours to the other side, turn by turn.
    fn ratio(&self, figure: fn(&Turn) -> f64) -> f64 {
        median(self.other.iter().zip(&self.ours).map(|(other, ours)| figure(ours) / figure(other)))
    }

    fn judge(&self, report: &mut Report) {
        let subscribers = self.subscribers;
        if subscribers == JUDGED {
            let (cpu, raw) = (self.ratio(|turn| turn.cpu), self.ratio(|turn| turn.raw_cpu));
            let name = format!("CPU for one message to {subscribers}");
            report.criterion(&name, "≤ 1.3 × floor", &format!("{cpu:.2} (raw {raw:.2})"), Some(cpu <= 1.3));
            let latency = self.ratio(|turn| turn.latency_ms[1]);
            let name = format!("p99 of latency to {subscribers}");
            report.criterion(&name, "≤ 1.5 × floor", &format!("{latency:.2}"), Some(latency <= 1.5));
        }
        if SIZES.iter().all(|(other, _)| *other <= subscribers) {
            let memory = median(self.ours.iter().map(|turn| turn.idle_memory)) / 1024.0;
            report.criterion(
                "Memory of an idle subscriber",
                "≤ 16 KB",
                &format!("{memory:.1} KB"),
                Some(memory <= 16.0),
            );
            let evenness = median(self.ours.iter().map(|turn| turn.per_subscriber[0] / turn.per_subscriber[1]));
            let name = format!("{subscribers} served evenly");
            report.criterion(&name, "min ≥ 0.8 × median", &format!("{evenness:.2}"), Some(evenness >= 0.8));
        }
    }
}

impl Size {
    fn judge_beside_peer(&self, report: &mut Report, name: &str) {
        let subscribers = self.subscribers;
        let (cpu, raw) = (self.ratio(|turn| turn.cpu), self.ratio(|turn| turn.raw_cpu));
        let criterion = format!("CPU for one message to {subscribers}, {name}");
        report.criterion(&criterion, "≤ 0.9 × Nchan", &format!("{cpu:.2} (raw {raw:.2})"), Some(cpu <= 0.9));
        let latency = self.ratio(|turn| turn.latency_ms[1]);
        let criterion = format!("p99 of latency to {subscribers}, {name}");
        report.criterion(&criterion, "≤ 1 × Nchan", &format!("{latency:.2}"), Some(latency <= 1.0));
        if subscribers == JUDGED {
            let of = |figure: fn(&Turn) -> f64| median(self.ours.iter().map(figure));
            let (delivered, published) = (of(|turn| turn.per_subscriber[1]), of(|turn| turn.publications));
            let criterion = format!("Delivered to each of {subscribers}, {name}");
            let measured = format!("{delivered:.2} of {published:.2} a second");
            report.criterion(&criterion, "≥ 0.98 of what is published", &measured, Some(delivered >= 0.98 * published));
            let memory = of(|turn| turn.idle_memory) / 1024.0;
            let criterion = format!("Memory of an idle subscriber, {name}");
            report.criterion(&criterion, "≤ 12 KB", &format!("{memory:.1} KB"), Some(memory <= 12.0));
        }
    }
}

fn cells(turns: &[Turn]) -> Vec<String> {
    let of = |figure: fn(&Turn) -> f64| median(turns.iter().map(figure));
    vec![
        format!("{:.2}", of(|turn| turn.cpu)),
        format!("{:.2}", of(|turn| turn.raw_cpu)),
        format!("{:.1}", of(|turn| turn.publications)),
        format!("{:.2}", of(|turn| turn.per_subscriber[0])),
        format!("{:.2}", of(|turn| turn.per_subscriber[1])),
        format!("{:.2}", of(|turn| turn.per_subscriber[2])),
        format!("{:.1}", of(|turn| turn.latency_ms[0])),
        format!("{:.1}", of(|turn| turn.latency_ms[1])),
        format!("{:.1}", of(|turn| turn.idle_memory) / 1024.0),
        format!("{:.0} % / {:.0} %", of(|turn| turn.server_load) * 100.0, of(|turn| turn.own_load) * 100.0),
    ]
}
