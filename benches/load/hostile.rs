//! The cost of the worst documents of at most 16 KiB over every transport, and how long other clients wait meanwhile.

use std::{
    collections::HashMap,
    fs,
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::Context;
use parking_lot::Mutex;
use rand::{RngExt, SeedableRng, rngs::SmallRng};
use serde_json::{Map, json};
use test_support::hostile::{Generator, Hostile};
use thread_priority::{
    NormalThreadSchedulePolicy, ThreadPriority, ThreadSchedulePolicy, set_thread_priority_and_policy, thread_native_id,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinSet,
    time::{MissedTickBehavior, interval, timeout},
};

use crate::{
    figures::quantile,
    frames,
    http::{self, Connection, find},
    report::{Report, heading, progress, table},
    server::Server,
    socket::UPGRADE,
    submission,
};

const DOCUMENTS: usize = 10_000;
/// The most expensive documents are measured again, because a single measurement includes whatever else the machine
/// does.
const REMEASURED: usize = 40;
const TURNS: usize = 7;
const PRINTED: usize = 8;
const ANSWER_TIMEOUT: Duration = Duration::from_secs(10);
/// Rate of the worst documents, all together, while another client reads.
const PER_SECOND: u64 = 1_000;
const FLOOD: Duration = Duration::from_secs(2);
/// How often the reader is measured without and with the flood, by turns: what else the machine does then meets both.
const FLOOD_TURNS: usize = 5;
/// The interval between two requests of the reader.
const READ_INTERVAL: Duration = Duration::from_millis(2);
const READERS: [(&str, &str); 2] = [
    (
        "a reader of the averages",
        "{ budget(slug: \"federal\") { aggregate { participantCount categories { averagePercent } } } }",
    ),
    (
        "a reader of its own history",
        "{ viewer { participant submissions(first: 10) { nodes { id } } } budgets { slug title } }",
    ),
];

/// How a document is sent.
#[derive(Clone, Copy)]
enum Transport {
    Post,
    Get,
    Events,
    WebSocket,
}

const TRANSPORTS: [(Transport, &str); 4] = [
    (Transport::Post, "POST"),
    (Transport::Get, "GET"),
    (Transport::Events, "events"),
    (Transport::WebSocket, "WebSocket"),
];

/// The server's cost of one exchange.
struct Measured {
    number: usize,
    shape: &'static str,
    bytes: usize,
    transport: usize,
    cpu: Duration,
    memory: u64,
}

pub async fn measure(report: &mut Report) -> anyhow::Result<()> {
    let seed: u64 = rand::rng().random_range(0..1_000_000_000);
    heading(&format!("Hostile documents: {DOCUMENTS} of at most 16 KiB, each over four transports; seed {seed}"));
    // The server has a processor of its own: a reader that shared one with its threads would wait for them.
    let server = Server::embedded_with(&["--trusted-proxies=127.0.0.0/8"]).await?;
    submission::submit(&server, 50).await?;
    let at_first = server.memory()?;
    let mut all = Vec::with_capacity(DOCUMENTS * TRANSPORTS.len());
    for (number, hostile) in Generator::new(seed).take(DOCUMENTS).enumerate() {
        if number % 1_000 == 0 {
            progress(&format!("hostile: {number} of {DOCUMENTS}"));
        }
        for transport in 0..TRANSPORTS.len() {
            all.push(exchange(&server, number, &hostile, transport).await?);
        }
    }
    let at_last = server.memory()?;
    all.sort_by_key(|measured| std::cmp::Reverse(measured.cpu));
    let most_memory = all.iter().map(|measured| measured.memory).max().unwrap_or(0);
    progress("hostile: the dearest again");
    let mut costliest = Vec::new();
    for measured in all.into_iter().take(REMEASURED) {
        let hostile = Generator::new(seed).nth(measured.number).context("the same seed")?;
        let mut turns = Vec::new();
        for turn in 0..TURNS {
            // A comment makes it another document, because the response to a known one is cached.
            let mut hostile = hostile.clone();
            hostile.query.push_str(&format!("#{turn}"));
            turns.push(
                exchange(&server, measured.number, &hostile, measured.transport).await?.cpu.as_secs_f64() * 1000.0,
            );
        }
        costliest.push((quantile(&mut turns, 0.5), measured, hostile));
    }
    costliest.sort_by(|a, b| b.0.total_cmp(&a.0));
    let rows = costliest.iter().take(PRINTED).map(|(cpu, measured, _)| {
        let transport = TRANSPORTS[measured.transport].1;
        let (bytes, first) = (measured.bytes.to_string(), format!("{:.2}", measured.cpu.as_secs_f64() * 1000.0));
        vec![
            measured.shape.to_owned(),
            transport.to_owned(),
            measured.number.to_string(),
            bytes,
            first,
            format!("{cpu:.2}"),
        ]
    });
    table(&["the dearest", "over", "number", "bytes", "CPU ms at first", "median of 7"], &rows.collect::<Vec<_>>());
    let megabytes = |bytes: u64| bytes as f64 / 1024.0 / 1024.0;
    println!(
        "   memory: {:.1} MB at first, {:.1} MB after all of them, caches full; at the most {:.1} MB more for one",
        megabytes(at_first),
        megabytes(at_last),
        megabytes(most_memory)
    );
    let worst = costliest.first().map_or(0.0, |(cpu, ..)| *cpu);
    report.criterion("Hostile document, CPU", "< 5 ms", &format!("{worst:.2} ms"), Some(worst < 5.0));
    let most = megabytes(most_memory);
    report.criterion("Hostile document, memory", "< 20 MB", &format!("{most:.1} MB"), Some(most < 20.0));
    let worst: Vec<Hostile> = costliest.into_iter().map(|(_, _, hostile)| hostile).collect();
    flood(report, &server, &worst).await
}

/// Sends one document, waits for its first response, and measures the cost.
async fn exchange(server: &Server, number: usize, hostile: &Hostile, transport: usize) -> anyhow::Result<Measured> {
    let (threads, resident) = (threads(server.pid)?, server.memory()?);
    // Resets the kernel's record of the peak memory.
    fs::write(format!("/proc/{}/clear_refs", server.pid), "5")?;
    let (way, name) = TRANSPORTS[transport];
    // Each document comes from its own network, so that it is executed and not refused by the network's limit.
    let sent = send(server.address, hostile, way, rand::rng().random_range(0..0x0100_0000)).await;
    sent.with_context(|| format!("number {number}, {}, by {name}", hostile.shape))?;
    let cpu = cpu_since(server.pid, &threads)?;
    let memory = server.peak_memory()?.saturating_sub(resident);
    Ok(Measured { number, shape: hostile.shape, bytes: hostile.query.len(), transport, cpu, memory })
}

/// Sends a document. `from` becomes the client's network: each network has an allowance of large documents.
async fn send(address: SocketAddr, hostile: &Hostile, transport: Transport, from: u32) -> anyhow::Result<()> {
    let (forwarded, json) = (forwarded(from), json_of(hostile));
    let request = match transport {
        Transport::Post => post_of(hostile, from),
        Transport::Get => {
            let variables = serde_json::to_string(&hostile.variables)?;
            let mut url = form_urlencoded::Serializer::new(String::new());
            url.append_pair("query", &hostile.query).append_pair("variables", &variables);
            http::bare("GET", &format!("/graphql?{}", url.finish()), &forwarded)
        }
        Transport::Events => {
            let head = format!(
                "POST /graphql/stream HTTP/1.1\r\nhost: localhost\r\naccept: text/event-stream\r\n\
                 content-type: application/json\r\ncontent-length: {}\r\n{forwarded}\r\n",
                json.len()
            );
            [head.as_bytes(), json.as_bytes()].concat()
        }
        Transport::WebSocket => {
            let (head, end) = UPGRADE.split_at(UPGRADE.len() - 2);
            [head, forwarded.as_bytes(), end].concat()
        }
    };
    let mut stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    stream.write_all(&request).await?;
    let is_over: fn(&[u8]) -> bool = match transport {
        Transport::Post | Transport::Get => {
            |received| http::length(received).is_some_and(|length| received.len() >= length)
        }
        // A text that is longer than a body may be is refused before there are events.
        Transport::Events => |received| {
            find(received, b"data: ").is_some_and(|at| find(&received[at..], b"\n\n").is_some())
                || !received.starts_with(b"HTTP/1.1 200")
                    && http::length(received).is_some_and(|length| received.len() >= length)
        },
        Transport::WebSocket => {
            read_until(&mut stream, |received| find(received, b"\r\n\r\n").is_some()).await?;
            let subscribe = format!(r#"{{"id":"1","type":"subscribe","payload":{json}}}"#);
            let messages = [frames::text(r#"{"type":"connection_init"}"#), frames::text(&subscribe)].concat();
            stream.write_all(&messages).await?;
            |received| find(received, br#""id":"1""#).is_some()
        }
    };
    read_until(&mut stream, is_over).await
}

fn post_of(hostile: &Hostile, from: u32) -> Vec<u8> {
    http::post_with(&json_of(hostile), &forwarded(from))
}

fn json_of(hostile: &Hostile) -> String {
    json!({ "query": hostile.query, "variables": hostile.variables }).to_string()
}

fn forwarded(from: u32) -> String {
    format!("x-forwarded-for: {}\r\n", std::net::Ipv4Addr::from(0x0a00_0000 | from))
}

/// Reads until enough was received, or the connection ends.
async fn read_until(stream: &mut TcpStream, is_enough: impl Fn(&[u8]) -> bool) -> anyhow::Result<()> {
    let mut received = Vec::new();
    let reading = async {
        while !is_enough(&received) {
            if !matches!(stream.read_buf(&mut received).await, Ok(1..)) {
                break;
            }
        }
    };
    timeout(ANSWER_TIMEOUT, reading).await.context("no answer")
}

/// Returns the nanoseconds of processor time of each thread.
fn threads(pid: u32) -> anyhow::Result<HashMap<String, u64>> {
    let mut threads = HashMap::new();
    for entry in fs::read_dir(format!("/proc/{pid}/task"))? {
        let thread = entry?.file_name().to_string_lossy().into_owned();
        // A thread may just have ended.
        let Ok(stat) = fs::read_to_string(format!("/proc/{pid}/task/{thread}/schedstat")) else { continue };
        let nanoseconds = stat.split_whitespace().next().context("no schedstat")?.parse()?;
        threads.insert(thread, nanoseconds);
    }
    Ok(threads)
}

fn cpu_since(pid: u32, before: &HashMap<String, u64>) -> anyhow::Result<Duration> {
    let spent = threads(pid)?.into_iter().map(|(thread, now)| now - before.get(&thread).copied().unwrap_or(0).min(now));
    Ok(Duration::from_nanos(spent.sum()))
}

/// Where a flood comes from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Source {
    /// One network, with a new connection for each document.
    OneNetwork,
    /// As many networks as documents, with a new connection for each document.
    ManyNetworks,
    /// As many networks as documents, behind a proxy that keeps its connections open.
    KeptConnections,
}

/// Measures how long readers wait during a flood of the worst documents, and without one.
async fn flood(report: &mut Report, server: &Server, worst: &[Hostile]) -> anyhow::Result<()> {
    heading(&format!("{PER_SECOND} of the dearest a second, each a little different, and others who read"));
    let mut rows = Vec::new();
    // What the machine, the load itself and a new connection for each request cause: the smallest query, to a server that
    // does nothing with it, and to ours.
    let harmless = [Hostile { shape: "harmless", query: "{__typename}".to_owned(), variables: Map::new() }];
    let bare = Server::floor("{}").await?;
    let floods = [
        ("harmless, to a bare handler", &bare, &harmless[..], Source::OneNetwork),
        ("harmless", server, &harmless[..], Source::OneNetwork),
        ("one network", server, worst, Source::OneNetwork),
        ("as many networks", server, worst, Source::ManyNetworks),
        ("as many, over kept connections", server, worst, Source::KeptConnections),
    ];
    for (name, server, documents, source) in floods {
        for (reader, query) in READERS {
            progress(&format!("hostile: {reader}, flood from {name}"));
            let (mut quiet, mut flooded, mut sent) = (Vec::new(), Vec::new(), 0);
            for _ in 0..FLOOD_TURNS {
                quiet.extend(read(server, query, FLOOD).await?);
                let (address, documents, stop) = (server.address, documents.to_vec(), Instant::now() + FLOOD);
                let transports = if server.address == bare.address { &TRANSPORTS[..1] } else { &TRANSPORTS[..] };
                // The flood stands for other machines: its thread runs only while a processor is idle. At a low nice value
                // it would keep a processor until the end of its time slice, and so delay the reader itself.
                let flooding = std::thread::spawn(move || {
                    run_only_while_idle()?;
                    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
                    runtime.block_on(send_flood(address, &documents, transports, stop, source))
                });
                flooded.extend(read(server, query, FLOOD).await?);
                sent += flooding.join().map_err(|_| anyhow::anyhow!("the flood panicked"))??;
            }
            let [quiet_p50, quiet_p99] = [0.5, 0.99].map(|part| quantile(&mut quiet.clone(), part));
            let [p50, p99] = [0.5, 0.99].map(|part| quantile(&mut flooded.clone(), part));
            let ratio = p99 / quiet_p99;
            let figures = [quiet_p50, quiet_p99, p50, p99].map(|ms| format!("{ms:.2}"));
            let row = [&[name.to_owned(), reader.to_owned()][..], &figures, &[format!("{ratio:.2}"), sent.to_string()]];
            rows.push(row.concat());
            if documents.len() > 1 {
                let criterion = format!("p99 of {reader}, flood from {name}");
                report.criterion(&criterion, "<= 2 x quiet", &format!("{ratio:.2} x"), Some(ratio <= 2.0));
            }
        }
    }
    let head = ["flood from", "reader", "quiet p50 ms", "p99", "flooded p50", "p99", "ratio", "sent"];
    table(&head, &rows);
    Ok(())
}

/// Lets this thread run only while a processor is idle.
fn run_only_while_idle() -> anyhow::Result<()> {
    let idle = ThreadSchedulePolicy::Normal(NormalThreadSchedulePolicy::Idle);
    set_thread_priority_and_policy(thread_native_id(), ThreadPriority::Min, idle)
        .map_err(|error| anyhow::anyhow!("setting the priority of the flood: {error:?}"))
}

/// Returns the milliseconds that one reader waited for each response.
async fn read(server: &Server, query: &str, time: Duration) -> anyhow::Result<Vec<f64>> {
    let mut connection = Connection::open(server.address).await?;
    let request = http::post(&json!({ "query": query }).to_string());
    let (mut ticks, stop, mut waited) = (interval(READ_INTERVAL), Instant::now() + time, Vec::new());
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while Instant::now() < stop {
        ticks.tick().await;
        let begun = Instant::now();
        connection.exchange_with_timeout(&request).await?;
        waited.push(begun.elapsed().as_secs_f64() * 1000.0);
    }
    Ok(waited)
}

/// Sends documents at the given rate, whatever comes back, and returns their number. A comment makes each one new to
/// the server.
async fn send_flood(
    address: SocketAddr,
    worst: &[Hostile],
    transports: &[(Transport, &str)],
    stop: Instant,
    source: Source,
) -> anyhow::Result<u32> {
    let mut random = SmallRng::seed_from_u64(7);
    let mut ticks = interval(Duration::from_micros(1_000_000 / PER_SECOND));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let (mut tasks, mut sent) = (JoinSet::new(), 0);
    let kept: Arc<Mutex<Vec<Connection>>> = Arc::default();
    while Instant::now() < stop {
        ticks.tick().await;
        let mut hostile = worst[random.random_range(0..worst.len())].clone();
        hostile.query.push_str(&format!("#{sent}"));
        let transport = transports[random.random_range(0..transports.len())].0;
        let from = if source == Source::OneNetwork { 1 } else { sent };
        let kept = Arc::clone(&kept);
        tasks.spawn(async move {
            if source == Source::KeptConnections {
                post_over_kept(address, &hostile, from, &kept).await
            } else {
                send(address, &hostile, transport, from).await
            }
        });
        sent += 1;
        while tasks.try_join_next().is_some() {}
    }
    tasks.abort_all();
    Ok(sent)
}

/// Sends a document by POST over a connection that is open and idle, or over a new one if there is none.
async fn post_over_kept(
    address: SocketAddr,
    hostile: &Hostile,
    from: u32,
    kept: &Mutex<Vec<Connection>>,
) -> anyhow::Result<()> {
    let idle = kept.lock().pop();
    let mut connection = match idle {
        Some(connection) => connection,
        None => Connection::open(address).await?,
    };
    connection.exchange_with_timeout(&post_of(hostile, from)).await?;
    kept.lock().push(connection);
    Ok(())
}
