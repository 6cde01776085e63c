//! A Redis of one test's own, to be stopped and started again.

use std::process::Stdio;

use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
    process::{Child, Command},
};

use super::{eventually, process::free_port};

/// A running `redis-server` on a port that stays the same; killed when dropped.
pub struct RedisProcess {
    port: u16,
    folder: TempDir,
    child: Option<Child>,
}

impl RedisProcess {
    pub async fn start() -> Self {
        let mut redis = Self { port: free_port(), folder: tempfile::tempdir().unwrap(), child: None };
        redis.resume().await;
        redis
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
        let child = Command::new("redis-server")
            .args(["--port", &port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"])
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("this test needs redis-server on the PATH; scripts/ensure-services installs it");
        self.child = Some(child);
        eventually("Redis listens", || async { TcpStream::connect(("127.0.0.1", self.port)).await.ok() }).await;
    }
}
