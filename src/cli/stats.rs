//! `taxbudget stats`.

use std::process::ExitCode;

use serde::Serialize;

use crate::{
    config::DatabaseArgs,
    domain::{budget::Budget, percent::Percent},
    service::desk::statistics::{self, BudgetStatistics, CategoryAverage},
    store::{Store, statistics::Revisions},
};

#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    database: DatabaseArgs,
    /// How many days, today included (UTC)
    #[arg(long, default_value_t = 7, value_parser = clap::value_parser!(u32).range(1..=3660))]
    days: u32,
    /// The cohorts instead: many submissions within an hour from one network, or with the same shares
    #[arg(long)]
    cohorts: bool,
    /// The totals of each budget instead: participants, averages of the categories, and how often people revised
    #[arg(long, conflicts_with = "cohorts")]
    totals: bool,
    /// As JSON
    #[arg(long)]
    json: bool,
}

pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let mut store = Store::connect_existing(args.database.database_url.reveal()).await?;
    if let Some(replica) = args.database.read_database_url() {
        store = store.with_replica(replica).await?;
    }
    if args.cohorts {
        let flags = store.cohort_flags(args.days).await?;
        let heading = format!("{:<14} {:<24} {:<12} {:>12}", "hour", "budget", "in common", "submissions");
        print(&args, &flags, "cohorts", &heading, |flag| {
            format!("{:<14} {:<24} {:<12} {:>12}", flag.hour, flag.budget, flag.kind, flag.submissions)
        })?;
    } else if args.totals {
        let budgets = store.budgets().await?;
        let budgets: Vec<&Budget> = budgets.iter().collect();
        let found = statistics::of_budgets(&store, &budgets, args.days).await?;
        if args.json {
            println!("{}", serde_json::to_string_pretty(&found)?);
        } else {
            found.iter().for_each(print_totals);
        }
    } else {
        let days = store.days(args.days).await?;
        let heading = format!("{:<12} {:<24} {:>12} {:>12}", "day", "budget", "submissions", "anonymous");
        print(&args, &days, "submissions", &heading, |day| {
            format!("{:<12} {:<24} {:>12} {:>12}", day.day, day.budget, day.submissions, day.anonymous)
        })?;
    }
    store.close().await;
    Ok(ExitCode::SUCCESS)
}

fn print_totals(budget: &BudgetStatistics) {
    let BudgetStatistics { participants, submissions, shown_participants, .. } = budget;
    println!(
        "{}: {participants} participants, {submissions} submissions, {shown_participants} in the averages",
        budget.budget
    );
    for day in &budget.days {
        println!("  {:<24} {:>12} submissions, {} anonymous", day.day, day.submissions, day.anonymous);
    }
    for CategoryAverage { category, average_basis_points } in &budget.categories {
        println!("  {category:<24} {:>12} %", Percent(*average_basis_points));
    }
    for Revisions { submissions, participants } in &budget.revisions {
        println!("  submitted {submissions} times {participants:>18} participants");
    }
}

fn print<T: Serialize>(
    args: &Args,
    rows: &[T],
    what: &str,
    heading: &str,
    line: impl Fn(&T) -> String,
) -> anyhow::Result<()> {
    if args.json {
        println!("{}", serde_json::to_string_pretty(rows)?);
    } else if rows.is_empty() {
        println!("no {what} in the last {} days", args.days);
    } else {
        println!("{heading}");
        for row in rows {
            println!("{}", line(row));
        }
    }
    Ok(())
}
