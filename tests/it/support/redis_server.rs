//! A `redis-server` with any settings, and what `redis-cli` says of it.

use tempfile::TempDir;
use tokio::process::{Child, Command};

use super::{
    eventually,
    redis::{IN_MEMORY, spawn},
};

/// A running server of Redis, and how `redis-cli` speaks with it; killed when dropped.
pub struct Redis {
    pub port: u16,
    access: Vec<String>,
    pub child: Child,
    _folder: TempDir,
}

impl Redis {
    /// With these settings.
    pub async fn start(port: u16, arguments: &[&str]) -> Self {
        Self::launch(port, [&["--port", &port.to_string()], arguments].concat().as_slice(), &[]).await
    }

    /// The same with arguments of `redis-cli` that give access.
    pub async fn launch(port: u16, arguments: &[&str], access: &[&str]) -> Self {
        Self::launch_in(tempfile::tempdir().unwrap(), port, &[arguments, &IN_MEMORY].concat(), access).await
    }

    /// In this folder, with exactly these arguments; waits until it answers.
    pub async fn launch_in(folder: TempDir, port: u16, arguments: &[&str], access: &[&str]) -> Self {
        let child = spawn(folder.path(), arguments);
        let access = access.iter().map(ToString::to_string).collect();
        let redis = Self { port, access, child, _folder: folder };
        eventually("Redis answers", || async { (redis.ask(&["PING"]).await == "PONG").then_some(()) }).await;
        redis
    }

    /// The answer to one command; of an error its text.
    pub async fn ask(&self, words: &[&str]) -> String {
        let port = self.port.to_string();
        let output = Command::new("redis-cli").args(["-p", &port]).args(&self.access).args(words).output().await;
        let output = output.expect("redis-cli comes with redis-server");
        String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
    }
}
