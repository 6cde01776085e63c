//! Submissions through the intake alone: the script beside this benchmark, on the same PostgreSQL.

use std::{process::Stdio, time::Duration};

use anyhow::Context;

use crate::{
    command,
    report::{heading, progress},
    usage,
};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../intake");
const PAIRS: &str = "3";
const SUBMISSIONS: &str = "100000";
const TIMEOUT: Duration = Duration::from_mins(3);

pub async fn measure() -> anyhow::Result<()> {
    heading("Intake: submissions without HTTP, against pgbench inserting one row a transaction");
    progress(&format!("{PAIRS} pairs"));
    let mut script = command::on_processors(usage::ALL, SCRIPT);
    script.args(["--inside", PAIRS, SUBMISSIONS]).stdout(Stdio::inherit());
    let status = tokio::time::timeout(TIMEOUT, script.status()).await.context("it takes too long")??;
    anyhow::ensure!(status.success(), "benches/intake: {status}");
    Ok(())
}
