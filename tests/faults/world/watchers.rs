//! People who watch the results through everything that happens, and all that they saw.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use rand::{RngExt, SeedableRng, rngs::StdRng};
use test_support::socket::{Incoming, Socket, revision};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// A connection that is not open by then is tried again.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// A snapshot as somebody saw it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    pub at: Instant,
    /// Counts this watcher's connections, from 1.
    pub connection: usize,
    pub revision: (i64, i64),
    pub participants: i64,
    pub submissions: i64,
    pub is_stale: bool,
}

/// How a connection ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    pub at: Instant,
    /// The code of the close frame; none where the connection broke.
    pub code: Option<u16>,
    pub connection: usize,
}

/// What one watcher went through.
#[derive(Debug, Clone)]
pub struct History {
    pub began: Instant,
    pub connections: usize,
    pub seen: Vec<Seen>,
    pub ended: Vec<Ended>,
    /// Codes of errors that came instead of a snapshot.
    pub refused: Vec<String>,
}

impl History {
    /// What the watcher holds now. Like the page it never goes back to something older.
    pub fn newest(&self) -> Option<&Seen> {
        self.seen.iter().max_by_key(|seen| seen.revision)
    }

    /// What its present connection last told.
    pub fn last(&self) -> Option<&Seen> {
        self.seen.last().filter(|seen| seen.connection == self.connections)
    }
}

/// The running watchers.
pub struct Watchers {
    histories: Vec<Arc<Mutex<History>>>,
    stop: CancellationToken,
    tasks: JoinSet<()>,
}

impl Watchers {
    /// So many, each at one of these addresses, another one at random whenever it connects again.
    pub fn start(count: usize, addresses: &[SocketAddr], random: &mut StdRng) -> Self {
        let began = Instant::now();
        let history = History { began, connections: 0, seen: Vec::new(), ended: Vec::new(), refused: Vec::new() };
        let histories: Vec<_> = (0..count).map(|_| Arc::new(Mutex::new(history.clone()))).collect();
        let (stop, mut tasks) = (CancellationToken::new(), JoinSet::new());
        for (number, history) in histories.iter().enumerate() {
            let (history, addresses) = (Arc::clone(history), addresses.to_vec());
            let (stop, random) = (stop.clone(), StdRng::seed_from_u64(random.random()));
            tasks.spawn(async move {
                // They begin at all of them.
                let first = addresses[number % addresses.len()];
                stop.run_until_cancelled(watch(history, first, addresses, random)).await;
            });
        }
        Self { histories, stop, tasks }
    }

    /// Whether it is so for each of them now.
    pub fn all(&self, is_so: impl Fn(&History) -> bool) -> bool {
        self.histories.iter().all(|history| is_so(&history.lock().unwrap()))
    }

    /// Ends; what each saw.
    pub async fn stop(self) -> Vec<History> {
        self.stop.cancel();
        let histories = self.histories;
        self.tasks.join_all().await;
        histories.iter().map(|history| history.lock().unwrap().clone()).collect()
    }
}

async fn watch(history: Arc<Mutex<History>>, first: SocketAddr, addresses: Vec<SocketAddr>, mut random: StdRng) {
    let mut address = first;
    loop {
        if let Ok(Ok(mut socket)) = tokio::time::timeout(CONNECT_TIMEOUT, opened(address)).await {
            let connection = {
                let mut history = history.lock().unwrap();
                history.connections += 1;
                history.connections
            };
            let code = follow(&mut socket, &history, connection).await;
            history.lock().unwrap().ended.push(Ended { at: Instant::now(), code, connection });
        }
        tokio::time::sleep(Duration::from_millis(random.random_range(5..50))).await;
        address = addresses[random.random_range(0..addresses.len())];
    }
}

/// An error's text, because the error itself cannot be held across an await.
async fn opened(address: SocketAddr) -> Result<Socket, String> {
    let mut socket = Socket::try_connect(address).await.map_err(|error| error.to_string())?;
    socket.try_watch().await.map_err(|error| error.to_string())?;
    Ok(socket)
}

/// Until the end of the connection; its code.
async fn follow(socket: &mut Socket, history: &Mutex<History>, connection: usize) -> Option<u16> {
    loop {
        let incoming = socket.receive().await.map_err(|error| error.to_string());
        let message = match incoming {
            Ok(Incoming::Json(message)) => message,
            Ok(Incoming::Closed(frame)) => return frame.map(|frame| frame.code.into()),
            Err(_) => return None,
        };
        let aggregate = &message["payload"]["data"]["aggregate"];
        if !aggregate.is_object() {
            let code = message["payload"][0]["extensions"]["code"].as_str().unwrap_or("unknown");
            history.lock().unwrap().refused.push(code.to_owned());
            return None;
        }
        let count = |name: &str| aggregate[name].as_i64().unwrap();
        let seen = Seen {
            at: Instant::now(),
            connection,
            revision: revision(aggregate),
            participants: count("participantCount"),
            submissions: count("submissionCount"),
            is_stale: aggregate["stale"].as_bool().unwrap(),
        };
        history.lock().unwrap().seen.push(seen);
    }
}
