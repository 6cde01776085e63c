//! `taxbudget verify`

use std::process::ExitCode;

use super::progress::Progress;
use crate::{
    aggregator::recount::{self, Verification},
    config::DatabaseArgs,
    domain::budget::Budget,
    store::Store,
};

/// Settings.
#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    database: DatabaseArgs,
}

pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let store = Store::connect(args.database.database_url.reveal()).await?;
    let mut code = ExitCode::SUCCESS;
    for budget in store.budgets().await? {
        let mut progress = Progress::new("ballots counted", None);
        let found = recount::verify(&store, &budget, || progress.count()).await?;
        progress.finish();
        print!("{}", report(&budget, &found));
        if !found.drift.is_zero() {
            println!("  `taxbudget rebuild` mends it");
            code = ExitCode::FAILURE;
        }
    }
    store.close().await;
    Ok(code)
}

/// What was found, in a line, and where it is drift, a line for each thing that differs.
pub fn report(budget: &Budget, found: &Verification) -> String {
    let counts = format!("{} participants, {} submissions", found.recount.participants, found.recount.submissions);
    if found.drift.is_zero() {
        return format!("{}: no drift ({counts})\n", budget.slug);
    }
    let mut text = format!("{}: DRIFT ({counts} by recount)\n", budget.slug);
    let mut line = |what: &str, lacking: i64, unit: &str| {
        if lacking != 0 {
            text.push_str(&format!("  {what}: the aggregate lacks {lacking} {unit}\n"));
        }
    };
    line("participants", found.drift.participants, "");
    line("submissions", found.drift.submissions, "");
    for (key, drift) in budget.keys().zip(&found.drift.categories) {
        line(key, drift.sum, "basis points");
        let bins = i64::try_from(drift.histogram.iter().count()).unwrap_or(i64::MAX);
        line(key, bins, "or has too many ballots in so many places of the histogram");
    }
    text
}
