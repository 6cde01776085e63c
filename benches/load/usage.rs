//! The resources that processes use, and the processors that they run on.

use std::time::Duration;

use anyhow::Context;
use tokio::process::Command;

/// The processors of the server under test and of each floor.
pub const SERVER: &str = "0";
/// The processors of the load.
pub const LOAD: &str = "1";
/// The processors of everything else: preparation, and whole systems that are compared with each other.
pub const ALL: &str = "0,1";

/// Linux reports processor time in hundredths of a second, whatever its own ticks are.
const TICK: Duration = Duration::from_millis(10);

/// Moves this process to the load's processors, so that the servers have theirs alone.
pub async fn pin_this_process() -> anyhow::Result<()> {
    let pid = std::process::id().to_string();
    let output = Command::new("taskset").args(["--all-tasks", "--cpu-list", "--pid", LOAD, &pid]).output();
    let output = output.await.context("taskset, of the package util-linux")?;
    anyhow::ensure!(output.status.success(), "two processors are needed: one for the server, one for the load");
    Ok(())
}

/// Returns the processor time of all threads of this process.
pub fn own_cpu() -> anyhow::Result<Duration> {
    cpu(std::process::id())
}

/// Returns the processor time of all children of this process that have ended.
pub fn cpu_of_ended_children() -> anyhow::Result<Duration> {
    Ok(times(std::process::id())?.iter().skip(2).map(|ticks| TICK * *ticks).sum())
}

/// Returns the processor time of all threads of a process since its start.
pub fn cpu(pid: u32) -> anyhow::Result<Duration> {
    Ok(times(pid)?.iter().take(2).map(|ticks| TICK * *ticks).sum())
}

/// Returns the processor time of a process and all its children, including those that have ended.
pub fn cpu_of_family(pid: u32) -> anyhow::Result<Duration> {
    let own: Duration = times(pid)?.iter().map(|ticks| TICK * *ticks).sum();
    // A child that ends at this moment is part of its parent's figures at the next reading.
    Ok(own + children(pid)?.into_iter().filter_map(|pid| cpu(pid).ok()).sum::<Duration>())
}

/// Returns the memory of a process and all its children in bytes; a page that several share counts once.
pub fn memory_of_family(pid: u32) -> anyhow::Result<u64> {
    let of = |pid: u32| bytes(&format!("/proc/{pid}/smaps_rollup"), "Pss:");
    Ok(of(pid)? + children(pid)?.into_iter().filter_map(|pid| of(pid).ok()).sum::<u64>())
}

fn children(pid: u32) -> anyhow::Result<Vec<u32>> {
    let children = std::fs::read_to_string(format!("/proc/{pid}/task/{pid}/children"))?;
    Ok(children.split_whitespace().filter_map(|pid| pid.parse().ok()).collect())
}

/// Returns the resident memory in bytes.
pub fn memory(pid: u32) -> anyhow::Result<u64> {
    status_bytes(pid, "VmRSS:")
}

/// Returns the peak of resident memory in bytes, since the start or since the kernel's record was reset.
pub fn peak_memory(pid: u32) -> anyhow::Result<u64> {
    status_bytes(pid, "VmHWM:")
}

fn status_bytes(pid: u32, name: &str) -> anyhow::Result<u64> {
    bytes(&format!("/proc/{pid}/status"), name)
}

/// Returns a figure of kilobytes in a file of the kernel.
fn bytes(file: &str, name: &str) -> anyhow::Result<u64> {
    let text = std::fs::read_to_string(file)?;
    let kilobytes = text.lines().find_map(|line| line.strip_prefix(name)?.split_whitespace().next());
    Ok(kilobytes.with_context(|| format!("no {name}"))?.parse::<u64>()? * 1024)
}

/// Returns the ticks in user space and in the kernel, then those of children that were waited for.
fn times(pid: u32) -> anyhow::Result<[u32; 4]> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).with_context(|| format!("process {pid} ended"))?;
    // The name, in parentheses, may hold anything; the four are the 12th to 15th field after it.
    let fields = stat.rsplit_once(')').context("no name in stat")?.1.split_whitespace().skip(11);
    let ticks: Vec<u32> = fields.take(4).map(str::parse).collect::<Result<_, _>>()?;
    ticks.try_into().map_err(|_| anyhow::anyhow!("stat of process {pid} is short"))
}
