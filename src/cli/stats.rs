//! `taxbudget stats`.

use std::process::ExitCode;

use crate::{config::DatabaseArgs, store::Store};

#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    database: DatabaseArgs,
    /// How many days, today included (UTC)
    #[arg(long, default_value_t = 7, value_parser = clap::value_parser!(u32).range(1..=3660))]
    days: u32,
    /// As JSON
    #[arg(long)]
    json: bool,
}

pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let mut store = Store::connect(args.database.database_url.reveal()).await?;
    if let Some(replica) = args.database.read_database_url() {
        store = store.with_replica(replica).await?;
    }
    let days = store.days(args.days).await?;
    store.close().await;
    if args.json {
        println!("{}", serde_json::to_string_pretty(&days)?);
    } else if days.is_empty() {
        println!("no submissions in the last {} days", args.days);
    } else {
        println!("{:<12} {:<24} {:>12} {:>12}", "day", "budget", "submissions", "anonymous");
        for day in days {
            println!("{:<12} {:<24} {:>12} {:>12}", day.day, day.budget, day.submissions, day.anonymous);
        }
    }
    Ok(ExitCode::SUCCESS)
}
