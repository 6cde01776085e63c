//! The program as processes of their own, to be killed.

use std::{
    net::{SocketAddr, TcpListener},
    process::{Output, Stdio},
};

use rand::RngExt;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

use super::PATIENCE;

/// The built program.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_taxbudget");

/// A running `taxbudget serve`; killed when dropped.
pub struct ServerProcess {
    pub address: SocketAddr,
    child: Child,
}

impl ServerProcess {
    /// Starts with these flags of `serve` and waits until it listens.
    pub async fn start(flags: &[String]) -> Self {
        Self::start_with_log(flags, Stdio::inherit()).await
    }

    /// The same with its log somewhere else than in the test's output.
    pub async fn start_with_log(flags: &[String], log: Stdio) -> Self {
        Self::start_in(&[], flags, log).await
    }

    /// The same with these variables in its environment.
    pub async fn start_in(environment: &[(&str, &str)], flags: &[String], log: Stdio) -> Self {
        let mut child = Command::new(PROGRAM)
            .arg("serve")
            .args(flags)
            .envs(environment.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let line = lines.next_line().await.unwrap().expect("the server ended before it listened");
        let address = line.strip_prefix("listening on http://").unwrap().parse().unwrap();
        Self { address, child }
    }

    /// SIGKILL: nothing is finished, nothing is said.
    pub async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }

    /// SIGTERM, and the exit code.
    pub async fn terminate(mut self) -> Option<i32> {
        self.signal("TERM").await;
        self.ended().await
    }

    /// Sends this signal and does not wait.
    pub async fn signal(&self, name: &str) {
        signal(&self.child, name).await;
    }

    /// Waits for the end; the exit code.
    pub async fn ended(&mut self) -> Option<i32> {
        tokio::time::timeout(PATIENCE, self.child.wait()).await.expect("it did not end").unwrap().code()
    }
}

/// Sends this signal to a process of the test's own.
pub async fn signal(child: &Child, name: &str) {
    let pid = child.id().unwrap().to_string();
    assert!(Command::new("kill").args(["-s", name, &pid]).status().await.unwrap().success());
}

/// Runs a command of the program to its end.
pub async fn run(arguments: &[&str]) -> Output {
    Command::new(PROGRAM).args(arguments).stdin(Stdio::null()).output().await.unwrap()
}

/// A port that was free a moment ago, for what must come back on the same one: below those that outgoing connections are
/// given, so that none of them takes it meanwhile.
pub fn free_port() -> u16 {
    let mut random = rand::rng();
    let is_free = |port: &u16| TcpListener::bind(("127.0.0.1", *port)).is_ok();
    std::iter::repeat_with(|| random.random_range(20_000..32_000)).find(is_free).unwrap()
}
