//! The log: its destination, its format, and what it never contains.

use std::io::{self, IsTerminal};

use clap::{Args, ValueEnum};
use tracing_subscriber::{
    EnvFilter,
    filter::{LevelFilter, Targets},
    fmt,
    layer::SubscriberExt,
    util::SubscriberInitExt,
};

/// Settings of the log.
#[derive(Args)]
pub struct LogArgs {
    /// What to log, e.g. `info` or `warn,taxbudget=debug`; below `info` only the program's own lines are logged
    #[arg(long, env = "TAXBUDGET_LOG", default_value = "info,sea_orm_migration=warn", global = true)]
    pub log: String,
    /// Format of the log
    #[arg(long, env = "TAXBUDGET_LOG_FORMAT", default_value = "text", global = true)]
    pub log_format: LogFormat,
}

/// The format of a log line.
#[derive(ValueEnum, Clone, Copy)]
pub enum LogFormat {
    /// For people.
    Text,
    /// For programs: one JSON object a line.
    Json,
}

/// Starts the log on standard error. Standard output is for a command's result.
pub fn start(args: &LogArgs) {
    let registry = tracing_subscriber::registry().with(EnvFilter::new(&args.log)).with(without_personal_data());
    let lines = fmt::layer().with_ansi(io::stderr().is_terminal()).with_writer(io::stderr);
    match args.log_format {
        LogFormat::Text => registry.with(lines).init(),
        LogFormat::Json => registry.with(lines.json()).init(),
    }
}

/// Filters library messages below `info`, whatever the setting is: there libraries log what passes through them, such
/// as addresses, cookies and whole frames. Warnings of HTTP/2 and of the SVG renderer are dropped
/// too, because clients could cause any number of them.
fn without_personal_data() -> Targets {
    Targets::new()
        .with_default(LevelFilter::INFO)
        .with_target("taxbudget", LevelFilter::TRACE)
        .with_target("h2", LevelFilter::ERROR)
        .with_target("usvg", LevelFilter::ERROR)
        .with_target("resvg", LevelFilter::ERROR)
}
