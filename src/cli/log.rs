//! The log: its destination, its format, and what it never contains.

use std::io::{self, IsTerminal};

use clap::{Args, ValueEnum};
use tracing_subscriber::{
    EnvFilter, Layer,
    filter::{LevelFilter, Targets},
    fmt,
    layer::SubscriberExt,
    util::SubscriberInitExt,
};

use crate::traces::Traces;

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

/// Starts the log on standard error, and traces beside it. Standard output is for a command's result.
pub fn start(args: &LogArgs, traces: Option<&Traces>) {
    let filter = EnvFilter::new(&args.log);
    let most = filter.max_level_hint().unwrap_or(LevelFilter::TRACE);
    let without_personal_data = without_personal_data(most);
    let lines = fmt::layer().with_ansi(io::stderr().is_terminal()).with_writer(io::stderr);
    let lines = match args.log_format {
        LogFormat::Text => lines.boxed(),
        LogFormat::Json => lines.json().boxed(),
    };
    match traces {
        None => tracing_subscriber::registry().with(lines).with(filter).with(without_personal_data).init(),
        // Spans are exported whatever is logged, so these filters are for the lines alone.
        Some(traces) => {
            let lines = lines.with_filter(filter).with_filter(without_personal_data);
            tracing_subscriber::registry().with(lines).with(traces.layer()).init();
        }
    }
}

/// Filters library messages below `info`, whatever the setting is: there libraries log what passes through them, such
/// as addresses, cookies and whole frames. Warnings of HTTP/2 and of the SVG renderer are dropped
/// too, because clients could cause any number of them.
///
/// `most` is the highest level of the setting. A filter that allows more would make libraries that log through the crate
/// `log` compare each of their lines with it: several for each message of a WebSocket.
fn without_personal_data(most: LevelFilter) -> Targets {
    Targets::new()
        .with_default(LevelFilter::INFO)
        .with_target("taxbudget", most)
        .with_target("h2", LevelFilter::ERROR)
        .with_target("usvg", LevelFilter::ERROR)
        .with_target("resvg", LevelFilter::ERROR)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn libraries_need_not_ask_about_lines_that_the_setting_does_not_want() {
        type Registry = tracing_subscriber::Registry;
        for (setting, most) in [("info,sea_orm_migration=warn", LevelFilter::INFO), ("warn", LevelFilter::WARN)] {
            let filter = EnvFilter::new(setting);
            assert_eq!(filter.max_level_hint(), Some(most));
            let allowed = Layer::<Registry>::max_level_hint(&without_personal_data(most));
            assert!(allowed <= Some(LevelFilter::INFO), "{setting}: {allowed:?}");
        }
    }
}
