//! The command line: one file a command. Exit code 0 is done, 1 failed or drift found, 2 wrong usage.

use std::process::ExitCode;

use clap::{
    CommandFactory, FromArgMatches, Parser, Subcommand,
    builder::{OsStr, Resettable},
};

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

impl Cli {
    /// From the command line and the environment. Ends the process where they can't be read, saying why.
    pub fn from_surroundings() -> Self {
        let matches = without_empty_variables(Self::command()).get_matches();
        Self::from_arg_matches(&matches).unwrap_or_else(|error| error.exit())
    }
}

/// A variable that is set to nothing counts as not set: container tools pass on what nobody set in this way.
#[allow(clippy::disallowed_methods)] // the settings are read here
fn without_empty_variables(command: clap::Command) -> clap::Command {
    let is_empty = |name: &std::ffi::OsStr| std::env::var_os(name).is_some_and(|value| value.is_empty());
    let command = command.mut_args(|argument| {
        if argument.get_env().is_some_and(is_empty) { argument.env(Resettable::<OsStr>::Reset) } else { argument }
    });
    command.mut_subcommands(without_empty_variables)
}

/// What to do.
#[derive(Subcommand)]
pub enum Command {
    /// Run the server
    Serve(Box<serve::Args>),
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
    /// Submit allocations of made-up participants
    Simulate(simulate::Args),
    /// Ask a running server whether it is ready
    Healthcheck(healthcheck::Args),
}

impl Command {
    /// Runs it to its end.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Self::Serve(args) => serve::run(*args).await,
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
