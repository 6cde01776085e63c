//! A Redis of one test's own, to be stopped and started again.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Stdio,
};

use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
    process::Child,
};

use super::{
    eventually,
    process::{free_port, tied},
};

/// Settings of a server that keeps nothing and nobody reaches from elsewhere.
pub const IN_MEMORY: [&str; 6] = ["--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];

/// A running `redis-server` on a port that stays the same; killed when dropped.
pub struct RedisProcess {
    port: u16,
    folder: PathBuf,
    child: Option<Child>,
    /// Removed with it.
    own: Option<TempDir>,
}

impl RedisProcess {
    pub async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut redis = Self::start_in(folder.path()).await;
        redis.own = Some(folder);
        redis
    }

    /// The same in somebody else's folder.
    pub async fn start_in(folder: &Path) -> Self {
        let mut redis = Self { port: free_port(), folder: folder.to_owned(), child: None, own: None };
        redis.resume().await;
        redis
    }

    pub fn address(&self) -> SocketAddr {
        ([127, 0, 0, 1], self.port).into()
    }

    /// Its number, while it runs.
    pub fn id(&self) -> Option<u32> {
        self.child.as_ref()?.id()
    }

    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Sends one command; its answer as text, `None` for nil.
    pub async fn command(&self, words: &[&str]) -> Option<String> {
        let mut stream = BufReader::new(TcpStream::connect(("127.0.0.1", self.port)).await.unwrap());
        let mut request = format!("*{}\r\n", words.len());
        for word in words {
            request.push_str(&format!("${}\r\n{word}\r\n", word.len()));
        }
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut head = String::new();
        stream.read_line(&mut head).await.unwrap();
        assert!(!head.starts_with('-'), "{words:?}: {head}");
        let head = head.trim_end();
        match head.strip_prefix('$') {
            Some("-1") => None,
            Some(length) => {
                let mut text = vec![0; length.parse().unwrap()];
                stream.read_exact(&mut text).await.unwrap();
                Some(String::from_utf8(text).unwrap())
            }
            None => Some(head[1..].to_owned()),
        }
    }

    pub async fn stop(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().await.unwrap();
        }
    }

    /// Starts again, empty.
    pub async fn resume(&mut self) {
        let port = self.port.to_string();
        self.child = Some(spawn(&self.folder, &[&["--port", &port], &IN_MEMORY[..]].concat()));
        eventually("Redis listens", || async { TcpStream::connect(("127.0.0.1", self.port)).await.ok() }).await;
    }
}

/// A `redis-server` that works in this folder.
pub fn spawn(folder: &Path, arguments: &[&str]) -> Child {
    tied("KILL", "redis-server", &[])
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .expect("this test needs redis-server on the PATH; scripts/ensure-services installs it")
}
