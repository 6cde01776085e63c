//! Child processes, which are limited in time and never left running.

use std::{ffi::OsStr, process::Stdio, time::Duration};

use anyhow::Context;
use tokio::process::Command;

/// Returns a command that runs on these processors. The process ends when its [`tokio::process::Child`] is dropped, and
/// the kernel ends it if this process dies first.
pub fn on_processors(processors: &str, program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "KILL", "taskset", "--cpu-list", processors]).arg(program);
    command.stdin(Stdio::null()).kill_on_drop(true);
    command
}

/// Runs the command to its end and returns its output. Fails if the command fails or takes longer than the limit.
pub async fn output(command: &mut Command, limit: Duration) -> anyhow::Result<String> {
    let what = command.as_std().get_args().nth(4).unwrap_or_default().display().to_string();
    let output = tokio::time::timeout(limit, command.output());
    let output = output.await.with_context(|| format!("{what} took longer than {limit:?}"))?;
    let output = output.with_context(|| format!("starting {what} by setpriv and taskset (package util-linux)"))?;
    let said = String::from_utf8_lossy(&output.stderr);
    anyhow::ensure!(output.status.success(), "{what} failed: {}", said.trim());
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
