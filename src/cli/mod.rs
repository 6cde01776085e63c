//! The command line: one file a command. Exit code 0 is done, 1 failed or drift found, 2 wrong usage.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

mod healthcheck;
pub mod log;
mod migrate;
mod progress;
mod raise_epoch;
mod rebuild;
mod schema;
mod serve;
mod simulate;
mod stats;
mod verify;

/// How would you spend the taxes? A GraphQL server with exact, live averages of everyone's answer.
#[derive(Parser)]
#[command(name = "taxbudget", version)]
pub struct Cli {
    #[command(subcommand)]
    #[allow(missing_docs)]
    pub command: Command,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub log: log::LogArgs,
}

/// What to do.
#[derive(Subcommand)]
pub enum Command {
    /// Run the server
    Serve(serve::Args),
    /// Bring the database's schema up to date, or show where it stands
    Migrate(migrate::Args),
    /// Count all ballots again and mend the aggregate where it differs
    Rebuild(rebuild::Args),
    /// Count all ballots again and say whether the aggregate differs
    Verify(verify::Args),
    /// After restoring an older database: let its numbers overtake what people have already seen
    RaiseEpoch(raise_epoch::Args),
    /// Show how many submissions came on which day
    Stats(stats::Args),
    /// Print the GraphQL schema
    Schema,
    /// Hand in allocations of made-up participants
    Simulate(simulate::Args),
    /// Ask a running server whether it is ready
    Healthcheck(healthcheck::Args),
}

impl Command {
    /// Runs it to its end.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Self::Serve(args) => serve::run(args).await,
            Self::Migrate(args) => migrate::run(args).await,
            Self::Rebuild(args) => rebuild::run(args).await,
            Self::Verify(args) => verify::run(args).await,
            Self::RaiseEpoch(args) => raise_epoch::run(args).await,
            Self::Stats(args) => stats::run(args).await,
            Self::Schema => Ok(schema::run()),
            Self::Simulate(args) => simulate::run(args).await,
            Self::Healthcheck(args) => healthcheck::run(args).await,
        }
    }
}
