//! Servers under test, as separate processes.

use std::{ffi::OsStr, net::SocketAddr, path::Path, process::Stdio, time::Duration};

use anyhow::Context;
use tempfile::TempDir;
use test_support::{flags::Flags, program::program};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

use crate::{
    command,
    nchan::{self, Nchan},
    usage,
};

const START_TIMEOUT: Duration = Duration::from_mins(1);
/// The drain window, and what the requests that have begun may take.
const STOP_TIMEOUT: Duration = Duration::from_secs(40);
const QUIET_TIMEOUT: Duration = Duration::from_secs(15);

/// A running server; killed when dropped.
pub struct Server {
    pub address: SocketAddr,
    pub pid: u32,
    child: Child,
    /// The database's folder, removed with the server.
    _folder: Option<TempDir>,
}

impl Server {
    /// Starts our server with a new SQLite file.
    pub async fn embedded() -> anyhow::Result<Self> {
        Self::embedded_with(&[]).await
    }

    /// Starts our server with a new SQLite file and with more flags.
    pub async fn embedded_with(flags: &[&str]) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let server = Self::on_with(&sqlite_url(&folder.path().join("taxbudget.db")), flags).await?;
        Ok(Self { _folder: Some(folder), ..server })
    }

    /// Starts our server on this database.
    pub async fn on(database_url: &str) -> anyhow::Result<Self> {
        Self::on_with(database_url, &[]).await
    }

    /// Starts our server on this database, with more flags.
    pub async fn on_with(database_url: &str, flags: &[&str]) -> anyhow::Result<Self> {
        Self::start_ours(database_url, usage::SERVER, flags).await
    }

    async fn start_ours(database_url: &str, processors: &str, flags: &[&str]) -> anyhow::Result<Self> {
        let flags = Flags::on(database_url)
            // All subscribers come from one network.
            .with(["--log=warn", "--max-streams-per-network=15000", "--max-connections-per-network=18000"])
            .with(flags);
        let mut command = command::on_processors(processors, program());
        command.arg("serve").args(&*flags);
        // Variables of the environment must not change what is measured.
        for variable in ["TAXBUDGET_PUSH_INTERVAL_MS", "TAXBUDGET_MAX_STREAMS", "TAXBUDGET_PUBLIC_URL"] {
            command.env_remove(variable);
        }
        Self::start(&mut command).await
    }

    /// Starts the floor, with the message that it serves and publishes.
    pub async fn floor(message: &str) -> anyhow::Result<Self> {
        let mut command = command::on_processors(usage::SERVER, std::env::current_exe()?);
        Self::start(command.args([OsStr::new("floor"), OsStr::new(message)])).await
    }

    /// Starts the peer, with the first message that it sends.
    pub async fn nchan(message: &str) -> anyhow::Result<Self> {
        let Nchan { address, pid, child, folder } = nchan::start().await?;
        let server = Self { address, pid, child, _folder: Some(folder) };
        nchan::publish(address, message).await?;
        Ok(server)
    }

    async fn start(command: &mut Command) -> anyhow::Result<Self> {
        let mut child = command.stdout(Stdio::piped()).spawn().context("setpriv, of the package util-linux")?;
        let pid = child.id().context("the server ended at once")?;
        let mut lines = BufReader::new(child.stdout.take().context("no output")?).lines();
        let line =
            tokio::time::timeout(START_TIMEOUT, lines.next_line()).await.context("the server did not start")??;
        let address = line.as_deref().and_then(|line| line.strip_prefix("listening on http://"));
        let address = address.context("the server ended before it listened")?.parse()?;
        Ok(Self { address, pid, child, _folder: None })
    }

    /// Starts our server on all processors, in a cluster.
    pub async fn node(database_url: &str, flags: &[&str]) -> anyhow::Result<Self> {
        Self::start_ours(database_url, usage::ALL, flags).await
    }

    /// Stops the server as an update does, and returns when it has ended.
    pub async fn stop(mut self) -> anyhow::Result<()> {
        let pid = rustix::process::Pid::from_raw(self.pid.cast_signed()).context("no process")?;
        rustix::process::kill_process(pid, rustix::process::Signal::TERM)?;
        tokio::time::timeout(STOP_TIMEOUT, self.child.wait()).await.context("the server did not stop")??;
        Ok(())
    }

    /// Returns the processor time since the start.
    pub fn cpu(&self) -> anyhow::Result<Duration> {
        usage::cpu(self.pid)
    }

    /// Returns the resident memory in bytes.
    pub fn memory(&self) -> anyhow::Result<u64> {
        usage::memory(self.pid)
    }

    /// Returns the peak of resident memory in bytes since the kernel's record was reset.
    pub fn peak_memory(&self) -> anyhow::Result<u64> {
        usage::peak_memory(self.pid)
    }

    /// Waits until the server is idle.
    pub async fn wait_until_idle(&self) -> anyhow::Result<()> {
        let quiet = async {
            loop {
                let before = self.cpu()?;
                tokio::time::sleep(Duration::from_millis(500)).await;
                if self.cpu()?.saturating_sub(before) <= Duration::from_millis(10) {
                    return anyhow::Ok(());
                }
            }
        };
        tokio::time::timeout(QUIET_TIMEOUT, quiet).await.context("the server did not come to rest")?
    }
}

/// Returns the URL of a SQLite file.
pub fn sqlite_url(file: &Path) -> String {
    format!("sqlite://{}?mode=rwc", file.display())
}
