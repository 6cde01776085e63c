//! What the nodes announce to each other through Redis.

use std::sync::Arc;

use anyhow::Context;
use parking_lot::Mutex;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinSet,
};

use crate::http::find;

/// Stands once in each message of a subscription by pattern.
const MESSAGE: &[u8] = b"\r\npmessage\r\n";

/// A subscription to every channel of a prefix.
pub struct Announcements {
    received: Arc<Mutex<Vec<u8>>>,
    _reading: JoinSet<()>,
}

/// Returns the address of the Redis that scripts/with-services started.
pub fn redis_url() -> anyhow::Result<String> {
    // The variable is no setting of the program: the script that started the server sets it.
    #[allow(clippy::disallowed_methods)]
    std::env::var("TEST_REDIS_URL").context("TEST_REDIS_URL is not set: run scripts/bench")
}

/// Returns the process that listens at the address of [`redis_url`].
pub fn redis_pid() -> anyhow::Result<u32> {
    let url = redis_url()?;
    let (_, port) = url.rsplit_once(':').context("no port")?;
    let flags = format!("--port\0{port}\0");
    let is_redis = |pid: &u32| {
        std::fs::read(format!("/proc/{pid}/cmdline")).is_ok_and(|line| {
            // Redis shows its address as "redis-server 127.0.0.1:6379".
            find(&line, b"redis-server").is_some()
                && (find(&line, flags.as_bytes()).is_some() || find(&line, format!(":{port}").as_bytes()).is_some())
        })
    };
    let processes = std::fs::read_dir("/proc")?.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    processes.into_iter().find(is_redis).context("no process of Redis on this machine")
}

impl Announcements {
    /// Subscribes, and returns when Redis has confirmed it.
    pub async fn listen(url: &str, prefix: &str) -> anyhow::Result<Self> {
        let address = url.strip_prefix("redis://").context("no redis:// address")?;
        let mut stream = TcpStream::connect(address).await?;
        stream.write_all(format!("PSUBSCRIBE {prefix}*\r\n").as_bytes()).await?;
        let mut confirmation = [0; 512];
        anyhow::ensure!(stream.read(&mut confirmation).await? > 0, "Redis closed the connection");
        let received = Arc::new(Mutex::new(Vec::new()));
        let (mut reading, all) = (JoinSet::new(), Arc::clone(&received));
        reading.spawn(async move {
            let mut bytes = vec![0; 64 * 1024];
            while let Ok(length @ 1..) = stream.read(&mut bytes).await {
                all.lock().extend_from_slice(&bytes[..length]);
            }
        });
        Ok(Self { received, _reading: reading })
    }

    /// Returns the bytes of a message, on average; no number if there was none.
    pub fn bytes_each(&self) -> f64 {
        let received = self.received.lock();
        let (mut count, mut rest) = (0, &received[..]);
        while let Some(at) = find(rest, MESSAGE) {
            count += 1;
            rest = &rest[at + MESSAGE.len()..];
        }
        received.len() as f64 / f64::from(count)
    }
}
