//! `taxbudget verify`.

use std::process::ExitCode;

use super::progress::Progress;
use crate::{
    config::DatabaseArgs,
    domain::budget::Budget,
    ledger::recount::{self, Verification},
    store::Store,
};

#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    database: DatabaseArgs,
}

pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let store = Store::connect_existing(args.database.database_url.reveal()).await?;
    let mut code = ExitCode::SUCCESS;
    for budget in store.budgets().await? {
        let mut progress = Progress::new("ballots counted", None);
        let verification = recount::verify(&store, &budget, || progress.count()).await?;
        progress.finish();
        print!("{}", report(&budget, &verification));
        if !verification.drift.is_zero() {
            println!("  `taxbudget rebuild` mends it");
            code = ExitCode::FAILURE;
        }
    }
    store.close().await;
    Ok(code)
}

/// Describes the result in one line. If there is drift, adds a line for each figure that differs, as recount less
/// aggregate.
pub fn report(budget: &Budget, verification: &Verification) -> String {
    let counts =
        format!("{} participants, {} submissions", verification.recount.participants, verification.recount.submissions);
    if verification.drift.is_zero() {
        return format!("{}: no drift ({counts})\n", budget.slug);
    }
    let mut text = format!("{}: DRIFT, recount less aggregate ({counts} by recount)\n", budget.slug);
    text.push_str(&line("participants", verification.drift.participants));
    text.push_str(&line("submissions", verification.drift.submissions));
    for (key, drift) in budget.keys().zip(&verification.drift.categories) {
        text.push_str(&line(&format!("{key}, sum in basis points"), drift.sum));
        text.push_str(&line(&format!("{key}, sum of squares"), drift.sum_of_squares));
        let shares = drift.histogram.iter().count();
        if shares > 0 {
            text.push_str(&format!("  {key}, histogram: wrong at {shares} shares\n"));
        }
    }
    text
}

fn line(what: &str, drift: i64) -> String {
    if drift == 0 { String::new() } else { format!("  {what}: {drift:+}\n") }
}
