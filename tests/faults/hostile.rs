//! Somebody who wants to take every connection there is.

use std::{
    net::{IpAddr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use test_support::{
    Client, TIMEOUT, TestDatabase,
    client::split,
    flags::Flags,
    ledger,
    loopback::{client_from, connect_from},
    process::ServerProcess,
    program::program,
    raw_socket::greeting,
    socket::{Socket, upgraded},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinSet,
};

use crate::world::{crowd::UPGRADE, leftovers::kilobytes, nginx::Nginx};

const ATTACKER: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(127, 0, 0, 2));
const VISITOR: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(127, 0, 0, 3));
const CONNECTIONS: u32 = 12_000;
/// Open files that the server may have.
const FILES: &str = "--nofile=8192:8192";
/// Longer than the server gives a first request or a body.
const ATTACK: Duration = Duration::from_secs(40);
const PROBES: [&str; 3] = ["/healthz", "/readyz", "/metrics"];
/// What is closed is opened again after this time: two thousand connections a second.
const PAUSE: Duration = Duration::from_secs(6);
/// What one connection of the attacker's does, again as soon as it is closed.
#[derive(Clone, Copy)]
enum Deed {
    /// Sends this and reads what comes.
    Reads(&'static [u8]),
    /// Asks for much and reads nothing.
    NeverReads,
    /// Opens a socket, subscribes, and reads nothing.
    Subscribes,
}

const DEEDS: [Deed; 6] = [
    Deed::Reads(b""),
    Deed::Reads(b"POST /graphql HTTP/1.1\r\nhost: localhost\r\n"),
    Deed::Reads(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    Deed::Reads(
        b"POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 9000\r\n\r\n{",
    ),
    Deed::NeverReads,
    Deed::Subscribes,
];

/// How many connections the attacker has open, and how many it ever opened.
#[derive(Default)]
struct Held {
    now: AtomicUsize,
    opened: AtomicUsize,
}

async fn attack(address: SocketAddr, deed: Deed, held: Arc<Held>) {
    loop {
        if let Ok(stream) = connect_from(ATTACKER, address).await {
            held.now.fetch_add(1, Relaxed);
            held.opened.fetch_add(1, Relaxed);
            // Why it ended does not matter here.
            let _ = commit(deed, stream).await;
            held.now.fetch_sub(1, Relaxed);
        }
        tokio::time::sleep(PAUSE).await;
    }
}

async fn commit(deed: Deed, mut stream: TcpStream) -> std::io::Result<()> {
    match deed {
        Deed::Reads(sent) => {
            stream.write_all(sent).await?;
            let mut nothing = [0; 512];
            while stream.read(&mut nothing).await? > 0 {}
        }
        Deed::NeverReads => {
            let request = b"GET /metrics HTTP/1.1\r\nhost: localhost\r\n\r\n";
            // Until nothing is taken any more; what is stuck is found out by the next try.
            loop {
                tokio::time::timeout(Duration::from_secs(5), stream.write_all(request)).await??;
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
        Deed::Subscribes => {
            stream.write_all(UPGRADE.as_bytes()).await?;
            stream.write_all(&greeting("subscription { aggregate(budget: \"federal\") { version } }")).await?;
            // Long enough to be there all the time.
            tokio::time::sleep(ATTACK).await;
        }
    }
    Ok(())
}

/// Asks for something that must be answered; how long it took.
async fn answered(client: &Client, path: &str) -> Duration {
    let began = Instant::now();
    let response = client.http.get(client.url(path)).timeout(TIMEOUT).send().await;
    let response = response.unwrap_or_else(|error| panic!("{path} was not answered: {error:?}"));
    assert!(response.status().is_success(), "{path}: {}", response.status());
    response.bytes().await.unwrap();
    began.elapsed()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twelve_thousand_connections_of_one_address_keep_nobody_else_and_no_health_check_out() {
    let files = rlimit::increase_nofile_limit(u64::MAX).unwrap();
    if files < u64::from(CONNECTIONS) + 1_000 {
        return println!(
            "skipped: {CONNECTIONS} connections need more open files than the {files} that are allowed here"
        );
    }
    let database = TestDatabase::create().await;
    let flags = Flags::on(&database.url).with(["--log=error"]);
    // Fewer files than connections: who accepts all of them has none left.
    let mut command = tokio::process::Command::new("prlimit");
    command.args([FILES, program(), "serve"]).args(&*flags);
    let server = ServerProcess::start_command(command).await;
    let (near, visitor) = (client_from(ATTACKER, server.address), client_from(VISITOR, server.address));
    let mut watching = Socket::connect(server.address).await;
    watching.watch().await;
    watching.next_aggregate().await;

    let (server_address, held) = (server.address, Arc::<Held>::default());
    let mut attackers = JoinSet::new();
    for number in 0..CONNECTIONS {
        let (begins, held) = (PAUSE * number / CONNECTIONS, Arc::clone(&held));
        attackers.spawn(async move {
            tokio::time::sleep(begins).await;
            attack(server_address, DEEDS[number as usize % DEEDS.len()], held).await;
        });
    }
    let (mut health, mut read, mut voted, mut pushed) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (mut most, mut counted) = (0, 0);
    let began = Instant::now();
    while began.elapsed() < ATTACK {
        for probe in PROBES {
            health.push(answered(&near, probe).await);
        }
        read.push(answered(&visitor, "/api/budgets/federal/aggregate.json").await);
        let asked = Instant::now();
        let query = json!({ "query": format!("{{ v{counted}: budgets {{ slug }} }}") });
        let answer = visitor.http.post(visitor.url("/graphql")).timeout(TIMEOUT).json(&query).send().await.unwrap();
        assert!(answer.json::<Value>().await.unwrap()["data"].is_object());
        read.push(asked.elapsed());

        let handed_in = Instant::now();
        visitor.submit(split(50.0)).await;
        counted += 1;
        voted.push(handed_in.elapsed());
        watching.until_participants(counted).await;
        pushed.push(handed_in.elapsed());
        // Who comes now can watch too.
        let mut newcomer = Socket::connect(server.address).await;
        newcomer.watch().await;
        newcomer.until_participants(counted).await;
        most = most.max(held.now.load(Relaxed));
    }
    let opened = held.opened.load(Relaxed);
    let open = visitor.metric("taxbudget_open_connections").await;
    let refused = visitor.metric("taxbudget_refused_connections_total").await;
    let memory_mb = kilobytes(server.id(), "VmHWM") / 1024;
    attackers.shutdown().await;
    for (what, mut times) in [("health", health), ("read", read), ("vote", voted), ("push", pushed)] {
        times.sort();
        let (middle, slowest) = (times[times.len() / 2].as_millis(), times[times.len() - 1].as_millis());
        println!("hostile: {what} count={} middle_ms={middle} slowest_ms={slowest}", times.len());
    }
    println!("hostile: opened={opened} most={most} open={open} refused={refused} memory_mb={memory_mb}");
    assert!(opened >= CONNECTIONS as usize, "the attack took place: {opened}");
    assert!(refused > 0, "more than one network's share was asked for");
    assert_eq!(ledger::assert_exact(&database).await.submissions, counted);
    // Nothing is left of it. The watcher stays.
    visitor.metric_is("taxbudget_open_streams", 1).await;
    assert_eq!(server.terminate().await, Some(0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_proxy_refuses_one_address_more_than_its_share_and_hides_what_is_for_operators() {
    const SHARE: usize = 1_000;
    let database = TestDatabase::create().await;
    let flags = Flags::on(&database.url).with([
        // The proxy's limit is reached first.
        "--max-streams-per-network=5000",
        "--trusted-proxies=127.0.0.1/32",
        "--log=error",
    ]);
    let server = ServerProcess::start(&flags).await;
    let folder = tempfile::tempdir().unwrap();
    std::fs::set_permissions(folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let proxy = Nginx::start_in(folder.path(), &[server.address]).await;
    let (crowded, other) = (client_from(ATTACKER, proxy.address), client_from(VISITOR, proxy.address));
    for (path, status) in [("/healthz", 200), ("/metrics", 404), ("/readyz", 404)] {
        assert_eq!(other.http.get(other.url(path)).send().await.unwrap().status(), status, "{path}");
    }
    let mut held = Vec::new();
    for _ in 0..SHARE {
        let stream = connect_from(ATTACKER, proxy.address).await.unwrap();
        held.push(upgraded(stream, "/graphql/ws", Some("graphql-transport-ws")).await.unwrap());
        // Else it is closed for saying nothing.
        held.last_mut()
            .unwrap()
            .write_all(&greeting("subscription { aggregate(budget: \"federal\") { version } }"))
            .await
            .unwrap();
    }
    let refused = crowded.http.get(crowded.url("/healthz")).send().await.unwrap();
    assert_eq!(refused.status(), 429);
    answered(&other, "/healthz").await;
    drop(held);
}
