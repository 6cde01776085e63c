//! Where the log goes and what is in it.

use std::io::{self, IsTerminal};

use clap::{Args, ValueEnum};
use tracing_subscriber::{EnvFilter, fmt};

/// Settings of the log.
#[derive(Args)]
pub struct LogArgs {
    /// What to log, e.g. `info` or `warn,taxbudget=debug`
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
    let filter = EnvFilter::new(&args.log);
    let log = fmt().with_env_filter(filter).with_ansi(io::stderr().is_terminal()).with_writer(io::stderr);
    match args.log_format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().init(),
    }
}
