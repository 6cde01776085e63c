//! A Redis of one test's own, to be stopped and started again.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Output, Stdio},
};

use tempfile::TempDir;
use tokio::{
    io::AsyncWriteExt,
    process::{Child, Command},
};

use super::{
    eventually,
    process::{free_port, tied},
};

/// Settings of a server that keeps nothing and nobody reaches from elsewhere.
const IN_MEMORY: [&str; 6] = ["--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];

/// A running `redis-server` on a port that stays the same, and `redis-cli` to speak with it; killed when dropped.
pub struct RedisProcess {
    pub port: u16,
    arguments: Vec<String>,
    /// Arguments of `redis-cli` that give access.
    access: Vec<String>,
    folder: PathBuf,
    child: Option<Child>,
    /// Removed with it.
    own: Option<TempDir>,
}

impl RedisProcess {
    pub async fn start() -> Self {
        Self::start_with(free_port(), &[]).await
    }

    /// With these settings.
    pub async fn start_with(port: u16, settings: &[&str]) -> Self {
        Self::launch(port, &[&["--port", &port.to_string()], settings].concat(), &[]).await
    }

    /// With these settings, which say where it listens, and arguments of `redis-cli` that give access.
    pub async fn launch(port: u16, settings: &[&str], access: &[&str]) -> Self {
        Self::launch_in(tempfile::tempdir().unwrap(), port, &[settings, &IN_MEMORY].concat(), access).await
    }

    /// In this folder, which goes with it, with exactly these arguments.
    pub async fn launch_in(folder: TempDir, port: u16, arguments: &[&str], access: &[&str]) -> Self {
        let mut redis = Self::resumed(folder.path(), port, arguments, access).await;
        redis.own = Some(folder);
        redis
    }

    /// In somebody else's folder.
    pub async fn start_in(folder: &Path) -> Self {
        let port = free_port();
        Self::resumed(folder, port, &[&["--port", &port.to_string()], &IN_MEMORY[..]].concat(), &[]).await
    }

    async fn resumed(folder: &Path, port: u16, arguments: &[&str], access: &[&str]) -> Self {
        let owned = |words: &[&str]| words.iter().map(ToString::to_string).collect();
        let (arguments, access) = (owned(arguments), owned(access));
        let mut redis = Self { port, arguments, access, folder: folder.to_owned(), child: None, own: None };
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

    /// Sends one command that must succeed; its answer as text, `None` for nil.
    pub async fn command(&self, words: &[&str]) -> Option<String> {
        let output = self.redis_cli(words).await;
        assert!(output.status.success(), "{words:?}: {output:?}");
        Some(text(output)).filter(|answer| !answer.is_empty())
    }

    /// The answer to one command as text; an error is an empty one.
    pub async fn ask(&self, words: &[&str]) -> String {
        text(self.redis_cli(words).await)
    }

    async fn redis_cli(&self, words: &[&str]) -> Output {
        let port = self.port.to_string();
        let mut command = Command::new("redis-cli");
        // With -e an error is also an exit status.
        command.args(["-e", "-p", &port]).args(&self.access).stdout(Stdio::piped()).stderr(Stdio::piped());
        let Some((last, [first, others @ ..])) = words.split_last() else {
            return command.args(words).stdin(Stdio::null()).output().await.unwrap();
        };
        // The last word goes through standard input: an argument cannot hold every byte.
        command.args(["-x", first]).args(others).stdin(Stdio::piped());
        let mut child = command.spawn().expect("redis-cli comes with redis-server");
        child.stdin.take().unwrap().write_all(last.as_bytes()).await.unwrap();
        child.wait_with_output().await.unwrap()
    }

    pub async fn stop(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().await.unwrap();
        }
    }

    /// Starts again, empty, and waits until it answers.
    pub async fn resume(&mut self) {
        let started = tied("KILL", "redis-server", &[])
            .args(&self.arguments)
            .current_dir(&self.folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("this test needs redis-server on the PATH; scripts/ensure-services installs it");
        self.child = Some(started);
        let redis = &*self;
        eventually("Redis answers", || async { (redis.ask(&["PING"]).await == "PONG").then_some(()) }).await;
    }
}

fn text(output: Output) -> String {
    String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
}
