//! `taxbudget rebuild`.

use std::process::ExitCode;

use super::{progress::Progress, verify};
use crate::{
    app::Backend,
    config::{BusArgs, DatabaseArgs},
    jobs,
    store::Store,
};

#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    database: DatabaseArgs,
    #[command(flatten)]
    bus: BusArgs,
    /// Leave the work to a running server and return at once
    #[arg(long = "async")]
    in_background: bool,
}

pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    if args.in_background {
        let store = Store::connect_existing(args.database.database_url.reveal()).await?;
        let job = store.enqueue_job(jobs::Kind::Rebuild.name()).await?;
        println!("job {job} waits for a running server");
        store.close().await;
        return Ok(ExitCode::SUCCESS);
    }
    let backend = Backend::start(&args.database, &args.bus).await?;
    for budget in backend.store.budgets().await? {
        let mut progress = Progress::new("ballots counted", None);
        let found = backend.ledger.rebuild(&budget, || progress.count()).await?;
        progress.finish();
        print!("{}", verify::report(&budget, &found));
        if !found.drift.is_zero() {
            println!("  mended");
        }
    }
    backend.stop().await;
    Ok(ExitCode::SUCCESS)
}
