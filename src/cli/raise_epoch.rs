//! `taxbudget raise-epoch`: for use after an older database was restored.

use std::process::ExitCode;

use crate::{
    app::Backend,
    config::{BusArgs, DatabaseArgs},
};

#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    database: DatabaseArgs,
    #[command(flatten)]
    bus: BusArgs,
}

pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let backend = Backend::start(&args.database, &args.bus).await?;
    for budget in backend.store.budgets().await? {
        if let Some(revision) = backend.ledger.raise_epoch(&budget, None).await? {
            println!("{}: now at {revision}", budget.slug);
        }
    }
    backend.stop().await;
    Ok(ExitCode::SUCCESS)
}
