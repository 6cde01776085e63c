//! Thousands of subscribers in one process: each as little as a subscriber can be.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicUsize, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use test_support::raw_socket::{greeting, masked};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufStream},
    net::TcpStream,
    task::JoinSet,
};

/// The beginning of a socket.
pub const UPGRADE: &str = "GET /graphql/ws HTTP/1.1\r\nhost: localhost\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
    sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
    sec-websocket-protocol: graphql-transport-ws\r\n\r\n";
/// What is asked begins with the count, so that the head of a message tells it.
const COUNT: &str = "\"submissionCount\":";
/// As much of a message as is kept: the count stands within.
const HEAD: usize = 256;

/// Subscribers who come back as soon as they can; gone when dropped.
pub struct Crowd {
    members: Arc<[Member]>,
    tasks: JoinSet<()>,
}

#[derive(Default)]
struct Member {
    /// Of the newest snapshot on the present connection.
    submissions: AtomicI64,
    connections: AtomicUsize,
}

impl Crowd {
    /// So many, all connecting at once; what they ask for beside the count of submissions.
    pub fn gather(address: SocketAddr, count: usize, selection: &str) -> Self {
        let members: Arc<[Member]> = (0..count).map(|_| Member::default()).collect();
        let greeting: Arc<[u8]> = greeting(&query(selection)).into();
        let mut tasks = JoinSet::new();
        for number in 0..count {
            let (members, greeting) = (Arc::clone(&members), Arc::clone(&greeting));
            tasks.spawn(async move { members[number].follow(address, &greeting).await });
        }
        Self { members, tasks }
    }

    /// Waits until each of them holds at least so many submissions; how long that took.
    pub async fn holds(&self, submissions: i64, patience: Duration) -> Duration {
        let began = Instant::now();
        loop {
            let behind = self.members.iter().filter(|member| member.submissions.load(Relaxed) < submissions).count();
            if behind == 0 {
                return began.elapsed();
            }
            let all = self.members.len();
            assert!(began.elapsed() < patience, "{behind} of {all} are behind {submissions} after {patience:?}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// How often they connected, together.
    pub fn connections(&self) -> usize {
        self.members.iter().map(|member| member.connections.load(Relaxed)).sum()
    }

    /// All leave.
    pub async fn leave(mut self) {
        self.tasks.shutdown().await;
    }
}

impl Member {
    async fn follow(&self, address: SocketAddr, greeting: &[u8]) {
        loop {
            if let Ok(stream) = TcpStream::connect(address).await {
                // Why it ended does not matter here.
                let _ = self.serve(stream, greeting).await.map_err(|error| error.to_string());
                self.submissions.store(0, Relaxed);
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    async fn serve(&self, stream: TcpStream, greeting: &[u8]) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        let mut stream = BufStream::with_capacity(1024, 64, stream);
        stream.write_all(UPGRADE.as_bytes()).await?;
        stream.flush().await?;
        let mut line = String::new();
        stream.read_line(&mut line).await?;
        if !line.starts_with("HTTP/1.1 101 ") {
            return Err(line.into());
        }
        while line != "\r\n" {
            line.clear();
            stream.read_line(&mut line).await?;
        }
        stream.write_all(greeting).await?;
        stream.flush().await?;
        self.connections.fetch_add(1, Relaxed);
        loop {
            let kind = stream.read_u8().await?;
            let length = match stream.read_u8().await? {
                126 => u64::from(stream.read_u16().await?),
                127 => stream.read_u64().await?,
                length => u64::from(length),
            };
            let length = usize::try_from(length)?;
            let mut head = vec![0; length.min(HEAD)];
            stream.read_exact(&mut head).await?;
            let mut rest = length - head.len();
            let mut nothing = [0; 4096];
            while rest > 0 {
                let part = rest.min(nothing.len());
                rest -= stream.read(&mut nothing[..part]).await?.max(1);
            }
            match kind {
                0x81 => {
                    if let Some((_, count)) = std::str::from_utf8(&head)?.split_once(COUNT) {
                        let end = count.find(|c: char| !c.is_ascii_digit()).ok_or("cut")?;
                        self.submissions.store(count[..end].parse()?, Relaxed);
                    }
                }
                0x89 => {
                    stream.write_all(&masked(0x8a, &head)).await?;
                    stream.flush().await?;
                }
                _ => return Ok(()),
            }
        }
    }
}

/// What they ask for.
pub fn query(selection: &str) -> String {
    format!("subscription {{ aggregate(budget: \"federal\") {{ submissionCount {selection} }} }}")
}
