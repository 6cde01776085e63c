//! The process as its operating system sees it, under the names that all programs use.

use std::sync::atomic::AtomicU64;

use prometheus_client::{
    metrics::{counter::Counter, gauge::Gauge},
    registry::Registry,
};

/// What the system says about this process.
struct Process {
    cpu_seconds: f64,
    started_at: f64,
    resident_bytes: u64,
    virtual_bytes: u64,
    threads: i64,
    open_files: usize,
    max_files: Option<u64>,
}

/// Adds the metrics of this process. Systems other than Linux have none.
pub fn register(registry: &mut Registry) {
    let Some(process) = read() else { return };
    let cpu = Counter::<f64, AtomicU64>::default();
    cpu.inc_by(process.cpu_seconds);
    registry.register("process_cpu_seconds", "Processor time of this process, in the program and in the system", cpu);
    let started_at = Gauge::<f64, AtomicU64>::default();
    started_at.set(process.started_at);
    registry.register("process_start_time_seconds", "Start of this process, in seconds since 1970", started_at);
    let mut gauge = |name: &str, help: &str, value: i64| {
        let gauge = Gauge::<i64>::default();
        gauge.set(value);
        registry.register(name, help, gauge);
    };
    let number = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
    gauge("process_resident_memory_bytes", "Memory of this process that is in RAM", number(process.resident_bytes));
    gauge("process_virtual_memory_bytes", "Address space of this process", number(process.virtual_bytes));
    gauge("process_threads", "Threads of this process", process.threads);
    gauge("process_open_fds", "Open files and connections", number(process.open_files as u64));
    if let Some(max) = process.max_files {
        gauge("process_max_fds", "The most files and connections that may be open", number(max));
    }
}

#[cfg(target_os = "linux")]
#[allow(clippy::cast_precision_loss)] // the format of Prometheus has floating-point numbers
fn read() -> Option<Process> {
    use procfs::{CurrentSI, KernelStats, process::LimitValue};

    let process = procfs::process::Process::myself().ok()?;
    let stat = process.stat().ok()?;
    let ticks = procfs::ticks_per_second() as f64;
    let booted_at = KernelStats::current().ok()?.btime;
    let max_files = match process.limits().ok()?.max_open_files.soft_limit {
        LimitValue::Value(limit) => Some(limit),
        LimitValue::Unlimited => None,
    };
    Some(Process {
        cpu_seconds: (stat.utime + stat.stime) as f64 / ticks,
        started_at: booted_at as f64 + stat.starttime as f64 / ticks,
        resident_bytes: stat.rss * procfs::page_size(),
        virtual_bytes: stat.vsize,
        threads: stat.num_threads,
        open_files: process.fd_count().ok()?,
        max_files,
    })
}

#[cfg(not(target_os = "linux"))]
fn read() -> Option<Process> {
    None
}
