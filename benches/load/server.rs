//! Servers under test as processes of their own.

use std::{ffi::OsStr, net::SocketAddr, path::Path, process::Stdio, time::Duration};

use anyhow::Context;
use tempfile::TempDir;
use test_support::{flags::Flags, program::program};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

use crate::{command, usage};

const START_PATIENCE: Duration = Duration::from_mins(1);
const QUIET_PATIENCE: Duration = Duration::from_secs(15);

/// A running server; killed when dropped.
pub struct Server {
    /// Where it listens.
    pub address: SocketAddr,
    /// Its number.
    pub pid: u32,
    _child: Child,
    /// Its database, removed with it.
    _folder: Option<TempDir>,
}

impl Server {
    /// Ours with a new SQLite file.
    pub async fn embedded() -> anyhow::Result<Self> {
        Self::embedded_on(usage::SERVER, &[]).await
    }

    /// The same on these processors, with more flags.
    pub async fn embedded_on(processors: &str, flags: &[&str]) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let server = Self::start_ours(&sqlite_url(&folder.path().join("taxbudget.db")), processors, flags).await?;
        Ok(Self { _folder: Some(folder), ..server })
    }

    /// Ours on this database.
    pub async fn on(database_url: &str) -> anyhow::Result<Self> {
        Self::start_ours(database_url, usage::SERVER, &[]).await
    }

    async fn start_ours(database_url: &str, processors: &str, flags: &[&str]) -> anyhow::Result<Self> {
        let flags = Flags::on(database_url)
            // All subscribers come from one network.
            .with(["--log=warn", "--max-streams-per-network=15000", "--max-connections-per-network=18000"])
            .with(flags);
        let mut command = command::on_processors(processors, program());
        command.arg("serve").args(&*flags);
        // Settings of the surroundings are not to be measured.
        for variable in ["TAXBUDGET_PUSH_INTERVAL_MS", "TAXBUDGET_MAX_STREAMS", "TAXBUDGET_PUBLIC_URL"] {
            command.env_remove(variable);
        }
        Self::start(&mut command).await
    }

    /// The floor, with this message to answer and to publish.
    pub async fn floor(message: &str) -> anyhow::Result<Self> {
        let mut command = command::on_processors(usage::SERVER, std::env::current_exe()?);
        Self::start(command.args([OsStr::new("floor"), OsStr::new(message)])).await
    }

    async fn start(command: &mut Command) -> anyhow::Result<Self> {
        let mut child = command.stdout(Stdio::piped()).spawn().context("setpriv, of the package util-linux")?;
        let pid = child.id().context("the server ended at once")?;
        let mut lines = BufReader::new(child.stdout.take().context("no output")?).lines();
        let line =
            tokio::time::timeout(START_PATIENCE, lines.next_line()).await.context("the server did not start")??;
        let address = line.as_deref().and_then(|line| line.strip_prefix("listening on http://"));
        let address = address.context("the server ended before it listened")?.parse()?;
        Ok(Self { address, pid, _child: child, _folder: None })
    }

    /// Processor time since its start.
    pub fn cpu(&self) -> anyhow::Result<Duration> {
        usage::cpu(self.pid)
    }

    /// Resident memory in bytes.
    pub fn memory(&self) -> anyhow::Result<u64> {
        usage::memory(self.pid)
    }

    /// The most resident memory in bytes since the kernel was told to note it anew.
    pub fn peak_memory(&self) -> anyhow::Result<u64> {
        usage::peak_memory(self.pid)
    }

    /// Waits until it has nothing left to do.
    pub async fn quiet(&self) -> anyhow::Result<()> {
        let quiet = async {
            loop {
                let before = self.cpu()?;
                tokio::time::sleep(Duration::from_millis(500)).await;
                if self.cpu()?.saturating_sub(before) <= Duration::from_millis(10) {
                    return anyhow::Ok(());
                }
            }
        };
        tokio::time::timeout(QUIET_PATIENCE, quiet).await.context("the server did not come to rest")?
    }
}

/// The URL of a SQLite file.
pub fn sqlite_url(file: &Path) -> String {
    format!("sqlite://{}?mode=rwc", file.display())
}
