//! The command line: one file a command. The exit code is 0 for success, 1 for failure or drift, 2 for wrong usage.

#![allow(missing_docs)] // an item without a doc comment has a name that says it all

use std::process::ExitCode;

use clap::{
    CommandFactory, FromArgMatches, Parser, Subcommand,
    builder::{OsStr, Resettable},
};

use tokio::runtime::Handle;

use crate::traces::Traces;

mod admin;
mod budget;
mod codes;
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
    pub command: Command,
    #[command(flatten)]
    pub log: log::LogArgs,
}

impl Cli {
    /// Parses the command line and the environment. If they are invalid, prints why and ends the process.
    pub fn from_args_and_env() -> Self {
        let matches = without_empty_variables(Self::command()).get_matches();
        Self::from_arg_matches(&matches).unwrap_or_else(|error| error.exit())
    }
}

/// Treats a variable with an empty value as not set: container tools pass unset variables in this way.
#[allow(clippy::disallowed_methods)] // the settings are read here
fn without_empty_variables(command: clap::Command) -> clap::Command {
    let is_empty = |name: &std::ffi::OsStr| std::env::var_os(name).is_some_and(|value| value.is_empty());
    let command = command.mut_args(|argument| {
        if argument.get_env().is_some_and(is_empty) { argument.env(Resettable::<OsStr>::Reset) } else { argument }
    });
    command.mut_subcommands(without_empty_variables)
}

/// The commands.
#[derive(Subcommand)]
pub enum Command {
    /// Run the server
    Serve(Box<serve::Args>),
    /// Bring the database's schema up to date, or show its state
    Migrate(migrate::Args),
    /// Recount all ballots and correct the aggregate where it differs
    Rebuild(rebuild::Args),
    /// Recount all ballots and report whether the aggregate differs
    Verify(verify::Args),
    /// After restoring an older database: make its numbers newer than those that people have already seen
    RaiseEpoch(raise_epoch::Args),
    /// Import and export budgets, and change their settings
    Budget(budget::Args),
    /// Create participation codes, or count them
    Codes(codes::Args),
    /// Create accounts of the organisers' desk, list them, and help those who cannot sign in
    Admin(admin::Args),
    /// Show how many submissions were made on each day
    Stats(stats::Args),
    /// Print the GraphQL schema
    Schema(schema::Args),
    /// Submit allocations of made-up participants
    Simulate(simulate::Args),
    /// Check whether a running server is ready
    Healthcheck(healthcheck::Args),
}

impl Command {
    /// Begins to export traces, if this command makes some and its settings say where to.
    pub fn start_traces(&self, runtime: &Handle) -> anyhow::Result<Option<Traces>> {
        match self {
            Self::Serve(args) => args.traces.start(runtime),
            _ => Ok(None),
        }
    }

    /// Runs the command to its end.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Self::Serve(args) => serve::run(*args).await,
            Self::Migrate(args) => migrate::run(args).await,
            Self::Rebuild(args) => rebuild::run(args).await,
            Self::Verify(args) => verify::run(args).await,
            Self::RaiseEpoch(args) => raise_epoch::run(args).await,
            Self::Budget(args) => budget::run(args).await,
            Self::Codes(args) => codes::run(args).await,
            Self::Admin(args) => admin::run(args).await,
            Self::Stats(args) => stats::run(args).await,
            Self::Schema(args) => Ok(schema::run(&args)),
            Self::Simulate(args) => simulate::run(args).await,
            Self::Healthcheck(args) => healthcheck::run(args).await,
        }
    }
}
