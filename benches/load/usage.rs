//! What processes use, and where they run.

use std::time::Duration;

use anyhow::Context;
use tokio::process::Command;

/// Where the server under test and each floor run.
pub const SERVER: &str = "0";
/// Where the load comes from.
pub const LOAD: &str = "1";
/// For what is neither: preparation, and whole systems that are measured against each other.
pub const ALL: &str = "0,1";

/// Linux counts processor time in hundredths of a second, whatever its own ticks are.
const TICK: Duration = Duration::from_millis(10);

/// Leaves the other processor to the servers.
pub async fn pin_this_process() -> anyhow::Result<()> {
    let pid = std::process::id().to_string();
    let output = Command::new("taskset").args(["--all-tasks", "--cpu-list", "--pid", LOAD, &pid]).output();
    let output = output.await.context("taskset, of the package util-linux")?;
    anyhow::ensure!(output.status.success(), "two processors are needed: one for the server, one for the load");
    Ok(())
}

/// Processor time of all threads of this process.
pub fn own_cpu() -> anyhow::Result<Duration> {
    cpu(std::process::id())
}

/// Processor time of all threads of a process since its start.
pub fn cpu(pid: u32) -> anyhow::Result<Duration> {
    Ok(times(pid)?.iter().take(2).map(|ticks| TICK * *ticks).sum())
}

/// Processor time of a process and all its children, those that ended too.
pub fn cpu_of_family(pid: u32) -> anyhow::Result<Duration> {
    let own: Duration = times(pid)?.iter().map(|ticks| TICK * *ticks).sum();
    let children = std::fs::read_to_string(format!("/proc/{pid}/task/{pid}/children"))?;
    let pids = children.split_whitespace().filter_map(|pid| pid.parse().ok());
    // One that ends at this moment is in the figures of its parent by the next reading.
    Ok(own + pids.filter_map(|pid| cpu(pid).ok()).sum::<Duration>())
}

/// Resident memory in bytes.
pub fn memory(pid: u32) -> anyhow::Result<u64> {
    status_bytes(pid, "VmRSS:")
}

/// The most resident memory in bytes, since the start or since the kernel was told to note it anew.
pub fn peak_memory(pid: u32) -> anyhow::Result<u64> {
    status_bytes(pid, "VmHWM:")
}

fn status_bytes(pid: u32, name: &str) -> anyhow::Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let kilobytes = status.lines().find_map(|line| line.strip_prefix(name)?.split_whitespace().next());
    Ok(kilobytes.with_context(|| format!("no {name}"))?.parse::<u64>()? * 1024)
}

/// Ticks in user space and in the kernel, then those of children that were waited for.
fn times(pid: u32) -> anyhow::Result<[u32; 4]> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).with_context(|| format!("process {pid} ended"))?;
    // The name, in parentheses, may hold anything; the four are the 12th to 15th after it.
    let fields = stat.rsplit_once(')').context("no name in stat")?.1.split_whitespace().skip(11);
    let ticks: Vec<u32> = fields.take(4).map(str::parse).collect::<Result<_, _>>()?;
    ticks.try_into().map_err(|_| anyhow::anyhow!("stat of process {pid} is short"))
}
