//! `taxbudget simulate`: submissions of made-up participants, through the real intake.

use std::{collections::HashMap, process::ExitCode, sync::Arc};

use anyhow::{Context, bail, ensure};
use futures_util::{StreamExt, stream};
use uuid::{NoContext, Timestamp, Uuid};

use super::progress::Progress;
use crate::{
    app::Backend,
    config::{BusArgs, DatabaseArgs},
    domain::budget::{Budget, Participation},
    service::intake::{QUEUE_LIMIT, StoreOutcome},
    store::submissions::NewSubmission,
};

mod people;

use people::People;

#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    database: DatabaseArgs,
    #[command(flatten)]
    bus: BusArgs,
    /// How many submissions
    #[arg(long)]
    submissions: u64,
    /// The budget's slug
    #[arg(long, default_value = "federal")]
    budget: String,
    /// Seed of the made-up participants; the same seed makes the same ones. Random by default
    #[arg(long)]
    seed: Option<u64>,
    /// Submissions in flight at once
    #[arg(long, default_value_t = 2_048, value_parser = clap::value_parser!(u64).range(1..=QUEUE_LIMIT as u64))]
    in_flight: u64,
}

pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let backend = Backend::start(&args.database, &args.bus).await?;
    let budget = backend.store.budgets().await?.into_iter().find(|budget| budget.slug == args.budget);
    let budget = Arc::new(budget.with_context(|| format!("there is no budget \"{}\"", args.budget))?);
    ensure!(
        budget.participation == Participation::Open,
        "only people who have a code may answer the budget \"{}\", and made-up participants have none",
        budget.slug
    );
    let seed = args.seed.unwrap_or_else(rand::random);
    eprintln!("seed {seed}");

    let mut people = People::new(&budget, seed);
    let mut progress = Progress::new("submissions stored", Some(args.submissions));
    let in_flight = usize::try_from(args.in_flight)?;
    let mut stored = stream::iter((0..args.submissions).map(|_| submission(&budget, &mut people)))
        .map(|submission| backend.intake.submit(submission))
        .buffer_unordered(in_flight);
    let mut refused: HashMap<String, u64> = HashMap::new();
    while let Some(outcome) = stored.next().await {
        match outcome {
            Ok(StoreOutcome::Accepted { .. }) => progress.count(),
            Ok(other) => *refused.entry(format!("{other:?}")).or_default() += 1,
            Err(error) => *refused.entry(error.to_string()).or_default() += 1,
        }
    }
    drop(stored);
    let (count, elapsed) = progress.finish();
    let per_second = u128::from(count) * 1_000_000 / elapsed.as_micros().max(1);
    println!("{count} submissions in {:.1} s, {per_second} a second", elapsed.as_secs_f64());
    // Without fresh statistics, query plans for a table that has just grown from nothing are ten times slower.
    backend.store.analyze().await?;
    backend.stop().await;
    if !refused.is_empty() {
        bail!("not stored: {refused:?}");
    }
    Ok(ExitCode::SUCCESS)
}

fn submission(budget: &Arc<Budget>, people: &mut People) -> NewSubmission {
    let (participant, allocation) = people.next_submission();
    NewSubmission {
        id: Uuid::new_v7(Timestamp::now(NoContext)),
        budget: Arc::clone(budget),
        participant,
        allocation,
        key_digest: None,
    }
}
