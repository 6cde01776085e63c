//! A crowd of screens: `load crowd SCREENS NODES` runs web nodes and a worker on one PostgreSQL and one Redis, with one
//! publication a second and 100 submissions a second, and measures how old the screens are. Then it restarts the nodes
//! one after the other.
//!
//! Everything shares the processors of this machine, the screens too. Each node has the screens of one client process,
//! because both may open equally many files, and each client process has addresses of its own.

use std::{
    net::SocketAddr,
    process::Stdio,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use anyhow::Context;
use parking_lot::Mutex;
use serde_json::Value;
use test_support::program::program;
use tokio::{
    io::{AsyncBufReadExt, BufReader, Lines},
    process::{Child, ChildStdout},
    task::JoinSet,
    time::{MissedTickBehavior, interval, sleep},
};

use crate::{
    announcements,
    bins::Bins,
    command,
    figures::micros,
    http::{Connection, Expected},
    postgres::Postgres,
    report::{Report, heading, progress, table},
    screens::Seen,
    server::Server,
    submission, usage,
};

const SUBMISSIONS_A_SECOND: u32 = 100;
/// The files that a server keeps for other things than connections (src/http/server/mod.rs), and ours for submissions.
const OTHER_FILES: u64 = 256 + 1_024 + 20;
/// After the last screen has connected, the servers come to rest.
const REST: Duration = Duration::from_secs(5);
const TIME: Duration = Duration::from_secs(30);
/// For all screens to connect, and for all to be current after the last node has started.
const GATHERING: Duration = Duration::from_mins(4);
const RETURN: Duration = Duration::from_secs(90);
const VERIFY_LIMIT: Duration = Duration::from_mins(1);

/// The nodes of the cluster, and the screens in front of them.
struct Cluster {
    url: String,
    flags: Vec<String>,
    nodes: Vec<Server>,
    worker: Server,
    clients: Vec<Clients>,
    total: Arc<Total>,
    _tasks: JoinSet<()>,
}

/// The lines of a client process.
type Output = Lines<BufReader<ChildStdout>>;

/// A process with screens.
struct Clients {
    child: Child,
    pid: u32,
}

/// What all client processes have reported.
#[derive(Default)]
struct Total {
    seen: Mutex<Seen>,
    /// The open screens of each process.
    open: Vec<AtomicU64>,
    acknowledged: AtomicU64,
    failed: AtomicU64,
}

/// The processor time of each part so far.
struct Processor(Vec<(String, Duration)>);

pub async fn measure(report: &mut Report, screens: u64, nodes: u64) -> anyhow::Result<()> {
    let files = rlimit::Resource::NOFILE.get_soft()?;
    let each = (screens / nodes).min(files.saturating_sub(OTHER_FILES));
    let screens = each * nodes;
    heading(&format!(
        "A crowd: {screens} screens on {nodes} web nodes, {each} each (a process may open {files} files), and a worker"
    ));
    let postgres = Postgres::connect().await?;
    let cluster = Cluster::start(&postgres, nodes, each).await?;
    let begun = Instant::now();
    cluster.until("all screens are connected", GATHERING, |total| total.open() == screens).await?;
    let cpu: Duration = cluster.nodes.iter().filter_map(|node| node.cpu().ok()).sum();
    println!(
        "   connected within {:.0} s; CPU of the web nodes since their start {:.0} µs a screen, with what was published meanwhile",
        begun.elapsed().as_secs_f64(),
        micros(cpu) / screens as f64
    );
    sleep(REST).await;

    progress(&format!("{} s at rest", TIME.as_secs()));
    let before = cluster.processor(&postgres)?;
    drop(cluster.total.take());
    sleep(TIME).await;
    let seen = cluster.total.take();
    let after = cluster.processor(&postgres)?;
    cluster.print_parts(&postgres, &before, &after)?;
    print_kernel_memory()?;
    print_seen("at rest", &seen);
    anyhow::ensure!(seen.lost == 0, "{} connections ended", seen.lost);
    let [median, p99] = [0.5, 0.99].map(|part| seen.ages.quantile_ms(part).unwrap_or(i64::MAX));
    report.criterion("Age of the screens, median", "<= 1 s", &seconds(median), Some(median <= 1_000));
    report.criterion("Age of the screens, p99", "<= 2 s", &seconds(p99), Some(p99 <= 2_000));

    let (cluster, restarting) = cluster.restart_nodes().await?;
    let begun = Instant::now();
    let all_open = |total: &Total| total.open() == screens && total.is_current(screens);
    let returned = cluster.until("all screens are current again", RETURN, all_open).await;
    println!(
        "   the nodes were restarted one after the other within {:.0} s; all screens were open again {:.0} s later",
        restarting.as_secs_f64(),
        begun.elapsed().as_secs_f64()
    );
    returned?;
    let seen = cluster.total.take();
    print_seen("rolling restart", &seen);
    let longest = seen.outages.quantile_ms(1.0).unwrap_or(i64::MAX);
    report.criterion(
        "A screen is current again after its node restarted",
        "<= 30 s",
        &seconds(longest),
        Some(longest <= 30_000),
    );
    cluster.verify(report).await
}

impl Cluster {
    async fn start(postgres: &Postgres, nodes: u64, screens: u64) -> anyhow::Result<Self> {
        let url = postgres.fresh_database("crowd").await?;
        let redis = announcements::redis_url()?;
        let flags = vec![
            format!("--redis-url={redis}"),
            format!("--redis-prefix=crowd-{}", std::process::id()),
            "--push-interval-ms=1000".to_owned(),
            "--max-streams=20000".to_owned(),
            "--max-streams-per-network=20000".to_owned(),
            "--max-connections=20000".to_owned(),
            "--max-connections-per-network=20000".to_owned(),
        ];
        progress(&format!("starting {nodes} web nodes and a worker"));
        let worker = start_node(&url, &flags, "worker", None).await?;
        let mut started = Vec::new();
        for _ in 0..nodes {
            started.push(start_node(&url, &flags, "web", None).await?);
        }
        let open = (0..nodes).map(|_| AtomicU64::new(0)).collect();
        let total = Arc::new(Total { open, ..Total::default() });
        let mut tasks = JoinSet::new();
        for node in &started {
            tasks.spawn(submit(node.address, SUBMISSIONS_A_SECOND / nodes as u32, Arc::clone(&total)));
        }
        // The first screens must have something to show.
        let first = async {
            while total.acknowledged.load(Relaxed) < u64::from(SUBMISSIONS_A_SECOND) * 2 {
                sleep(Duration::from_millis(100)).await;
            }
        };
        tokio::time::timeout(GATHERING, first).await.context("nothing can be submitted")?;
        let mut clients = Vec::new();
        for (index, node) in started.iter().enumerate() {
            let (process, lines) = Clients::start(index, node.address, screens)?;
            tasks.spawn(read(lines, index, Arc::clone(&total)));
            clients.push(process);
        }
        Ok(Self { url, flags, nodes: started, worker, clients, total, _tasks: tasks })
    }

    /// Waits until this is so.
    async fn until(&self, what: &str, limit: Duration, is_so: impl Fn(&Total) -> bool) -> anyhow::Result<()> {
        let wait = async {
            while !is_so(&self.total) {
                sleep(Duration::from_millis(200)).await;
            }
        };
        let waited = tokio::time::timeout(limit, wait).await;
        waited.with_context(|| format!("within {limit:?}: {what}; {} are open", self.total.open()))
    }

    /// Restarts the web nodes as a rolling update does, each at its old address. Returns the time that it took.
    async fn restart_nodes(mut self) -> anyhow::Result<(Self, Duration)> {
        let begun = Instant::now();
        drop(self.total.take());
        for index in 0..self.nodes.len() {
            progress(&format!("restarting node {}", index + 1));
            let node = self.nodes.remove(0);
            let address = node.address;
            node.stop().await?;
            self.nodes.push(start_node(&self.url, &self.flags, "web", Some(address)).await?);
        }
        Ok((self, begun.elapsed()))
    }

    fn processor(&self, postgres: &Postgres) -> anyhow::Result<Processor> {
        let mut parts = Vec::new();
        for (index, node) in self.nodes.iter().enumerate() {
            parts.push((format!("web node {}", index + 1), node.cpu()?));
        }
        parts.push(("worker".to_owned(), self.worker.cpu()?));
        parts.push(("PostgreSQL".to_owned(), postgres.cpu()?));
        parts.push(("Redis".to_owned(), usage::cpu(announcements::redis_pid()?)?));
        let screens: Duration = self.clients.iter().filter_map(|clients| usage::cpu(clients.pid).ok()).sum();
        parts.push(("all screens".to_owned(), screens));
        Ok(Processor(parts))
    }

    fn print_parts(&self, postgres: &Postgres, before: &Processor, after: &Processor) -> anyhow::Result<()> {
        let mut memory = Vec::new();
        for node in self.nodes.iter().chain([&self.worker]) {
            memory.push(node.memory()?);
        }
        memory.push(postgres.memory()?);
        memory.push(usage::memory(announcements::redis_pid()?)?);
        memory.push(self.clients.iter().filter_map(|clients| usage::memory(clients.pid).ok()).sum());
        let mut rows = Vec::new();
        for (((part, after), (_, before)), memory) in after.0.iter().zip(&before.0).zip(memory) {
            let share = after.saturating_sub(*before).as_secs_f64() / TIME.as_secs_f64() * 100.0;
            rows.push(vec![part.clone(), format!("{share:.1} %"), format!("{:.0} MB", memory as f64 / 1e6)]);
        }
        table(&["", "of one core", "memory"], &rows);
        Ok(())
    }

    /// Recounts everything: no drift, and no acknowledged submission is missing. A submission whose answer got lost may
    /// be stored or not.
    async fn verify(self, report: &mut Report) -> anyhow::Result<()> {
        let Self { url, nodes, worker, clients, total, _tasks: tasks, .. } = self;
        drop((clients, tasks, nodes));
        worker.stop().await?;
        let mut verify = command::on_processors(usage::ALL, program());
        let said = command::output(verify.args(["verify", "--database-url", &url]), VERIFY_LIMIT).await?;
        let stored: u64 = said
            .split_once(" submissions")
            .and_then(|(said, _)| said.rsplit(' ').next()?.parse().ok())
            .with_context(|| format!("verify says: {said}"))?;
        let (acknowledged, failed) = (total.acknowledged.load(Relaxed), total.failed.load(Relaxed));
        let is_exact = said.contains("no drift") && (acknowledged..=acknowledged + failed).contains(&stored);
        let measured = format!("{acknowledged} acknowledged, {failed} without an answer, {stored} stored");
        report.criterion("Submissions of the crowd", "none lost", &measured, Some(is_exact));
        Ok(())
    }
}

impl Clients {
    fn start(index: usize, server: SocketAddr, screens: u64) -> anyhow::Result<(Self, Output)> {
        let mut command = command::on_processors(usage::ALL, std::env::current_exe()?);
        let source = format!("127.0.{}.1", index + 1);
        command.args(["screens", &server.to_string(), &source, &screens.to_string()]);
        let mut child = command.stdout(Stdio::piped()).spawn()?;
        let pid = child.id().context("the screens ended at once")?;
        let lines = BufReader::new(child.stdout.take().context("no output")?).lines();
        Ok((Self { child, pid }, lines))
    }
}

impl Drop for Clients {
    fn drop(&mut self) {
        // The other processes go on, so there is nothing to wait for.
        let _ = self.child.start_kill();
    }
}

impl Total {
    fn open(&self) -> u64 {
        self.open.iter().map(|open| open.load(Relaxed)).sum()
    }

    /// Whether every connection that ended since the last [`Self::take`] was made up for by a current screen.
    fn is_current(&self, screens: u64) -> bool {
        let seen = self.seen.lock();
        seen.outages.total() >= screens.min(seen.lost)
    }

    /// Returns what was seen since the last call.
    fn take(&self) -> Seen {
        std::mem::take(&mut *self.seen.lock())
    }
}

async fn start_node(url: &str, flags: &[String], role: &str, address: Option<SocketAddr>) -> anyhow::Result<Server> {
    let own = [Some(format!("--role={role}")), address.map(|address| format!("--listen={address}"))];
    let flags: Vec<&str> = flags.iter().chain(own.iter().flatten()).map(String::as_str).collect();
    Server::node(url, &flags).await
}

/// Adds up the lines of one client process.
async fn read(mut lines: Output, index: usize, total: Arc<Total>) {
    while let Ok(Some(line)) = lines.next_line().await {
        let Ok(line) = serde_json::from_str::<Value>(&line) else { continue };
        total.seen.lock().add(&line);
        if let Some(open) = total.open.get(index) {
            open.store(line["open"].as_u64().unwrap_or(0), Relaxed);
        }
    }
}

/// Submits so many a second, one after the other, also after the server was away.
async fn submit(server: SocketAddr, per_second: u32, total: Arc<Total>) {
    let requests = submission::requests();
    let mut interval = interval(Duration::from_secs(1) / per_second);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut next = requests.iter().cycle();
    loop {
        interval.tick().await;
        let Ok(mut connection) = Connection::open(server).await else { continue };
        for request in next.by_ref() {
            interval.tick().await;
            let answer = connection.exchange_with_timeout(request).await;
            if answer.and_then(|answer| Expected::NoErrors.check(answer)).is_err() {
                total.failed.fetch_add(1, Relaxed);
                break;
            }
            total.acknowledged.fetch_add(1, Relaxed);
        }
    }
}

fn print_seen(when: &str, seen: &Seen) {
    let cells = |name: &str, bins: &Bins| {
        let [median, p99, most] = [0.5, 0.99, 1.0].map(|part| bins.quantile_ms(part).map_or("-".to_owned(), seconds));
        vec![format!("{when}: {name}"), bins.total().to_string(), median, p99, most]
    };
    let rows = [
        cells("age of the screens", &seen.ages),
        cells("from the moment of a publication to its arrival", &seen.delays),
        cells("from the loss of the connection to a current screen", &seen.outages),
    ];
    table(&["", "count", "median", "p99", "longest"], &rows);
}

/// What the kernel holds for all TCP connections of this machine, at both ends.
fn print_kernel_memory() -> anyhow::Result<()> {
    let sockets = std::fs::read_to_string("/proc/net/sockstat")?;
    if let Some(tcp) = sockets.lines().find(|line| line.starts_with("TCP:")) {
        println!("   the kernel's sockets (mem in pages of 4 KB): {tcp}");
    }
    Ok(())
}

fn seconds(milliseconds: i64) -> String {
    format!("{:.2} s", milliseconds as f64 / 1000.0)
}
