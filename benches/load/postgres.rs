//! The PostgreSQL that scripts/with-services started.

use std::{fs, path::Path, time::Duration};

use anyhow::Context;

use crate::{command, usage};

const TIMEOUT: Duration = Duration::from_secs(30);

/// A running PostgreSQL on this machine.
pub struct Postgres {
    url: String,
    /// The main process; all others are its children.
    pid: u32,
}

impl Postgres {
    /// Connects to the server in `TEST_DATABASE_URL`.
    pub async fn connect() -> anyhow::Result<Self> {
        // The variable is no setting of the program: the script that started the server sets it.
        #[allow(clippy::disallowed_methods)]
        let url = std::env::var("TEST_DATABASE_URL").context("TEST_DATABASE_URL is not set: run scripts/bench")?;
        let folder = run(&url, "SHOW data_directory").await?;
        let file = fs::read_to_string(Path::new(&folder).join("postmaster.pid")).context("finding its processes")?;
        let pid = file.lines().next().context("postmaster.pid is empty")?.trim().parse()?;
        Ok(Self { url, pid })
    }

    /// Creates an empty database and returns its URL.
    pub async fn fresh_database(&self, name: &str) -> anyhow::Result<String> {
        let name = format!("bench_{}_{name}", std::process::id());
        run(&self.url, &format!("CREATE DATABASE {name}")).await?;
        let (server, _) = self.url.rsplit_once('/').context("the URL names no database")?;
        Ok(format!("{server}/{name}"))
    }

    /// Returns the processor time of all PostgreSQL processes since their start.
    pub fn cpu(&self) -> anyhow::Result<Duration> {
        usage::cpu_of_family(self.pid)
    }

    /// Returns the memory of all PostgreSQL processes in bytes; what they share counts once.
    pub fn memory(&self) -> anyhow::Result<u64> {
        usage::memory_of_family(self.pid)
    }
}

/// Runs SQL and returns its output.
pub async fn run(url: &str, sql: &str) -> anyhow::Result<String> {
    run_within(TIMEOUT, url, sql).await
}

/// Runs SQL that may take this long, and returns its output.
pub async fn run_within(limit: Duration, url: &str, sql: &str) -> anyhow::Result<String> {
    let mut psql = command::on_processors(usage::ALL, "psql");
    psql.args([
        "--no-psqlrc",
        "--quiet",
        "--tuples-only",
        "--no-align",
        "--set",
        "ON_ERROR_STOP=1",
        url,
        "--command",
        sql,
    ]);
    command::output(&mut psql, limit).await
}
