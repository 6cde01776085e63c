//! `taxbudget budget`: changes what an operator may change of a budget.

use std::process::ExitCode;

use clap::Subcommand;

use crate::{
    config::Redacted,
    domain::publish_every::PublishEvery,
    store::{Store, budgets::BudgetChange},
};

#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Change settings of a budget
    Set(SetArgs),
}

#[derive(clap::Args)]
struct SetArgs {
    /// The budget's slug
    slug: String,
    #[command(flatten)]
    change: ChangeArgs,
    /// `sqlite://FILE` or `postgres://USER:PASSWORD@HOST/NAME?sslmode=verify-full`
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, default_value = "sqlite://data/taxbudget.db?mode=rwc")]
    database_url: Redacted,
}

/// At least one of them.
#[derive(clap::Args)]
#[group(required = true, multiple = true)]
struct ChangeArgs {
    /// Ballots that must have changed before new statistics are shown, 1 to 1000
    #[arg(long)]
    publish_every: Option<PublishEvery>,
}

pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let Action::Set(SetArgs { slug, change, database_url }) = args.action;
    let store = Store::connect(database_url.reveal()).await?;
    let change = BudgetChange { publish_every: change.publish_every };
    if !store.change_budget(&slug, change).await? {
        anyhow::bail!("there is no budget \"{slug}\"");
    }
    if let Some(publish_every) = change.publish_every {
        println!("{slug}: new statistics are shown when {publish_every} ballots have changed");
    }
    store.close().await;
    Ok(ExitCode::SUCCESS)
}
