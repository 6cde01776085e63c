//! `taxbudget raise-epoch`: after an older database was restored.

use std::process::ExitCode;

use crate::{
    app::Core,
    config::{BusArgs, DatabaseArgs},
};

/// Settings.
#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    database: DatabaseArgs,
    #[command(flatten)]
    bus: BusArgs,
}

pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let core = Core::start(&args.database, &args.bus).await?;
    for budget in core.store.budgets().await? {
        if let Some(revision) = core.ledger.raise_epoch(&budget, None).await? {
            println!("{}: now at {revision}", budget.slug);
        }
    }
    core.stop().await;
    Ok(ExitCode::SUCCESS)
}
