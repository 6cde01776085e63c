//! `taxbudget migrate`.

use std::process::ExitCode;

use clap::ValueEnum;

use crate::{config::DatabaseArgs, store::Store};

#[derive(clap::Args)]
pub struct Args {
    /// What to do
    #[arg(default_value = "up")]
    direction: Direction,
    #[command(flatten)]
    database: DatabaseArgs,
}

/// The action.
#[derive(ValueEnum, Clone, Copy)]
enum Direction {
    /// Apply every pending step; create the default budget in an empty database
    Up,
    /// Undo the last step
    Down,
    /// List the steps
    Status,
}

pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let store = Store::connect(args.database.database_url.reveal()).await?;
    match args.direction {
        Direction::Up => store.migrate_up(args.database.publish_every).await?,
        Direction::Down => store.migrate_down().await?,
        Direction::Status => {}
    }
    for step in store.migration_status().await? {
        println!("{:8} {}", if step.applied { "applied" } else { "pending" }, step.name);
    }
    store.close().await;
    Ok(ExitCode::SUCCESS)
}
