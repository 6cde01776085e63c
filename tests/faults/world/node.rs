//! One process of the program, which comes back on the same address.

use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use tokio::time::timeout;

use super::{leftovers::kilobytes, report};
use test_support::{
    Client, TIMEOUT,
    flags::Flags,
    process::{ServerProcess, free_port, tied},
    program::program,
};

/// A `taxbudget serve` that is killed and started again.
pub struct Node {
    pub name: String,
    pub address: SocketAddr,
    flags: Flags,
    environment: Vec<(String, String)>,
    folder: PathBuf,
    process: Option<ServerProcess>,
    /// The most memory that any of its processes had, in kilobytes.
    peak_memory: u64,
}

impl Node {
    /// Starts with these flags beside the address, and works and logs in this folder.
    pub async fn start_in(folder: &Path, name: &str, flags: Flags, environment: Vec<(String, String)>) -> Self {
        let address = SocketAddr::from(([127, 0, 0, 1], free_port()));
        let mut node = Self {
            name: name.to_owned(),
            address,
            flags: flags.with([format!("--listen={address}")]),
            environment,
            folder: folder.to_owned(),
            process: None,
            peak_memory: 0,
        };
        node.resume().await;
        node
    }

    /// Starts again, on the same address.
    pub async fn resume(&mut self) {
        assert!(self.process.is_none(), "{} runs", self.name);
        let log = fs::File::options().create(true).append(true).open(self.log()).unwrap();
        let mut command = tied("KILL", program(), &[]);
        command.arg("serve").args(&*self.flags);
        command.envs(self.environment.iter().cloned()).current_dir(&self.folder).stderr(log);
        let started = timeout(TIMEOUT, ServerProcess::start_command(command)).await;
        self.process = Some(started.unwrap_or_else(|_| panic!("{} does not listen", self.name)));
    }

    /// SIGKILL.
    pub async fn kill(&mut self) {
        self.measure();
        self.process.take().unwrap().kill().await;
    }

    /// SIGTERM, and the exit code.
    pub async fn terminate(&mut self) -> Option<i32> {
        self.measure();
        let stopped = timeout(TIMEOUT, self.process.take().unwrap().terminate()).await;
        stopped.unwrap_or_else(|_| panic!("{} does not stop", self.name))
    }

    pub fn is_running(&self) -> bool {
        self.process.is_some()
    }

    pub fn client(&self) -> Client {
        Client::new(self.address)
    }

    /// The most memory that it ever had, in megabytes.
    pub fn peak_memory_mb(&mut self) -> u64 {
        self.measure();
        self.peak_memory / 1024
    }

    /// What it has now, in megabytes.
    pub fn memory_mb(&self) -> u64 {
        self.process.as_ref().map_or(0, |process| kilobytes(process.id(), "VmRSS") / 1024)
    }

    fn log(&self) -> PathBuf {
        self.folder.join(format!("{}.log", self.name))
    }

    fn measure(&mut self) {
        if let Some(process) = &self.process {
            self.peak_memory = self.peak_memory.max(kilobytes(process.id(), "VmHWM"));
        }
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        report(&self.name, &self.log());
    }
}
