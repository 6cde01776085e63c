//! Where the log goes, what is in it, and what never is.

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
    /// What to log, e.g. `info` or `warn,taxbudget=debug`; below `info` the program's own lines alone
    #[arg(long, env = "TAXBUDGET_LOG", default_value = "info,sea_orm_migration=warn", global = true)]
    pub log: String,
    /// How to write it
    #[arg(long, env = "TAXBUDGET_LOG_FORMAT", default_value = "text", global = true)]
    pub log_format: LogFormat,
}

/// How a line looks.
#[derive(ValueEnum, Clone, Copy)]
pub enum LogFormat {
    /// For people.
    Text,
    /// For programs: one JSON object a line.
    Json,
}

/// Starts the log on standard error; standard output is for a command's result.
pub fn start(args: &LogArgs) {
    let registry = tracing_subscriber::registry().with(EnvFilter::new(&args.log)).with(without_personal_data());
    let lines = fmt::layer().with_ansi(io::stderr().is_terminal()).with_writer(io::stderr);
    match args.log_format {
        LogFormat::Text => registry.with(lines).init(),
        LogFormat::Json => registry.with(lines.json()).init(),
    }
}

/// Whatever the setting says. Below `info` libraries log what passes through them: addresses, cookies, whole frames. The
/// renderer of pictures and HTTP/2 warn about what a client may send as often as it likes.
fn without_personal_data() -> Targets {
    Targets::new()
        .with_default(LevelFilter::INFO)
        .with_target("taxbudget", LevelFilter::TRACE)
        .with_target("h2", LevelFilter::ERROR)
        .with_target("usvg", LevelFilter::ERROR)
        .with_target("resvg", LevelFilter::ERROR)
}
