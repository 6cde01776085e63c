//! Processes that are killed or stopped under load: what was acknowledged stays, and counts once.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use rand::{RngExt, SeedableRng, rngs::StdRng};
use tokio::{sync::watch, task::JoinSet};

use crate::support::{
    Client, TestDatabase,
    answers::{Acknowledgement, Acknowledgements, client_of, input, participant, receipt, seeded, shares},
    flags::Flags,
    ledger,
    process::{ServerProcess, free_port, run},
    setting,
    socket::{Incoming, Socket, revision},
};

/// A server's flags: always the same database, bus and port.
fn flags(database: &TestDatabase, port: u16) -> Flags {
    let redis_url = setting("TEST_REDIS_URL").unwrap_or_default();
    Flags::on(&database.url).with_redis(&redis_url, &format!("test-{}", uuid::Uuid::new_v4().simple())).with([
        &format!("--listen=127.0.0.1:{port}"),
        "--push-interval-ms=5",
        "--log=off",
    ])
}

/// Participants by their number and nobody: 0 is nobody.
async fn voices(address: SocketAddr, random: &mut StdRng, receipts: &mut Acknowledgements) -> Vec<Client> {
    let mut clients = vec![client_of(address, None)];
    for number in 0..4 {
        let (token, first) = participant(address, &shares(random, 10), &format!("first-of-{number}")).await;
        receipts.add(Acknowledgement { participant: Some(number), ..first });
        clients.push(client_of(address, Some(&token)));
    }
    clients
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_survives_kills_and_counts_once_however_often_it_was_retried() {
    const KILLS: u32 = 12;
    let mut random = seeded("kills");
    let database = TestDatabase::create().await;
    let flags = flags(&database, free_port());
    let mut server = ServerProcess::start(&flags).await;
    let address = server.address;
    let mut receipts = Acknowledgements::default();
    let clients = Arc::new(voices(address, &mut random, &mut receipts).await);

    let stop = Arc::new(AtomicBool::new(false));
    let retries = Arc::new(AtomicUsize::new(0));
    let mut workers = JoinSet::new();
    for worker in 0..10 {
        let random = StdRng::seed_from_u64(random.random());
        workers.spawn(submit_until(worker, Arc::clone(&clients), random, Arc::clone(&stop), Arc::clone(&retries)));
    }
    let (expected, expects) = watch::channel(None);
    let subscriber = tokio::spawn(watch_through_restarts(address, expects));

    for _ in 0..KILLS {
        tokio::time::sleep(Duration::from_millis(random.random_range(20..500))).await;
        server.kill().await;
        server = ServerProcess::start(&flags).await;
    }
    stop.store(true, Ordering::Relaxed);
    for receipt in workers.join_all().await.into_iter().flatten() {
        receipts.add(receipt);
    }

    receipts.assert_kept(&database).await;
    let numbers = ledger::assert_exact(&database).await;
    let submissions = i64::try_from(receipts.0.len()).unwrap();
    assert_eq!(numbers.submissions, submissions);
    client_of(address, None).aggregate_of(numbers.participants, submissions).await;
    expected.send(Some(submissions)).unwrap();
    let connections = subscriber.await.unwrap();
    let retries = retries.load(Ordering::Relaxed);
    println!("{KILLS} kills, {submissions} submissions, {retries} retries, {connections} connections");
    assert!(retries > 0, "the kills must hit submissions under way");
    server.kill().await;
    let verified = run(&["verify", "--database-url", &database.url]).await;
    assert!(verified.status.success(), "{verified:?}");
}

/// Hands in, each allocation again and again with its key until it is acknowledged.
async fn submit_until(
    worker: usize,
    clients: Arc<Vec<Client>>,
    mut random: StdRng,
    stop: Arc<AtomicBool>,
    retries: Arc<AtomicUsize>,
) -> Vec<Acknowledgement> {
    let mut receipts = Vec::new();
    while !stop.load(Ordering::Relaxed) {
        let voice = random.random_range(0..clients.len());
        let shares = shares(&mut random, 10);
        let key = format!("worker-{worker}-{}", receipts.len());
        let sent = Instant::now();
        let response = loop {
            match clients[voice].try_submit(input(&shares, Some(&key))).await {
                Ok(response) if response.get("errors").is_none() => break response,
                Ok(response) => {
                    let code = &response["errors"][0]["extensions"]["code"];
                    assert_eq!(code, "UNAVAILABLE", "{response}");
                }
                Err(_) => {}
            }
            retries.fetch_add(1, Ordering::Relaxed);
            assert!(sent.elapsed() < crate::support::TIMEOUT, "the server does not come back");
            tokio::time::sleep(Duration::from_millis(10)).await;
        };
        receipts.push(receipt(&response, voice.checked_sub(1), &shares, sent));
    }
    receipts
}

/// Watches, connecting again whenever the connection breaks, until what is expected is seen. Nothing may ever go down.
/// Returns how often it connected.
async fn watch_through_restarts(address: SocketAddr, mut expected: watch::Receiver<Option<i64>>) -> usize {
    let mut last = ((0, 0), 0, 0);
    let mut connections = 0;
    let deadline = Instant::now() + 2 * crate::support::TIMEOUT;
    loop {
        assert!(Instant::now() < deadline, "{:?} was never shown, only {last:?}", *expected.borrow());
        let Ok(mut socket) = Socket::try_connect(address).await else {
            tokio::time::sleep(Duration::from_millis(5)).await;
            continue;
        };
        connections += 1;
        if socket.try_watch().await.is_err() {
            continue;
        }
        loop {
            if *expected.borrow_and_update() == Some(last.2) {
                return connections;
            }
            let incoming = tokio::select! {
                incoming = socket.receive() => incoming,
                _ = expected.changed() => continue,
            };
            let Ok(Incoming::Json(message)) = incoming else { break };
            let aggregate = &message["payload"]["data"]["aggregate"];
            if !aggregate.is_object() {
                // Such as UNAVAILABLE while it starts.
                break;
            }
            let count = |name: &str| aggregate[name].as_i64().unwrap();
            let shown = (revision(aggregate), count("participantCount"), count("submissionCount"));
            assert!(shown.0 >= last.0 && shown.1 >= last.1 && shown.2 >= last.2, "{shown:?} after {last:?}");
            last = shown;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_told_to_stop_under_load_answers_what_it_took_and_folds_it() {
    let mut random = seeded("stops");
    let database = TestDatabase::create().await;
    // Long enough that all but the first fold is the last one.
    let flags = flags(&database, free_port()).with(["--push-interval-ms=60000"]);
    let mut receipts = Acknowledgements::default();
    let mut clients = None;
    for round in 0..3 {
        let server = ServerProcess::start(&flags).await;
        if clients.is_none() {
            clients = Some(Arc::new(voices(server.address, &mut random, &mut receipts).await));
        }
        let clients = clients.as_ref().unwrap();
        let mut workers = JoinSet::new();
        for worker in 0..10 {
            let (clients, mut random) = (Arc::clone(clients), StdRng::seed_from_u64(random.random()));
            workers.spawn(async move {
                let mut receipts = Vec::new();
                loop {
                    let voice = random.random_range(0..clients.len());
                    let shares = shares(&mut random, 10);
                    let key = format!("round-{round}-worker-{worker}-{}", receipts.len());
                    let sent = Instant::now();
                    match clients[voice].try_submit(input(&shares, Some(&key))).await {
                        Ok(response) => receipts.push(receipt(&response, voice.checked_sub(1), &shares, sent)),
                        Err(_) => return receipts,
                    }
                }
            });
        }
        let mut socket = Socket::connect(server.address).await;
        socket.watch().await;
        tokio::time::sleep(Duration::from_millis(random.random_range(100..600))).await;
        let stopping = Instant::now();
        assert_eq!(server.terminate().await, Some(0));
        assert!(stopping.elapsed() < Duration::from_secs(8), "it ended by itself, not by running out of patience");
        for receipt in workers.join_all().await.into_iter().flatten() {
            receipts.add(receipt);
        }
        // Before anything else has a chance to fold.
        assert_eq!(database.integer("SELECT COUNT(*) FROM aggregate_delta").await, 0);
        assert_eq!(ledger::stored(&database, "federal").await, ledger::counted(&database, "federal").await);
        receipts.assert_kept(&database).await;
    }
    let numbers = ledger::assert_exact(&database).await;
    println!("{} submissions", numbers.submissions);
    assert_eq!(numbers.submissions, i64::try_from(receipts.0.len()).unwrap());
}
